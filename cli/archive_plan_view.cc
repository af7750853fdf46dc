#include "cli/archive_plan_view.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "cli/context.h"
#include "cli/human.h"
#include "cli/table.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostSnapshots = 10;

/// Loads of small networks take microseconds.
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
                  LoadTime(snapshot.seconds_planned), LoadTime(snapshot.budget_seconds),
                  snapshot.least_seconds
                      ? "cannot be met: at least " + LoadTime(*snapshot.least_seconds)
                      : ""});
  }
  out.Print(table);
}

}  // namespace

Status ParseMaxLoad(const std::string& text, ArchivePlanOptions& options) {
  if (!text.empty() && text.back() == 'x') {
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size() - 1, options.max_load_times);
    if (error == std::errc() && end == text.data() + text.size() - 1 &&
        std::isfinite(options.max_load_times) && options.max_load_times > 0)
      return Ok();
    return Error{ErrorCode::kInvalidArgument, "--max-load: got " + text + ", want e.g. 1.6x",
                 "times the load with every tensor stored whole; or a time, e.g. 500ms"};
  }
  DLV_ASSIGN(const std::int64_t ms, ParseDuration(text, 1000, "--max-load"));
  if (ms <= 0) return Error{ErrorCode::kInvalidArgument, "--max-load: want a time above 0"};
  options.max_load_seconds = static_cast<double>(ms) / 1000;
  return Ok();
}

void ShowArchivePlan(Output& out, const ArchivePlan& plan) {
  if (plan.snapshots.empty()) return out.Paragraph("Nothing to plan: no version has tensors.");
  out.Paragraph("Plan for " + Plural(plan.tensors, "tensor") + " of " +
                Plural(plan.snapshots.size(), "snapshot") + "; nothing is changed.");
  ShowStates(out, plan);
  ShowSnapshots(out, plan.snapshots);
  if (plan.changes.empty()) {
    out.Paragraph("Weighed " + Plural(plan.candidates, "delta") +
                  "; what is stored now is as good as it gets.");
    return;
  }
  out.Paragraph("Weighed " + Plural(plan.candidates, "delta") + ", coded " +
                std::to_string(plan.coded) + " to know their size.  " +
                Plural(plan.changes.size(), "tensor") +
                " would get another base: " + HumanBytes(plan.bytes_to_write) + " to write.");
}

}  // namespace dlv::cli
