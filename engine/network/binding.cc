#include "engine/network/binding.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "engine/network/adjacency.h"
#include "engine/network/attributes.h"
#include "engine/network/families.h"
#include "engine/network/folded_norm.h"
#include "engine/network/outer_names.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

constexpr std::size_t kNoTensor = SIZE_MAX;
constexpr std::string_view kWrappers[] = {"module.", "_orig_mod.", "model.", "net.", "network."};

/// Without what training frameworks put in front of all names.
std::string_view Unwrapped(std::string_view name) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view wrapper : kWrappers) {
      if (name.starts_with(wrapper)) {
        name.remove_prefix(wrapper.size());
        again = true;
      }
    }
  }
  return name;
}

class Binder {
 public:
  Binder(const Network& network, std::span<const TensorFact> tensors,
         std::span<const TensorFact> own, const VectorReader& values)
      : network_(network),
        tensors_(tensors),
        own_(own),
        values_(values),
        chosen_(network.parameters.size(), kNoTensor),
        match_(network.parameters.size(), ParameterMatch::kNone),
        used_(tensors.size()) {}

  BindingResult Run() {
    ByName();
    ByContent();
    Folded();
    ByShape();
    return Report();
  }

 private:
  const NetworkParameter& Parameter(std::size_t place) const { return network_.parameters[place]; }
  bool IsOpen(std::size_t place) const {
    return match_[place] == ParameterMatch::kNone && Parameter(place).initializer.empty();
  }
  bool Fits(std::size_t place, const TensorFact& tensor) const {
    const NetworkParameter& parameter = Parameter(place);
    const bool is_type = !parameter.dtype || *parameter.dtype == tensor.dtype;
    return is_type && HasShape(parameter, tensor);
  }
  /// A name says more than a type: weights may have been stored in fewer bits.
  bool FitsByName(std::size_t place, const TensorFact& tensor) const {
    const NetworkParameter& parameter = Parameter(place);
    const bool is_kind = !parameter.dtype || *parameter.dtype == tensor.dtype ||
                         (IsFloat(*parameter.dtype) && IsFloat(tensor.dtype));
    return is_kind && HasShape(parameter, tensor);
  }
  static bool HasShape(const NetworkParameter& parameter, const TensorFact& tensor) {
    return !parameter.shape || ShapesAgree(*parameter.shape, tensor.shape);
  }
  /// The network may not know every size.
  static bool ShapesAgree(const NetworkShape& wanted, const NetworkShape& shape) {
    return std::equal(wanted.begin(), wanted.end(), shape.begin(), shape.end(),
                      [](std::int64_t a, std::int64_t b) { return a == kUnknownSize || a == b; });
  }
  void Bind(std::size_t place, std::size_t tensor, ParameterMatch match) {
    chosen_[place] = tensor;
    match_[place] = match;
    used_[tensor] = true;
  }

  // ---- 1. names

