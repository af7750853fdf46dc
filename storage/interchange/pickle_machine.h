#pragma once
/// \file
/// The state of a reader of pickles: its bytes, the nodes made so far, stack, marks and memo, each
/// with its limit.

#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/interchange/pickle.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {

inline constexpr std::size_t kMaxPickleNodes = 3'000'000;
inline constexpr std::size_t kMaxPickleItems = 16'000'000;  ///< of all containers together
inline constexpr std::size_t kMaxPickleStack = 1'000'000;
inline constexpr std::size_t kMaxPickleMarks = 1'000;

class PickleMachine {
 public:
  PickleMachine(std::span<const std::byte> bytes, std::string_view what)
      : bytes_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), what_(what) {}

 protected:
  Error Fail(ErrorCode code, const std::string& why) const {
    return Error{code, std::string(what_) + "+" + Hex(op_offset_) + ": " + why};
  }
  Error Bad(const std::string& why) const { return Fail(ErrorCode::kCorruption, why); }
  Error Unsafe(const std::string& why) const { return Fail(ErrorCode::kUnsafe, why); }

  // --- the bytes ---

  Result<std::string_view> Take(std::uint64_t size) {
    if (size > bytes_.size() - at_) return Bad("pickle is cut off");
    const std::string_view part = bytes_.substr(at_, static_cast<std::size_t>(size));
    at_ += part.size();
    return part;
  }
  Result<std::uint64_t> TakeUnsigned(unsigned size) {
    DLV_ASSIGN(const std::string_view part, Take(size));
    std::uint64_t value = 0;
    std::memcpy(&value, part.data(), size);
    return value;
  }
  Result<std::string_view> TakeSized(unsigned size_bytes) {
    DLV_ASSIGN(const std::uint64_t size, TakeUnsigned(size_bytes));
    return Take(size);
  }
  Result<std::string_view> TakeLine() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) return Bad("line is cut off");
    const std::string_view line = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return line;
  }

  // --- nodes ---

  Result<NodeIndex> Make(PickleNode node) {
    if (pickle_.nodes.size() >= kMaxPickleNodes)
      return Unsafe("more than " + std::to_string(kMaxPickleNodes) + " objects");
    item_count_ += node.items.size();
    if (item_count_ > kMaxPickleItems)
      return Unsafe("more than " + std::to_string(kMaxPickleItems) + " items");
    pickle_.nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(pickle_.nodes.size() - 1);
  }
  Status Push(PickleNode node) {
    DLV_ASSIGN(const NodeIndex index, Make(std::move(node)));
    stack_.push_back(index);
    return Ok();
  }
  Status PushKind(NodeKind kind, std::vector<NodeIndex> items = {}) {
    PickleNode node;
    node.kind = kind;
    node.items = std::move(items);
    return Push(std::move(node));
  }
  Status PushText(NodeKind kind, std::string_view text) {
    PickleNode node;
    node.kind = kind;
    node.text = text;
    return Push(std::move(node));
  }
  Status PushInteger(NodeKind kind, std::int64_t value) {
    PickleNode node;
    node.kind = kind;
    node.integer = value;
    return Push(std::move(node));
  }
  Status PushFloat(double value) {
    PickleNode node;
    node.kind = NodeKind::kFloat;
    node.real = value;
    return Push(std::move(node));
  }
  PickleNode& Node(NodeIndex index) { return pickle_.nodes[index]; }

  // --- the stack ---

  Result<NodeIndex> Pop() {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() <= floor) return Bad("stack is empty");
    const NodeIndex index = stack_.back();
    stack_.pop_back();
    return index;
  }
  Result<NodeIndex> Top() {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() <= floor) return Bad("stack is empty");
    return stack_.back();
  }
  Result<std::vector<NodeIndex>> PopToMark() {
    if (marks_.empty()) return Bad("no mark");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<NodeIndex> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }
  Status PushTuple(std::size_t size) {
    std::vector<NodeIndex> items(size);
    for (std::size_t i = size; i-- > 0;) {
      DLV_ASSIGN(items[i], Pop());
    }
    return PushKind(NodeKind::kTuple, std::move(items));
  }

  // --- the memo ---

  Status Memoize(std::uint64_t key) {
    // Python numbers them from 0, so that a key beyond the size of the pickle was not written by
    // it.
    if (key > bytes_.size()) return Unsafe("memo key " + std::to_string(key));
    DLV_ASSIGN(const NodeIndex top, Top());
    if (key >= memo_.size()) memo_.resize(static_cast<std::size_t>(key) + 1, kNoNode);
    if (memo_[static_cast<std::size_t>(key)] == kNoNode) ++memo_count_;
    memo_[static_cast<std::size_t>(key)] = top;
    return Ok();
  }
  Status Recall(std::uint64_t key) {
    if (key >= memo_.size() || memo_[static_cast<std::size_t>(key)] == kNoNode) {
      return Bad("memo " + std::to_string(key) + " is not set");
    }
    stack_.push_back(memo_[static_cast<std::size_t>(key)]);
    return Ok();
  }
  Result<std::uint64_t> TakeDecimal() {
    DLV_ASSIGN(const std::string_view line, TakeLine());
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc() || end != line.data() + line.size()) return Bad("bad number");
    return value;
  }

  std::string_view bytes_;
  std::string_view what_;
  std::size_t at_ = 0;
  std::size_t op_offset_ = 0;
  bool stopped_ = false;
  Pickle pickle_;
  std::vector<NodeIndex> stack_;
  std::vector<std::size_t> marks_;
  std::vector<NodeIndex> memo_;
  std::uint64_t memo_count_ = 0;
  std::size_t item_count_ = 0;
  std::unordered_map<std::string, std::size_t> global_names_;  // to places in pickle_.owned
};

}  // namespace dlv::interchange
