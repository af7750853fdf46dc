// JSON files: into a tree, and the readers of those that are known by name.

#include "storage/interchange/json_scanner.h"
#include "storage/interchange/side_readers.h"
#include "storage/interchange/side_tree.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxJsonString = 1u << 20;

class JsonTree {
 public:
  JsonTree(std::string_view text, std::uint64_t base) : json_(text, "JSON", base) {}

  Result<Tree> Run() {
    json_.AllowPythonNumbers();
    DLV_ASSIGN(tree_.root, Value(0));
    DLV_TRY(json_.ExpectEnd());
    return std::move(tree_);
  }

 private:
  Result<std::uint32_t> Value(unsigned depth) {
    if (tree_.full()) return json_.Bad("more than two million values");
    if (depth > kMaxTreeDepth) return json_.Bad("values nest too deep");
    const char c = json_.Peek();
    if (c == '{') return Container(TreeKind::kDict, '{', '}', depth);
    if (c == '[') return Container(TreeKind::kList, '[', ']', depth);
    if (c == '"') return Text();
    DLV_ASSIGN(const std::string_view word, json_.Scalar());
    TreeNode node;
    node.text = word;
    node.kind = word == "null"                      ? TreeKind::kNull
                : word == "true" || word == "false" ? TreeKind::kBool
                                                    : TreeKind::kNumber;
    return tree_.Add(std::move(node));
  }

  Result<std::uint32_t> Text() {
    TreeNode node;
    node.kind = TreeKind::kText;
    DLV_ASSIGN(node.text, json_.String(kMaxJsonString));
    return tree_.Add(std::move(node));
  }

  Result<std::uint32_t> Container(TreeKind kind, char open, char close, unsigned depth) {
    TreeNode empty;
    empty.kind = kind;
    const std::uint32_t index = tree_.Add(std::move(empty));
    DLV_TRY(json_.Expect(open));
    for (bool more = !json_.Accept(close); more;) {
      if (kind == TreeKind::kDict) {
        DLV_ASSIGN(const std::uint32_t key, Text());
        tree_.at(index).items.push_back(key);
        DLV_TRY(json_.Expect(':'));
      }
      DLV_ASSIGN(const std::uint32_t value, Value(depth + 1));
      tree_.at(index).items.push_back(value);
      DLV_ASSIGN(more, json_.More(close));
    }
    return index;
  }

  JsonScanner json_;
  Tree tree_;
};

}  // namespace

Result<Tree> ParseJson(std::string_view text, std::uint64_t base) {
  return JsonTree(text, base).Run();
}

bool NamedConfigJson(std::string_view name, std::string_view) {
  return name == "config.json" || name == "adapter_config.json" || name == "params.json" ||
         name == "hparams.json" || name == "args.json" || name == "hyperparameters.json" ||
         name == "training_args.json";
}

Status ReadConfigJson(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  DLV_ASSIGN(const Tree tree, ParseJson(text));
  AddHparams(tree, tree.top(), "", out);
  return Ok();
}

bool NamedTrainerState(std::string_view name, std::string_view) {
  return name == "trainer_state.json";
}

// Hugging Face's Trainer: a list of rows, and a few numbers of the run.
Status ReadTrainerState(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  DLV_ASSIGN(const Tree tree, ParseJson(text));
  for (const std::string_view key : {"max_steps", "num_train_epochs", "train_batch_size"}) {
    const TreeNode* value = tree.Find(tree.top(), key);
    if (value != nullptr && NumberOf(*value)) out.AddHparam(key, value->text);
  }
  const TreeNode* best = tree.Find(tree.top(), "best_metric");
  if (best != nullptr && NumberOf(*best)) out.AddPoint("best_metric", -1, *NumberOf(*best));
  const TreeNode* log = tree.Find(tree.top(), "log_history");
  if (log == nullptr || log->kind != TreeKind::kList) return Ok();
  for (const std::uint32_t row : log->items) AddTreeRow(tree, tree.at(row), out);
  return Ok();
}

}  // namespace dlv::interchange
