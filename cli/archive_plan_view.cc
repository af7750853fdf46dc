#include "cli/archive_plan_view.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string_view>
#include <vector>

#include "cli/context.h"
#include "cli/human.h"
#include "cli/table.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostSnapshots = 10;

/// A finite number above 0, which is all of `text`.
std::optional<double> NumberIn(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number) || number <= 0)
    return std::nullopt;
  return number;
}

std::string Change(double now, double planned) {
  if (now <= 0 || planned == now) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f %%", 100 * (planned / now - 1));
  return text;
}

void ShowStates(Output& out, const ArchivePlan& plan) {
  Table table({{"", Align::kLeft},
               {"NOW", Align::kRight},
               {"PLANNED", Align::kRight},
               {"CHANGE", Align::kRight, 1}});
  const auto add_load = [&](const char* name, double now, double planned) {
    table.AddRow({name, LoadTime(now), LoadTime(planned), Change(now, planned)});
  };
  table.AddRow(
      {"  stored", HumanBytes(plan.now.bytes), HumanBytes(plan.planned.bytes),
       Change(static_cast<double>(plan.now.bytes), static_cast<double>(plan.planned.bytes))});
  add_load("  load, median", plan.now.load_median, plan.planned.load_median);
  add_load("  load, 95 of 100", plan.now.load_p95, plan.planned.load_p95);
  add_load("  load, worst", plan.now.load_worst, plan.planned.load_worst);
  table.AddRow({"  over budget", HumanCount(plan.now.over_budget),
                HumanCount(plan.planned.over_budget), ""});
  table.AddRow(
      {"  longest chain", std::to_string(plan.now.depth), std::to_string(plan.planned.depth), ""});
  out.Print(table);
}

void ShowSnapshots(Output& out, std::vector<PlannedSnapshot> snapshots) {
  std::ranges::stable_sort(snapshots, std::greater<>(), [](const PlannedSnapshot& snapshot) {
    return snapshot.seconds_planned / snapshot.budget_seconds;
  });
  if (snapshots.size() > kMostSnapshots) snapshots.resize(kMostSnapshots);
  Table table({{"  NEAREST TO ITS BUDGET", Align::kLeft, 0, 14, Cut::kMiddle},
               {"NOW", Align::kRight, 1},
               {"PLANNED", Align::kRight},
               {"BUDGET", Align::kRight},
               {"", Align::kLeft}});
  for (const PlannedSnapshot& snapshot : snapshots) {
    table.AddRow({"  " + snapshot.reference, LoadTime(snapshot.seconds_now),
                  LoadTime(snapshot.seconds_planned),
                  snapshot.cold ? "cold" : LoadTime(snapshot.budget_seconds),
                  snapshot.least_seconds
                      ? "cannot be met: at least " + LoadTime(*snapshot.least_seconds)
                      : ""});
  }
  out.Print(table);
}

void ShowModels(Output& out, const std::vector<PlannedModel>& models) {
  Table table({{"  MODEL", Align::kLeft, 0, 10, Cut::kMiddle},
               {"SNAPSHOTS", Align::kRight, 3},
               {"STORED", Align::kRight},
               {"PLANNED", Align::kRight},
               {"CHANGE", Align::kRight, 1},
               {"WORST LOAD", Align::kRight, 2},
               {"PLANNED", Align::kRight},
               {"CHANGES", Align::kRight, 4}});
  for (const PlannedModel& model : models) {
    table.AddRow(
        {"  " + model.model, HumanCount(model.snapshots), HumanBytes(model.bytes_now),
         HumanBytes(model.bytes_planned),
         Change(static_cast<double>(model.bytes_now), static_cast<double>(model.bytes_planned)),
         LoadTime(model.worst_now), LoadTime(model.worst_planned), HumanCount(model.changes)});
  }
  out.Print(table);
}

