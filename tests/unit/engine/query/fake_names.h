#pragma once
/// \file
/// Names of a repository that is not there.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/query/names.h"

namespace dlv::query {

class FakeNames final : public NameSource {
 public:
  bool Has(NameKind kind, std::string_view name) const override {
    const auto& names = All(kind);
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  const std::vector<std::string>& All(NameKind kind) const override {
    return lists_[static_cast<std::size_t>(kind)];
  }
  std::optional<std::string> StoredQuery(std::string_view name) const override {
    const auto found = queries_.find(std::string(name));
    if (found == queries_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::map<std::string, std::string> queries_ = {
      {"query3",
       "construct m2 from m1 where m1.name like \"alexnet-avgv1%\" and "
       "m1[\"conv*($1)\"].next has POOL(\"AVG\") mutate m1[\"conv*($1)\"].insert = "
       "RELU(\"relu$1\")"},
      {"good", "select m where m.metrics[\"val_acc\"] > 0.9"},
      {"table", "select m, m.metrics[\"val_acc\"] acc from m where m.number > :least"},
      {"broken", "select m where m.metrics[\"val_ac\"] > 0.9"},
      {"unparsable", "select m where"},
      {"round", "select m from \"about\""},
      {"about", "select m from \"round\""},
      {"both", "select m"},
      {"numbers", "select m.number from m"}};
  std::vector<std::string> lists_[kNameKinds] = {
      {"alexnet-origin1", "alexnet-avgv1", "lenet", "resnet20", "resnet56", "both"},
      {"best", "stable"},
      {"val_acc", "val_loss", "loss", "epochs"},
      {"lr", "batch_size", "optimizer"},
      {"dataset", "reviewed"},
      {"query3", "good", "table", "broken", "unparsable", "round", "about", "both", "numbers"}};
};

}  // namespace dlv::query
