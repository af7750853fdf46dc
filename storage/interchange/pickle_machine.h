#pragma once
/// \file
/// The state of a reader of pickles: its bytes, the nodes made so far, stack, marks and memo, each
/// with its limit.

#include <algorithm>
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
      : window_(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
        size_(bytes.size()),
        what_(what) {}
  PickleMachine(const io::ByteSource& source, std::string_view what, std::uint64_t base)
      : source_(&source), size_(source.size()), what_(what), base_(base) {}

 protected:
  Error Fail(ErrorCode code, const std::string& why) const {
    return Error{code, std::string(what_) + "+" + Hex(base_ + op_offset_) + ": " + why};
  }
  Error Bad(const std::string& why) const { return Fail(ErrorCode::kCorruption, why); }
  Error Unsafe(const std::string& why) const { return Fail(ErrorCode::kUnsafe, why); }

  // --- the bytes ---

  std::uint64_t left() const { return size_ - at_; }

  // Sees to it that `size` bytes from at_ on stand in the window. What was taken before is gone
  // then, save what was kept.
  Status Ensure(std::uint64_t size) {
    if (size > left()) return Bad("pickle is cut off");
    if (at_ >= window_begin_ && at_ + size <= window_begin_ + window_.size()) return Ok();
    if (size > kMaxPickleBytes) return Unsafe("line or number is too long");
    const auto want = static_cast<std::size_t>(std::min(left(), std::max(size, kWindowBytes)));
    buffer_.resize(want);
    DLV_TRY(source_->ReadAt(at_, std::as_writable_bytes(std::span(buffer_))));
    window_ = buffer_;
    window_begin_ = at_;
    return Ok();
  }
  std::string_view Rest() const {
    return window_.substr(static_cast<std::size_t>(at_ - window_begin_));
  }

  Result<std::string_view> Take(std::uint64_t size) {
    DLV_TRY(Ensure(size));
    const std::string_view part = Rest().substr(0, static_cast<std::size_t>(size));
    at_ += part.size();
    return part;
  }
  // Makes what was taken last as long as the pickle.
  Result<std::string_view> Keep(std::string_view text) {
    if (source_ == nullptr) return text;
    kept_bytes_ += text.size();
    if (kept_bytes_ > kMaxPickleBytes) return Unsafe("texts are too long");
    return std::string_view(pickle_.owned.emplace_back(text));
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
    for (std::uint64_t want = 1;; want *= 2) {
      if (left() == 0) return Bad("line is cut off");
      DLV_TRY(Ensure(std::min(want, left())));
      const std::string_view rest = Rest();
      const std::size_t end = rest.find('\n');
      if (end != std::string_view::npos) {
        at_ += end + 1;
        return rest.substr(0, end);
      }
      if (rest.size() == left()) return Bad("line is cut off");
      want = std::max<std::uint64_t>(want, rest.size());
    }
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
    if (key > size_ || key >= kMaxPickleItems) return Unsafe("memo key " + std::to_string(key));
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

  static constexpr std::uint64_t kWindowBytes = 1u << 20;

  const io::ByteSource* source_ = nullptr;  // null: all of it is in the window
  std::string buffer_;
  std::string_view window_;
  std::uint64_t window_begin_ = 0;
  std::uint64_t kept_bytes_ = 0;
  std::uint64_t size_;
  std::string_view what_;
  std::uint64_t base_ = 0;
  std::uint64_t at_ = 0;
  std::uint64_t op_offset_ = 0;
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
