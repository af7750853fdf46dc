#pragma once
/// \file
/// What every command is given.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/config.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "dlv/repository.h"

namespace dlv::cli {

/// The options that every command takes.
struct GlobalOptions {
  std::optional<std::string> directory;
  std::optional<std::string> repository;
  bool json = false, json_lines = false, quiet = false, no_truncate = false;
  std::optional<std::string> color;
  std::optional<std::uint64_t> width;
  bool progress = false, no_progress = false, no_pager = false;
  std::optional<std::uint64_t> threads;
  std::optional<std::string> lock_timeout;
  bool force_unlock = false;
  bool help = false;

  void Declare(Arguments& arguments);
};

/// Returns the folder that holds the repository: --repo, else DLV_DIR, else at or above the current
/// one.  Errors: kNotFound, kIo.
Result<std::filesystem::path> FindRoot(const GlobalOptions& options);

class Context {
 public:
  /// `now`: seconds since 1970, for relative times.
  Context(const GlobalOptions& options, Output& output, std::int64_t now, Config config = {});
  ~Context();

  Output& out() { return output_; }
  std::int64_t now() const { return now_; }

  const GlobalOptions& options() const { return options_; }
  const Config& config() const { return config_; }

  Result<std::filesystem::path> Root() const { return FindRoot(options_); }
  Result<std::unique_ptr<Repository>> OpenToRead() const { return Open(true); }
  Result<std::unique_ptr<Repository>> OpenToWrite() const { return Open(false); }

  /// Returns who makes a version: `given`, else DLV_AUTHOR, else user.name and user.email; nothing
  /// where the library's own choice (the login name) is to be taken.
  std::string Author(const std::optional<std::string>& given) const;
  /// How long to wait for another writer.  Errors: kInvalidArgument.
  Result<std::int64_t> LockTimeout() const;

  /// Returns what a long call takes: progress on the terminal, Ctrl-C, threads.
  Operation LongOperation();
  /// The same, where it is the caller's matter what Ctrl-C does.
  Operation LongOperation(const CancellationToken& cancel);
  /// Wipes the progress line away; call before printing.
  void EndProgress();

 private:
  Result<std::unique_ptr<Repository>> Open(bool read_only) const;

  const GlobalOptions& options_;
  Output& output_;
  std::int64_t now_;
  Config config_;
  std::unique_ptr<ProgressBar> progress_;
};

/// Returns milliseconds: "500ms", "30s", "5min", "12h", "14d", "2w"; a bare number is in `unit_ms`.
/// Errors: kInvalidArgument, with `option` in the message.
Result<std::int64_t> ParseDuration(const std::string& text, std::int64_t unit_ms,
                                   const std::string& option);

/// Splits "key=value". Errors: kInvalidArgument, with `option` in the message.
Result<std::pair<std::string, std::string>> SplitKeyValue(const std::string& text,
                                                          const std::string& option);

}  // namespace dlv::cli
