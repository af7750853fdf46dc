#include "cli/plots/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cli/text.h"

namespace dlv::cli::plots {
namespace {

// Two decimals at most: a hundredth of a pixel.
std::string Number(double value) {
  if (!std::isfinite(value)) value = 0;
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.2f", value);
  std::string text = buffer;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string Attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + Number(value) + "\"";
}

std::string PointsText(const std::vector<Point>& points) {
  std::string text;
  for (const Point& point : points)
    text += (text.empty() ? "" : " ") + Number(point.x) + "," + Number(point.y);
  return text;
}

std::string SeriesClass(const char* kind, std::size_t series) {
  return std::string(kind) + std::to_string(series % kSeriesColors);
}

std::string WithTooltip(const std::string& element, std::string_view tooltip) {
  if (tooltip.empty()) return "<" + element + "/>\n";
  const std::string name = element.substr(0, element.find(' '));
  return "<" + element + "><title>" + EscapeXml(tooltip) + "</title></" + name + ">\n";
}

// Colours that differ also for most who see colours otherwise (after Okabe and Ito), a darker set
// for light ground and a lighter one for dark.
constexpr std::string_view kPlotStyles =
    R"(.dlv-plot{font:12px system-ui,-apple-system,"DejaVu Sans",sans-serif}
.dlv-plot .bg{fill:#ffffff}.dlv-plot text{fill:#1c2127}.dlv-plot .faint{fill:#5f6b7a}
.dlv-plot .title{font-size:14px;font-weight:600}
.dlv-plot .axis{stroke:#5f6b7a}.dlv-plot .grid{stroke:#e3e7ec}
.dlv-plot .s{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.dlv-plot .dashed{stroke-dasharray:8 8;stroke-linecap:butt}
.dlv-plot .a{fill-opacity:.18}.dlv-plot .weak{fill-opacity:.35}
.dlv-plot .s0{stroke:#0072b2}.dlv-plot .f0{fill:#0072b2}.dlv-plot .s1{stroke:#d55e00}.dlv-plot .f1{fill:#d55e00}
.dlv-plot .s2{stroke:#009e73}.dlv-plot .f2{fill:#009e73}.dlv-plot .s3{stroke:#b8518e}.dlv-plot .f3{fill:#b8518e}
.dlv-plot .s4{stroke:#b8860b}.dlv-plot .f4{fill:#b8860b}.dlv-plot .s5{stroke:#3a9bd9}.dlv-plot .f5{fill:#3a9bd9}
.dlv-plot .s6{stroke:#6a51a3}.dlv-plot .f6{fill:#6a51a3}.dlv-plot .s7{stroke:#6b7280}.dlv-plot .f7{fill:#6b7280}
@media (prefers-color-scheme:dark){
.dlv-plot .bg{fill:#14171c}.dlv-plot text{fill:#e6e9ee}.dlv-plot .faint{fill:#9aa5b4}
.dlv-plot .axis{stroke:#9aa5b4}.dlv-plot .grid{stroke:#2b313a}
.dlv-plot .s0{stroke:#56b4e9}.dlv-plot .f0{fill:#56b4e9}.dlv-plot .s1{stroke:#ff9147}.dlv-plot .f1{fill:#ff9147}
.dlv-plot .s2{stroke:#2fd0a0}.dlv-plot .f2{fill:#2fd0a0}.dlv-plot .s3{stroke:#e58fc0}.dlv-plot .f3{fill:#e58fc0}
.dlv-plot .s4{stroke:#e6c34a}.dlv-plot .f4{fill:#e6c34a}.dlv-plot .s5{stroke:#8fd0ff}.dlv-plot .f5{fill:#8fd0ff}
.dlv-plot .s6{stroke:#b39ddb}.dlv-plot .f6{fill:#b39ddb}.dlv-plot .s7{stroke:#b6bec9}.dlv-plot .f7{fill:#b6bec9}
}
)";

}  // namespace

std::string EscapeXml(std::string_view text) {
  std::string out;
  for (const char c : Sanitize(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

double WidthOfText(std::string_view text, double font_size) {
  return static_cast<double>(DisplayWidth(Sanitize(text))) * font_size * 0.62;
}

std::string FitText(std::string_view text, double width, double font_size) {
  const double cells = std::floor(width / (font_size * 0.62));
  return Elide(Sanitize(text), cells < 1 ? 1 : static_cast<std::size_t>(cells), Cut::kMiddle);
}

std::string_view SvgStyles() { return kPlotStyles; }

Svg::Svg(double width, double height, std::string_view title)
    : width_(width), height_(height), title_(title) {}

void Svg::Text(Point at, std::string_view text, Anchor anchor, Ink ink) {
  static constexpr const char* kAnchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
  static constexpr const char* kInks[] = {"", " class=\"faint\"", " class=\"title\""};
  body_ += "<text" + Attribute("x", at.x) + Attribute("y", at.y) +
           kAnchors[static_cast<std::size_t>(anchor)] + kInks[static_cast<std::size_t>(ink)] + ">" +
           EscapeXml(text) + "</text>\n";
}

void Svg::AxisLine(Point from, Point to) {
  body_ += "<line class=\"axis\"" + Attribute("x1", from.x) + Attribute("y1", from.y) +
           Attribute("x2", to.x) + Attribute("y2", to.y) + "/>\n";
}

void Svg::GridLine(Point from, Point to) {
  body_ += "<line class=\"grid\"" + Attribute("x1", from.x) + Attribute("y1", from.y) +
           Attribute("x2", to.x) + Attribute("y2", to.y) + "/>\n";
}

void Svg::Polyline(const std::vector<Point>& points, std::size_t series, bool dashed) {
  if (points.size() < 2) return;
  body_ += "<polyline class=\"s " + SeriesClass("s", series) + (dashed ? " dashed" : "") +
           "\" points=\"" + PointsText(points) + "\"/>\n";
}

void Svg::Area(const std::vector<Point>& points, double base, std::size_t series) {
  if (points.size() < 2) return;
  std::vector<Point> closed = points;
  closed.push_back({points.back().x, base});
  closed.push_back({points.front().x, base});
  body_ += "<polygon class=\"a " + SeriesClass("f", series) + "\" points=\"" + PointsText(closed) +
           "\"/>\n";
}

void Svg::Dot(Point center, double radius, std::size_t series, std::string_view tooltip) {
  body_ +=
      WithTooltip("circle class=\"" + SeriesClass("f", series) + "\"" + Attribute("cx", center.x) +
                      Attribute("cy", center.y) + Attribute("r", radius),
                  tooltip);
}

void Svg::Bar(Point corner, double width, double height, std::size_t series, bool faint,
              std::string_view tooltip) {
  body_ += WithTooltip("rect class=\"" + SeriesClass("f", series) + (faint ? " weak" : "") + "\"" +
                           Attribute("x", corner.x) + Attribute("y", corner.y) +
                           Attribute("width", width) + Attribute("height", height),
                       tooltip);
}

void Svg::Link(Point from, Point to, std::size_t series) {
  const double middle = (from.y + to.y) / 2;
  body_ += "<path class=\"s " + SeriesClass("s", series) + "\" d=\"M" + Number(from.x) + "," +
           Number(from.y) + " C" + Number(from.x) + "," + Number(middle) + " " + Number(to.x) +
           "," + Number(middle) + " " + Number(to.x) + "," + Number(to.y) + "\"/>\n";
}

void Svg::Place(const Svg& other, Point corner) {
  body_ += "<g transform=\"translate(" + Number(corner.x) + "," + Number(corner.y) + ")\">\n" +
           other.body_ + "</g>\n";
}

std::string Svg::Finish(bool inside_page) const {
  std::string out;
  if (!inside_page) out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out +=
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dlv-plot\" role=\"img\" viewBox=\"0 0 " +
      Number(width_) + " " + Number(height_) + "\"" + Attribute("width", width_) +
      Attribute("height", height_) + ">\n<title>" + EscapeXml(title_) + "</title>\n";
  if (!inside_page) out += "<style>" + std::string(kPlotStyles) + "</style>\n";
  out += "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n" + body_ + "</svg>\n";
  return out;
}

Svg Stack(std::string_view title, const std::vector<Svg>& drawings) {
  double width = 1, height = 0;
  for (const Svg& drawing : drawings) {
    width = std::max(width, drawing.width());
    height += drawing.height();
  }
  Svg all(width, std::max(height, 1.0), title);
  double top = 0;
  for (const Svg& drawing : drawings) {
    all.Place(drawing, {0, top});
    top += drawing.height();
  }
  return all;
}

}  // namespace dlv::cli::plots
