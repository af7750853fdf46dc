#include "cli/archive_plan_view.h"
#include "cli/json_values.h"

namespace dlv::cli {
namespace {

Json ValueOfState(const ArchiveState& state) {
  return {{"bytes", state.bytes},
          {"load_seconds",
           {{"median", NumberOf(state.load_median)},
            {"p95", NumberOf(state.load_p95)},
            {"worst", NumberOf(state.load_worst)}}},
          {"depth", state.depth},
          {"over_budget", state.over_budget}};
}

Json ValueOfSnapshot(const PlannedSnapshot& snapshot) {
  return {
      {"reference", snapshot.reference},
      {"seconds_now", NumberOf(snapshot.seconds_now)},
      {"seconds_planned", NumberOf(snapshot.seconds_planned)},
      {"budget_seconds", snapshot.cold ? Json(nullptr) : Json(NumberOf(snapshot.budget_seconds))},
      {"cold", snapshot.cold},
      {"materialised_seconds", NumberOf(snapshot.materialised_seconds)},
      {"least_seconds", OrNull(snapshot.least_seconds)}};
}

Json ValueOfModel(const PlannedModel& model) {
  return {{"model", model.model},
          {"snapshots", model.snapshots},
          {"bytes_now", model.bytes_now},
          {"bytes_planned", model.bytes_planned},
          {"worst_seconds_now", NumberOf(model.worst_now)},
          {"worst_seconds_planned", NumberOf(model.worst_planned)},
          {"changes", model.changes}};
}

Json ValueOfChange(const PlannedChange& change) {
  return {{"tensor", change.tensor.Hex()},
          {"base", change.base ? Json(change.base->Hex()) : Json(nullptr)},
          {"bytes_now", change.bytes_now},
          {"bytes_planned", change.bytes_planned},
          {"depth", change.depth_planned}};
}

}  // namespace

std::string ArchivePlanDocument(const ArchivePlan& plan, OutputMode mode) {
  Json snapshots = Json::array();
  for (const PlannedSnapshot& snapshot : plan.snapshots)
    snapshots.push_back(ValueOfSnapshot(snapshot));
  Json models = Json::array();
  for (const PlannedModel& model : plan.models) models.push_back(ValueOfModel(model));
  Json changes = Json::array();
  for (const PlannedChange& change : plan.changes) changes.push_back(ValueOfChange(change));
  return Render({{"tensors", plan.tensors},
                 {"settled", plan.settled},
                 {"candidates", plan.candidates},
                 {"coded", plan.coded},
                 {"method", plan.method},
                 {"within_budget", plan.within_budget},
                 {"now", ValueOfState(plan.now)},
                 {"planned", ValueOfState(plan.planned)},
                 {"dependants", plan.dependants},
                 {"left_out", plan.left_out},
                 {"recoded", plan.recoded},
                 {"cold", plan.cold},
                 {"cold_saves_bytes", plan.cold_saves_bytes},
                 {"bytes_to_write", plan.bytes_to_write},
                 {"free_bytes", plan.free_bytes},
                 {"seconds_to_write", NumberOf(plan.seconds_to_write)},
                 {"snapshots", snapshots},
                 {"models", models},
                 {"changes", changes}},
                mode);
}

}  // namespace dlv::cli
