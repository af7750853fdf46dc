#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cli/histograms.h"
#include "cli/plots/bar_plot.h"
#include "cli/plots/curve_plot.h"
#include "cli/plots/histogram_plot.h"
#include "cli/plots/lineage_plot.h"
#include "cli/plots/scale.h"
#include "cli/plots/svg.h"

namespace dlv::cli::plots {
namespace {

std::vector<std::string> LabelsOf(const Scale& scale) {
  std::vector<std::string> labels;
  for (const Tick& tick : scale.ticks()) labels.push_back(tick.label);
  return labels;
}

std::size_t Count(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(Scale, HasRoundTicks) {
  using Labels = std::vector<std::string>;
  EXPECT_EQ(LabelsOf(Scale(0.21, 0.912, 0, 100, 5)), (Labels{"0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(LabelsOf(Scale(0, 65'000, 0, 100, 4)), (Labels{"0", "20 k", "40 k", "60 k", "80 k"}));
  EXPECT_EQ(LabelsOf(Scale(0, 3e-6, 0, 100, 3)), (Labels{"0", "1e-6", "2e-6", "3e-6"}));
  EXPECT_EQ(LabelsOf(Scale(-1, 1, 0, 100, 2)), (Labels{"-1", "0", "1"}));
}

TEST(Scale, MapsEndsToEnds) {
  const Scale scale(0, 10, 300, 100, 5);
  EXPECT_DOUBLE_EQ(scale(0), 300);
  EXPECT_DOUBLE_EQ(scale(10), 100);
  EXPECT_DOUBLE_EQ(scale(5), 200);
}

TEST(Scale, SurvivesAnyValues) {
  const double inf = std::numeric_limits<double>::infinity();
  const double most = std::numeric_limits<double>::max();
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{{0, 0},
                                                                        {5, 5},
                                                                        {-inf, inf},
                                                                        {std::nan(""), 1},
                                                                        {-most, most},
                                                                        {1e-320, 2e-320},
                                                                        {3, 2},
                                                                        {1e15, 1e15 + 0.1}}) {
    const Scale scale(low, high, 0, 100, 5);
    EXPECT_LE(scale.ticks().size(), 101U);
    EXPECT_TRUE(std::isfinite(scale(1))) << low << " " << high;
  }
}

TEST(Svg, EscapesEverything) {
  Svg svg(100, 50, "<script>alert('x')</script>");
  svg.Text({1, 2}, "a<b & \"c\" \x1b[31m\xff");
  svg.Dot({1, 1}, 2, 9, "</title><script>");
  const std::string text = svg.Finish();
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("a&lt;b &amp; &quot;c&quot; \\x1b[31m\\xff</text>"), std::string::npos);
  EXPECT_NE(text.find("class=\"f1\""), std::string::npos);  // colours repeat
  EXPECT_NE(text.find("prefers-color-scheme:dark"), std::string::npos);
  EXPECT_EQ(svg.Finish(true).find("<style"), std::string::npos);
}

TEST(Svg, NumbersAreShortAndFinite) {
  Svg svg(100, 50, "");
  svg.Polyline({{1.0 / 3, -0.001}, {std::nan(""), 2}}, 0);
  EXPECT_NE(svg.Finish().find("points=\"0.33,0 0,2\""), std::string::npos);
}

TEST(Curves, GapsWhereNothingIsFinite) {
  const double nan = std::nan("");
  const Svg svg = DrawCurves(
      "t", {{"loss", {{"a", {{0, 3}, {1, 2}, {2, nan}, {3, 2}, {4, 1}}}, {"b", {{2, 2}}}}}});
  const std::string text = svg.Finish();
  EXPECT_EQ(Count(text, "<polyline"), 2U);
  EXPECT_EQ(Count(text, "<circle"), 1U);
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_NE(DrawCurves("t", {{"loss", {{"a", {{0, nan}}}}}}).Finish().find("no finite value"),
            std::string::npos);
  EXPECT_NE(DrawCurves("t", {}).Finish().find("no metrics"), std::string::npos);
}

TEST(Curves, LongSeriesAreThinnedAndKeepTheirExtremes) {
  Curve curve{"a", {}};
  for (int i = 0; i < 100'000; ++i) curve.points.push_back({i, std::sin(i * 0.001)});
  curve.points[54'321].value = 40;
  const std::string text = DrawCurves("t", {{"loss", {curve}}}).Finish();
  EXPECT_LT(text.size(), 60'000U);
  EXPECT_NE(text.find(">40</text>"), std::string::npos);
}

TEST(Curves, ThatAreTheSameAreBothSeen) {
  const std::vector<MetricPoint> points = {{1, 1}, {2, 2}};
  const std::string text =
      DrawCurves("t", {{"loss", {{"a", points}, {"b", points}, {"c", {{1, 1}, {2, 3}}}}}}).Finish();
  EXPECT_EQ(Count(text, "class=\"s s0 dashed\""), 1U);
  EXPECT_EQ(Count(text, "dashed\""), 1U);
  EXPECT_EQ(Count(text, "<polyline"), 3U);
}

TEST(Bars, OfNothingAndOfAnything) {
  EXPECT_NE(DrawBars("t", {}, {}).Finish().find("nothing to show"), std::string::npos);
  const double inf = std::numeric_limits<double>::infinity();
  const std::string text =
      DrawBars("t", {"x"}, {{"a", 1, 0, "1"}, {"b", inf, 0, "inf"}, {"c", std::nan(""), 0, "?"}})
          .Finish();
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_EQ(text.find("\"inf\""), std::string::npos);
}

TEST(Histograms, DrawsOutlines) {
  Histogram histogram;
  histogram.edges = {-1, 0, 1};
  histogram.counts = {1, 3};
  const std::vector<HistogramPanel> panels = {
      {"w", {{"a", histogram}, {"b", histogram}}},
      {"b", {{"a", histogram, "NaN 3", "7 values"}, {"b", {}, "", ""}}}};
  const std::string text = DrawHistograms("t", panels, "value").Finish();
  EXPECT_EQ(Count(text, "<polyline"), 3U);
  EXPECT_EQ(Count(text, ">value</text>"), 2U);
  EXPECT_NE(text.find("a: NaN 3; b: no such tensor"), std::string::npos);
  const std::string nothing =
      DrawHistograms("t", {{"w", {{"a", {}, "", "no values"}}}}, "").Finish();
  EXPECT_NE(nothing.find("no finite element"), std::string::npos);
}

Histogram OfCounts(std::vector<double> edges, std::vector<std::uint64_t> counts) {
  Histogram histogram;
  histogram.edges = std::move(edges);
  histogram.counts = std::move(counts);
  return histogram;
}

TEST(Histograms, OnAnotherScaleHaveTheSameElements) {
  const Histogram histogram = OfCounts({0, 1, 2, 3, 4}, {8, 0, 4, 100});
  EXPECT_EQ(OnScale(histogram, 0, 4, 4), (std::vector<std::uint64_t>{8, 0, 4, 100}));
  EXPECT_EQ(OnScale(histogram, 0, 8, 4), (std::vector<std::uint64_t>{8, 104, 0, 0}));
  EXPECT_EQ(OnScale(histogram, -4, 4, 4), (std::vector<std::uint64_t>{0, 0, 8, 104}));
  EXPECT_EQ(OnScale(histogram, 0, 4, 8), (std::vector<std::uint64_t>{4, 4, 0, 0, 2, 2, 50, 50}));
  const Histogram outlier = OfCounts({0, 1, 1000}, {1'000'000, 1});
  EXPECT_EQ(OnScale(outlier, 0, 1000, 2).at(1), 1U) << "half an element stays in sight";
  EXPECT_EQ(OnScale(OfCounts({2, 2}, {5}), 2, 2, 3).at(0), 5U) << "no width at all";
  EXPECT_EQ(OnScale({}, 0, 1, 2), (std::vector<std::uint64_t>{0, 0}));
}

TEST(Histograms, OfAPanelHaveTheSameEdges) {
  std::vector<HistogramPanel> panels = {
      {"w", {{"a", OfCounts({0, 1}, {1000})}, {"b", OfCounts({2, 4}, {8})}, {"c", {}}}},
      {"none", {{"a", {}}}}};
  PutOnOneScale(panels, 0);
  ASSERT_EQ(panels[0].histograms[0].histogram.counts.size(), 20U) << "twice the cube root";
  EXPECT_EQ(panels[0].histograms[0].histogram.counts[4], 200U);
  EXPECT_EQ(panels[0].histograms[1].histogram.edges, panels[0].histograms[0].histogram.edges);
  EXPECT_EQ(panels[0].histograms[1].histogram.edges.back(), 4);
  EXPECT_TRUE(panels[0].histograms[2].histogram.edges.empty());
  std::vector<HistogramPanel> coarse = {
      {"w", {{"a", OfCounts({0, 1}, {1000})}, {"b", OfCounts({2, 4}, {8})}}}};
  PutOnOneScale(coarse, 4);
  EXPECT_EQ(coarse[0].histograms[1].histogram.counts, (std::vector<std::uint64_t>{0, 0, 4, 4}));
}

TEST(Histograms, PanelsAreByTensorAndColoursByVersion) {
  TensorReport w, b;
  w.info.name = "w";
  b.info.name = "b";
  w.statistics.histogram = OfCounts({0.01, 100}, {3});
  w.statistics.histogram.scale = HistogramScale::kLogarithmic;
  w.statistics.count = 5;
  w.statistics.zero_count = 2;
  const std::vector<NamedReports> versions = {{"m:v1", {w}}, {"m:v2", {b, w}}};
  const auto panels = HistogramPanels(versions, false);
  ASSERT_EQ(panels.size(), 2U);
  EXPECT_EQ(panels[1].name, "b");
  ASSERT_EQ(panels[1].histograms.size(), 2U);
  EXPECT_EQ(panels[1].histograms[0].name, "m:v1");
  EXPECT_TRUE(panels[1].histograms[0].figures.empty());
  EXPECT_EQ(panels[0].histograms[1].note, "zero 2");
  EXPECT_EQ(panels[0].histograms[1].histogram.edges, (std::vector<double>{-2, 2}));
  const auto together = HistogramPanels(versions, true);
  ASSERT_EQ(together.size(), 1U);
  ASSERT_EQ(together[0].histograms.size(), 3U);
  EXPECT_EQ(together[0].histograms[2].name, "m:v2/w");
}

VersionSummary Version(std::uint8_t id, const std::vector<std::uint8_t>& parents) {
  VersionSummary version;
  version.id.bytes[0] = id;
  version.model = "m";
  version.number = id;
  for (const std::uint8_t parent : parents) {
    version.parents.emplace_back();
    version.parents.back().id.bytes[0] = parent;
  }
  return version;
}

TEST(Lineage, OneLineOfDescentIsOneLane) {
  const auto places = PlaceLineage({Version(3, {2}), Version(2, {1}), Version(1, {})});
  for (const auto& place : places) EXPECT_EQ(place.lane, 0U);
  EXPECT_EQ(places[0].parents, std::vector<std::size_t>{1});
}

TEST(Lineage, BranchesTakeLanesAndGiveThemBack) {
  // 5 and 4 come from 2; 3 merges 2 and 1; 6 stands alone.
  const auto places = PlaceLineage({Version(5, {2}), Version(4, {2}), Version(3, {2, 1}),
                                    Version(2, {1}), Version(1, {}), Version(6, {99})});
  EXPECT_EQ(places[0].lane, 0U);
  EXPECT_EQ(places[1].lane, 1U);
  EXPECT_EQ(places[2].lane, 2U);
  EXPECT_EQ(places[2].parents, (std::vector<std::size_t>{3, 4}));
  EXPECT_EQ(places[3].lane, 0U);
  EXPECT_EQ(places[4].lane, 0U);
  EXPECT_TRUE(places[5].parents.empty());
}

TEST(Lineage, DrawsEveryVersion) {
  const std::string text =
      DrawLineage("t", {Version(3, {2}), Version(2, {1}), Version(1, {})}).Finish();
  EXPECT_EQ(Count(text, "<circle"), 3U);
}

}  // namespace
}  // namespace dlv::cli::plots
