#include "engine/query/run_settings.h"

#include <array>
#include <charconv>
#include <cmath>

namespace dlv::query {
namespace {

constexpr std::array<RunSettingEntry, 13> kSettings = {{
    {"data", RunSetting::kData, TypeKind::kText, false, true},
    {"preprocess", RunSetting::kPreprocess, TypeKind::kText, true, true},
    {"labels", RunSetting::kLabels, TypeKind::kText, true, true},
    {"array", RunSetting::kArray, TypeKind::kText, true, true},
    {"label_array", RunSetting::kLabelArray, TypeKind::kText, true, true},
    {"examples", RunSetting::kLimit, TypeKind::kInteger, true, true},
    {"batch", RunSetting::kBatch, TypeKind::kInteger, false, true},
    {"calibrate", RunSetting::kCalibrate, TypeKind::kText, true, false},
    {"calibrate_limit", RunSetting::kCalibrateLimit, TypeKind::kInteger, true, false},
    {"method", RunSetting::kMethod, TypeKind::kText, true, false},
    {"input_data", RunSetting::kData, TypeKind::kText, false, true},
    {"limit", RunSetting::kLimit, TypeKind::kInteger, false, true},
    {"batch_size", RunSetting::kBatch, TypeKind::kInteger, false, true},
}};

Error Wrong(RunSetting setting, const std::string& got, const char* want) {
  return {ErrorCode::kInvalidArgument,
          std::string(NameOf(setting)) + " is " + got + ", want " + want};
}

Result<std::string> TextFor(RunSetting setting, const Value& value) {
  const auto* text = value.As<std::string>();
  if (text == nullptr) return Wrong(setting, "of type " + std::string(KindOf(value)), "a text");
  if (text->empty() && setting != RunSetting::kPreprocess)
    return Wrong(setting, "an empty text", "a name");
  return *text;
}

/// A whole number of at least 1 and at most `most`.
Result<std::uint64_t> CountFor(RunSetting setting, const Value& value, std::int64_t most) {
  const auto* number = value.As<std::int64_t>();
  if (number == nullptr)
    return Wrong(setting, "of type " + std::string(KindOf(value)), "a whole number");
  if (*number < 1 || *number > most) {
    return Error{ErrorCode::kInvalidArgument, std::string(NameOf(setting)) + " is " +
                                                  std::to_string(*number) + ", want 1 to " +
                                                  std::to_string(most)};
  }
  return static_cast<std::uint64_t>(*number);
}

constexpr std::int64_t kMostExamples = std::int64_t{1} << 40;
constexpr std::int64_t kMostBatch = 1 << 20;
constexpr std::int64_t kMostClasses = 1 << 24;

Status SetText(RunSetting setting, const Value& value, std::string* into) {
  DLV_ASSIGN(*into, TextFor(setting, value));
  return Ok();
}

Status SetTau(const Value& value, double* tau) {
  const auto number = value.Number();
  if (!number || !(*number > 0) || std::isinf(*number))
    return Wrong(RunSetting::kTau, number ? FormatReal(*number) : std::string(KindOf(value)),
                 "a number above 0");
  *tau = *number;
  return Ok();
}

Status SetMethod(const Value& value, bool* intervals) {
  DLV_ASSIGN(const std::string text, TextFor(RunSetting::kMethod, value));
  if (text != "norms" && text != "intervals")
    return Wrong(RunSetting::kMethod, "\"" + text + "\"", "\"norms\" or \"intervals\"");
  *intervals = text == "intervals";
  return Ok();
}

}  // namespace

std::span<const RunSettingEntry> RunSettings() { return kSettings; }

std::string_view NameOf(RunSetting setting) {
  for (const RunSettingEntry& entry : kSettings) {
    if (entry.setting == setting) return entry.name;
  }
  if (setting == RunSetting::kTop) return "top";
  return setting == RunSetting::kTau ? "tau of heuristic" : "number of planes";
}

Type TypeOf(RunSetting setting) {
  for (const RunSettingEntry& entry : kSettings) {
    if (entry.setting == setting) return {entry.type};
  }
  return {setting == RunSetting::kTau ? TypeKind::kReal : TypeKind::kInteger};
}

Status SetData(RunSetting setting, const Value& value, RunData* data) {
  if (value.is_null()) return Ok();
  switch (setting) {
    case RunSetting::kData:
      return SetText(setting, value, &data->data);
    case RunSetting::kLabels:
      return SetText(setting, value, &data->labels);
    case RunSetting::kArray:
      return SetText(setting, value, &data->array);
    case RunSetting::kLabelArray:
      return SetText(setting, value, &data->label_array);
    case RunSetting::kPreprocess: {
      DLV_ASSIGN(data->preprocess, TextFor(setting, value));
      return Ok();
    }
    case RunSetting::kLimit: {
      DLV_ASSIGN(data->limit, CountFor(setting, value, kMostExamples));
      return Ok();
    }
    case RunSetting::kBatch: {
      DLV_ASSIGN(const std::uint64_t batch, CountFor(setting, value, kMostBatch));
      data->batch = static_cast<std::uint32_t>(batch);
      return Ok();
    }
    default:
      return Error{ErrorCode::kInternal, "no setting of data"};
  }
}

Status SetPrediction(RunSetting setting, const Value& value, PredictionRequest* request) {
  if (value.is_null()) return Ok();
  switch (setting) {
    case RunSetting::kCalibrate:
      return SetText(setting, value, &request->calibration);
    case RunSetting::kCalibrateLimit: {
      DLV_ASSIGN(request->calibration_examples, CountFor(setting, value, kMostExamples));
      return Ok();
    }
    case RunSetting::kMethod:
      return SetMethod(value, &request->intervals);
    case RunSetting::kTop: {
      DLV_ASSIGN(const std::uint64_t top, CountFor(setting, value, kMostClasses));
      request->top_k = static_cast<unsigned>(top);
      return Ok();
    }
    case RunSetting::kTau:
      return SetTau(value, &request->tau);
    case RunSetting::kPlanes: {
      DLV_ASSIGN(const std::uint64_t planes, CountFor(setting, value, 64));
      request->most_planes = static_cast<unsigned>(planes);
      return Ok();
    }
    default:
      return SetData(setting, value, &request->data);
  }
}

Status SetDataText(RunSetting setting, const std::string& text, RunData* data) {
  if (TypeOf(setting).kind == TypeKind::kText) return SetData(setting, text, data);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return Wrong(setting, "\"" + text + "\"", "a whole number");
  return SetData(setting, number, data);
}

}  // namespace dlv::query
