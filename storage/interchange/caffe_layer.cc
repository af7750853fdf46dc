#include "storage/interchange/caffe_layer.h"

#include <algorithm>
#include <cmath>

#include "storage/interchange/caffe_kinds.h"
#include "storage/interchange/network_readers.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxListed = 4096;  // values of one attribute

std::optional<std::int64_t> IntegerOf(const TreeNode& node) {
  const std::optional<double> value = NumberOf(node);
  if (!value || std::nearbyint(*value) != *value || std::abs(*value) > 9e15) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

bool IsInteger(const TreeNode& node) {
  return node.kind == TreeKind::kNumber && node.text.find_first_of(".eEnN") == std::string::npos &&
         IntegerOf(node);
}

void Gather(const Tree& tree, const TreeNode& node, std::vector<const TreeNode*>& out) {
  if (node.kind != TreeKind::kList) {
    out.push_back(&node);
    return;
  }
  for (const std::uint32_t item : node.items) {
    const TreeNode& inner = tree.at(item);
    if (inner.kind != TreeKind::kList) {
      out.push_back(&inner);
    } else {
      for (const std::uint32_t each : inner.items) out.push_back(&tree.at(each));
    }
  }
}

/// Whether the layer is there in a phase without stages, at level 0.
bool Holds(const CaffeFields& rule, std::string_view phase) {
  const std::string wanted = rule.Text("phase");
  if (!wanted.empty() && wanted != phase) return false;
  return rule.Integer("min_level", 0) <= 0 && rule.Integer("max_level", 0) >= 0 &&
         !rule.Has("stage");
}

bool IsIncluded(const CaffeFields& layer, std::string_view phase) {
  const auto holds = [&](const CaffeFields& rule) { return Holds(rule, phase); };
  const auto excluded = layer.Messages("exclude");
  if (std::any_of(excluded.begin(), excluded.end(), holds)) return false;
  const auto included = layer.Messages("include");
  return included.empty() || std::any_of(included.begin(), included.end(), holds);
}

std::string TypeOf(const CaffeFields& layer) {
  const TreeNode* type = layer.Last("type");
  if (type == nullptr) return "";
  const auto number = IntegerOf(*type);
  if (type->kind == TreeKind::kNumber && number && *number >= 0) {
    return CaffeTypeName(static_cast<std::uint64_t>(*number));
  }
  return CaffeTypeName(std::string_view(type->text));
}

std::optional<AttributeValue> ValueOf(const std::vector<const TreeNode*>& nodes, bool is_list) {
  const auto all = [&](auto test) {
    return std::all_of(nodes.begin(), nodes.end(),
                       [&](const TreeNode* node) { return test(*node); });
  };
  if (nodes.empty() || nodes.size() > kMaxListed) return std::nullopt;
  const TreeNode& first = *nodes.front();
  if (!is_list && first.kind == TreeKind::kBool) return std::int64_t{first.text == "true"};
  if (all(IsInteger)) {
    std::vector<std::int64_t> values;
    for (const TreeNode* node : nodes) values.push_back(*IntegerOf(*node));
    return is_list ? AttributeValue(std::move(values)) : AttributeValue(values.front());
  }
  if (all([](const TreeNode& node) { return NumberOf(node).has_value(); })) {
    std::vector<double> values;
    for (const TreeNode* node : nodes) values.push_back(*NumberOf(*node));
    return is_list ? AttributeValue(std::move(values)) : AttributeValue(values.front());
  }
  if (!all([](const TreeNode& node) { return node.kind == TreeKind::kText; })) return std::nullopt;
  std::vector<std::string> values;
  for (const TreeNode* node : nodes) values.push_back(node->text);
  return is_list ? AttributeValue(std::move(values)) : AttributeValue(values.front());
}

void AddScalars(const CaffeFields& fields, const std::string& prefix, unsigned depth,
                std::vector<NetworkAttribute>& out) {
  const TreeNode* dict = fields.dict();
  if (dict == nullptr || depth > 4) return;
  for (std::size_t i = 0; i + 1 < dict->items.size() && out.size() < kMaxListed; i += 2) {
    const std::string& key = fields.tree().at(dict->items[i]).text;
    const TreeNode& value = fields.tree().at(dict->items[i + 1]);
    if (value.kind == TreeKind::kDict) {
      AddScalars(CaffeFields(fields.tree(), &value), prefix + key + ".", depth + 1, out);
      continue;
    }
    std::vector<const TreeNode*> nodes;
    Gather(fields.tree(), value, nodes);
    auto made = ValueOf(nodes, value.kind == TreeKind::kList);
    if (made) out.push_back({CleanName(prefix + key), std::move(*made)});
  }
}

}  // namespace

