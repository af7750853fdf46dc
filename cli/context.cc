#include "cli/context.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <utility>

#include "cli/signals.h"

namespace dlv::cli {

void GlobalOptions::Declare(Arguments& arguments) {
  arguments.BeginGlobal();
  arguments.Value("-C,--directory", &directory, "DIR", "work as if started in DIR");
  arguments.Value("--repo", &repository, "DIR",
                  "the folder that holds .dlv (default: $DLV_DIR, else here or above)");
  arguments.Flag("--json", &json, "one JSON document on stdout");
  arguments.Flag("--jsonl", &json_lines, "JSON, one line for each row of a listing");
  arguments.Flag("-q,--quiet", &quiet, "names only, one to a line");
  arguments.Flag("--no-truncate", &no_truncate, "do not fit tables to the terminal");
  arguments.Number("--width", &width, "N", "fit tables to N columns");
  arguments.Value("--color", &color, "WHEN", "auto, always or never");
  arguments.Flag("--progress", &progress, "show progress even when stderr is no terminal");
  arguments.Flag("--no-progress", &no_progress, "show no progress");
  arguments.Flag("--no-pager", &no_pager, "do not use the pager of core.pager");
  arguments.Number("--threads", &threads, "N",
                   "use N threads (default: core.threads, all processors)");
  arguments.Value("--lock-timeout", &lock_timeout, "TIME",
                  "wait that long for another writer (default: lock.timeout, 30s)");
  arguments.Flag("--force-unlock", &force_unlock, "break a lock left by another host");
  arguments.Flag("-h,--help", &help, "this help");
}

Context::Context(const GlobalOptions& options, Output& output, std::int64_t now, Config config)
    : options_(options), output_(output), now_(now), config_(std::move(config)) {}

Context::~Context() = default;

Result<std::filesystem::path> FindRoot(const GlobalOptions& options) {
  const std::optional<std::string> variable = EnvironmentValue("DLV_DIR");
  const std::string given = options.repository ? *options.repository : variable.value_or("");
  if (!given.empty()) {
    std::filesystem::path root(given);
    if (!root.has_filename()) root = root.parent_path();
    if (root.filename() == ".dlv") root = root.has_parent_path() ? root.parent_path() : ".";
    return root;
  }
  std::error_code error;
  const std::filesystem::path here = std::filesystem::current_path(error);
  if (error) return Error{ErrorCode::kIo, "current folder: " + error.message()};
  Result<std::filesystem::path> found = Repository::Find(here);
  if (!found.ok() && found.error().code == ErrorCode::kNotFound) {
    return Error{ErrorCode::kNotFound, "no repository in " + here.string() + " or above it",
                 "dlv init makes one; --repo DIR names one"};
  }
  return found;
}

Result<std::unique_ptr<Repository>> Context::Open(bool read_only) const {
  OpenOptions open;
  open.read_only = read_only;
  open.force_unlock = options_.force_unlock;
  DLV_ASSIGN(open.lock_timeout_ms, LockTimeout());
  open.on_lock_wait = [wipe = output_.terminal().progress](const std::string& holder) {
    // A line of progress may stand there.
    std::fprintf(stderr, "%swaiting: %s\n", wipe ? "\r\x1b[K" : "", Sanitize(holder).c_str());
  };
  DLV_ASSIGN(const std::filesystem::path root, Root());
  return Repository::Open(root, open);
}

std::string Context::Author(const std::optional<std::string>& given) const {
  if (given) return *given;
  if (const auto variable = EnvironmentValue("DLV_AUTHOR")) return *variable;
  std::string name = config_.Get("user.name").text;
  const std::string email = config_.Get("user.email").text;
  if (name.empty() && !email.empty())
    name = EnvironmentValue("USER").value_or(EnvironmentValue("LOGNAME").value_or(""));
  if (email.empty()) return name;
  return name + (name.empty() ? "<" : " <") + email + ">";
}

Result<std::int64_t> Context::LockTimeout() const {
  if (!options_.lock_timeout) return config_.Milliseconds("lock.timeout");
  return ParseDuration(*options_.lock_timeout, 1000, "--lock-timeout");
}

Operation Context::LongOperation() { return LongOperation(CatchInterrupts()); }

Operation Context::LongOperation(const CancellationToken& cancel) {
  Operation operation;
  const Terminal& terminal = output_.terminal();
  progress_ = std::make_unique<ProgressBar>(terminal.progress, terminal.stderr_width);
  operation.progress = progress_.get();
  operation.cancel = &cancel;
  if (options_.threads) {
    operation.threads = static_cast<unsigned>(std::min<std::uint64_t>(*options_.threads, 1024));
  } else {
    operation.threads = config_.Number("core.threads").value_or(0);
  }
  return operation;
}

void Context::EndProgress() {
  if (progress_) progress_->Clear();
}

Result<std::int64_t> ParseDuration(const std::string& text, std::int64_t unit_ms,
                                   const std::string& option) {
  struct Unit {
    std::string_view name;
    std::int64_t ms;
  };
  static constexpr std::array<Unit, 8> kUnits = {{{"ms", 1},
                                                  {"s", 1000},
                                                  {"m", 60'000},
                                                  {"min", 60'000},
                                                  {"h", 3'600'000},
                                                  {"d", 86'400'000},
                                                  {"w", 604'800'000},
                                                  {"y", 31'536'000'000}}};
  const Error error{ErrorCode::kInvalidArgument,
                    option + ": got \"" + text + "\", want a time such as 500ms, 30s, 12h or 14d"};
  std::int64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr std::int64_t kMost = 100'000;
  if (status != std::errc() || number < 0) return error;
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  std::int64_t scale = suffix.empty() ? unit_ms : 0;
  for (const Unit& unit : kUnits) {
    if (unit.name == suffix) scale = unit.ms;
  }
  if (scale == 0 || number > kMost * 1000) return error;
  return number * scale;
}

Result<std::pair<std::string, std::string>> SplitKeyValue(const std::string& text,
                                                          const std::string& option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return Error{ErrorCode::kInvalidArgument, option + ": got \"" + text + "\", want NAME=VALUE"};
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace dlv::cli
