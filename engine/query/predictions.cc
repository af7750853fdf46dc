#include "engine/query/predictions.h"

#include <set>

namespace dlv::query {

std::vector<std::pair<std::string, Type>> PredictionFields(Type subject) {
  return {{subject.kind == TypeKind::kVersion ? "version" : "network", subject},
          {"input", {TypeKind::kInteger}},
          {"label", {TypeKind::kInteger}},
          {"labels", ListOf(TypeKind::kInteger)},
          {"truth", {TypeKind::kInteger}},
          {"correct", {TypeKind::kBoolean}},
          {"status", {TypeKind::kText}},
          {"reason", {TypeKind::kText}},
          {"margin", {TypeKind::kReal}},
          {"bits", {TypeKind::kReal}},
          {"plane_bits", {TypeKind::kReal}}};
}

std::vector<std::pair<std::string, Type>> EvaluationColumns(const BoundEvaluate& evaluate,
                                                            Type subject) {
  std::vector<std::pair<std::string, Type>> columns = {{evaluate.result, subject}};
  std::set<std::string> taken = {evaluate.result};
  const auto add = [&](const std::string& base, Type type) {
    std::string name = base;
    for (int i = 2; !taken.insert(name).second; ++i) name = base + "_" + std::to_string(i);
    columns.emplace_back(std::move(name), type);
  };
  for (const BoundEvaluate::Dimension& dimension : evaluate.vary)
    add(dimension.column, dimension.setting ? TypeOf(*dimension.setting) : Type{TypeKind::kAny});
  add("data", {TypeKind::kText});
  add("examples", {TypeKind::kInteger});
  for (const std::string& metric : evaluate.metrics) add(metric, {TypeKind::kReal});
  return columns;
}

}  // namespace dlv::query
