#include "cli/progressive_view.h"

#include <algorithm>
#include <cstdio>
#include <functional>

#include "cli/human.h"
#include "cli/plots/share_plot.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMostDifferences = 10;

std::string TwoDigits(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f", value);
  return text;
}

std::string ShareText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return TwoDigits(100 * static_cast<double>(part) / static_cast<double>(whole)) + " %";
}

bool IsBySignificance(const ProgressiveStep& step) {
  return std::ranges::any_of(step.levels, [](const ProgressiveLevel& level) {
    return level.by_significance && !level.exact;
  });
}

/// Leading bits, or steps, of some tensors.
struct LevelRange {
  unsigned low = 0, high = 0;
  std::size_t tensors = 0;

  void Add(unsigned level) {
    low = tensors == 0 ? level : std::min(low, level);
    high = std::max(high, level);
    ++tensors;
  }
  std::string Text() const {
    return std::to_string(low) + (high == low ? "" : "-" + std::to_string(high));
  }
};

/// "9-14; 2 whole": leading bits of the tensors that are not read whole. Where there are
/// tensors by significance, "steps 260-270; 1 tensor at 12 planes". "all": all are whole.
std::string PlanesText(const ProgressiveStep& step) {
  LevelRange planes, steps;
  std::size_t whole = 0;
  for (const ProgressiveLevel& level : step.levels) {
    if (level.exact) {
      ++whole;
    } else {
      (level.by_significance ? steps : planes).Add(level.planes);
    }
  }
  if (planes.tensors + steps.tensors == 0) return "all";
  std::string text = steps.tensors == 0 ? planes.Text() : "steps " + steps.Text();
  if (steps.tensors != 0 && planes.tensors != 0)
    text += "; " + Plural(planes.tensors, "tensor") + " at " + planes.Text() + " planes";
  if (whole != 0) text += "; " + std::to_string(whole) + " whole";
  return text;
}

std::string CountText(std::uint64_t count) { return count == 0 ? "." : HumanCount(count); }

void ShowSteps(Output& out, const ProgressiveReport& run) {
  const bool guesses = run.heuristic != 0;
  Table table({{"STEP", Align::kRight},
               {"PLANES A WEIGHT", Align::kLeft, 0, 6},
               {"BITS: PLANES", Align::kRight},
               {"ALL", Align::kRight},
               {"INPUTS", Align::kRight},
               {"FORWARD", Align::kRight},
               {"BACKWARD", Align::kRight},
               {guesses ? "HEURISTIC" : "", Align::kRight},
               {"LEFT", Align::kRight},
               {"TIME", Align::kRight, 1}});
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    const ProgressiveStep& step = run.steps[i];
    if (step.inputs == 0) continue;
    table.AddRow({std::to_string(i + 1), PlanesText(step), TwoDigits(step.plane_bits),
                  TwoDigits(step.all_bits), HumanCount(step.inputs),
                  CountText(step.certified_forward), CountText(step.certified_backward),
                  guesses ? CountText(step.heuristic) : "", CountText(step.left()),
                  HumanDuration(step.seconds)});
  }
  if (table.row_count() != 0) out.Print(table);
}

std::string BitsText(const BitsPerWeight& bits) {
  return "mean " + TwoDigits(bits.mean) + ", p50 " + TwoDigits(bits.p50) + ", p99 " +
         TwoDigits(bits.p99) + (bits.full > 0 ? ", of " + TwoDigits(bits.full) : "");
}

void ShowAnswers(Output& out, const ProgressiveReport& run) {
  std::string text = HumanCount(run.certified) + " certified (" +
                     ShareText(run.certified, run.inputs) + "), " + HumanCount(run.certified_full) +
                     " with all bits, ";
  if (run.heuristic != 0) text += HumanCount(run.heuristic) + " heuristic (no proof), ";
  text += HumanCount(run.computed) + " computed without proof";
  out.Field("answers", text);
  std::string reasons;
  for (const auto& [reason, count] : run.reasons)
    reasons += (reasons.empty() ? "" : ", ") + HumanCount(count) + " " + reason;
  if (!reasons.empty()) out.Field("computed", reasons);
}

