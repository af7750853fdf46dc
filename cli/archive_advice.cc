// Budgets that cannot be met: which they are, and which can.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

#include "cli/archive_plan_view.h"
#include "cli/human.h"

namespace dlv::cli {
namespace {

/// So many are named; the table of the plan has more.
constexpr std::size_t kMostNamed = 8;
/// Rounded, times and multiples of loads must still be enough.
constexpr double kAdviceMargin = 1.001;

double TimesOf(const PlannedSnapshot& snapshot) {
  return *snapshot.least_seconds / snapshot.materialised_seconds;
}

/// The worst first: what is over its budget the most times.
std::vector<PlannedSnapshot> UnmetOf(const ArchivePlan& plan) {
  std::vector<PlannedSnapshot> unmet;
  std::ranges::copy_if(
      plan.snapshots, std::back_inserter(unmet),
      [](const PlannedSnapshot& snapshot) { return snapshot.least_seconds.has_value(); });
  std::ranges::stable_sort(unmet, std::greater<>(), [](const PlannedSnapshot& snapshot) {
    return *snapshot.least_seconds / snapshot.budget_seconds;
  });
  return unmet;
}

/// A budget of this many seconds or more, in whole microseconds.
std::string TimeThatDoes(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9gms", std::ceil(seconds * 1e6 * kAdviceMargin) / 1e3);
  return text;
}

/// The same as a multiple of the load stored whole.
std::string TimesThatDo(double times) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6gx", std::ceil(times * kAdviceMargin * 1000) / 1000);
  return text;
}

std::string LoadThatDoes(const PlannedSnapshot& snapshot, bool in_seconds) {
  return in_seconds ? TimeThatDoes(*snapshot.least_seconds) : TimesThatDo(TimesOf(snapshot));
}

std::string ModelOf(const std::string& reference) {
  return reference.substr(0, reference.find(':'));
}

/// Of many snapshots the models are named, each with what does for all of its snapshots.
std::vector<std::pair<std::string, PlannedSnapshot>> Relaxed(
    const std::vector<PlannedSnapshot>& unmet, bool in_seconds) {
  std::vector<std::pair<std::string, PlannedSnapshot>> relaxed;
  for (const PlannedSnapshot& snapshot : unmet) {
    const std::string name =
        unmet.size() > kMostNamed ? ModelOf(snapshot.reference) : snapshot.reference;
    const auto known =
        std::ranges::find(relaxed, name, [](const auto& pair) { return pair.first; });
    const auto need = [&](const PlannedSnapshot& which) {
      return in_seconds ? *which.least_seconds : TimesOf(which);
    };
    if (known == relaxed.end()) {
      relaxed.emplace_back(name, snapshot);
    } else if (need(snapshot) > need(known->second)) {
      known->second = snapshot;
    }
  }
  return relaxed;
}

/// What was asked for, in the words of the command line.
std::string Asked(double times, const std::optional<double>& seconds, bool cold) {
  if (cold) return "cold";
  char text[32];
  if (seconds)
    std::snprintf(text, sizeof text, "%.9gms", *seconds * 1e3);
  else
    std::snprintf(text, sizeof text, "%.6gx", times);
  return text;
}

std::string Frequencies(const ArchivePlanOptions& options) {
  std::string text;
  for (const LoadFrequency& frequency : options.frequencies) {
    char number[32];
    std::snprintf(number, sizeof number, "%.6g", frequency.loads_a_day);
    text += " --often " + frequency.reference + "=" + number;
  }
  return text;
}

/// One limit for all does where there is one for all; else what is named last counts.
std::string CommandThatDoes(const std::vector<PlannedSnapshot>& unmet,
                            const ArchivePlanOptions& options) {
  const bool in_seconds = options.max_load_seconds.has_value();
  std::string command = "dlv archive";
  if (options.budgets.empty()) {
    double seconds = 0, times = 0;
    for (const PlannedSnapshot& snapshot : unmet) {
      seconds = std::max(seconds, *snapshot.least_seconds);
      times = std::max(times, TimesOf(snapshot));
    }
    return command + " --max-load " + (in_seconds ? TimeThatDoes(seconds) : TimesThatDo(times)) +
           Frequencies(options);
  }
  if (in_seconds || options.cold || options.max_load_times != ArchivePlanOptions().max_load_times)
    command +=
        " --max-load " + Asked(options.max_load_times, options.max_load_seconds, options.cold);
  const auto relaxed = Relaxed(unmet, in_seconds);
  for (const LoadBudget& budget : options.budgets) {
    const bool is_replaced = std::ranges::any_of(relaxed, [&](const auto& pair) {
      return pair.first == budget.reference || pair.first == ModelOf(budget.reference);
    });
    if (!is_replaced)
      command +=
          " --budget " + budget.reference + "=" + Asked(budget.times, budget.seconds, budget.cold);
  }
  for (const auto& [name, snapshot] : relaxed)
    command += " --budget " + name + "=" + LoadThatDoes(snapshot, in_seconds);
  return command + Frequencies(options);
}

}  // namespace

void ShowUnreachable(Output& out, const ArchivePlan& plan, const ArchivePlanOptions& options) {
  const std::vector<PlannedSnapshot> unmet = UnmetOf(plan);
  if (unmet.empty()) return;
  for (std::size_t i = 0; i < std::min(unmet.size(), kMostNamed); ++i) {
    out.Paragraph(unmet[i].reference + " cannot load in " + LoadTime(unmet[i].budget_seconds) +
                  ": " + LoadTime(*unmet[i].least_seconds) + " is the least.");
  }
  if (unmet.size() > kMostNamed) {
    out.Paragraph("Nor can " + Plural(unmet.size() - kMostNamed, "other snapshot") +
                  " within their budgets.");
  }
  out.Paragraph("Nothing is changed.  It can be done with: " + CommandThatDoes(unmet, options));
}

}  // namespace dlv::cli
