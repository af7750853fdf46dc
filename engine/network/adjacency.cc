#include "engine/network/adjacency.h"

#include "engine/network/outline.h"

namespace dlv::network {

Adjacency::Adjacency(const Network& network)
    : Adjacency(DependenceOf(network), Producers(network)) {}
Adjacency::Adjacency(const Outline& network)
    : Adjacency(DependenceOf(network), Producers(network)) {}

Adjacency::Adjacency(const std::vector<Dependence>& dependence, const Producers& producers)
    : data_(dependence.size()) {
  const std::size_t nodes = dependence.size();
  prev_.reserve(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    if (dependence[i] == Dependence::kData) data_.Add(static_cast<NodeIndex>(i));
  }
  prev_begin_.reserve(nodes + 1);
  std::vector<std::uint32_t> readers(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    prev_begin_.push_back(static_cast<std::uint32_t>(prev_.size()));
    if (dependence[i] != Dependence::kData) continue;
    for (const NodeIndex producer : producers.Of(i)) {
      if (dependence[producer] != Dependence::kData) continue;
      prev_.push_back(producer);
      ++readers[producer];
    }
  }
  prev_begin_.push_back(static_cast<std::uint32_t>(prev_.size()));

  next_begin_.assign(nodes + 1, 0);
  for (std::size_t i = 0; i < nodes; ++i) next_begin_[i + 1] = next_begin_[i] + readers[i];
  next_.resize(prev_.size());
  std::vector<std::uint32_t> place(next_begin_.begin(), next_begin_.end() - 1);
  for (std::size_t i = 0; i < nodes; ++i) {
    for (const NodeIndex producer : prev(static_cast<NodeIndex>(i))) {
      next_[place[producer]++] = static_cast<NodeIndex>(i);
    }
  }
}

NodeSet Adjacency::Next(const NodeSet& from) const {
  NodeSet found(size());
  from.ForEach([&](NodeIndex node) {
    for (const NodeIndex reader : next(node)) found.Add(reader);
  });
  return found;
}

NodeSet Adjacency::Prev(const NodeSet& from) const {
  NodeSet found(size());
  from.ForEach([&](NodeIndex node) {
    for (const NodeIndex producer : prev(node)) found.Add(producer);
  });
  return found;
}

// Nodes stand after what they read, so one pass in that order finds everything.
NodeSet Adjacency::After(const NodeSet& from) const {
  NodeSet found(size());
  for (std::size_t i = 0; i < size(); ++i) {
    const auto node = static_cast<NodeIndex>(i);
    if (!from.Has(node) && !found.Has(node)) continue;
    for (const NodeIndex reader : next(node)) found.Add(reader);
  }
  return found;
}

NodeSet Adjacency::Before(const NodeSet& from) const {
  NodeSet found(size());
  for (std::size_t i = size(); i-- > 0;) {
    const auto node = static_cast<NodeIndex>(i);
    if (!from.Has(node) && !found.Has(node)) continue;
    for (const NodeIndex producer : prev(node)) found.Add(producer);
  }
  return found;
}

}  // namespace dlv::network
