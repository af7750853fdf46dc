#include "storage/interchange/side_tree.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxListItems = 64;
constexpr std::size_t kMaxDictEntries = 256;
constexpr std::size_t kMaxSteps = 100'000;  // aliases of YAML can make a small text a huge tree

bool IsScalar(const TreeNode& node) {
  return node.kind != TreeKind::kList && node.kind != TreeKind::kDict;
}

class Flattener {
 public:
  Flattener(const Tree& tree, SideCollector& out) : tree_(tree), out_(out) {}

  void Walk(const TreeNode& node, const std::string& prefix, unsigned depth) {
    if (depth > kMaxTreeDepth || steps_ == kMaxSteps) return Stop();
    ++steps_;
    if (auto text = TextOfNode(tree_, node)) {
      if (!prefix.empty()) out_.AddHparam(prefix, *text);
    } else if (node.kind == TreeKind::kDict) {
      WalkDict(node, prefix, depth);
    } else {
      for (std::size_t i = 0; i < node.items.size() && i < kMaxDictEntries; ++i) {
        Walk(tree_.at(node.items[i]), Join(prefix, std::to_string(i)), depth + 1);
      }
    }
  }

 private:
  static std::string Join(const std::string& prefix, const std::string& key) {
    return prefix.empty() ? key : prefix + "." + key;
  }
  void Stop() {
    if (!stopped_) out_.Warn("values nest too deep or are repeated too often; some are left out");
    stopped_ = true;
  }
  void WalkDict(const TreeNode& node, const std::string& prefix, unsigned depth) {
    if (node.items.size() > 2 * kMaxDictEntries) {
      if (prefix.ends_with("id2label") || prefix.ends_with("label2id")) return;  // of 1000 classes
      return out_.Warn((prefix.empty() ? "it" : "'" + prefix + "'") + " has " +
                       std::to_string(node.items.size() / 2) +
                       " entries, more than 256, and is left out");
    }
    const TreeNode* merged = nullptr;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const std::string& key = tree_.at(node.items[i]).text;
      const TreeNode& value = tree_.at(node.items[i + 1]);
      if (key == "<<") {
        merged = &value;
      } else if (Join(prefix, key).size() <= 4096) {
        Walk(value, Join(prefix, key), depth + 1);
      }
    }
    // YAML's merge key: what the dict has itself counts.
    if (merged != nullptr && merged->kind == TreeKind::kDict) Walk(*merged, prefix, depth + 1);
  }

  const Tree& tree_;
  SideCollector& out_;
  std::size_t steps_ = 0;
  bool stopped_ = false;
};

}  // namespace

const TreeNode* Tree::Find(const TreeNode& dict, std::string_view key) const {
  if (dict.kind != TreeKind::kDict) return nullptr;
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    if (nodes_[dict.items[i]].text == key) return &nodes_[dict.items[i + 1]];
  }
  return nullptr;
}

std::optional<double> NumberIn(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::string_view bare = text;
  const bool negative = bare.starts_with('-');
  if (negative || bare.starts_with('+')) bare.remove_prefix(1);
  if (bare == "NaN" || bare == "nan" || bare == ".nan" || bare == ".NaN") return std::nan("");
  if (bare == "Infinity" || bare == "inf" || bare == "Inf" || bare == ".inf") {
    return negative ? -kInfinity : kInfinity;
  }
  if (bare.empty() || !(bare[0] == '.' || (bare[0] >= '0' && bare[0] <= '9'))) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), value);
  if (end != bare.data() + bare.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // strtod's answer for what is beyond double: infinity, or nothing at all.
    value = text.find("e-") == std::string_view::npos && text.find("E-") == std::string_view::npos
                ? kInfinity
                : 0;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<double> NumberOf(const TreeNode& node) {
  return node.kind == TreeKind::kNumber ? NumberIn(node.text) : std::nullopt;
}

std::optional<std::string> TextOfNode(const Tree& tree, const TreeNode& node) {
  if (node.kind == TreeKind::kNull) return "null";
  if (IsScalar(node)) return node.text;
  if (node.kind != TreeKind::kList || node.items.size() > kMaxListItems) return std::nullopt;
  std::string text;
  for (const std::uint32_t item : node.items) {
    if (!IsScalar(tree.at(item))) return std::nullopt;
    text += (text.empty() ? "" : ", ") + *TextOfNode(tree, tree.at(item));
  }
  return "[" + text + "]";
}

void AddHparams(const Tree& tree, const TreeNode& node, const std::string& prefix,
                SideCollector& out) {
  Flattener(tree, out).Walk(node, prefix, 0);
}

Result<std::string> ReadText(const io::ByteSource& file) {
  std::string text(static_cast<std::size_t>(file.size()), '\0');
  DLV_TRY(file.ReadAt(0, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace dlv::interchange
