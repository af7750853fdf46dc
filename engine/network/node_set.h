#pragma once
/// \file
/// A set of a network's nodes as bits.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dlv::network {

using NodeIndex = std::uint32_t;

class NodeSet {
 public:
  NodeSet() = default;
  explicit NodeSet(std::size_t nodes) : nodes_(nodes), words_((nodes + 63) / 64) {}

  std::size_t universe() const { return nodes_; }
  bool Has(NodeIndex node) const { return (words_[node / 64] >> (node % 64) & 1) != 0; }
  void Add(NodeIndex node) { words_[node / 64] |= std::uint64_t{1} << (node % 64); }
  void Remove(NodeIndex node) { words_[node / 64] &= ~(std::uint64_t{1} << (node % 64)); }

  /// Makes it an empty set of the nodes of another network, in the memory that it had.
  void Reset(std::size_t nodes) {
    nodes_ = nodes;
    words_.assign((nodes + 63) / 64, 0);
  }
  /// The first member that is not before `from`; universe() where there is none.
  std::size_t Find(std::size_t from) const {
    if (from >= nodes_) return nodes_;
    std::size_t i = from / 64;
    std::uint64_t word = words_[i] >> (from % 64) << (from % 64);
    while (word == 0) {
      if (++i == words_.size()) return nodes_;
      word = words_[i];
    }
    return i * 64 + static_cast<std::size_t>(std::countr_zero(word));
  }

  bool empty() const {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  std::size_t count() const {
    std::size_t sum = 0;
    for (const std::uint64_t word : words_) sum += static_cast<std::size_t>(std::popcount(word));
    return sum;
  }
  /// Members, ascending.
  std::vector<NodeIndex> Members() const {
    std::vector<NodeIndex> members;
    ForEach([&](NodeIndex node) { members.push_back(node); });
    return members;
  }
  template <class Function>
  void ForEach(Function&& function) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        function(static_cast<NodeIndex>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
      }
    }
  }
  // Both sets must belong to the same network.
  NodeSet& operator|=(const NodeSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  NodeSet& operator&=(const NodeSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  NodeSet& operator-=(const NodeSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
  }
  bool operator==(const NodeSet&) const = default;

 private:
  std::size_t nodes_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace dlv::network
