#pragma once
/// \file
/// The graph of an ONNX file as its messages have it, before names are resolved: subgraphs come
/// before the initializers that they may read, so a graph can be put together only at its end.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

struct OnnxGraph;

/// A tensor of the file. Its values are read where it is small.
struct OnnxGraphTensor {
  std::string name;         ///< in the file
  std::string tensor_name;  ///< as DescribeFile calls it; empty: DescribeFile has no such tensor
  std::optional<DType> dtype;
  std::optional<NetworkShape> shape;
  std::optional<NetworkConstant> value;
};

struct OnnxGraphAttribute {
  std::string name;
  std::optional<AttributeValue> value;  ///< none: a graph, or nothing that can be said
  std::unique_ptr<OnnxGraph> graph;
  std::optional<OnnxGraphTensor> tensor;
};

struct OnnxGraphNode {
  std::uint64_t offset = 0;
  std::string name, op, domain;
  std::vector<std::string> inputs, outputs;
  std::vector<OnnxGraphAttribute> attributes;
};

struct OnnxGraph {
  std::uint64_t offset = 0;
  std::string name;
  std::vector<OnnxGraphNode> nodes;
  std::vector<OnnxGraphTensor> initializers;
  std::vector<NetworkValue> inputs, outputs, values;
};

struct OnnxModelGraph {
  OnnxGraph graph;
  std::vector<std::pair<std::string, std::int64_t>> operator_sets;
};

/// Reads all that is not weights.  Errors: kCorruption with the offset, kUnsafe.
Result<OnnxModelGraph> ReadOnnxGraph(const io::ByteSource& file);

}  // namespace dlv::interchange
