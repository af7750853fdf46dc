#pragma once
/// \file
/// A drawing as an SVG file: one self-contained text, readable on light and dark ground, with all
/// text escaped. Lengths are pixels, y grows downwards.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dlv::cli::plots {

struct Point {
  double x = 0, y = 0;
};

enum class Anchor { kStart, kMiddle, kEnd };
enum class Ink { kText, kFaint, kTitle };

/// Colours of series repeat after this many.
inline constexpr std::size_t kSeriesColors = 8;
inline constexpr double kFontSize = 12;

/// Returns `text` with what XML and HTML would take for markup escaped, and control characters and
/// bytes that are not UTF-8 made visible (see Sanitize).
std::string EscapeXml(std::string_view text);
/// A generous estimate of the width of `text` in pixels.
double WidthOfText(std::string_view text, double font_size = kFontSize);
/// Returns `text` cut in its middle so that it takes at most `width` pixels.
std::string FitText(std::string_view text, double width, double font_size = kFontSize);
/// The styles that drawings use, for a page with several of them.
std::string_view SvgStyles();

class Svg {
 public:
  /// `title` is read out and shown by browsers; it is not drawn.
  Svg(double width, double height, std::string_view title);

  void Text(Point at, std::string_view text, Anchor anchor = Anchor::kStart, Ink ink = Ink::kText);
  /// An axis, or a thin line of a grid.
  void AxisLine(Point from, Point to);
  void GridLine(Point from, Point to);
  /// A line in the colour of a series; fewer than two points draw nothing.
  /// `dashed`: what lies below shows between the dashes.
  void Polyline(const std::vector<Point>& points, std::size_t series, bool dashed = false);
  /// A filled shape between a line and its base line.
  void Area(const std::vector<Point>& points, double base, std::size_t series);
  void Dot(Point center, double radius, std::size_t series, std::string_view tooltip = {});
  void Bar(Point corner, double width, double height, std::size_t series, bool faint = false,
           std::string_view tooltip = {});
  /// A smooth line between two points that leaves both of them vertically.
  void Link(Point from, Point to, std::size_t series);

  /// Puts another drawing into this one.
  void Place(const Svg& other, Point corner);

  double width() const { return width_; }
  double height() const { return height_; }
  /// Returns the drawing: a file of its own, or, with `inside_page`, an element for a page that has
  /// the styles already.
  std::string Finish(bool inside_page = false) const;

 private:
  double width_, height_;
  std::string title_;
  std::string body_;
};

/// Returns drawings below each other.
Svg Stack(std::string_view title, const std::vector<Svg>& drawings);

}  // namespace dlv::cli::plots
