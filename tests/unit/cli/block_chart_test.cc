#include "cli/block_chart.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cli/text.h"

namespace dlv::cli {
namespace {

using Counts = std::vector<std::uint64_t>;

TEST(Sparkline, DrawsLowAndHigh) {
  EXPECT_EQ(Sparkline(std::vector<double>{0, 1}, 8), "▁█");
  EXPECT_EQ(Sparkline(std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7}, 8), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline(std::vector<double>{1}, 8), "");
  EXPECT_EQ(Sparkline(std::vector<double>{1, 1, 1}, 8), "▄▄▄");
  EXPECT_EQ(Sparkline(std::vector<double>{0, 0, 9, 9}, 2), "▁█");  // averaged
}

TEST(Sparkline, SurvivesWhatTrainingProduces) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Sparkline(std::vector<double>{0, std::nan(""), 1}, 8), "▁?█");
  EXPECT_EQ(Sparkline(std::vector<double>{inf, inf}, 8), "??");
  const double most = std::numeric_limits<double>::max();
  EXPECT_EQ(Sparkline(std::vector<double>{-most, most}, 8), "▁█");
}

TEST(Sparkline, HasAnAsciiForm) {
  EXPECT_EQ(Sparkline(std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7}, 8, Glyphs::kAscii), "_.-~=+*#");
}

TEST(Sparkline, TakesAScaleFromOutside) {
  EXPECT_EQ(Sparkline(std::vector<double>{0, 1}, 8, 0, 2), "▁▄");
  EXPECT_EQ(Sparkline(std::vector<double>{-9, 9}, 8, 0, 2), "▁█");  // cut
}

TEST(HistogramLine, StandsOnZeroAndNeverHidesAnOutlier) {
  EXPECT_EQ(HistogramLine(Counts{0, 1, 800, 400, 0}, 8), " ▁█▄ ");
  EXPECT_EQ(HistogramLine(Counts{0, 1, 800, 400, 0}, 8, Glyphs::kAscii), " _#~ ");
  EXPECT_EQ(HistogramLine(Counts{0, 0}, 8), "  ");
  EXPECT_EQ(HistogramLine(Counts{}, 8), "");
  EXPECT_EQ(HistogramLine(Counts{1}, 0), "");
}

TEST(HistogramLine, AddsNeighboursUp) {
  EXPECT_EQ(HistogramLine(Counts{1, 1, 4, 4, 2, 2}, 3), "▂█▄");
}

TEST(Bar, FillsInEighths) {
  EXPECT_EQ(Bar(0, 4), "");
  EXPECT_EQ(Bar(1e-9, 4), "▏");
  EXPECT_EQ(Bar(0.5, 4), "██");
  EXPECT_EQ(Bar(0.53125, 4), "██▏");
  EXPECT_EQ(Bar(7, 2), "██");
  EXPECT_EQ(Bar(-1, 2), "");
  EXPECT_EQ(Bar(std::nan(""), 2), "");
  EXPECT_EQ(Bar(0.5, 4, Glyphs::kAscii), "##");
  EXPECT_EQ(Bar(1, 0), "");
}

TEST(HistogramLines, HasAnAxisWithEdges) {
  const Counts counts = {1, 4, 16, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  HistogramChart chart;
  chart.counts = counts;
  chart.low = -0.25;
  chart.high = 0.75;
  chart.width = 40;
  chart.height = 2;
  EXPECT_EQ(HistogramLines(chart), (std::vector<std::string>{
                                       "16│  █",               //
                                       "  │▁▄█▄▁          ▁",  //
                                       " 0└────────────────",  //
                                       "   -0.25 0.25  0.75",
                                   }));
  EXPECT_EQ(HistogramLines(chart, Glyphs::kAscii)[0], "16|  #");
}

TEST(HistogramLines, KeepsToItsWidth) {
  Counts counts(256);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = i * 1'000'000;
  for (const std::size_t width : {0, 16, 40, 80, 200}) {
    HistogramChart chart;
    chart.counts = counts;
    chart.low = -1.2345678e-30;
    chart.high = 9.87654321e+30;
    chart.width = width;
    const auto lines = HistogramLines(chart);
    EXPECT_EQ(lines.size(), 8U);
    for (const std::string& line : lines)
      EXPECT_LE(DisplayWidth(line), std::max<std::size_t>(width, 16)) << line;
  }
}

TEST(HistogramLines, SaysWhenThereIsNothing) {
  EXPECT_EQ(HistogramLines({}), std::vector<std::string>{"(no values)"});
}

TEST(Glyphs, FollowTheLocale) {
  EXPECT_EQ(GlyphsOf(""), Glyphs::kBlocks);
  EXPECT_EQ(GlyphsOf("C.UTF-8"), Glyphs::kBlocks);
  EXPECT_EQ(GlyphsOf("de_DE.utf8"), Glyphs::kBlocks);
  EXPECT_EQ(GlyphsOf("C"), Glyphs::kAscii);
  EXPECT_EQ(GlyphsOf("en_US.ISO-8859-1"), Glyphs::kAscii);
}

}  // namespace
}  // namespace dlv::cli