void ShowTimes(Output& out, const ProgressiveReport& run) {
  std::string text = HumanDuration(run.seconds);
  if (run.plain_seconds > 0) {
    text += ", plain inference " + HumanDuration(run.plain_seconds) + " (" +
            TwoDigits(run.seconds / run.plain_seconds) + " times)";
  }
  if (run.bound_seconds > 0) text += "; bounds and profiles " + HumanDuration(run.bound_seconds);
  out.Field("time", text);
}

void ShowDifferences(Output& out, const ProgressiveReport& run) {
  if (run.plain_seconds <= 0) return;
  if (run.plain_differences == 0) return out.Field("plain", "every answer is the same");
  out.Field("plain",
            "answers of plain inference that differ: " + HumanCount(run.plain_differences));
  for (std::size_t i = 0; i < std::min(run.differences.size(), kMostDifferences); ++i) {
    const PlainDifference& one = run.differences[i];
    out.Line("  example " + std::to_string(one.input) + ": " + std::to_string(one.answer) +
             ", plain " + std::to_string(one.plain) + ", margin " + HumanNumber(one.margin, 3));
  }
}

std::string PlanesOnlyText(const BitsPerWeight& bits) {
  return BitsText(bits) + " a weight, without headers, chains and bounds";
}

/// Levels by significance take fewer bits than those that these steps read.
void AdviseLayout(Output& out, const std::string& reference,
                  const std::vector<ProgressiveStep>& steps) {
  const bool has_levels = std::ranges::any_of(steps, [](const ProgressiveStep& step) {
    return std::ranges::any_of(step.levels, std::logical_not<>(), &ProgressiveLevel::exact);
  });
  if (!has_levels || std::ranges::any_of(steps, IsBySignificance)) return;
  out.Next("dlv archive --layout significance --yes " + reference + " (fewer bits for a proof)");
}

/// How tensors are stored decides what levels there are, and what chains they take along.
void ShowStorage(Output& out, const ProgressiveReport& run) {
  const bool any = std::ranges::any_of(run.steps, IsBySignificance);
  if (run.delta_tensors == 0) {
    return out.Field(
        "stored", any ? "every tensor in full, weights by significance" : "every tensor in full");
  }
  out.Field("stored", Plural(run.delta_tensors, "tensor") + " of " +
                          HumanCount(run.stored_tensors) + " as differences" +
                          (run.materialised ? "" : "; --materialised: what it takes without"));
  if (!run.materialised) return;
  out.Line("if every tensor were stored in full:");
  out.Field("bits", BitsText(run.materialised->all_bits) + " a weight");
  out.Field("planes", PlanesOnlyText(run.materialised->plane_bits));
}

void ShowCentres(Output& out, const ProgressiveReport& run) {
  if (!run.stopped_by.empty()) return;
  std::string text(NameOf(run.precision));
  if (run.precision == CentrePrecision::kF32)
    text +=
        ", " + HumanCount(run.escalated) + " of " + Plural(run.inputs, "input") + " again in f64";
  out.Field("centres", text);
}

void ShowRun(Output& out, const ProgressiveReport& run) {
  if (!run.stopped_by.empty()) {
    out.Paragraph("no certificates: " + Sanitize(run.stopped_by));
  }
  ShowSteps(out, run);
  ShowAnswers(out, run);
  out.Field("bits", BitsText(run.all_bits) + " a weight");
  out.Field("planes", PlanesOnlyText(run.plane_bits));
  out.Field("read", HumanBytes(run.fetched_bytes) + " from packs for all inputs, of " +
                        HumanBytes(run.full_bytes) + " in a full read; " +
                        HumanBytes(run.opening_bytes) + " of it to find the levels" +
                        (run.bound_bytes > 0 ? "; bounds " + HumanBytes(run.bound_bytes) : ""));
  ShowCentres(out, run);
  ShowTimes(out, run);
  ShowDifferences(out, run);
  ShowStorage(out, run);
}

