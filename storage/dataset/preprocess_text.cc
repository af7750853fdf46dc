#include <array>
#include <charconv>
#include <cmath>

#include "storage/dataset/preprocess.h"

namespace dlv::dataset {
namespace {

constexpr std::uint32_t kMostResizedSide = 1U << 15;
constexpr const char* kSteps = "layout, channels, resize, crop, scale, mean_image, mean, std";

Error Wrong(std::string_view step, std::string_view value, const std::string& want) {
  return Error{ErrorCode::kSyntax,
               "preprocess: " + std::string(step) + "=" + std::string(value) + ": want " + want};
}

std::optional<double> NumberOf(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// A number, or one divided by another.
std::optional<double> FractionOf(std::string_view text) {
  const std::size_t bar = text.find('/');
  if (bar == text.npos) return NumberOf(text);
  const auto over = NumberOf(text.substr(0, bar));
  const auto under = NumberOf(text.substr(bar + 1));
  if (!over || !under || *under == 0) return std::nullopt;
  return *over / *under;
}

Result<std::vector<double>> Numbers(std::string_view step, std::string_view text) {
  std::vector<double> numbers;
  for (std::string_view rest = text;;) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const auto number = FractionOf(rest.substr(0, end));
    if (!number || numbers.size() == 4096)
      return Wrong(step, text, "numbers joined by \":\", as 0.485:0.456:0.406");
    numbers.push_back(*number);
    if (end == rest.size()) return numbers;
    rest.remove_prefix(end + 1);
  }
}

/// 0 where it is none.
std::uint32_t SideOf(std::string_view text) {
  std::uint32_t size = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return whole && size <= kMostResizedSide ? size : 0;
}

bool ReadSides(std::string_view value, std::uint32_t& height, std::uint32_t& width) {
  const std::size_t cross = value.find('x');
  if (cross == value.npos) return false;
  height = SideOf(value.substr(0, cross));
  width = SideOf(value.substr(cross + 1));
  return height != 0 && width != 0;
}

Status SetResize(Preprocess& steps, std::string_view value) {
  if (ReadSides(value, steps.resize_height, steps.resize_width)) return Ok();
  if (value.find('x') == value.npos) steps.resize_shorter = SideOf(value);
  if (steps.resize_shorter != 0) return Ok();
  return Wrong("resize", value, "HEIGHTxWIDTH, as 224x224, or the shorter side, as 256");
}

Status SetLayout(Preprocess& steps, std::string_view value) {
  if (value == "hw") {
    steps.layout = Layout::kHW;
  } else if (value == "chw") {
    steps.layout = Layout::kCHW;
  } else if (value == "hwc") {
    steps.layout = Layout::kHWC;
  } else {
    return Wrong("layout", value, "hw, chw or hwc");
  }
  return Ok();
}

Status SetChannels(Preprocess& steps, std::string_view value) {
  using enum Preprocess::Channels;
  if (value == "gray") {
    steps.channels = kGray;
  } else if (value == "rgb") {
    steps.channels = kRgb;
  } else if (value == "bgr") {
    steps.channels = kBgr;
  } else {
    return Wrong("channels", value, "gray, rgb or bgr");
  }
  return Ok();
}

Status SetStep(Preprocess& steps, std::string_view step, std::string_view value) {
  if (step == "layout") return SetLayout(steps, value);
  if (step == "channels") return SetChannels(steps, value);
  if (step == "resize") return SetResize(steps, value);
  if (step == "crop") {
    if (ReadSides(value, steps.crop_height, steps.crop_width)) return Ok();
    return Wrong(step, value, "HEIGHTxWIDTH, as 224x224");
  }
  if (step == "mean_image") {
    if (value.empty()) return Wrong(step, value, "a file");
    steps.mean_image = value;
    return Ok();
  }
  if (step == "scale") {
    const auto scale = FractionOf(value);
    if (!scale || *scale == 0) return Wrong(step, value, "a number or a fraction, as 1/255");
    steps.scale_text = value;
    steps.scale = *scale;
    return Ok();
  }
  if (step == "mean") {
    DLV_ASSIGN(steps.mean, Numbers(step, value));
    return Ok();
  }
  if (step != "std") {
    return Error{ErrorCode::kSyntax, "preprocess: no step \"" + std::string(step) + "\"",
                 std::string("steps: ") + kSteps};
  }
  DLV_ASSIGN(steps.deviation, Numbers(step, value));
  for (const double deviation : steps.deviation) {
    if (deviation == 0) return Wrong(step, value, "numbers other than 0");
  }
  return Ok();
}

/// The shortest text that reads back as the same number.
std::string Text(double value) {
  std::array<char, 32> buffer{};
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), written.ptr};
}

std::string Joined(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : ":") + Text(number);
  return text;
}

}  // namespace

Result<Preprocess> Preprocess::Parse(std::string_view text) {
  Preprocess steps;
  std::vector<std::string_view> seen;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = part.find('=');
    if (equals == part.npos) {
      return Error{ErrorCode::kSyntax, "preprocess: \"" + std::string(part) + "\", want STEP=VALUE",
                   std::string("steps: ") + kSteps};
    }
    const std::string_view step = part.substr(0, equals);
    for (const std::string_view other : seen) {
      if (other == step)
        return Error{ErrorCode::kSyntax, "preprocess: " + std::string(step) + " is said twice"};
    }
    seen.push_back(step);
    DLV_TRY(SetStep(steps, step, part.substr(equals + 1)));
  }
  return steps;
}

std::string Preprocess::Text() const {
  std::string text;
  const auto add = [&](std::string_view step, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : ",") + std::string(step) + "=" + value;
  };
  constexpr std::array kLayouts = {"", "hw", "chw", "hwc"};
  constexpr std::array kChannels = {"", "gray", "rgb", "bgr"};
  add("layout", kLayouts[static_cast<std::size_t>(layout)]);
  add("channels", kChannels[static_cast<std::size_t>(channels)]);
  if (resize_height != 0)
    add("resize", std::to_string(resize_height) + "x" + std::to_string(resize_width));
  if (resize_shorter != 0) add("resize", std::to_string(resize_shorter));
  if (crop_height != 0) add("crop", std::to_string(crop_height) + "x" + std::to_string(crop_width));
  add("mean_image", mean_image);
  add("scale", scale_text);
  add("mean", Joined(mean));
  add("std", Joined(deviation));
  return text;
}

}  // namespace dlv::dataset
