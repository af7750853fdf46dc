#pragma once
/// \file
/// What dlv finds where it runs: the machine, the libraries, the file system, the repository. For a
/// person who wants to know why something is slow or refused, and for reports of defects. Nothing
/// secret is in it: no content of any file, and of the environment only what the caller asks for.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dlv/result.h"

namespace dlv {

/// The file system below a folder.
struct FileSystemFacts {
  std::string kind;      ///< "ext4", "nfs", ...; the number in hexadecimal if it has no name here
  bool local = true;     ///< false: on another machine, or in a program (FUSE)
  bool writable = true;  ///< for this user
  std::uint64_t free_bytes = 0;         ///< for this user
  std::int64_t clock_skew_seconds = 0;  ///< its clock less this machine's, from a file just made
};

/// A lock or lease that stands in a repository.
struct HolderFacts {
  std::string file;    ///< below .dlv
  std::string holder;  ///< "pid 4242 on gpu03 (dlv commit) since 14:02:11, still alive"
  bool gone = false;   ///< proved: its process is no more, gc removes it
};

/// A quick look at a repository; `Repository::Verify` is the thorough one.
struct RepositoryFacts {
  std::filesystem::path root;
  FileSystemFacts file_system;
  std::uint64_t models = 0, versions = 0, packs = 0;
  std::uint64_t pack_bytes = 0, trash_bytes = 0;
  std::vector<HolderFacts> holders;
  /// What is wrong: no catalog, a pack of the catalog that is not there, ... Empty: nothing was
  /// seen.
  std::vector<Error> problems;
};

/// The machine and the program.
struct MachineFacts {
  std::string version;  ///< of dlv
  /// Name and version of the libraries that run now, e.g. {"sqlite", "3.40.1"}.
  std::vector<std::pair<std::string, std::string>> libraries;
  unsigned processors = 0;         ///< that this process may use
  std::uint64_t memory_bytes = 0;  ///< of the machine
  std::string kernels;             ///< that are used: "reference", "avx2", "avx512", "avx512vbmi"
  std::vector<std::string> kernels_possible;  ///< on this processor, slowest first
};

/// Never fails: what cannot be found out stays empty.
MachineFacts ExamineMachine();

/// Looks at the repository at `root`; works where Open fails.  A small file is made in .dlv/tmp and
/// removed again, to see whether one may write and what the file system's clock says.
/// Errors: kNotFound (no repository there).
Result<RepositoryFacts> ExamineRepository(const std::filesystem::path& root);

}  // namespace dlv
