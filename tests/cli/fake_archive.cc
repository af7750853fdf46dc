// Canned answers of archiving (fake_repository.cc has the others).

#include "dlv/repository.h"

namespace dlv {

Result<ArchivePlan> Repository::PlanArchive(std::string_view, const ArchivePlanOptions& options,
                                            const Operation&) const {
  ArchivePlan plan;
  plan.tensors = 20;
  plan.settled = 4;
  plan.candidates = 38;
  plan.coded = 6;
  plan.now = {249'958, 0.0021, 0.0024, 0.0024, 2, 0};
  plan.planned = {194'867, 0.0026, 0.0031, 0.0031, 3, 0};
  plan.dependants = 2;
  plan.bytes_to_write = 61'402;
  plan.free_bytes = 194'867;
  plan.seconds_to_write = 0.4;
  plan.changes.resize(6);
  plan.method = "pas-mt";
  plan.within_budget = options.max_load_times >= 1.5;
  plan.snapshots = {{"lenet:v1", 0.0018, 0.0018, 0.0036, 0.0018, std::nullopt, {}, {}},
                    {"lenet:v3", 0.0024, 0.0031, 0.0036, 0.0018, std::nullopt, {}, {}}};
  plan.models = {{"lenet", 2, 249'958, 194'867, 0.0024, 0.0031, 6}};
  if (!plan.within_budget) plan.snapshots[1].least_seconds = 0.0019;
  return plan;
}

Result<ArchiveResult> Repository::Archive(std::string_view reference,
                                          const ArchivePlanOptions& options,
                                          const Operation& operation) {
  ArchiveResult result;
  result.tensors = 20;
  result.before_bytes = result.after_bytes = 249'958;
  DLV_ASSIGN(result.plan, PlanArchive(reference, options, operation));
  if (!result.plan.within_budget) return result;
  result.declined = options.confirm && !options.confirm(result.plan);
  if (result.declined) return result;
  result.rewritten = 12;
  result.rebased = 6;
  result.after_bytes = 194'867;
  result.gc_frees_bytes = 201'110;
  return result;
}

Result<ArchiveResult> Repository::SetLayout(std::string_view, TensorLayout layout,
                                            const Operation&) {
  ArchiveResult result;
  result.tensors = 20;
  result.rewritten = layout == TensorLayout::kSignificance ? 12 : 0;
  result.before_bytes = 194'867;
  result.after_bytes = 195'318;
  return result;
}

}  // namespace dlv
