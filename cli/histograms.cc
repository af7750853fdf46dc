#include "cli/histograms.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "cli/block_chart.h"
#include "cli/human.h"
#include "cli/plots/scale.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

Histogram WithLogarithms(Histogram histogram) {
  if (histogram.scale == HistogramScale::kLogarithmic) {
    for (double& edge : histogram.edges) edge = std::log10(edge);
  }
  return histogram;
}

// "NaN 3, infinite 1": what no histogram shows.
std::string NoteOf(const TensorReport& report) {
  const TensorStatistics& figures = report.statistics;
  if (report.info.dtype == DType::kOpaque) return "no numbers that dlv knows";
  std::string note;
  if (figures.nan_count > 0) note += "NaN " + HumanCount(figures.nan_count);
  if (figures.inf_count > 0)
    note += (note.empty() ? "infinite " : ", infinite ") + HumanCount(figures.inf_count);
  if (figures.histogram.scale == HistogramScale::kLogarithmic && figures.zero_count > 0)
    note += (note.empty() ? "zero " : ", zero ") + HumanCount(figures.zero_count);
  return note;
}

std::string FiguresOf(const TensorReport& report) {
  const TensorStatistics& figures = report.statistics;
  if (report.info.dtype == DType::kOpaque) return Plural(figures.count, "byte");
  std::string text = Plural(figures.count, "value");
  if (figures.finite_count() > 0)
    text += ", mean " + HumanNumber(figures.mean, 4) + ", std " + HumanNumber(figures.std, 4);
  return text;
}

plots::NamedHistogram HistogramOf(const std::string& name, const TensorReport& report) {
  return {name, WithLogarithms(report.statistics.histogram), NoteOf(report), FiguresOf(report)};
}

std::string TensorTitle(const TensorReport& report) {
  std::string name = Sanitize(report.info.name);
  if (!report.slice.empty()) name += "[" + Sanitize(report.slice) + "]";
  return name;
}

std::vector<plots::HistogramPanel> OnePanel(const std::vector<NamedReports>& versions) {
  plots::HistogramPanel panel;
  for (const NamedReports& version : versions) {
    for (const TensorReport& report : version.reports)
      panel.histograms.push_back(HistogramOf(version.version + "/" + TensorTitle(report), report));
  }
  return {std::move(panel)};
}

// Each count as often as there is room for.
std::vector<std::uint64_t> Widened(const std::vector<std::uint64_t>& counts, std::size_t cells) {
  std::vector<std::uint64_t> wide;
  const std::size_t times = std::max<std::size_t>(cells / counts.size(), 1);
  for (const std::uint64_t count : counts) wide.insert(wide.end(), times, count);
  return wide;
}

// All histograms of the panel have the same edges.
void ShowPanel(Output& out, const plots::HistogramPanel& panel) {
  constexpr std::size_t kLabelWidth = 8, kFew = 2;
  const std::size_t room = out.terminal().width == 0 ? 80 : out.terminal().width;
  const std::size_t width = std::clamp<std::size_t>(room, 24, 100);
  if (!panel.name.empty())
    out.Line(out.style()(Paint::kBold, Elide(panel.name, room, Cut::kMiddle)));
  for (const plots::NamedHistogram& one : panel.histograms) {
    const std::string text = one.figures + (one.note.empty() ? "" : ", " + one.note);
    out.Line(Elide(one.name + "  " + (one.figures.empty() ? "has no such tensor" : text), room));
    if (one.histogram.edges.empty()) continue;
    const auto counts = Widened(one.histogram.counts, width - kLabelWidth);
    HistogramChart chart;
    chart.counts = counts;
    chart.low = one.histogram.edges.front();
    chart.high = one.histogram.edges.back();
    chart.width = width;
    chart.height = panel.histograms.size() <= kFew ? 6 : 3;
    chart.label_width = kLabelWidth - 1;
    for (const std::string& line : HistogramLines(chart, out.terminal().glyphs)) out.Line(line);
  }
}

}  // namespace

