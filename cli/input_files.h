#pragma once
/// \file
/// Which files a command line means.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dlv/commit.h"
#include "dlv/result.h"

namespace dlv::cli {

struct InputFiles {
  std::vector<FileInput> files;  ///< sorted: plain files first, then by step and name
  std::vector<std::pair<std::int64_t, std::string>> steps;  ///< the series: step, name as given
  /// What a folder holds besides plain files: what was left out, and links that lead out of it.
  std::vector<std::string> warnings;
};

/// Finds the files behind `paths` (folders are taken whole, without .dlv, .git and the like) and
/// `series` (globs, whose matches are checkpoints with the step in the name; a folder that matches
/// gives its files that step). Names in the version: relative to the folder given, or to the fixed
/// part of the glob; the plain file name for a file. Where two would be the same, all are taken
/// relative to the folder that holds all sources. A shell that has expanded an unquoted glob is
/// understood: then `series` names one file and `paths` the rest. `unread` are files more, to be
/// kept as bytes whatever is in them; `formatted` are more, as FORMAT=FILE. Links to files are
/// followed; in a folder, links to folders and what is no file are left out. Errors: kNotFound,
/// kInvalidArgument (not a regular file; in a repository's .dlv; no step in a name; two files of
/// one name).
Result<InputFiles> FindInputFiles(const std::vector<std::string>& paths,
                                  const std::vector<std::string>& series,
                                  const std::vector<std::string>& unread = {},
                                  const std::vector<std::string>& formatted = {});

/// Says in the hint of a refusal how such a file can be kept all the same.
Error ExplainRefusal(Error error);

}  // namespace dlv::cli
