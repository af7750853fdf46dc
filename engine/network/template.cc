#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/network/attributes.h"
#include "engine/network/families.h"
#include "engine/network/family_table.h"
#include "engine/network/initializer.h"
#include "engine/network/known_value.h"
#include "engine/network/outline.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

using Type = TemplateKey::Type;
using Wholes = std::vector<std::int64_t>;

constexpr std::string_view kPoolKinds[] = {"MAX", "AVG", "GLOBAL"};
constexpr std::int64_t kMaxTemplateNumber = 1 << 20;

std::string ListOf(const auto& items, auto&& name) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + std::string(name(item));
  return text;
}

std::string_view WantedText(Type type) {
  switch (type) {
    case Type::kWhole:
      return "a whole number";
    case Type::kWholes:
      return "a whole number or a list of them";
    case Type::kReal:
      return "a number";
    case Type::kText:
      return "a text";
    case Type::kFlag:
      return "0 or 1";
  }
  return "";
}

/// The argument as the value of an attribute of that type, or nothing.
std::optional<AttributeValue> Converted(const TemplateValue& value, Type type) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  switch (type) {
    case Type::kWhole:
      if (whole != nullptr) return AttributeValue(*whole);
      return std::nullopt;
    case Type::kFlag:
      if (whole != nullptr && (*whole == 0 || *whole == 1)) return AttributeValue(*whole);
      return std::nullopt;
    case Type::kWholes:
      if (whole != nullptr) return AttributeValue(Wholes{*whole});
      if (const auto* wholes = std::get_if<Wholes>(&value)) return AttributeValue(*wholes);
      return std::nullopt;
    case Type::kReal:
      if (whole != nullptr) return AttributeValue(static_cast<double>(*whole));
      if (const auto* real = std::get_if<double>(&value)) return AttributeValue(*real);
      return std::nullopt;
    case Type::kText:
      if (const auto* text = std::get_if<std::string>(&value)) return AttributeValue(*text);
      return std::nullopt;
  }
  return std::nullopt;
}

/// Builds a template argument by argument.
class Builder {
 public:
  explicit Builder(const FamilyRow& row) : row_(row) { made_.family = row.name; }

  Status Add(const TemplateArgument& argument) {
    if (!argument.key.empty()) return Keyed(argument);
    if (const auto* text = std::get_if<std::string>(&argument.value)) return Text(*text);
    return ByPlace(argument.value);
  }

  Result<NodeTemplate> Take() {
    if (!places_.empty()) {
      const TemplateKey& key = *KeyOfAttribute(row_.by_place);
      if (key.type != Type::kWholes && places_.size() > 1) {
        return Bad("one number by place (" + std::string(key.key) + ")");
      }
      if (key.type == Type::kReal) {
        DLV_TRY(Set(key, TemplateValue(places_[0])));
      } else {
        DLV_TRY(SetWholes(key));
      }
    }
    return std::move(made_);
  }

 private:
  Error Bad(const std::string& wanted) const {
    return Error{ErrorCode::kInvalidArgument, "template " + made_.family + ": want " + wanted};
  }
  const TemplateKey* KeyOfAttribute(std::string_view attribute) const {
    for (const TemplateKey& key : row_.keys) {
      if (key.attribute == attribute) return &key;
    }
    return nullptr;
  }

  Status Text(const std::string& text) {
    std::string upper = text;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const bool is_kind =
        made_.family == "POOL" &&
        std::find(std::begin(kPoolKinds), std::end(kPoolKinds), upper) != std::end(kPoolKinds);
    if (is_kind && made_.kind.empty()) {
      made_.kind = upper;
    } else if (!made_.name && !text.empty()) {
      made_.name = text;
    } else {
      return Bad("at most one kind and one name, got \"" + text + "\" too");
    }
    return Ok();
  }

