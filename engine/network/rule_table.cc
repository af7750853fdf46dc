#include <algorithm>
#include <vector>

#include "engine/network/rules.h"

namespace dlv::network {

Rule FindRule(std::string_view domain, std::string_view op) {
  if (domain == "caffe") {
    const auto rules = CaffeRules();
    const auto found = std::ranges::find(rules, op, &RuleRow::op);
    return found == rules.end() ? nullptr : found->rule;
  }
  if (!domain.empty()) return nullptr;
  static const std::vector<RuleRow> rows = [] {
    std::vector<RuleRow> all;
    for (const auto part :
         {WindowRules(), MatrixRules(), ElementRules(), NormalisingRules(), LayoutRules(),
          PartRules(), ReductionRules(), SourceRules(), RecurrentRules(), ControlRules()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    std::sort(all.begin(), all.end(),
              [](const RuleRow& a, const RuleRow& b) { return a.op < b.op; });
    return all;
  }();
  const auto at = std::lower_bound(rows.begin(), rows.end(), op,
                                   [](const RuleRow& a, std::string_view b) { return a.op < b; });
  return at != rows.end() && at->op == op ? at->rule : nullptr;
}

Status LikeFirst(NodeContext& context) {
  context.Out(0).dtype = context.In(0).dtype;
  context.Out(0).shape = context.In(0).shape;
  return Ok();
}

}  // namespace dlv::network
