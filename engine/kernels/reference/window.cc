#include "engine/kernels/reference/window.h"

#include <string>

namespace dlv::kernels {
namespace {

constexpr std::int64_t kMaxSetting = std::int64_t{1} << 30;

struct Settings {
  Wholes strides, dilations, pads;
  std::string_view auto_pad;
  bool ceil = false;
};

Result<Wholes> NumbersOf(const Call& call, std::string_view name, std::size_t count,
                         std::int64_t otherwise, std::int64_t least) {
  const auto given = call.List(name);
  if (!given) return Wholes(count, otherwise);
  bool sound = given->size() == count;
  for (const std::int64_t value : *given) sound = sound && value >= least && value <= kMaxSetting;
  if (sound) return *given;
  return call.Bad(std::string(name) + " " + TextOf(*given) + ", want " + std::to_string(count) +
                  " numbers from " + std::to_string(least) + " to 2^30");
}

Result<Settings> ReadSettings(const Call& call, const Shape& in, const Wholes& kernel) {
  const std::size_t axes = kernel.size();
  if (in.size() != axes + 2) {
    return call.Bad("input " + TextOf(in) + ", want " + std::to_string(axes + 2) + " axes");
  }
  if (axes == 0 || axes > 3) {
    return call.Unsupported("a window over " + std::to_string(axes) + " axes, want 1 to 3");
  }
  for (const std::int64_t size : kernel) {
    if (size < 1 || size > kMaxSetting) return call.Bad("kernel " + TextOf(kernel));
  }
  Settings settings;
  DLV_ASSIGN(settings.strides, NumbersOf(call, "strides", axes, 1, 1));
  DLV_ASSIGN(settings.dilations, NumbersOf(call, "dilations", axes, 1, 1));
  DLV_ASSIGN(settings.pads, NumbersOf(call, "pads", 2 * axes, 0, -kMaxSetting));
  settings.auto_pad = call.Text("auto_pad", "NOTSET");
  settings.ceil = call.Flag("ceil_mode");
  return settings;
}

WindowAxis AxisOf(const Settings& settings, const Wholes& kernel, std::size_t i, std::int64_t in) {
  WindowAxis axis;
  axis.in = in;
  axis.kernel = kernel[i];
  axis.stride = settings.strides[i];
  axis.dilation = settings.dilations[i];
  if (settings.auto_pad == "NOTSET" || settings.auto_pad.empty()) {
    axis.before = settings.pads[i];
    axis.after = settings.pads[i + kernel.size()];
  }
  return axis;
}

/// Divides padding of `total` on both ends as auto_pad says.
void DividePadding(std::string_view auto_pad, std::int64_t total, WindowAxis& axis) {
  const std::int64_t smaller = total / 2;
  axis.before = auto_pad == "SAME_LOWER" ? total - smaller : smaller;
  axis.after = total - axis.before;
}

Status Slide(const Call& call, const Settings& settings, WindowAxis& axis) {
  if (settings.auto_pad.starts_with("SAME")) {
    axis.out = (axis.in + axis.stride - 1) / axis.stride;
    const std::int64_t covered = (axis.out - 1) * axis.stride + axis.extent();
    DividePadding(settings.auto_pad, std::max<std::int64_t>(covered - axis.in, 0), axis);
    return Ok();
  }
  const std::int64_t padded = axis.in + axis.before + axis.after;
  const std::int64_t room = padded - axis.extent();
  if (room < 0 || axis.in + std::min(axis.before, axis.after) < 0) {
    return call.Bad("kernel covers " + std::to_string(axis.extent()) + ", padded input has " +
                    std::to_string(padded));
  }
  std::int64_t steps = room / axis.stride;
  if (settings.ceil) {
    steps = (room + axis.stride - 1) / axis.stride;
    if (steps > 0 && steps * axis.stride >= axis.in + axis.before) --steps;
  }
  axis.out = steps + 1;
  return Ok();
}

/// `wanted`: size of the output; negative: what follows from the rest.
Status Spread(const Call& call, const Settings& settings, std::int64_t more, std::int64_t wanted,
              WindowAxis& axis) {
  const std::int64_t whole = (axis.in - 1) * axis.stride + more + axis.extent();
  const bool same = settings.auto_pad.starts_with("SAME");
  if (wanted >= 0 || same) {
    axis.out = wanted >= 0 ? wanted : axis.in * axis.stride;
    DividePadding(same ? settings.auto_pad : "SAME_LOWER",
                  std::max<std::int64_t>(whole - axis.out, 0), axis);
    return Ok();
  }
  axis.out = whole - axis.before - axis.after;
  if (axis.out >= 0) return Ok();
  return call.Bad("output would have the size " + std::to_string(axis.out));
}

}  // namespace

Result<Window> ReadWindow(const Call& call, const Shape& in, const Wholes& kernel) {
  DLV_ASSIGN(const Settings settings, ReadSettings(call, in, kernel));
  Window window;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    WindowAxis& axis = window[window.size() - kernel.size() + i];
    axis = AxisOf(settings, kernel, i, in[i + 2]);
    DLV_TRY(Slide(call, settings, axis));
  }
  return window;
}

Result<Window> ReadSpreadWindow(const Call& call, const Shape& in, const Wholes& kernel) {
  DLV_ASSIGN(const Settings settings, ReadSettings(call, in, kernel));
  DLV_ASSIGN(const Wholes more, NumbersOf(call, "output_padding", kernel.size(), 0, 0));
  const auto wanted = call.List("output_shape");
  if (wanted) DLV_TRY(NumbersOf(call, "output_shape", kernel.size(), 1, 1));
  Window window;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    WindowAxis& axis = window[window.size() - kernel.size() + i];
    axis = AxisOf(settings, kernel, i, in[i + 2]);
    if (axis.in > kMaxSetting) return call.Unsupported("input " + TextOf(in));
    DLV_TRY(Spread(call, settings, more[i], wanted ? (*wanted)[i] : -1, axis));
  }
  return window;
}

Shape OutShape(const Window& window, const Shape& in, std::int64_t channels) {
  Shape shape = {in[0], channels};
  for (std::size_t i = 2; i < in.size(); ++i) {
    shape.push_back(window[window.size() - in.size() + i].out);
  }
  return shape;
}

}  // namespace dlv::kernels