EvaluationReport PlainOf(const ProgressiveEvaluationReport& report) {
  EvaluationReport plain;
  plain.data = report.data;
  plain.format = report.format;
  plain.examples = report.examples;
  for (const ProgressiveEvaluation& version : report.versions)
    plain.versions.push_back(version.evaluation);
  return plain;
}

plots::ShareCurve CurveOf(const ProgressiveEvaluation& version) {
  plots::ShareCurve curve{version.evaluation.reference, {}, version.run.all_bits.full};
  std::uint64_t proved = 0;
  for (const ProgressiveStep& step : version.run.steps) {
    proved += step.certified_forward + step.certified_backward;
    const double inputs = static_cast<double>(std::max<std::uint64_t>(version.run.inputs, 1));
    curve.points.push_back({step.all_bits, static_cast<double>(proved) / inputs});
    curve.full_bits = std::max(curve.full_bits, step.all_bits);
  }
  return curve;
}

std::string ProvedText(const CertificateReport& report, std::uint64_t claimed) {
  return HumanCount(report.proved) + " of " + Plural(claimed, "certificate") + " proved again in " +
         HumanDuration(report.seconds);
}

}  // namespace

void ShowProgressive(Output& out, const ProgressiveEvaluationReport& report,
                     const EvaluationParts& parts) {
  ShowEvaluation(out, PlainOf(report), parts);
  for (const ProgressiveEvaluation& version : report.versions) {
    out.Line("");
    out.Line(out.style()(Paint::kBold, Sanitize(version.evaluation.reference)));
    ShowRun(out, version.run);
    if (version.run.delta_tensors == 0)
      AdviseLayout(out, version.evaluation.reference, version.run.steps);
  }
}

void ShowPreparations(Output& out, const std::vector<ProgressivePreparation>& prepared) {
  Table table({{"VERSION", Align::kLeft, 0, 16, Cut::kMiddle},
               {"STEPS", Align::kRight},
               {"CALIBRATED ON", Align::kLeft, 1},
               {"TIME", Align::kRight},
               {"NO CERTIFICATES", Align::kLeft, 0, 12}});
  for (const ProgressivePreparation& one : prepared) {
    table.AddRow({one.reference, std::to_string(one.steps.size()),
                  one.calibration_examples == 0 ? "random numbers"
                                                : Plural(one.calibration_examples, "example"),
                  HumanDuration(one.seconds), one.stopped_by});
  }
  out.Print(table);
  for (const ProgressivePreparation& one : prepared) AdviseLayout(out, one.reference, one.steps);
}

void ShowCertificates(Output& out, const CertificateReport& report) {
  const std::uint64_t claimed = report.inputs - report.unproved;
  for (const std::string& notice : report.notices) out.Line("note: the file " + Sanitize(notice));
  out.Line(
      Sanitize(report.reference) + ": " +
      (claimed == 0 ? "no certificate in it, nothing is proved" : ProvedText(report, claimed)));
  if (report.unproved != 0) out.Line(Plural(report.unproved, "answer") + " without a certificate");
  for (const CertificateFault& fault : report.faults)
    out.Line("line " + std::to_string(fault.line) + ": " + Sanitize(fault.what));
  if (report.fault_count > report.faults.size())
    out.Line("and " + std::to_string(report.fault_count - report.faults.size()) + " more");
}

std::string ProgressivePlot(const ProgressiveEvaluationReport& report) {
  std::vector<plots::ShareCurve> curves;
  for (const ProgressiveEvaluation& version : report.versions) curves.push_back(CurveOf(version));
  return plots::DrawShares(
             "Answers proved, " + std::to_string(report.examples) + " inputs of " + report.data,
             "bits a weight that are read, all bytes", curves)
      .Finish();
}

}  // namespace dlv::cli