  Status ByPlace(const TemplateValue& value) {
    if (row_.by_place.empty()) return Bad("no number by place");
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      places_.push_back(static_cast<double>(*whole));
    } else if (const auto* real = std::get_if<double>(&value)) {
      places_.push_back(*real);
    } else if (const auto* wholes = std::get_if<Wholes>(&value)) {
      for (const std::int64_t one : *wholes) places_.push_back(static_cast<double>(one));
    } else {
      return Bad("whole numbers by place");
    }
    return Ok();
  }

  Status SetWholes(const TemplateKey& key) {
    Wholes wholes;
    for (const double place : places_) {
      if (place != std::floor(place) ||
          std::fabs(place) > static_cast<double>(kMaxTemplateNumber)) {
        return Bad("whole numbers by place");
      }
      wholes.push_back(static_cast<std::int64_t>(place));
    }
    return key.type == Type::kWhole ? Set(key, TemplateValue(wholes[0]))
                                    : Set(key, TemplateValue(wholes));
  }

  Status Keyed(const TemplateArgument& argument) {
    const auto at = std::find_if(row_.keys.begin(), row_.keys.end(),
                                 [&](const TemplateKey& key) { return key.key == argument.key; });
    if (at == row_.keys.end()) {
      const std::string keys = ListOf(row_.keys, [](const TemplateKey& key) { return key.key; });
      return Error{ErrorCode::kNotFound, "template " + made_.family + " has no key \"" +
                                             argument.key + "\"; there are " +
                                             (keys.empty() ? "none" : keys)};
    }
    return Set(*at, argument.value);
  }

  Status Set(const TemplateKey& key, const TemplateValue& value) {
    auto converted = Converted(value, key.type);
    if (!converted) return Bad(std::string(WantedText(key.type)) + " for " + std::string(key.key));
    DLV_TRY(CheckRange(key, *converted));
    if (key.attribute == "kernel_shape") {
      if (!made_.kernel.empty()) return Bad("one kernel");
      made_.kernel = std::get<Wholes>(std::move(*converted));
      return Ok();
    }
    const auto at = std::lower_bound(
        made_.properties.begin(), made_.properties.end(), key.attribute,
        [](const NetworkAttribute& a, std::string_view b) { return std::string_view(a.name) < b; });
    if (at != made_.properties.end() && at->name == key.attribute) {
      return Bad("one " + std::string(key.key));
    }
    made_.properties.insert(at, {std::string(key.attribute), std::move(*converted)});
    return Ok();
  }

  Status CheckRange(const TemplateKey& key, const AttributeValue& value) const {
    const bool zero_too = key.attribute == "pads" || key.attribute == "seed";
    const std::int64_t low = key.attribute == "axis" ? -32 : zero_too ? 0 : 1;
    const std::int64_t high = key.attribute == "seed" ? INT64_MAX : kMaxTemplateNumber;
    const auto fits = [&](std::int64_t one) { return one >= low && one <= high; };
    const auto refuse = [&] {
      return Bad(std::string(key.key) + " from " + std::to_string(low) + " to " +
                 std::to_string(high));
    };
    if (const auto* wholes = std::get_if<Wholes>(&value)) {
      if (wholes->empty() || wholes->size() > 16)
        return Bad("1 to 16 numbers for the " + std::string(key.key));
      if (!std::all_of(wholes->begin(), wholes->end(), fits)) return refuse();
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      if (key.type == Type::kWhole && !fits(*whole)) return refuse();
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      if (key.attribute.ends_with("init")) {
        const auto initializer = ParseInitializer(*text);
        if (!initializer.ok()) return initializer.error();
      }
    }
    return Ok();
  }

  const FamilyRow& row_;
  NodeTemplate made_;
  std::vector<double> places_;
};

/// Default of an attribute that a node does not have, as every element of a list.
std::optional<double> DefaultOf(std::string_view attribute) {
  if (attribute == "strides" || attribute == "dilations" || attribute == "group") return 1;
  if (attribute == "pads" || attribute == "ceil_mode" || attribute == "count_include_pad") return 0;
  if (attribute == "epsilon") return 1e-5;
  if (attribute == "momentum") return 0.9;
  if (attribute == "ratio") return 0.5;
  return std::nullopt;
}

bool ListMatches(const Wholes& have, const Wholes& wanted) {
  if (wanted.size() != 1) return have == wanted;
  return std::all_of(have.begin(), have.end(), [&](std::int64_t one) { return one == wanted[0]; });
}

// The rules are of a Network or of an Outline: Graph.

template <class Graph, class Node>
std::optional<Wholes> KernelOf(const Graph& network, const Node& node) {
  if (const auto& kernel = IntegersAttribute(node, "kernel_shape")) return *kernel;
  if (!node.op.starts_with("Conv") || node.operands.size() < 2) return std::nullopt;
  const auto weight = TypeOf(network, node.operands[1]).shape;
  if (!weight || weight->size() < 3) return std::nullopt;
  return Wholes(weight->begin() + 2, weight->end());
}

