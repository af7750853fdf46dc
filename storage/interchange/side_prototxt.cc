// Protocol buffer messages as text (Caffe's solver.prototxt): into a tree, and the solver.

#include <algorithm>
#include <set>

#include "storage/interchange/side_readers.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxPrototxtString = 64u << 10;

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '+' || c == '-';
}

class PrototxtTree {
 public:
  explicit PrototxtTree(std::string_view text) : text_(text) {}

  Result<Tree> Run() {
    DLV_ASSIGN(tree_.root, Message('\0', 0));
    return std::move(tree_);
  }

 private:
  Error Bad(const std::string& why) const {
    return Error{ErrorCode::kCorruption, "prototxt, offset " + std::to_string(at_) + ": " + why};
  }

  char Peek() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ';') {
        ++at_;
      } else {
        return c;
      }
    }
    return '\0';
  }

  bool Accept(char c) {
    if (Peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  Result<std::string> Word() {
    Peek();
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsWord(text_[at_])) ++at_;
    if (begin == at_) return Bad("want a name or a value");
    return std::string(text_.substr(begin, at_ - begin));
  }

  Result<std::string> String() {
    const char quote = text_[at_++];
    std::string out;
    while (true) {
      if (at_ >= text_.size() || text_[at_] == '\n') return Bad("string is cut off");
      char c = text_[at_++];
      if (c == quote) return out;
      if (c == '\\' && at_ < text_.size()) {
        c = text_[at_++];
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
      }
      out += c;
      if (out.size() > kMaxPrototxtString) return Bad("string is longer than 64 KiB");
    }
  }

  Result<std::uint32_t> Add(TreeKind kind, std::string text) {
    if (tree_.full()) return Bad("more than two million values");
    TreeNode node;
    node.kind = kind;
    node.text = std::move(text);
    return tree_.Add(std::move(node));
  }

  Result<std::uint32_t> Scalar() {
    const char c = Peek();
    if (c != '"' && c != '\'') {
      DLV_ASSIGN(std::string word, Word());
      const TreeKind kind = word == "true" || word == "false" ? TreeKind::kBool
                            : NumberIn(word)                  ? TreeKind::kNumber
                                                              : TreeKind::kText;
      return Add(kind, std::move(word));
    }
    std::string whole;  // strings that follow each other are one
    for (char quote = c; quote == '"' || quote == '\''; quote = Peek()) {
      DLV_ASSIGN(const std::string part, String());
      whole += part;
      if (whole.size() > kMaxPrototxtString) return Bad("string is longer than 64 KiB");
    }
    return Add(TreeKind::kText, std::move(whole));
  }

  Result<std::uint32_t> Value(unsigned depth) {
    if (Accept('{')) return Message('}', depth + 1);
    if (Accept('<')) return Message('>', depth + 1);
    if (!Accept('[')) return Scalar();
    DLV_ASSIGN(const std::uint32_t list, Add(TreeKind::kList, ""));
    while (!Accept(']')) {
      DLV_ASSIGN(const std::uint32_t item, Scalar());
      tree_.at(list).items.push_back(item);
    }
    return list;
  }

  // The fields up to `close`; '\0': up to the end.
  Result<std::uint32_t> Message(char close, unsigned depth) {
    if (depth > kMaxTreeDepth) return Bad("messages nest too deep");
    DLV_ASSIGN(const std::uint32_t dict, Add(TreeKind::kDict, ""));
    while (true) {
      const char next = Peek();
      if (at_ >= text_.size()) {
        if (close == '\0') return dict;
        return Bad("message is cut off");
      }
      if (close != '\0' && next == close && Accept(close)) return dict;
      DLV_ASSIGN(std::string name, Word());
      const bool colon = Accept(':');
      const char begin = Peek();
      if (!colon && begin != '{' && begin != '<') return Bad("want ':' or '{'");
      DLV_ASSIGN(const std::uint32_t value, Value(depth));
      DLV_TRY(AddField(dict, std::move(name), value));
    }
  }

  // A name that comes again makes a list.
  Status AddField(std::uint32_t dict, std::string name, std::uint32_t value) {
    const std::vector<std::uint32_t>& items = tree_.at(dict).items;
    constexpr std::size_t kLookBack = 64;  // names are repeated one after the other
    for (std::size_t i = items.size(), n = 0; i >= 2 && n < kLookBack; i -= 2, ++n) {
      if (tree_.at(items[i - 2]).text != name) continue;
      std::uint32_t list = items[i - 1];
      if (!repeated_.contains(list)) {
        const std::uint32_t first = list;
        DLV_ASSIGN(list, Add(TreeKind::kList, ""));
        repeated_.insert(list);
        tree_.at(list).items.push_back(first);
        tree_.at(dict).items[i - 1] = list;
      }
      tree_.at(list).items.push_back(value);
      return Ok();
    }
    DLV_ASSIGN(const std::uint32_t key, Add(TreeKind::kText, std::move(name)));
    tree_.at(dict).items.push_back(key);
    tree_.at(dict).items.push_back(value);
    return Ok();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Tree tree_;
  std::set<std::uint32_t> repeated_;  // the lists that repetitions made
};

}  // namespace

Result<Tree> ParsePrototxt(std::string_view text) { return PrototxtTree(text).Run(); }

bool NamedSolver(std::string_view name, std::string_view) {
  return name.ends_with(".prototxt") && name.find("solver") != std::string_view::npos;
}

Status ReadSolver(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  DLV_ASSIGN(const Tree tree, ParsePrototxt(text));
  AddHparams(tree, tree.top(), "", out);
  return Ok();
}

}  // namespace dlv::interchange
