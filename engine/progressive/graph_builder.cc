#include "engine/progressive/graph_builder.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/kernels/convert.h"
#include "engine/network/attributes.h"
#include "engine/network/data_flow.h"
#include "engine/network/known_value.h"
#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"

namespace dlv::progressive {
namespace {

/// Channels, height and width of a value with a batch; nothing where a size is not known or there
/// are other axes.
std::optional<Extent> ExtentFrom(const std::optional<NetworkShape>& shape) {
  if (!shape || shape->size() < 2 || shape->size() > 4) return std::nullopt;
  for (std::size_t i = 1; i < shape->size(); ++i) {
    if ((*shape)[i] < 1 || (*shape)[i] > (std::int64_t{1} << 31)) return std::nullopt;
  }
  switch (shape->size()) {
    case 2:
      return Extent{(*shape)[1], 1, 1};
    case 3:
      return Extent{(*shape)[1], 1, (*shape)[2]};
    default:
      return Extent{(*shape)[1], (*shape)[2], (*shape)[3]};
  }
}

/// Applies a node that moves weights to a view of them. Returns whether it could.
bool Move(const NetworkNode& node, WeightView& view) {
  const auto& declared = node.outputs[0].shape;
  if (network::IsOperator(node, "Transpose")) {
    const auto* given = network::IntegersAttribute(node, "perm");
    const std::size_t rank = view.shape.size();
    std::vector<std::int64_t> axes(rank);
    for (std::size_t i = 0; i < rank; ++i)
      axes[i] = given != nullptr && given->size() == rank ? (*given)[i]
                                                          : static_cast<std::int64_t>(rank - 1 - i);
    kernels::Shape shape(rank), strides(rank, 1), moved(rank);
    for (std::size_t i = rank; i-- > 1;) strides[i - 1] = strides[i] * view.shape[i];
    for (std::size_t i = 0; i < rank; ++i) {
      if (axes[i] < 0 || axes[i] >= static_cast<std::int64_t>(rank)) return false;
      shape[i] = view.shape[static_cast<std::size_t>(axes[i])];
      moved[i] = strides[static_cast<std::size_t>(axes[i])];
    }
    const auto count = static_cast<std::size_t>(kernels::CountOf(shape));
    std::vector<std::uint32_t> order(count);
    kernels::Shape at(rank, 0);
    std::int64_t from = 0;
    for (std::size_t k = 0; k < count; ++k) {
      const auto element = static_cast<std::size_t>(from);
      order[k] = view.order.empty() ? static_cast<std::uint32_t>(element) : view.order[element];
      for (std::size_t axis = rank; axis-- > 0;) {
        from += moved[axis];
        if (++at[axis] < shape[axis]) break;
        from -= moved[axis] * shape[axis];
        at[axis] = 0;
      }
    }
    view.shape = std::move(shape);
    view.order = std::move(order);
    return true;
  }
  constexpr std::array<std::string_view, 5> kReshapes = {"Reshape", "Flatten", "Squeeze",
                                                         "Unsqueeze", "Identity"};
  if (!node.domain.empty() || std::ranges::find(kReshapes, node.op) == kReshapes.end())
    return false;
  if (node.op == "Identity") return true;
  if (!declared || std::ranges::find(*declared, kUnknownSize) != declared->end()) return false;
  if (kernels::CountOf(*declared) != kernels::CountOf(view.shape)) return false;
  view.shape = *declared;
  return true;
}

}  // namespace

Result<std::vector<double>> NumbersOf(const LeveledTensor& tensor) {
  if (!IsFloat(tensor.dtype))
    return Error{ErrorCode::kUnsupported,
                 "elements of type " + std::string(NameOf(tensor.dtype)) + ", want real numbers"};
  std::vector<double> numbers(tensor.bytes.size() / SizeOf(tensor.dtype));
  kernels::ConvertElements(tensor.dtype, tensor.bytes.data(), DType::kF64,
                           reinterpret_cast<std::byte*>(numbers.data()), numbers.size());
  return numbers;
}

GraphBuilder::GraphBuilder(const Network& network, LevelSource& source)
    : network_(network), source_(source), values_(network.nodes.size()) {
  for (const auto& [domain, version] : network.operator_sets) {
    if (domain.empty()) opset_ = version;
  }
}

std::optional<std::uint32_t> GraphBuilder::ValueOf(const NetworkOperand& operand) const {
  if (operand.kind == OperandKind::kInput && operand.index == 0) return 0;
  if (operand.kind == OperandKind::kNode && operand.port == 0) return values_[operand.index];
  return std::nullopt;
}

std::size_t GraphBuilder::RankOf(const NetworkOperand& operand) const {
  const auto& shape = operand.kind == OperandKind::kInput
                          ? network_.inputs[operand.index].shape
                          : network_.nodes[operand.index].outputs[operand.port].shape;
  return shape ? shape->size() : 0;
}

std::optional<WeightView> GraphBuilder::ViewOf(const NetworkOperand& operand) const {
  switch (operand.kind) {
    case OperandKind::kParameter: {
      const NetworkParameter& parameter = network_.parameters[operand.index];
      if (!parameter.shape) return std::nullopt;
      return WeightView{&parameter, *parameter.shape, {}, {}};
    }
    case OperandKind::kConstant: {
      const NetworkConstant& constant = network_.constants[operand.index];
      auto numbers = NumbersOf({constant.dtype, constant.shape, 0, true, constant.bytes});
      if (!numbers.ok()) return std::nullopt;
      return WeightView{nullptr, constant.shape, {}, std::move(numbers).value()};
    }
    case OperandKind::kNode: {
      const NetworkNode& node = network_.nodes[operand.index];
      if (operand.port != 0 || node.operands.empty()) return std::nullopt;
      auto view = ViewOf(node.operands[0]);
      if (!view || !Move(node, *view)) return std::nullopt;
      return view;
    }
    default:
      return std::nullopt;
  }
}

Result<std::optional<std::vector<double>>> GraphBuilder::WholeOf(const NetworkOperand& operand) {
  using Numbers = std::optional<std::vector<double>>;
  auto view = ViewOf(operand);
  if (!view) return Numbers();
  if (view->parameter != nullptr) {
    const auto known = whole_.find(view->parameter->name);
    if (known != whole_.end()) {
      view->numbers = known->second;
    } else {
      DLV_ASSIGN(const auto levels, source_.Levels(*view->parameter));
      DLV_ASSIGN(const LeveledTensor tensor,
                 source_.Read(*view->parameter, levels.empty() ? 0 : levels.back().planes));
      auto numbers = NumbersOf(tensor);
      if (!numbers.ok()) return Numbers();
      view->numbers = std::move(numbers).value();
      whole_.emplace(view->parameter->name, view->numbers);
      graph_->whole_parameters.push_back(view->parameter);
    }
  }
  if (view->order.empty()) return Numbers(std::move(view->numbers));
  std::vector<double> moved(view->order.size());
  for (std::size_t k = 0; k < moved.size(); ++k) moved[k] = view->numbers[view->order[k]];
  return Numbers(std::move(moved));
}

std::optional<std::vector<std::int64_t>> GraphBuilder::WholesOf(
    const NetworkOperand& operand) const {
  if (operand.kind != OperandKind::kConstant) return std::nullopt;
  const auto known = network::KnownFrom(network_.constants[operand.index]);
  if (!known || known->is_real() || !known->complete()) return std::nullopt;
  return known->Wholes();
}

void GraphBuilder::Add(std::unique_ptr<Layer> layer) {
  graph_->layers.push_back(std::move(layer));
  values_[node_] = static_cast<std::uint32_t>(graph_->layers.size());
}

void GraphBuilder::AddLinear(LinearForm form, std::uint32_t read, WeightView weights,
                             Affine affine) {
  auto layer = std::make_unique<LinearLayer>(name_, read, std::move(form));
  graph_->linears.push_back({layer.get(), weights.parameter, std::move(weights.order),
                             std::move(weights.numbers), std::move(affine)});
  Add(std::move(layer));
}

void GraphBuilder::Pass(std::uint32_t value) { values_[node_] = value; }

std::size_t GraphBuilder::ReadersOf(std::uint32_t value) const {
  std::size_t readers = 1;
  for (std::size_t i = 0; i < node_; ++i) {
    if (values_[i] == value) readers += readers_[i] - 1;
  }
  return readers;
}

void GraphBuilder::TakeBack(std::uint32_t value) {
  if (value != graph_->layers.size() || ReadersOf(value) != 1) return;
  graph_->layers.pop_back();
  for (auto& one : values_) {
    if (one == value) one.reset();
  }
}

void GraphBuilder::AddAffine(std::uint32_t value, Affine affine) {
  const std::size_t readers = ReadersOf(value);
  for (LinearPlan& plan : graph_->linears) {
    const bool made = value > 0 && graph_->layers[value - 1].get() == plan.layer;
    if (made && readers == 1) {
      plan.affine.Append(affine);
      return Pass(value);
    }
  }
  Add(std::make_unique<AffineLayer>(name_, value, ExtentOf(value), std::move(affine)));
}

std::vector<bool> GraphBuilder::Needed() const {
  std::vector<bool> needed(network_.nodes.size());
  const auto mark = [&](const NetworkOperand& operand) {
    if (operand.kind == OperandKind::kNode) needed[operand.index] = true;
  };
  mark(network_.outputs.front().source);
  for (std::size_t i = needed.size(); i-- > 0;) {
    if (!needed[i]) continue;
    for (const NetworkOperand& operand : network_.nodes[i].operands) mark(operand);
  }
  return needed;
}

void GraphBuilder::CountReaders(const std::vector<bool>& needed) {
  readers_.assign(network_.nodes.size(), 0);
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    for (const NetworkOperand& operand : network_.nodes[i].operands) {
      if (operand.kind == OperandKind::kNode) ++readers_[operand.index];
    }
  }
}

