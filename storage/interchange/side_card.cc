// A model card: README.md with YAML between two lines of three dashes in front.

#include <map>

#include "storage/interchange/side_readers.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxFrontMatter = 1u << 20;

// The text between the lines, and where it begins; empty: there is none.
std::string_view FrontMatter(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (!text.starts_with("---\n") && !text.starts_with("---\r\n")) return {};
  text.remove_prefix(text.find('\n') + 1);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (line == "---" || line == "...") return text.substr(0, at);
    at = end + 1;
  }
  return {};
}

// A text, or the texts of a list with commas between.
std::optional<std::string> Words(const Tree& tree, const TreeNode& node) {
  if (node.kind != TreeKind::kList) {
    if (node.kind == TreeKind::kDict || node.kind == TreeKind::kNull) return std::nullopt;
    return node.text;
  }
  std::string words;
  for (const std::uint32_t item : node.items) {
    if (tree.at(item).kind == TreeKind::kList) return std::nullopt;
    const auto word = Words(tree, tree.at(item));
    if (!word) return std::nullopt;
    words += (words.empty() ? "" : ", ") + *word;
  }
  return words;
}

const TreeNode* FindList(const Tree& tree, const TreeNode& dict, std::string_view key) {
  const TreeNode* node = tree.Find(dict, key);
  return node != nullptr && node->kind == TreeKind::kList ? node : nullptr;
}

std::string NameIn(const Tree& tree, const TreeNode* dict) {
  if (dict == nullptr) return {};
  for (const std::string_view key : {"name", "type"}) {
    const TreeNode* name = tree.Find(*dict, key);
    if (name != nullptr && name->kind == TreeKind::kText) return name->text;
  }
  return {};
}

struct CardMetric {
  std::string dataset;
  double value = 0;
};

// The results of all models in model-index, by the name of the metric.
std::multimap<std::string, CardMetric> CardMetrics(const Tree& tree) {
  std::multimap<std::string, CardMetric> found;
  const TreeNode* models = FindList(tree, tree.top(), "model-index");
  if (models == nullptr) return found;
  for (const std::uint32_t model : models->items) {
    const TreeNode* results = FindList(tree, tree.at(model), "results");
    for (std::size_t i = 0; results != nullptr && i < results->items.size(); ++i) {
      const TreeNode& result = tree.at(results->items[i]);
      const TreeNode* metrics = FindList(tree, result, "metrics");
      const std::string dataset = NameIn(tree, tree.Find(result, "dataset"));
      for (std::size_t k = 0; metrics != nullptr && k < metrics->items.size(); ++k) {
        const TreeNode& metric = tree.at(metrics->items[k]);
        const TreeNode* value = tree.Find(metric, "value");
        const TreeNode* type = tree.Find(metric, "type");
        if (value == nullptr || !NumberOf(*value) || type == nullptr) continue;
        if (found.size() < 1024) found.emplace(type->text, CardMetric{dataset, *NumberOf(*value)});
      }
    }
  }
  return found;
}

}  // namespace

bool NamedCard(std::string_view name, std::string_view) { return name == "README.md"; }

Status ReadCard(const io::ByteSource& file, SideCollector& out) {
  const Result<std::string> read = ReadText(file);
  if (!read.ok()) return read.error();
  const std::string& text = *read;  // moved out, g++ 12 takes it for uninitialised
  const std::string_view front = FrontMatter(text);
  if (front.empty()) return Ok();
  if (front.size() > kMaxFrontMatter) {
    return Error{ErrorCode::kUnsafe, "front matter of more than 1 MiB"};
  }
  DLV_ASSIGN(const Tree tree, ParseYaml(front));
  for (const std::string_view key :
       {"license", "license_name", "license_link", "language", "library_name", "pipeline_tag",
        "base_model", "base_model_relation", "datasets"}) {
    const TreeNode* value = tree.Find(tree.top(), key);
    const auto words = value == nullptr ? std::nullopt : Words(tree, *value);
    if (words && !words->empty()) out.AddTag(key, *words);
  }
  const TreeNode* tags = FindList(tree, tree.top(), "tags");
  for (std::size_t i = 0; tags != nullptr && i < tags->items.size(); ++i) {
    const TreeNode& tag = tree.at(tags->items[i]);
    if (tag.kind == TreeKind::kText) out.AddTag(tag.text, "");
  }
  // One metric on several data sets is as many metrics.
  const auto metrics = CardMetrics(tree);
  for (const auto& [name, metric] : metrics) {
    const bool several = metrics.count(name) > 1 && !metric.dataset.empty();
    out.AddPoint(several ? name + " (" + metric.dataset + ")" : name, -1, metric.value);
  }
  return Ok();
}

}  // namespace dlv::interchange
