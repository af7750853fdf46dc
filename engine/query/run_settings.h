#pragma once
/// \file
/// What predict and evaluate are told beside the network: `on "data"`, `with NAME = VALUE`, parts
/// of a configuration.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/result.h"
#include "engine/query/inference.h"
#include "engine/query/types.h"
#include "engine/query/value.h"

namespace dlv::query {

enum class RunSetting : std::uint8_t {
  kData,
  kPreprocess,
  kLabels,
  kArray,
  kLabelArray,
  kLimit,
  kBatch,      ///< evaluate
  kCalibrate,  ///< predict, and those below
  kCalibrateLimit,
  kMethod,
  kTop,  ///< from here on: not by name, but by the statement's own words
  kTau,
  kPlanes,
};

struct RunSettingEntry {
  std::string_view name;
  RunSetting setting;
  TypeKind type;  ///< kText, kInteger, kReal
  bool predicts, evaluates;
};

/// Those that have names; the last ones are other names of earlier ones.
std::span<const RunSettingEntry> RunSettings();
/// How a setting is called in messages.
std::string_view NameOf(RunSetting setting);
Type TypeOf(RunSetting setting);

/// Takes a value into a request. NULL leaves what is there.
/// Errors: kInvalidArgument (a number out of range, an empty text; what was got and wanted).
Status SetData(RunSetting setting, const Value& value, RunData* data);
Status SetPrediction(RunSetting setting, const Value& value, PredictionRequest* request);

/// A setting from the text of a configuration.
Status SetDataText(RunSetting setting, const std::string& text, RunData* data);

}  // namespace dlv::query
