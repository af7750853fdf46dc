// YAML files: into a tree, and the readers of those that are known by name. The only place that
// knows libyaml.

#include <yaml.h>

#include <map>
#include <vector>

#include "storage/interchange/side_readers.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) {
    started_ = yaml_parser_initialize(&parser_) != 0;
    if (!started_) return;
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~Parser() {
    if (has_event_) yaml_event_delete(&event_);
    if (started_) yaml_parser_delete(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Status Next() {
    if (has_event_) yaml_event_delete(&event_);
    has_event_ = false;
    if (!started_) return Error{ErrorCode::kInternal, "YAML: the parser does not start"};
    if (yaml_parser_parse(&parser_, &event_) == 0) {
      const char* why = parser_.problem == nullptr ? "malformed" : parser_.problem;
      const std::size_t at =
          parser_.error == YAML_READER_ERROR ? parser_.problem_offset : parser_.problem_mark.index;
      return Fail(ErrorCode::kCorruption, at, why);
    }
    has_event_ = true;
    return Ok();
  }
  const yaml_event_t& event() const { return event_; }
  std::size_t offset() const { return event_.start_mark.index; }
  Error Bad(ErrorCode code, const std::string& why) const { return Fail(code, offset(), why); }

 private:
  static Error Fail(ErrorCode code, std::size_t offset, const std::string& why) {
    return Error{code, "YAML, offset " + std::to_string(offset) + ": " + why};
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool started_ = false;
  bool has_event_ = false;
};

std::string TextOf(const yaml_char_t* text) {
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

TreeKind KindOfPlain(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return TreeKind::kNull;
  }
  for (const std::string_view word : {"true", "True", "TRUE", "false", "False", "FALSE"}) {
    if (text == word) return TreeKind::kBool;
  }
  return NumberIn(text) ? TreeKind::kNumber : TreeKind::kText;
}

class YamlTree {
 public:
  explicit YamlTree(std::string_view text) : parser_(text) {}

  Result<Tree> Run() {
    for (int i = 0; i < 2; ++i) DLV_TRY(parser_.Next());  // of the stream, of the document
    if (parser_.event().type != YAML_DOCUMENT_START_EVENT) return std::move(tree_);
    DLV_TRY(parser_.Next());
    DLV_ASSIGN(tree_.root, Value(0));
    return std::move(tree_);
  }

 private:
  // The value that the current event begins.
  Result<std::uint32_t> Value(unsigned depth) {
    if (depth > kMaxTreeDepth) return parser_.Bad(ErrorCode::kUnsafe, "values nest too deep");
    if (tree_.full()) return parser_.Bad(ErrorCode::kUnsafe, "more than two million values");
    const yaml_event_t& event = parser_.event();
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        return Scalar(event);
      case YAML_ALIAS_EVENT: {
        const auto found = anchors_.find(TextOf(event.data.alias.anchor));
        if (found == anchors_.end()) return parser_.Bad(ErrorCode::kCorruption, "unknown anchor");
        return found->second;  // shared, not copied
      }
      case YAML_SEQUENCE_START_EVENT:
        return Container(TreeKind::kList, TextOf(event.data.sequence_start.anchor),
                         YAML_SEQUENCE_END_EVENT, depth);
      case YAML_MAPPING_START_EVENT:
        return Container(TreeKind::kDict, TextOf(event.data.mapping_start.anchor),
                         YAML_MAPPING_END_EVENT, depth);
      default:
        return parser_.Bad(ErrorCode::kCorruption, "want a value");
    }
  }

  Result<std::uint32_t> Scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    TreeNode node;
    node.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node.kind = plain ? KindOfPlain(node.text) : TreeKind::kText;
    const std::uint32_t index = tree_.Add(std::move(node));
    Name(TextOf(scalar.anchor), index);
    return index;
  }

  // An anchor counts only when what it names is complete: nothing can hold itself.
  Result<std::uint32_t> Container(TreeKind kind, const std::string& anchor, yaml_event_type_t end,
                                  unsigned depth) {
    TreeNode empty;
    empty.kind = kind;
    const std::uint32_t index = tree_.Add(std::move(empty));
    while (true) {
      DLV_TRY(parser_.Next());
      if (parser_.event().type == end) break;
      DLV_ASSIGN(const std::uint32_t item, Value(depth + 1));
      tree_.at(index).items.push_back(item);
    }
    Name(anchor, index);
    return index;
  }

  void Name(const std::string& anchor, std::uint32_t index) {
    if (!anchor.empty()) anchors_[anchor] = index;
  }

  Parser parser_;
  Tree tree_;
  std::map<std::string, std::uint32_t> anchors_;
};

}  // namespace

Result<Tree> ParseYaml(std::string_view text) { return YamlTree(text).Run(); }

bool NamedParamsYaml(std::string_view name, std::string_view folder) {
  for (const std::string_view suffix : {".yaml", ".yml"}) {
    if (!name.ends_with(suffix)) continue;
    const std::string_view stem = name.substr(0, name.size() - suffix.size());
    return stem == "params" || stem == "hparams" || stem == "args" || stem == "config" ||
           (folder == ".hydra" && stem == "config");
  }
  return false;
}

Status ReadParamsYaml(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  DLV_ASSIGN(const Tree tree, ParseYaml(text));
  AddHparams(tree, tree.top(), "", out);
  return Ok();
}

bool NamedHydraOverrides(std::string_view name, std::string_view folder) {
  return folder == ".hydra" && name == "overrides.yaml";
}

// A list of "key=value": what the command line said. The values stand in config.yaml.
Status ReadHydraOverrides(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  DLV_ASSIGN(const Tree tree, ParseYaml(text));
  const auto list = TextOfNode(tree, tree.top());
  if (list && tree.top().kind == TreeKind::kList && !tree.top().items.empty()) {
    out.AddHparam("hydra.overrides", *list);
  }
  return Ok();
}

}  // namespace dlv::interchange
