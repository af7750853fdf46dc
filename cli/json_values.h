#pragma once
/// \file
/// JSON values of the public types. Only the json_*.cc files include this: the library is slow to
/// compile.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/output.h"
#include "dlv/repository.h"

namespace dlv::cli {

using Json = nlohmann::ordered_json;

/// Returns the document's text and a newline: indented, or one line for kJsonLines.
std::string Render(const Json& value, OutputMode mode);

/// Null where the value is not finite, which JSON cannot say.
Json NumberOf(double value);

/// "2026-11-20T16:02:11Z".
std::string IsoTime(std::int64_t when);

Json ValueOf(const KeyValues& values);
Json ValueOf(const ParentInfo& parent);
Json ValueOf(const VersionSummary& version);
Json ValueOf(const ModelSummary& model);
Json ValueOf(const FileInfo& file);
Json ValueOf(const VersionEvaluation& version);  // json_evaluation.cc
Json ValueOf(const FoundInformation& found);
Json ValueOf(const SnapshotInfo& snapshot);
Json ValueOf(const Metric& metric);
Json ValueOf(const SavedEvaluation& evaluation);
Json ValueOf(const TensorInfo& tensor);
Json ValueOf(const StagedFile& file);
Json ValueOf(const CheckedOutFile& file);
Json ValueOf(const AliasMove& move);
Json ValueOf(const GcItem& item);
Json ValueOf(const Finding& finding);
Json ValueOf(const UsageLine& line);
Json ValueOf(const StorageReport& report);  // json_inspect.cc

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class T>
Json ValuesOf(const std::vector<T>& items) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(ValueOf(item));
  return array;
}

}  // namespace dlv::cli
