#pragma once
/// \file
/// The text files of an export (docs/format/export.md).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "dlv/version_info.h"
#include "storage/archive/layout.h"
#include "storage/archive/manifest.h"
#include "storage/store/version_content.h"

namespace dlv::store {

inline constexpr std::string_view kExportIndex = "dlv-export.json";
inline constexpr int kExportVersion = 1;
inline constexpr std::uint64_t kMaxIndexBytes = 256u << 20;  ///< also of version.json

/// A version in the index.
struct PortableEntry {
  std::string model;  ///< as it is called now
  std::uint64_t number = 0;
  VersionId id;
  std::string Folder() const { return "models/" + model + "/v" + std::to_string(number); }
  std::string Reference() const { return model + ":v" + std::to_string(number); }
};

struct PortableAlias {
  std::string model, alias;
  std::uint64_t number = 0;
};

/// dlv-export.json.
struct PortableIndex {
  bool complete = false;                ///< false while an export is at work
  std::vector<PortableEntry> versions;  ///< in the order of their commits
  std::vector<PortableAlias> aliases;
};

struct PortableEvaluation {
  std::string dataset, metric;
  double value = 0;
  KeyValues attributes;
};

/// What of a version is not in its manifest.
struct PortableVersion {
  VersionSummary summary;
  std::string tool;
  std::vector<std::string> parent_models;
  std::vector<PortableEvaluation> evaluations;
};

std::string EncodeIndex(const PortableIndex& index);
/// Names are checked, and that no version stands twice.
/// Errors: kCorruption, kUnsafe (a name that is none), kUnsupported (newer).
Result<PortableIndex> DecodeIndex(std::string_view text);

/// version.json: all of a version in words.
std::string EncodeVersion(const PortableVersion& version, const archive::Manifest& manifest,
                          const std::vector<SnapshotContent>& snapshots);
/// Reads back what is not in the manifest.  Errors: kCorruption.
Result<PortableVersion> DecodeVersion(std::string_view text, const std::string& where);

/// metrics.csv: columns metric, step, value.
std::string EncodeMetrics(const std::vector<Metric>& metrics);

/// README.md of the folder.
std::string ExportReadme(std::uint64_t models, std::uint64_t versions);

/// Names of the tensors of a version that are in no file, in the order of their layout: the name,
/// with the role before it where two are of one name.
std::vector<std::string> PortableNames(const std::vector<const archive::LayoutTensor*>& tensors);

}  // namespace dlv::store
