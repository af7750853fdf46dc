#pragma once
/// \file
/// Values as JSON, YAML and prototxt have them, read into one kind of tree, with limits.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "storage/interchange/side_information.h"

namespace dlv::interchange {

enum class TreeKind : std::uint8_t { kNull, kBool, kNumber, kText, kList, kDict };

struct TreeNode {
  TreeKind kind = TreeKind::kNull;
  std::string text;                  ///< kBool, kNumber: as written; kText: the text
  std::vector<std::uint32_t> items;  ///< kDict: key, value, key, value, ...
};

inline constexpr std::size_t kMaxTreeNodes = 2'000'000;
inline constexpr unsigned kMaxTreeDepth = 64;

class Tree {
 public:
  std::uint32_t Add(TreeNode node) {
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  bool full() const { return nodes_.size() >= kMaxTreeNodes; }
  TreeNode& at(std::uint32_t index) { return nodes_[index]; }
  const TreeNode& at(std::uint32_t index) const { return nodes_[index]; }
  const TreeNode& top() const { return nodes_[root]; }
  /// Returns the value of a key of a dict, or null.
  const TreeNode* Find(const TreeNode& dict, std::string_view key) const;

  std::uint32_t root = 0;

 private:
  std::vector<TreeNode> nodes_ = std::vector<TreeNode>(1);  // the first: null, of an empty text
};

/// Returns the number that a node is; nothing where it is none. NaN and infinity are numbers.
std::optional<double> NumberOf(const TreeNode& node);
/// Returns the number that a text is.
std::optional<double> NumberIn(std::string_view text);
/// Returns a scalar, or a list of scalars as "[a, b]"; nothing for anything else.
std::optional<std::string> TextOfNode(const Tree& tree, const TreeNode& node);

/// Adds the scalars of the tree as hyper-parameters with dotted names. Lists of scalars are one
/// value; dicts of more than 256 entries are left out, with a warning.
void AddHparams(const Tree& tree, const TreeNode& node, const std::string& prefix,
                SideCollector& out);

/// JSON as Python writes it: NaN and Infinity are numbers.  Errors: kCorruption with the offset.
/// `base` is added to offsets in messages.
Result<Tree> ParseJson(std::string_view text, std::uint64_t base = 0);
/// The first document of a YAML text. Tags make nothing: what they stand at is taken as it is
/// written. Errors: kCorruption with the offset; kUnsafe: too deep, too many values.
Result<Tree> ParseYaml(std::string_view text);
/// A protocol buffer message as text.  Errors: as above.
Result<Tree> ParsePrototxt(std::string_view text);

/// Reads the whole file as text.
Result<std::string> ReadText(const io::ByteSource& file);

}  // namespace dlv::interchange