  void ByName() {
    std::unordered_map<std::string_view, std::size_t> exact;
    std::map<std::string_view, std::size_t> loose;  // kNoTensor: two have it
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      exact.emplace(tensors_[i].name, i);
      const auto [at, added] = loose.emplace(Unwrapped(tensors_[i].name), i);
      if (!added) at->second = kNoTensor;
    }
    std::map<std::string_view, std::size_t> parameters;
    for (std::size_t i = 0; i < network_.parameters.size(); ++i)
      ++parameters[Unwrapped(Parameter(i).name)];
    for (std::size_t i = 0; i < network_.parameters.size(); ++i) {
      const std::string_view name = Parameter(i).name;
      if (const auto at = exact.find(name); at != exact.end()) {
        TryName(i, at->second);  // also where an initializer says how it began
      } else if (!IsOpen(i)) {
        continue;
      } else if (const auto near = loose.find(Unwrapped(name));
                 near != loose.end() && near->second != kNoTensor && parameters[near->first] == 1) {
        TryName(i, near->second);
      }
    }
  }

  void TryName(std::size_t place, std::size_t tensor) {
    if (FitsByName(place, tensors_[tensor])) return Bind(place, tensor, ParameterMatch::kName);
    const NetworkParameter& parameter = Parameter(place);
    result_.warnings.push_back("parameter " + parameter.name + ": the tensor of that name is " +
                               std::string(NameOf(tensors_[tensor].dtype)) + " " +
                               ShapeText(tensors_[tensor].shape) + ", the network wants " +
                               (parameter.dtype ? std::string(NameOf(*parameter.dtype)) : "?") +
                               " " + ShapeText(parameter.shape));
  }

  // ---- 2. content

  void ByContent() {
    std::unordered_map<std::string_view, const TensorFact*> own;
    for (const TensorFact& tensor : own_) own.emplace(tensor.name, &tensor);
    std::unordered_multimap<TensorId, std::size_t> by_id;
    for (std::size_t i = 0; i < tensors_.size(); ++i) by_id.emplace(tensors_[i].id, i);
    for (std::size_t i = 0; i < network_.parameters.size(); ++i) {
      const auto mine = own.find(Parameter(i).name);
      if (mine == own.end() || !IsOpen(i)) continue;
      const auto [begin, end] = by_id.equal_range(mine->second->id);
      std::vector<std::size_t> same;
      for (auto at = begin; at != end; ++at) {
        if (!used_[at->second]) same.push_back(at->second);
      }
      std::sort(same.begin(), same.end());
      // Equal numbers in several tensors (all zeros): the first of the right shape.
      for (const std::size_t tensor : same) {
        if (!IsOpen(i) || !Fits(i, tensors_[tensor])) continue;
        Bind(i, tensor, ParameterMatch::kContent);
      }
      if (IsOpen(i) && same.size() == 1) Bind(i, same[0], ParameterMatch::kContent);
    }
  }

  // ---- 3. BatchNormalization folded into Conv

  /// A weight of the snapshot and the four tensors of the normalisation behind it.
  struct Pair {
    std::size_t weight = 0;
    std::vector<std::size_t> norm;  ///< the second is its bias
  };

  static std::string_view ModuleOf(std::string_view name) {
    const std::size_t at = name.find_last_of("./");
    return at == std::string_view::npos ? std::string_view() : name.substr(0, at);
  }

  /// Unused vectors by their module, in the order of the snapshot (which may have buffers last).
  std::map<std::string_view, std::vector<std::size_t>> VectorsByModule() const {
    std::map<std::string_view, std::vector<std::size_t>> modules;
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      const std::string_view module = ModuleOf(tensors_[i].name);
      if (!used_[i] && !module.empty() && tensors_[i].shape.size() == 1)
        modules[module].push_back(i);
    }
    return modules;
  }

  /// Weights of convolutions that a normalisation of their channels follows before the next weight.
  std::vector<Pair> FoldablePairs() const {
    const auto modules = VectorsByModule();
    std::vector<Pair> pairs;
    std::size_t weight = kNoTensor;
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      const NetworkShape& shape = tensors_[i].shape;
      if (shape.size() > 2) weight = i;
      if (shape.size() != 1 || weight == kNoTensor || shape[0] != tensors_[weight].shape[0])
        continue;
      const auto at = modules.find(ModuleOf(tensors_[i].name));
      if (at == modules.end() || at->second.size() != 4 || at->second[0] != i) continue;
      const bool same = std::all_of(at->second.begin(), at->second.end(),
                                    [&](std::size_t one) { return tensors_[one].shape == shape; });
      if (!same) continue;
      pairs.push_back({weight, at->second});
      weight = kNoTensor;
    }
    return pairs;
  }

  /// Convolutions and pairs that only the shape of the weight joins.
  struct FoldGroup {
    std::vector<const NetworkNode*> nodes;
    std::vector<const Pair*> pairs;
  };

  void Folded() {
    const std::vector<Pair> pairs = FoldablePairs();
    if (pairs.empty()) return;
    std::map<NetworkShape, FoldGroup> groups;
    FoldedByName(pairs, groups);
    for (const Pair& pair : pairs) {
      if (!used_[pair.weight]) groups[tensors_[pair.weight].shape].pairs.push_back(&pair);
    }
    for (auto& [shape, group] : groups) {
      if (group.nodes.size() > 1 || group.pairs.size() > 1) FoldedByValue(group);
      if (group.nodes.size() != 1 || group.pairs.size() != 1) continue;
      if (Fits(group.nodes[0]->operands[1].index, tensors_[group.pairs[0]->weight]))
        BindFolded(*group.nodes[0], *group.pairs[0]);
    }
  }

  /// Convolutions whose weight has kept its name; the others go into `groups`.
  void FoldedByName(const std::vector<Pair>& pairs, std::map<NetworkShape, FoldGroup>& groups) {
    const Adjacency adjacency(network_);
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) {
      if (!MayHoldNorm(adjacency, i)) continue;
      const NetworkNode& node = network_.nodes[i];
      const std::size_t weight = node.operands[1].index;
      if (!IsOpen(node.operands[2].index)) continue;
      if (match_[weight] == ParameterMatch::kName) {
        const auto pair = std::find_if(pairs.begin(), pairs.end(), [&](const Pair& one) {
          return one.weight == chosen_[weight];
        });
        if (pair != pairs.end()) BindFolded(node, *pair);
      } else if (IsOpen(weight) && Parameter(weight).shape) {
        groups[*Parameter(weight).shape].nodes.push_back(&node);
      }
    }
  }

  /// Joins those of a group whose bias is that of one pair, and takes them out of it.
  void FoldedByValue(FoldGroup& group) {
    if (!values_ || own_.empty()) return;
    std::vector<NormVectors> norms;
    for (const Pair* pair : group.pairs) norms.push_back(VectorsOf(*pair));
    std::vector<std::vector<double>> biases;
    for (const NetworkNode* node : group.nodes) {
      const auto own = std::find_if(own_.begin(), own_.end(), [&](const TensorFact& fact) {
        return fact.name == Parameter(node->operands[2].index).name;
      });
      biases.push_back(own == own_.end() ? std::vector<double>() : values_(*own));
    }
    const std::vector<std::optional<std::size_t>> found = MatchFoldedBiases(biases, norms);
    FoldGroup left;
    std::vector<bool> taken(group.pairs.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i]) {
        BindFolded(*group.nodes[i], *group.pairs[*found[i]]);
        taken[*found[i]] = true;
      } else {
        left.nodes.push_back(group.nodes[i]);
      }
    }
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (!taken[i]) left.pairs.push_back(group.pairs[i]);
    }
    group = std::move(left);
  }

  NormVectors VectorsOf(const Pair& pair) const {
    NormVectors vectors{values_(tensors_[pair.norm[0]]),
                        values_(tensors_[pair.norm[1]]),
                        values_(tensors_[pair.norm[2]]),
                        values_(tensors_[pair.norm[3]]),
                        {}};
    const std::string bias = std::string(ModuleOf(tensors_[pair.weight].name)) + ".bias";
    for (const TensorFact& tensor : tensors_) {
      if (tensor.name == bias) vectors.conv_bias = values_(tensor);
    }
    return vectors;
  }

  void BindFolded(const NetworkNode& node, const Pair& pair) {
    Bind(node.operands[1].index, pair.weight, ParameterMatch::kDerived);
    Bind(node.operands[2].index, pair.norm[1], ParameterMatch::kDerived);
    for (const std::size_t one : pair.norm) used_[one] = true;
  }

  /// A convolution with weight and bias that no normalisation follows.
  bool MayHoldNorm(const Adjacency& adjacency, std::size_t place) const {
    const NetworkNode& node = network_.nodes[place];
    if (!IsOf(network_, place, "CONV") || node.operands.size() < 3 ||
        node.operands[1].kind != OperandKind::kParameter ||
        node.operands[2].kind != OperandKind::kParameter) {
      return false;
    }
    for (const NodeIndex reader : adjacency.next(static_cast<NodeIndex>(place))) {
      if (IsOf(network_, reader, "NORM")) return false;
    }
    return true;
  }

  // ---- 4. shapes

  void ByShape() {
    std::map<std::pair<DType, NetworkShape>,
             std::pair<std::vector<std::size_t>, std::vector<std::size_t>>>
        groups;
    for (std::size_t i = 0; i < network_.parameters.size(); ++i) {
      if (!IsOpen(i) || !Parameter(i).shape) continue;
      groups[{Parameter(i).dtype.value_or(DType::kF32), *Parameter(i).shape}].first.push_back(i);
    }
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      if (!used_[i]) groups[{tensors_[i].dtype, tensors_[i].shape}].second.push_back(i);
    }
    std::set<std::size_t> ambiguous;
    for (const auto& [type, sides] : groups) {
      if (sides.second.empty()) continue;
      if (sides.first.size() == 1 && sides.second.size() == 1) {
        Bind(sides.first[0], sides.second[0], ParameterMatch::kGuess);
        continue;
      }
      ambiguous.insert(sides.first.begin(), sides.first.end());
    }
    for (const std::size_t place : ambiguous) result_.ambiguous.push_back(Parameter(place).name);
  }

  BindingResult Report() {
    for (std::size_t i = 0; i < network_.parameters.size(); ++i) {
      result_.bindings.push_back(
          {Parameter(i).name, chosen_[i] == kNoTensor ? "" : tensors_[chosen_[i]].name, match_[i]});
    }
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      if (!used_[i]) result_.unused_tensors.push_back(tensors_[i].name);
    }
    return std::move(result_);
  }

  const Network& network_;
  std::span<const TensorFact> tensors_, own_;
  const VectorReader& values_;
  std::vector<std::size_t> chosen_;  ///< by parameter
  std::vector<ParameterMatch> match_;
  std::vector<bool> used_;  ///< by tensor
  BindingResult result_;
};

}  // namespace

BindingResult BindParameters(const Network& network, std::span<const TensorFact> tensors,
                             std::span<const TensorFact> own, const VectorReader& values) {
  return Binder(network, tensors, own, values).Run();
}

void NameByTensors(std::span<const ParameterBinding> bindings, Network& network) {
  std::set<std::string, std::less<>> taken;
  for (const NetworkValue& input : network.inputs) taken.insert(input.name);
  for (const NetworkParameter& parameter : network.parameters) taken.insert(parameter.name);
  for (const NetworkNode& node : network.nodes)
    for (const NetworkValue& output : node.outputs) taken.insert(output.name);
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    const bool is_other = bindings[i].match == ParameterMatch::kContent ||
                          bindings[i].match == ParameterMatch::kGuess;
    if (!is_other || !taken.insert(bindings[i].tensor).second) continue;
    NetworkParameter& parameter = network.parameters[i];
    for (NetworkNode& node : network.nodes) RenameOuter(node, parameter.name, bindings[i].tensor);
    parameter.name = bindings[i].tensor;
  }
}

}  // namespace dlv::network