/// What was weighed, and what comes of it.
void ShowChanges(Output& out, const ArchivePlan& plan) {
  if (plan.settled == plan.tensors)
    return out.Paragraph("Nothing is new since the last archive (--full weighs everything anew).");
  if (plan.settled > 0) {
    out.Paragraph(HumanCount(plan.settled) +
                  " tensors stay as the last archive left them (--full weighs everything anew).");
  }
  std::string weighed = "Weighed " + Plural(plan.candidates, "delta");
  if (plan.coded > 0) weighed += ", coded " + std::to_string(plan.coded) + " to know their size";
  if (plan.changes.empty() && plan.recoded == 0) {
    out.Paragraph(weighed + "; the bases that tensors have are as good as it gets.");
    return;
  }
  std::string changes = ".  ";
  if (!plan.changes.empty())
    changes += Plural(plan.changes.size(), "tensor") + " would get another base";
  if (plan.recoded > 0) {
    changes += plan.changes.empty() ? "" : ", ";
    changes += Plural(plan.recoded, "tensor") + " would be coded anew on the same";
  }
  changes += ": " + HumanBytes(plan.bytes_to_write) + " to write";
  if (plan.cold > 0) {
    changes += ", " + std::to_string(plan.cold) + " of them cold, which saves about " +
               HumanBytes(plan.cold_saves_bytes);
  }
  if (plan.dependants > 0)
    changes += ", with " + std::to_string(plan.dependants) + " that depend on them";
  out.Paragraph(weighed + changes + ".");
}

}  // namespace

std::string LoadTime(double seconds) {
  char text[32];
  if (seconds >= 1) {
    std::snprintf(text, sizeof text, "%.3g s", seconds);
  } else if (seconds >= 1e-3) {
    std::snprintf(text, sizeof text, "%.3g ms", seconds * 1e3);
  } else {
    std::snprintf(text, sizeof text, "%.3g us", seconds * 1e6);
  }
  return text;
}

/// A number alone is refused: 2 could be seconds as well as times.
Result<LoadBudget> ParseLoad(const std::string& text, const std::string& option) {
  LoadBudget load;
  load.cold = text == "cold";
  if (load.cold) return load;
  struct Unit {
    std::string_view name;
    double seconds;  ///< 0: times
  };
  static constexpr std::array<Unit, 4> kUnits = {{{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"x", 0}}};
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    const std::optional<double> number = NumberIn(text.substr(0, text.size() - unit.name.size()));
    if (!number) continue;
    if (unit.seconds == 0) {
      load.times = *number;
    } else {
      load.seconds = *number * unit.seconds;
    }
    return load;
  }
  return Error{ErrorCode::kInvalidArgument,
               option + ": got \"" + text + "\", want e.g. 1.6x, 500ms, 2s or cold",
               "1.6x: times the load with every tensor stored whole; or a time; cold: hardly ever "
               "loaded"};
}

Result<LoadBudget> ParseBudget(const std::string& text) {
  DLV_ASSIGN(auto parts, SplitKeyValue(text, "--budget"));
  DLV_ASSIGN(LoadBudget budget, ParseLoad(parts.second, "--budget"));
  budget.reference = std::move(parts.first);
  return budget;
}

Result<LoadFrequency> ParseFrequency(const std::string& text) {
  DLV_ASSIGN(auto parts, SplitKeyValue(text, "--often"));
  const std::optional<double> number = NumberIn(parts.second);
  if (!number) {
    return Error{ErrorCode::kInvalidArgument,
                 "--often: got " + parts.second + ", want loads a day, above 0",
                 "e.g. --often " + parts.first + "=50"};
  }
  return LoadFrequency{std::move(parts.first), *number};
}

bool IsUnreachable(const ArchivePlan& plan) {
  return std::ranges::any_of(plan.snapshots, [](const PlannedSnapshot& snapshot) {
    return snapshot.least_seconds.has_value();
  });
}

void ShowArchivePlan(Output& out, const ArchivePlan& plan, bool by_model) {
  if (plan.snapshots.empty()) return out.Paragraph("Nothing to plan: no version has tensors.");
  out.Paragraph("Plan for " + Plural(plan.tensors, "tensor") + " of " +
                Plural(plan.snapshots.size(), "snapshot") + ".");
  ShowStates(out, plan);
  ShowSnapshots(out, plan.snapshots);
  if (by_model) ShowModels(out, plan.models);
  ShowChanges(out, plan);
  if (plan.left_out > 0) {
    out.Paragraph(Plural(plan.left_out, "change") +
                  " left out: chains of deltas would get too long, or a version in the trash rests "
                  "on what would change (dlv gc --yes --no-trash empties it).");
  }
  if (plan.bytes_to_write == 0) return;
  out.Paragraph("Takes about " + HumanDuration(plan.seconds_to_write) + ", and " +
                HumanBytes(plan.free_bytes) + " of free space until gc.");
}

}  // namespace dlv::cli