/// Output channels of CONV, units of FULL.
template <class Node>
std::optional<std::int64_t> WidthOf(const Node& node, bool channels) {
  const auto& shape = ShapeOf(node.outputs[0]);
  if (!shape || shape->size() < 2) return std::nullopt;
  const std::int64_t width = channels ? (*shape)[1] : shape->back();
  if (width == kUnknownSize) return std::nullopt;
  return width;
}

/// Numbers given as operands in later opsets: bounds of Clip, ratio of Dropout.
template <class Graph, class Node>
std::optional<double> RealOf(const Graph& network, const Node& node, std::string_view attribute) {
  if (FindAttribute(node, attribute)) return RealAttribute(node, attribute, NAN);
  const std::size_t place = attribute == "max" ? 2 : 1;
  const bool operand = attribute == "min" || attribute == "max" || attribute == "ratio";
  if (operand && place < node.operands.size() &&
      node.operands[place].kind == OperandKind::kConstant) {
    return ScalarOf(network.constants[node.operands[place].index]);
  }
  return DefaultOf(attribute);
}

template <class Graph, class Node>
bool PropertyMatches(const Graph& network, const Node& node, const NetworkAttribute& wanted) {
  if (wanted.name == "channels" || wanted.name == "units") {
    const auto width = WidthOf(node, wanted.name == "channels");
    return width && *width == std::get<std::int64_t>(wanted.value);
  }
  if (const auto* wholes = std::get_if<Wholes>(&wanted.value)) {
    const auto& have = IntegersAttribute(node, wanted.name);
    const auto otherwise = DefaultOf(wanted.name);
    if (have) return ListMatches(*have, *wholes);
    return otherwise && std::all_of(wholes->begin(), wholes->end(), [&](std::int64_t one) {
             return static_cast<double>(one) == *otherwise;
           });
  }
  if (const auto* text = std::get_if<std::string>(&wanted.value)) {
    return TextAttribute(node, wanted.name, "") == *text;
  }
  const auto have = RealOf(network, node, wanted.name);
  const auto* real = std::get_if<double>(&wanted.value);
  if (!have) return false;
  if (real == nullptr) return *have == static_cast<double>(std::get<std::int64_t>(wanted.value));
  // Files keep f32: 0.1 is what they mean by 0.100000001.
  return static_cast<float>(*have) == static_cast<float>(*real);
}

template <class Graph>
bool MatchesIn(const Graph& network, std::size_t node, const NodeTemplate& wanted) {
  if (!IsOf(network, node, wanted.family)) return false;
  const auto& one = network.nodes[node];
  if (!wanted.kind.empty() && !HasKind(one.op, wanted.kind)) return false;
  if (!wanted.kernel.empty()) {
    const auto kernel = KernelOf(network, one);
    if (!kernel || kernel->empty() || !ListMatches(*kernel, wanted.kernel)) return false;
  }
  const FamilyRow* row = FindFamilyRow(wanted.family);
  return std::all_of(wanted.properties.begin(), wanted.properties.end(), [&](const auto& one_of) {
    const auto key = std::find_if(row->keys.begin(), row->keys.end(),
                                  [&](const TemplateKey& k) { return k.attribute == one_of.name; });
    return (key != row->keys.end() && key->only_insert) || PropertyMatches(network, one, one_of);
  });
}

}  // namespace

Result<NodeTemplate> MakeTemplate(std::string_view family,
                                  std::span<const TemplateArgument> arguments) {
  const auto canonical = FindFamily(family);
  if (!canonical) {
    return Error{ErrorCode::kNotFound,
                 "no template \"" + std::string(family) + "\"; there are " +
                     ListOf(FamilyNames(), [](std::string_view name) { return name; })};
  }
  Builder builder(*FindFamilyRow(*canonical));
  for (const TemplateArgument& argument : arguments) DLV_TRY(builder.Add(argument));
  return builder.Take();
}

bool MatchesAlone(const OutlineNode& node, const NodeTemplate& wanted) {
  if (!wanted.properties.empty()) return false;  // may be operands
  if (!wanted.kernel.empty() && node.op.starts_with("Conv")) return false;
  const FamilyRow* row = RowOfOperator(node.op);
  if (row == nullptr) return true;
  const bool by_operands = row->name == "CLIP" || row->name == "ADD" || row->name == "FULL";
  return !by_operands && node.op != "Scale";
}

bool Matches(const Network& network, std::size_t node, const NodeTemplate& wanted) {
  return MatchesIn(network, node, wanted);
}
bool Matches(const Outline& network, std::size_t node, const NodeTemplate& wanted) {
  return MatchesIn(network, node, wanted);
}

}  // namespace dlv::network
