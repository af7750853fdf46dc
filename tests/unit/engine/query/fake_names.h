#pragma once
/// \file
/// Names of a repository that is not there.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/query/names.h"

namespace dlv::query {

class FakeNames final : public NameSource {
 public:
  const std::vector<std::string>& models() const override { return models_; }
  const std::vector<std::string>& aliases() const override { return aliases_; }
  const std::vector<std::string>& metrics() const override { return metrics_; }
  const std::vector<std::string>& hparams() const override { return hparams_; }
  const std::vector<std::string>& tags() const override { return tags_; }
  const std::vector<std::string>& queries() const override { return query_names_; }
  std::optional<std::string> StoredQuery(std::string_view name) const override {
    const auto found = queries_.find(std::string(name));
    if (found == queries_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::vector<std::string> models_ = {"alexnet-origin1", "alexnet-avgv1", "lenet",
                                      "resnet20",        "resnet56",      "both"};
  std::vector<std::string> aliases_ = {"best", "stable"};
  std::vector<std::string> metrics_ = {"val_acc", "val_loss", "loss", "epochs"};
  std::vector<std::string> hparams_ = {"lr", "batch_size", "optimizer"};
  std::vector<std::string> tags_ = {"dataset", "reviewed"};
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
  std::vector<std::string> query_names_ = {"query3", "good",  "table", "broken", "unparsable",
                                           "round",  "about", "both",  "numbers"};
};

}  // namespace dlv::query
