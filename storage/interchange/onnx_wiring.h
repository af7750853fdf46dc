#pragma once
/// \file
/// What an ONNX graph's nodes read and write: enough to tell a broken graph, nothing more.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace dlv::interchange {

/// Gathers graphs as they are read; a graph in a node's attribute is opened while its node is.
class OnnxWiring {
 public:
  void OpenGraph();
  /// `is_whole`: it reads nothing but what is in it or around it, so that it can be checked.
  void CloseGraph(bool is_whole = true);
  void OpenNode();
  void CloseNode();
  void NameNode(std::string_view name, std::string_view operation);
  void Reads(std::string_view value);    ///< of the open node
  void Writes(std::string_view value);   ///< of the open node
  void Gives(std::string_view value);    ///< an input or initializer of the open graph
  void Returns(std::string_view value);  ///< an output of the open graph

  /// Returns what is wrong, in words: values that nothing produces, values produced twice, cycles.
  /// At most three lines. Call when all is closed.
  std::vector<std::string> Problems() const;

 private:
  using Value = std::uint32_t;
  struct Node {
    std::vector<Value> reads;
    std::vector<Value> writes;
    std::string label;
  };
  struct Graph {
    std::vector<Node> nodes;
    std::vector<Value> given;
    std::vector<Value> returned;
  };
  Value Intern(std::string_view value);
  void Check(Graph& graph);
  void CheckOrder(const Graph& graph, const std::unordered_map<Value, std::size_t>& producers);
  std::string Name(Value value) const;

  std::unordered_map<std::string, Value> values_;
  std::vector<Graph> open_graphs_;
  std::vector<Node> open_nodes_;
  std::size_t edges_ = 0;  ///< beyond the limit nothing is gathered any more
  std::vector<std::string> dangling_;
  std::size_t dangling_count_ = 0;
  std::vector<std::string> twice_;
  std::string cycle_;
};

}  // namespace dlv::interchange