std::vector<const TreeNode*> CaffeFields::All(std::string_view key) const {
  std::vector<const TreeNode*> found;
  if (dict_ == nullptr || dict_->kind != TreeKind::kDict) return found;
  for (std::size_t i = 0; i + 1 < dict_->items.size(); i += 2) {
    if (tree_->at(dict_->items[i]).text == key)
      Gather(*tree_, tree_->at(dict_->items[i + 1]), found);
  }
  return found;
}

const TreeNode* CaffeFields::Last(std::string_view key) const {
  const auto all = All(key);
  return all.empty() ? nullptr : all.back();
}

CaffeFields CaffeFields::Message(std::string_view key) const {
  const TreeNode* last = Last(key);
  return {*tree_, last != nullptr && last->kind == TreeKind::kDict ? last : nullptr};
}

std::vector<CaffeFields> CaffeFields::Messages(std::string_view key) const {
  std::vector<CaffeFields> messages;
  for (const TreeNode* node : All(key)) {
    if (node->kind == TreeKind::kDict) messages.emplace_back(*tree_, node);
  }
  return messages;
}

std::string CaffeFields::Text(std::string_view key) const {
  const TreeNode* last = Last(key);
  return last == nullptr ? std::string() : last->text;
}

std::vector<std::string> CaffeFields::Texts(std::string_view key) const {
  std::vector<std::string> texts;
  for (const TreeNode* node : All(key)) texts.push_back(node->text);
  return texts;
}

std::optional<std::int64_t> CaffeFields::Integer(std::string_view key) const {
  const TreeNode* last = Last(key);
  return last == nullptr ? std::nullopt : IntegerOf(*last);
}

std::vector<std::int64_t> CaffeFields::Integers(std::string_view key) const {
  std::vector<std::int64_t> values;
  for (const TreeNode* node : All(key)) {
    if (const auto value = IntegerOf(*node)) values.push_back(*value);
  }
  return values;
}

double CaffeFields::Number(std::string_view key, double otherwise) const {
  const TreeNode* last = Last(key);
  return last == nullptr ? otherwise : NumberOf(*last).value_or(otherwise);
}

std::vector<double> CaffeFields::Numbers(std::string_view key) const {
  std::vector<double> values;
  for (const TreeNode* node : All(key)) {
    if (const auto value = NumberOf(*node)) values.push_back(*value);
  }
  return values;
}

bool CaffeFields::Flag(std::string_view key, bool otherwise) const {
  const TreeNode* last = Last(key);
  if (last == nullptr) return otherwise;
  return last->text == "true" || last->text == "1";
}

std::vector<CaffeLayer> CaffeLayersOf(const Tree& tree, std::string_view phase) {
  const CaffeFields net(tree, &tree.top());
  std::vector<CaffeFields> found = net.Messages("layer");
  const std::vector<CaffeFields> old = net.Messages("layers");
  found.insert(found.end(), old.begin(), old.end());
  std::vector<CaffeLayer> layers;
  for (const CaffeFields& fields : found) {
    if (!IsIncluded(fields, phase)) continue;
    layers.push_back({fields, CleanName(fields.Text("name")), TypeOf(fields),
                      fields.Texts("bottom"), fields.Texts("top")});
  }
  return layers;
}

std::vector<NetworkAttribute> CaffeAttributes(const CaffeFields& layer) {
  std::vector<NetworkAttribute> attributes;
  const TreeNode* dict = layer.dict();
  for (std::size_t i = 0; dict != nullptr && i + 1 < dict->items.size(); i += 2) {
    const std::string& key = layer.tree().at(dict->items[i]).text;
    const TreeNode& value = layer.tree().at(dict->items[i + 1]);
    if (!key.ends_with("_param") || value.kind != TreeKind::kDict) continue;
    AddScalars(CaffeFields(layer.tree(), &value), "", 0, attributes);
  }
  return attributes;
}

std::vector<NetworkAttribute> CaffeRates(const CaffeFields& layer) {
  std::vector<NetworkAttribute> rates;
  const auto add = [&](const char* name, std::optional<double> value) {
    if (value) rates.push_back({name, *value});
  };
  const std::vector<CaffeFields> params = layer.Messages("param");
  const auto rate = [&](std::size_t blob, const char* key,
                        const char* old_key) -> std::optional<double> {
    if (blob < params.size() && params[blob].Has(key)) return params[blob].Number(key, 1);
    const std::vector<double> old = layer.Numbers(old_key);
    return blob < old.size() ? std::optional(old[blob]) : std::nullopt;
  };
  add("lr", rate(0, "lr_mult", "blobs_lr"));
  add("decay", rate(0, "decay_mult", "weight_decay"));
  add("bias_lr", rate(1, "lr_mult", "blobs_lr"));
  add("bias_decay", rate(1, "decay_mult", "weight_decay"));
  return rates;
}

}  // namespace dlv::interchange
