#include "storage/interchange/onnx_wiring.h"

#include <algorithm>

#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxEdges = 4'000'000;
constexpr std::size_t kShown = 3;

std::string Listed(const std::vector<std::string>& items, std::size_t count) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  if (count > items.size()) text += " and " + std::to_string(count - items.size()) + " more";
  return text;
}

}  // namespace

OnnxWiring::Value OnnxWiring::Intern(std::string_view value) {
  return values_.try_emplace(std::string(value), static_cast<Value>(values_.size())).first->second;
}

std::string OnnxWiring::Name(Value value) const {
  for (const auto& [name, number] : values_) {  // for messages only
    if (number == value) return "'" + Printable(name) + "'";
  }
  return "?";
}

void OnnxWiring::OpenGraph() { open_graphs_.emplace_back(); }

void OnnxWiring::OpenNode() { open_nodes_.emplace_back(); }

void OnnxWiring::NameNode(std::string_view name, std::string_view operation) {
  if (edges_ > kMaxEdges) return;
  open_nodes_.back().label = name.empty() ? std::string(operation) : std::string(name);
}

void OnnxWiring::CloseNode() {
  if (edges_ <= kMaxEdges) open_graphs_.back().nodes.push_back(std::move(open_nodes_.back()));
  open_nodes_.pop_back();
}

void OnnxWiring::Reads(std::string_view value) {
  if (value.empty() || ++edges_ > kMaxEdges) return;  // an input that is left out
  open_nodes_.back().reads.push_back(Intern(value));
}

void OnnxWiring::Writes(std::string_view value) {
  if (value.empty() || ++edges_ > kMaxEdges) return;
  open_nodes_.back().writes.push_back(Intern(value));
}

void OnnxWiring::Gives(std::string_view value) {
  if (++edges_ <= kMaxEdges) open_graphs_.back().given.push_back(Intern(value));
}

void OnnxWiring::Returns(std::string_view value) {
  if (value.empty() || ++edges_ > kMaxEdges) return;
  open_graphs_.back().returned.push_back(Intern(value));
}

void OnnxWiring::CloseGraph(bool is_whole) {
  Graph graph = std::move(open_graphs_.back());
  open_graphs_.pop_back();
  if (is_whole && edges_ <= kMaxEdges) Check(graph);
}

// A value that the graph does not know comes from the graph around it: the node that holds this
// graph reads it, too.
void OnnxWiring::Check(Graph& graph) {
  std::unordered_set<Value> given(graph.given.begin(), graph.given.end());
  std::unordered_map<Value, std::size_t> producers;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const Value value : graph.nodes[i].writes) {
      const bool fresh = producers.emplace(value, i).second && !given.contains(value);
      if (!fresh && twice_.size() < kShown) twice_.push_back(Name(value));
    }
  }
  std::unordered_set<Value> told;
  const auto look = [&](Value value, const std::string& reader) {
    if (given.contains(value) || producers.contains(value) || !told.insert(value).second) return;
    if (!open_nodes_.empty()) {
      open_nodes_.back().reads.push_back(value);
      return;
    }
    ++dangling_count_;
    if (dangling_.size() < kShown) dangling_.push_back(Name(value) + " (" + reader + ")");
  };
  for (const Node& node : graph.nodes) {
    for (const Value value : node.reads) {
      look(value, "read by '" + Printable(node.label) + "'");
    }
  }
  for (const Value value : graph.returned) look(value, "an output");
  CheckOrder(graph, producers);
}

void OnnxWiring::CheckOrder(const Graph& graph,
                            const std::unordered_map<Value, std::size_t>& producers) {
  std::vector<std::size_t> waits(graph.nodes.size(), 0);
  std::vector<std::vector<std::size_t>> readers(graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const Value value : graph.nodes[i].reads) {
      const auto producer = producers.find(value);
      if (producer == producers.end()) continue;
      readers[producer->second].push_back(i);
      ++waits[i];
    }
  }
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < waits.size(); ++i) {
    if (waits[i] == 0) ready.push_back(i);
  }
  for (std::size_t done = 0; done < ready.size(); ++done) {
    for (const std::size_t reader : readers[ready[done]]) {
      if (--waits[reader] == 0) ready.push_back(reader);
    }
  }
  if (ready.size() == graph.nodes.size() || !cycle_.empty()) return;
  const auto stuck = std::find_if(waits.begin(), waits.end(), [](std::size_t n) { return n != 0; });
  cycle_ = Printable(graph.nodes[static_cast<std::size_t>(stuck - waits.begin())].label);
}

std::vector<std::string> OnnxWiring::Problems() const {
  std::vector<std::string> problems;
  if (edges_ > kMaxEdges) {
    problems.push_back("the graph has more than " + std::to_string(kMaxEdges) +
                       " edges and was not checked");
  }
  if (dangling_count_ != 0) {
    problems.push_back("the graph reads what nothing produces: " +
                       Listed(dangling_, dangling_count_));
  }
  if (!twice_.empty()) {
    problems.push_back("the graph produces twice: " + Listed(twice_, twice_.size()));
  }
  if (!cycle_.empty()) {
    problems.push_back("the nodes of the graph form a cycle through or before '" + cycle_ + "'");
  }
  return problems;
}

}  // namespace dlv::interchange