NoRule GraphBuilder::Stop(const NoRule& none) const { return {name_ + ": " + none.why}; }

/// A Softmax along another axis puts scores beside those of other examples, or each by itself.
bool GraphBuilder::KeepsOrder(const NetworkNode& node) const {
  if (!node.domain.empty() || node.operands.empty()) return false;
  if (node.op == "Sigmoid" || node.op == "Tanh") return true;  // they rise, element by element
  if (node.op != "Softmax" && node.op != "LogSoftmax") return false;
  const std::int64_t axis = network::IntegerAttribute(node, "axis", opset_ < 13 ? 1 : -1);
  return (axis < 0 ? axis + static_cast<std::int64_t>(RankOf(node.operands[0])) : axis) == 1;
}

Outcome GraphBuilder::BuildNode(const NetworkNode& node) {
  const Rule rule = FindRule(node.domain, node.op);
  if (rule == nullptr) return NoRule{"no rule for this operator"};
  return rule(*this, node);
}

Result<PlannedGraph> GraphBuilder::Build() {
  const auto extent =
      network_.inputs.size() == 1 ? ExtentFrom(network_.inputs[0].shape) : std::optional<Extent>();
  if (!extent)
    return PlannedGraph{nullptr, "the input: sizes are not known, or not one input of 2 to 4 axes"};
  const auto& dtype = network_.inputs[0].dtype;
  if (dtype && !IsFloat(*dtype)) {
    return PlannedGraph{nullptr, "the input: elements of type " + std::string(NameOf(*dtype)) +
                                     ", want real numbers"};
  }
  graph_->input = *extent;
  const std::vector<bool> needed = Needed();
  CountReaders(needed);
  const auto dependence = network::DependenceOf(network_);
  const NetworkOperand& source = network_.outputs.front().source;
  for (node_ = 0; node_ < network_.nodes.size(); ++node_) {
    if (!needed[node_] || dependence[node_] == network::Dependence::kWeights) continue;
    const NetworkNode& node = network_.nodes[node_];
    name_ = network::Describe(network_, node_);
    const bool is_last = source.kind == OperandKind::kNode && source.index == node_;
    if (is_last && KeepsOrder(node)) {
      const auto value = ValueOf(node.operands[0]);
      if (value && ExtentOf(*value).positions() == 1) {
        Pass(*value);
        continue;
      }
    }
    const Outcome outcome = BuildNode(node);
    if (outcome.error()) return *outcome.error();
    if (outcome.none()) return PlannedGraph{nullptr, Stop(*outcome.none()).why};
    // What the layer makes must be what the network says.
    const auto declared = ExtentFrom(node.outputs[0].shape);
    if (!values_[node_] || !declared || !(*declared == ExtentOf(*values_[node_])))
      return PlannedGraph{nullptr, name_ + ": sizes are not known"};
  }
  const auto output = ValueOf(source);
  if (!output || *output == 0)
    return PlannedGraph{nullptr, "the output does not depend on the input"};
  if (ExtentOf(*output).positions() != 1)
    return PlannedGraph{nullptr, "the output: not one score a class"};
  graph_->output = *output;
  graph_->blocks = FindResidualBlocks(*graph_);
  return PlannedGraph{std::move(graph_), ""};
}

Rule FindRule(std::string_view domain, std::string_view op) {
  for (const auto rows : {LinearRules(), AffineRules(), ElementRules(), WindowRules(),
                          ResponseRules(), MovementRules()}) {
    for (const RuleRow& row : rows) {
      if (row.domain == domain && row.op == op) return row.rule;
    }
  }
  return nullptr;
}

Result<PlannedGraph> PlanLayers(const Network& network, LevelSource& source) {
  return GraphBuilder(network, source).Build();
}

}  // namespace dlv::progressive
