#include "storage/store/tensor_slice.h"

#include <algorithm>
#include <charconv>

namespace dlv::store {
namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(Trim(text.substr(begin, end - begin)));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

Error Bad(ErrorCode code, std::string_view text, const std::string& why) {
  return Error{code, "slice [" + std::string(text) + "]: " + why,
               "as in [0:16, 3], [-1] or [..., ::2]"};
}

Result<std::optional<std::int64_t>> Number(std::string_view part, std::string_view slice) {
  if (part.empty()) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (error != std::errc() || end != part.data() + part.size() || value > (INT64_MAX >> 1) ||
      value < -(INT64_MAX >> 1)) {
    return Bad(ErrorCode::kSyntax, slice, "\"" + std::string(part) + "\" is no whole number");
  }
  return std::optional(value);
}

/// As Python's slice.indices for steps above 0.
std::int64_t Clip(std::optional<std::int64_t> value, std::int64_t otherwise, std::int64_t extent) {
  if (!value) return otherwise;
  const std::int64_t at = *value < 0 ? *value + extent : *value;
  return std::clamp<std::int64_t>(at, 0, extent);
}

Result<AxisRange> ParseAxis(std::string_view part, std::int64_t extent, std::string_view slice) {
  const auto numbers = Split(part, ':');
  if (numbers.size() > 3) return Bad(ErrorCode::kSyntax, slice, "an axis has at most two colons");
  std::optional<std::int64_t> values[3];
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    DLV_ASSIGN(values[i], Number(numbers[i], slice));
  }
  AxisRange range;
  if (numbers.size() == 1) {
    if (!values[0]) return Bad(ErrorCode::kSyntax, slice, "an axis is empty");
    const std::int64_t index = *values[0] < 0 ? *values[0] + extent : *values[0];
    if (index < 0 || index >= extent) {
      return Bad(ErrorCode::kInvalidArgument, slice,
                 "index " + std::to_string(*values[0]) + " is outside an axis of " +
                     std::to_string(extent));
    }
    range = {static_cast<std::uint64_t>(index), 1, 1, true};
    return range;
  }
  const std::int64_t step = values[2].value_or(1);
  if (step < 1) return Bad(ErrorCode::kInvalidArgument, slice, "steps begin at 1");
  const std::int64_t start = Clip(values[0], 0, extent);
  const std::int64_t stop = Clip(values[1], extent, extent);
  range.start = static_cast<std::uint64_t>(start);
  range.step = static_cast<std::uint64_t>(step);
  range.count = stop > start ? static_cast<std::uint64_t>((stop - start - 1) / step + 1) : 0;
  return range;
}

/// Replaces `...` (or what is missing at the end) by whole axes.
Result<std::vector<std::string_view>> FillAxes(std::string_view text, std::size_t rank) {
  std::vector<std::string_view> parts = Split(text, ',');
  if (parts.size() > 1 && parts.back().empty()) parts.pop_back();  // [3,]
  auto dots = std::find(parts.begin(), parts.end(), "...");
  const bool has_dots = dots != parts.end();
  const std::size_t named = parts.size() - (has_dots ? 1 : 0);
  if (named > rank) {
    return Bad(ErrorCode::kInvalidArgument, text,
               "names " + std::to_string(named) + " axes, the tensor has " + std::to_string(rank));
  }
  if (has_dots) {
    dots = parts.erase(dots);
    parts.insert(dots, rank - named, ":");
  } else {
    parts.resize(rank, ":");
  }
  if (std::find(parts.begin(), parts.end(), "...") != parts.end()) {
    return Bad(ErrorCode::kSyntax, text, "\"...\" stands there twice");
  }
  return parts;
}

}  // namespace

std::pair<std::string, std::optional<std::string>> SplitSlice(std::string_view pattern) {
  const std::pair<std::string, std::optional<std::string>> none = {std::string(pattern), {}};
  if (pattern.empty() || pattern.back() != ']') return none;
  const std::size_t open = pattern.rfind('[');
  if (open == std::string_view::npos || open == 0) return none;
  const std::string_view inside = pattern.substr(open + 1, pattern.size() - open - 2);
  if (inside.find_first_not_of("0123456789:,-. ") != std::string_view::npos) return none;
  if (inside.find_first_of("0123456789:.") == std::string_view::npos) return none;
  return {std::string(pattern.substr(0, open)), std::string(inside)};
}

Result<TensorSlice> ParseSlice(std::string_view text, const Shape& tensor) {
  DLV_ASSIGN(const auto parts, FillAxes(text, tensor.size()));
  TensorSlice slice;
  slice.element_count = 1;
  for (std::size_t k = 0; k < tensor.size(); ++k) {
    DLV_ASSIGN(const AxisRange range, ParseAxis(parts[k], tensor[k], text));
    slice.axes.push_back(range);
    slice.element_count *= range.count;  // at most the tensor's
    if (!range.dropped) slice.shape.push_back(static_cast<std::int64_t>(range.count));
  }
  return slice;
}

Status TensorSlice::ForEachRow(
    const Shape& tensor,
    const std::function<Status(std::uint64_t, std::uint64_t, std::uint64_t)>& visit) const {
  if (element_count == 0) return Ok();
  if (axes.empty()) return visit(0, 1, 1);
  std::vector<std::uint64_t> strides(axes.size(), 1);
  for (std::size_t k = axes.size() - 1; k-- > 0;) {
    strides[k] = strides[k + 1] * static_cast<std::uint64_t>(tensor[k + 1]);
  }
  const std::size_t last = axes.size() - 1;
  std::vector<std::uint64_t> index(last, 0);
  while (true) {
    std::uint64_t first = axes[last].start;
    for (std::size_t k = 0; k < last; ++k) {
      first += (axes[k].start + index[k] * axes[k].step) * strides[k];
    }
    DLV_TRY(visit(first, axes[last].count, axes[last].step));
    std::size_t k = last;
    while (k > 0 && ++index[k - 1] == axes[k - 1].count) index[--k] = 0;
    if (k == 0) return Ok();
  }
}

}  // namespace dlv::store
