#pragma once
/// \file
/// The table of formats. A new format is one file with a Sniff and a Describe, and one line in
/// format_table.cc.

#include <span>
#include <string_view>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/interchange/zip_directory.h"

namespace dlv::interchange {

/// What sniffing looks at; made once per file.
struct Probe {
  const io::ByteSource* file = nullptr;
  std::string_view name;
  std::vector<std::byte> head;  ///< first 4 KiB, or the whole file
  /// Engaged for files that begin with a zip member or end with a zip directory: the directory, or
  /// why it is refused.
  std::optional<Result<ZipDirectory>> zip;
  bool zip_at_start = false;  ///< the first bytes are those of a zip member
  unsigned depth = 1;         ///< 1 for a file, 2 for a member of a zip, ...
};

struct FormatReader {
  std::string_view name;
  bool (*sniff)(const Probe& probe);
  Result<FileDescription> (*describe)(const Probe& probe, const DescribeOptions& options);
};

/// Returns the formats, in the order in which they are tried.
std::span<const FormatReader> FormatTable();

/// As DescribeFile, for a file inside a file.
Result<FileDescription> DescribeNested(const io::ByteSource& file, std::string_view name,
                                       const DescribeOptions& options, unsigned depth);

}  // namespace dlv::interchange
