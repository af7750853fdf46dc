#pragma once
/// \file
/// Side information: hyper-parameters, metric series and tags that stand in files beside a
/// checkpoint, or in the checkpoint's own metadata. Readers are in a table, as formats are; each is
/// one file.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/result.h"
#include "dlv/version_info.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// What one file says. Names and values are clean: valid UTF-8 without control characters (values
/// may have line ends), within the limits of a version's names.
struct SideInformation {
  std::string source;  ///< the file's path
  KeyValues hparams;
  std::vector<Metric> metrics;  ///< ascending by name, points by step, no step twice
  KeyValues tags;
  std::vector<std::string> warnings;  ///< each begins with the path
  bool empty() const { return hparams.empty() && metrics.empty() && tags.empty(); }
};

/// Where readers put what they find; keeps to the limits and says what was left out.
class SideCollector {
 public:
  explicit SideCollector(std::string source) { found_.source = std::move(source); }

  /// The first of two values of one name counts.
  void AddHparam(std::string_view key, std::string_view value);
  void AddTag(std::string_view key, std::string_view value);
  /// The last of two values of one step counts. A single value has step -1.
  void AddPoint(std::string_view metric, std::int64_t step, double value);
  /// Adds "PATH: reason".
  void Warn(const std::string& reason);

  const std::string& source() const { return found_.source; }
  SideInformation Finish();

 private:
  bool IsUsable(std::string_view key, std::string_view value);

  SideInformation found_;
  std::map<std::string, std::vector<MetricPoint>, std::less<>> series_;
  std::size_t points_ = 0;
  std::size_t left_out_ = 0;
};

struct SideReader {
  std::string_view kind;  ///< "config.json"
  /// Whether a file is of this kind by its name; `folder` is the name of the folder it is in.
  bool (*named)(std::string_view name, std::string_view folder);
  /// Errors: kCorruption and kUnsafe with offset and reason; the caller makes a warning of them.
  Status (*read)(const io::ByteSource& file, SideCollector& out);
  std::uint64_t limit_bytes;
  /// Whether several files of this kind are parts of one run, so that their series are one.
  bool joins = false;
};

/// Returns the kinds; where two say something of one name, the earlier kind counts.
std::span<const SideReader> SideReaders();

/// Returns the place in SideReaders of the kind of a file, by its path ('/'-separated); none: -1.
int SideReaderFor(std::string_view path);

/// Reads a file with reader `kind`. What is wrong with it is a warning, and nothing is found.
SideInformation ReadSideFile(int kind, const io::ByteSource& file, const std::string& path);

/// What the metadata of a described file (FileDescription::metadata) say, by its format.
SideInformation ReadSideMetadata(std::string_view format,
                                 const std::vector<std::pair<std::string, std::string>>& metadata,
                                 const std::string& path);

}  // namespace dlv::interchange
