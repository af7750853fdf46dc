#pragma once
/// \file
/// ONNX's TensorProto: shape, type, and where the values are.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/interchange/placed_tensors.h"
#include "storage/interchange/wire_values.h"

namespace dlv::interchange {

/// How the file's data types are kept. `packed`: several elements a byte, or a type that dlv has no
/// numbers for: opaque.
struct OnnxType {
  std::string_view name;
  DType dtype = DType::kOpaque;
  unsigned bits = 8;          ///< of an element in raw data
  std::uint32_t typed_field;  ///< where values stand that are not raw
};
/// Returns nothing for numbers that are not known; strings have no type here.
std::optional<OnnxType> OnnxTypeOf(std::uint64_t data_type);
inline constexpr std::uint64_t kOnnxString = 8;

struct OnnxTensor {
  std::uint64_t offset = 0;  ///< of its field in the file
  std::string name;
  std::uint64_t data_type = 0;
  std::vector<std::uint64_t> dims;
  WireValues raw;
  WireValues typed;               ///< of `typed_field`
  std::uint32_t typed_field = 0;  ///< 0: none
  bool is_segment = false;
  bool is_external = false;
  std::vector<std::pair<std::string, std::string>> external;  ///< keys and values
  bool has_unknown = false;                                   ///< a field that no TensorProto has
};

/// Reads the message in `field`, which `wire` has just given.
/// Errors: as the reader; kCorruption: negative extents, two kinds of values, repeated types.
Result<OnnxTensor> ReadOnnxTensor(WireReader& wire, const WireField& field);
/// Reads the fields of the open message: a file that is one tensor.
Result<OnnxTensor> ReadOnnxTensorHere(WireReader& wire, std::uint64_t offset);

/// Adds the tensor to the description and the places of its bytes to `parts`. Strings and segments
/// are left where they are. Returns whether a tensor was added.
/// Errors: kCorruption: the values do not have the size that the shape wants; kUnsafe: external
/// data that leads outside the folder.
Result<bool> AddOnnxTensor(const io::ByteSource& file, const OnnxTensor& tensor, std::string name,
                           TensorRole role, FileDescription& description,
                           std::vector<PlacedPart>& parts);

/// Returns whether a relative path stays in its folder: clean text, '/' between plain names.
bool IsContainedLocation(std::string_view location);

}  // namespace dlv::interchange
