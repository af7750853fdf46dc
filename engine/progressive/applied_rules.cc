#include "engine/progressive/applied_rules.h"

#include "engine/progressive/curve_layer.h"
#include "engine/progressive/kink_layer.h"
#include "engine/progressive/pool_layer.h"
#include "engine/progressive/product_layer.h"
#include "engine/progressive/response_layer.h"
#include "engine/progressive/shape_layers.h"

namespace dlv::progressive {
namespace {

template <class Kind>
bool IsA(const Layer& layer) {
  return dynamic_cast<const Kind*>(&layer) != nullptr;
}

std::string RuleNameOf(const Layer& layer) {
  if (IsA<LinearLayer>(layer)) return "linear";
  if (IsA<AffineLayer>(layer)) return "affine";
  if (IsA<KinkLayer>(layer)) return "kink";
  if (IsA<CurveLayer>(layer)) return "curve";
  if (IsA<MaxPoolLayer>(layer)) return "max of windows";
  if (IsA<MeanPoolLayer>(layer)) return "mean of windows";
  if (IsA<FlattenLayer>(layer)) return "flatten";
  if (IsA<PickLayer>(layer)) return "pick";
  if (IsA<ConcatLayer>(layer)) return "concat";
  if (IsA<ProductLayer>(layer)) return "product";
  if (IsA<ResponseLayer>(layer)) return "response";
  DLV_CHECK(IsA<SumLayer>(layer), "a kind of layer without a name");
  return "sum";
}

}  // namespace

std::vector<AppliedRule> RulesOf(const LayerGraph& graph) {
  std::vector<AppliedRule> rules;
  for (const auto& layer : graph.layers) rules.push_back({layer->name(), RuleNameOf(*layer)});
  return rules;
}

}  // namespace dlv::progressive