std::vector<std::uint64_t> OnScale(const Histogram& histogram, double low, double high,
                                   std::size_t bins) {
  std::vector<double> sums(bins, 0);
  const double width = (high - low) / static_cast<double>(bins);
  const auto last = static_cast<double>(bins - 1);
  for (std::size_t k = 0; k < histogram.counts.size(); ++k) {
    if (histogram.counts[k] == 0) continue;
    const double begin = histogram.edges[k], end = histogram.edges[k + 1];
    const auto place = [&](double at) {
      return width > 0 ? std::clamp((at - low) / width, 0.0, last + 1) : 0.0;
    };
    const double from = place(begin), to = place(end);
    const auto first_bin = static_cast<std::size_t>(std::min(std::floor(from), last));
    const auto last_bin = static_cast<std::size_t>(std::min(std::floor(to), last));
    for (std::size_t bin = first_bin; bin <= last_bin; ++bin) {
      const double inside =
          std::min(to, static_cast<double>(bin + 1)) - std::max(from, static_cast<double>(bin));
      const double share = to > from ? inside / (to - from) : bin == first_bin ? 1 : 0;
      sums[bin] += share * static_cast<double>(histogram.counts[k]);
    }
  }
  std::vector<std::uint64_t> counts;
  for (const double sum : sums) {
    const double least = sum > 1e-9 ? 1 : 0;
    counts.push_back(static_cast<std::uint64_t>(std::max(std::round(sum), least)));
  }
  return counts;
}

std::vector<plots::HistogramPanel> HistogramPanels(const std::vector<NamedReports>& versions,
                                                   bool together) {
  if (together) return OnePanel(versions);
  std::vector<plots::HistogramPanel> panels;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    for (const TensorReport& report : versions[i].reports) {
      const std::string name = TensorTitle(report);
      const auto [place, fresh] = places.emplace(name, panels.size());
      if (fresh) {
        panels.push_back({name, {}});
        for (const NamedReports& version : versions)
          panels.back().histograms.push_back({version.version, {}, "", ""});
      }
      panels[place->second].histograms[i] = HistogramOf(versions[i].version, report);
    }
  }
  return panels;
}

void PutOnOneScale(std::vector<plots::HistogramPanel>& panels, std::size_t bins) {
  constexpr double kFewest = 12, kMost = 60;
  for (plots::HistogramPanel& panel : panels) {
    plots::Range range;
    double most = 0;
    for (const plots::NamedHistogram& one : panel.histograms) {
      for (const double edge : one.histogram.edges) range.Include(edge);
      double elements = 0;
      for (const std::uint64_t count : one.histogram.counts) elements += static_cast<double>(count);
      most = std::max(most, elements);
    }
    if (!range.any) continue;
    // Rice's rule: twice the cube root.
    const double fit = std::clamp(std::ceil(2 * std::cbrt(most)), kFewest, kMost);
    const std::size_t count = bins > 0 ? bins : static_cast<std::size_t>(fit);
    std::vector<double> edges;
    for (std::size_t k = 0; k <= count; ++k) {
      const double part = static_cast<double>(k) / static_cast<double>(count);
      edges.push_back(range.low + part * (range.high - range.low));
    }
    for (plots::NamedHistogram& one : panel.histograms) {
      if (one.histogram.edges.empty()) continue;
      one.histogram.counts = OnScale(one.histogram, range.low, range.high, count);
      one.histogram.edges = edges;
    }
  }
}

void ShowHistograms(Output& out, const std::vector<plots::HistogramPanel>& panels,
                    bool logarithms) {
  if (logarithms) out.Line("log10 of the magnitudes");
  for (std::size_t i = 0; i < panels.size(); ++i) {
    if (i > 0) out.Line("");
    ShowPanel(out, panels[i]);
  }
}

}  // namespace dlv::cli
