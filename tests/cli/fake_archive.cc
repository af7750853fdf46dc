// Canned answers of archiving (fake_repository.cc has the others).

#include "dlv/repository.h"

namespace dlv {

Result<ArchivePlan> Repository::PlanArchive(std::string_view, const ArchivePlanOptions& options,
                                            const Operation&) const {
  ArchivePlan plan;
  plan.tensors = 20;
  plan.candidates = 38;
  plan.coded = 6;
  plan.now = {249'958, 0.0021, 0.0024, 0.0024, 2};
  plan.planned = {194'867, 0.0026, 0.0031, 0.0031, 3};
  plan.bytes_to_write = 61'402;
  plan.changes.resize(6);
  plan.method = "pas-mt";
  plan.within_budget = options.max_load_times >= 1.5;
  plan.snapshots = {{"lenet:v1", 0.0018, 0.0018, 0.0036, std::nullopt},
                    {"lenet:v3", 0.0024, 0.0031, 0.0036, std::nullopt}};
  if (!plan.within_budget) plan.snapshots[1].least_seconds = 0.0019;
  return plan;
}

Result<ArchiveResult> Repository::Archive(std::string_view, const Operation&) {
  return ArchiveResult{20, 12, 249'958, 194'867};
}

}  // namespace dlv
