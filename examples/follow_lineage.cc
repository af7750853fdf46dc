// Makes a small family of versions and asks about it: ancestors, common ancestors, a metric along a
// line, and which version last changed each tensor.
//
//   follow_lineage FOLDER      makes a repository in FOLDER
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "dlv/dlv.h"
#include "dlv/lineage.h"

namespace {

// A network whose tensors have one value each.
class Layers : public dlv::TensorSource {
 public:
  explicit Layers(std::map<std::string, float> values) : values_(values.begin(), values.end()) {}
  std::size_t size() const override { return values_.size(); }
  dlv::TensorInfo Info(std::size_t index) const override {
    dlv::TensorInfo info;
    info.name = values_[index].first;
    info.dtype = dlv::DType::kF32;
    info.shape = {16, 16};
    return info;
  }
  dlv::Status Read(std::size_t index, std::uint64_t, std::span<std::byte> out) override {
    for (std::size_t i = 0; i < out.size(); i += sizeof(float))
      std::memcpy(out.data() + i, &values_[index].second, sizeof(float));
    return dlv::Ok();
  }

 private:
  std::vector<std::pair<std::string, float>> values_;
};

dlv::Status Commit(dlv::Repository& repository, const std::string& model,
                   std::map<std::string, float> values, std::vector<std::string> parents,
                   double accuracy) {
  Layers layers(std::move(values));
  dlv::CommitRequest request;
  request.model = model;
  request.tensors = {{&layers, std::nullopt}};
  request.parent_choice = parents.empty() ? dlv::ParentChoice::kNone : dlv::ParentChoice::kGiven;
  request.parents = std::move(parents);
  request.metrics = {{"val_acc", {{-1, accuracy}}}};
  const auto done = repository.Commit(request);
  return done.ok() ? dlv::Ok() : dlv::Status(done.error());
}

dlv::Status MakeFamily(dlv::Repository& repository) {
  DLV_TRY(Commit(repository, "base", {{"body", 1.0F}, {"head", 1.0F}}, {}, 0.80));
  DLV_TRY(Commit(repository, "birds", {{"body", 1.0F}, {"head", 2.0F}}, {"base"}, 0.85));
  DLV_TRY(Commit(repository, "birds", {{"body", 1.5F}, {"head", 2.0F}}, {"birds"}, 0.88));
  return Commit(repository, "cars", {{"body", 1.0F}, {"head", 3.0F}}, {"base"}, 0.83);
}

dlv::Status PrintAncestors(const dlv::Lineage& lineage) {
  dlv::LineageFilter filter;
  filter.relations = {dlv::Relation::kFinetune, dlv::Relation::kRetrain};
  DLV_ASSIGN(const auto range, lineage.Ancestors("birds", filter));
  while (true) {
    DLV_ASSIGN(const auto step, range->Next());
    if (!step) return dlv::Ok();
    std::printf("%zu up: %s, by %s\n", step->depth, step->version.reference.c_str(),
                std::string(NameOf(step->relation)).c_str());
  }
}

dlv::Status Run(const char* folder) {
  DLV_ASSIGN(const auto repository, dlv::Repository::Init(folder));
  DLV_TRY(MakeFamily(*repository));

  DLV_ASSIGN(const auto lineage, dlv::Lineage::Open(*repository));
  DLV_TRY(PrintAncestors(*lineage));

  DLV_ASSIGN(const auto common, lineage->LowestCommonAncestors("birds", "cars"));
  for (const dlv::LineageVersion& version : common)
    std::printf("birds and cars both come from %s\n", version.reference.c_str());

  DLV_ASSIGN(const auto line, lineage->MetricAlong("birds", "val_acc"));
  for (const dlv::LineageMetric& point : line)
    std::printf("%s  %.2f\n", point.version.reference.c_str(), point.value.value_or(0));

  DLV_ASSIGN(const auto blame, lineage->Blame("birds"));
  for (const dlv::BlameLine& tensor : blame)
    std::printf("%s was last changed in %s\n", tensor.tensor.c_str(),
                tensor.version.reference.c_str());

  const bool right = common.size() == 1 && common[0].reference == "base:v1" && line.size() == 3 &&
                     blame.size() == 2 && blame[1].version.reference == "birds:v1";
  if (!right) return dlv::Error{dlv::ErrorCode::kInternal, "the lineage is not what was made"};
  return dlv::Ok();
}

}  // namespace

int main(int argc, char** argv) {
  const dlv::Status status = Run(argc > 1 ? argv[1] : ".");
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().message.c_str());
  return status.ok() ? 0 : 1;
}
