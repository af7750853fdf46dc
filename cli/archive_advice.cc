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

/// What does for all of `unmet` that `budget_reference` was for (empty: --max-load); nothing where
/// that can be met.
std::optional<std::string> Relaxed(const std::vector<PlannedSnapshot>& unmet,
                                   const std::string& budget_reference, bool in_seconds) {
  std::optional<double> most;
  for (const PlannedSnapshot& snapshot : unmet) {
    if (snapshot.budget_reference != budget_reference) continue;
    most = std::max(most.value_or(0), in_seconds ? *snapshot.least_seconds : TimesOf(snapshot));
  }
  if (!most) return std::nullopt;
  return in_seconds ? TimeThatDoes(*most) : TimesThatDo(*most);
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

/// What was asked for, with more where it cannot be met: so nothing in it can contradict the rest.
std::string CommandThatDoes(const std::vector<PlannedSnapshot>& unmet,
                            const ArchivePlanOptions& options) {
  std::string command = "dlv archive";
  const auto usual = Relaxed(unmet, "", options.max_load_seconds.has_value());
  if (usual || options.max_load_seconds || options.cold ||
      options.max_load_times != ArchivePlanOptions().max_load_times)
    command += " --max-load " + usual.value_or(Asked(options.max_load_times,
                                                     options.max_load_seconds, options.cold));
  for (const LoadBudget& budget : options.budgets) {
    const auto relaxed = Relaxed(unmet, budget.reference, budget.seconds.has_value());
    command += " --budget " + budget.reference + "=" +
               relaxed.value_or(Asked(budget.times, budget.seconds, budget.cold));
  }
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
