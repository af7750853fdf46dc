#include "cli/run.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <optional>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/json_output.h"
#include "cli/signals.h"
#include "cli/suggest.h"

namespace dlv::cli {
namespace {

bool Contains(const std::vector<std::string>& args, std::string_view word) {
  const auto end = std::find(args.begin(), args.end(), "--");
  return std::find(args.begin(), end, word) != end;
}

// Returns the place of the first word that is neither an option nor the value of a global option.
std::optional<std::size_t> FindCommand(const std::vector<std::string>& args) {
  static constexpr std::array<std::string_view, 7> kWithValue = {
      "-C", "--directory", "--repo", "--width", "--color", "--threads", "--lock-timeout"};
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i] == "--") return std::nullopt;
    if (!args[i].starts_with("-")) return i;
    if (std::find(kWithValue.begin(), kWithValue.end(), args[i]) != kWithValue.end()) ++i;
  }
  return std::nullopt;
}

const CommandEntry* Lookup(std::string_view name) {
  for (const CommandEntry* entry : AllCommands()) {
    if (name == entry->name) return entry;
  }
  return nullptr;
}

Error UnknownCommand(const std::string& name) {
  for (const char* later : LaterCommands()) {
    if (name == later) return {ErrorCode::kUnsupported, "dlv " + name + ": not in this release"};
  }
  std::vector<std::string> names;
  for (const CommandEntry* entry : AllCommands()) names.emplace_back(entry->name);
  const std::string guess = DidYouMean(Nearest(name, names));
  return {ErrorCode::kInvalidArgument, "no command \"" + name + "\"",
          guess.empty() ? "dlv help lists them" : guess};
}

OutputMode ModeOf(const GlobalOptions& options) {
  if (options.json_lines) return OutputMode::kJsonLines;
  if (options.json) return OutputMode::kJson;
  return options.quiet ? OutputMode::kQuiet : OutputMode::kHuman;
}

Result<Output> MakeOutput(const GlobalOptions& options) {
  ColorChoice color = ColorChoice::kAuto;
  if (options.color == "always") {
    color = ColorChoice::kAlways;
  } else if (options.color == "never") {
    color = ColorChoice::kNever;
  } else if (options.color && options.color != "auto") {
    return Error{ErrorCode::kInvalidArgument,
                 "--color: got \"" + *options.color + "\", want auto, always or never"};
  }
  std::optional<bool> progress;
  if (options.progress) progress = true;
  if (options.no_progress) progress = false;
  return Output(DetectTerminal(color, progress, options.width, options.no_truncate),
                ModeOf(options));
}

// For errors met before the options are known.
Output FallbackOutput(const std::vector<std::string>& args) {
  GlobalOptions options;
  options.json = Contains(args, "--json");
  options.json_lines = Contains(args, "--jsonl");
  return Output(DetectTerminal(ColorChoice::kAuto, false, std::nullopt, false), ModeOf(options));
}

int Finish(int status, Output& output) {
  const Status flushed = output.Flush();
  if (!flushed.ok() && status == kExitOk) return ReportError(flushed.error(), output);
  return status;
}

int FailEarly(const Error& error, const std::vector<std::string>& args) {
  Output output = FallbackOutput(args);
  const int status = ReportError(error, output);
  return Finish(status, output);
}

int ShowVersion(const std::vector<std::string>& args) {
  Output output = FallbackOutput(args);
  if (output.json()) {
    output.Text(VersionDocument(LibraryVersion(), output.mode()));
  } else {
    output.Line("dlv " + std::string(LibraryVersion()));
  }
  return Finish(kExitOk, output);
}

int ShowCommandHelp(const CommandEntry& entry, Output& output) {
  Arguments arguments;
  GlobalOptions options;
  const std::unique_ptr<Command> command = entry.make();
  command->Declare(arguments);
  options.Declare(arguments);
  output.Text(CommandHelp(entry, arguments, output.terminal().width, output.style()));
  return Finish(kExitOk, output);
}

int ShowHelp(const std::vector<std::string>& args) {
  Arguments arguments;
  GlobalOptions options;
  std::vector<std::string> words;
  arguments.Operands("TOPIC", &words);
  options.Declare(arguments);
  if (const Status parsed = arguments.Parse(args); !parsed.ok())
    return FailEarly(parsed.error(), args);
  Result<Output> made = MakeOutput(options);
  if (!made.ok()) return FailEarly(made.error(), args);
  Output output = std::move(made).value();
  if (words.empty()) {
    output.Text(MainHelp(output.terminal().width, output.style()));
    return Finish(kExitOk, output);
  }
  if (const CommandEntry* entry = Lookup(words.front())) return ShowCommandHelp(*entry, output);
  if (const std::optional<std::string> topic = TopicHelp(words.front())) {
    output.Text(*topic);
    return Finish(kExitOk, output);
  }
  std::vector<std::string> names;
  for (const CommandEntry* entry : AllCommands()) names.emplace_back(entry->name);
  for (const char* topic : AllTopics()) names.emplace_back(topic);
  const std::string guess = DidYouMean(Nearest(words.front(), names));
  return FailEarly({ErrorCode::kNotFound, "no help for \"" + words.front() + "\"", guess}, args);
}

Status EnterDirectory(const GlobalOptions& options) {
  if (!options.directory) return Ok();
  std::error_code error;
  std::filesystem::current_path(*options.directory, error);
  if (!error) return Ok();
  const bool missing = error == std::errc::no_such_file_or_directory;
  return Error{missing ? ErrorCode::kNotFound : ErrorCode::kIo,
               "-C " + *options.directory + ": " + error.message()};
}

int RunCommand(const CommandEntry& entry, const std::vector<std::string>& args) {
  Arguments arguments;
  GlobalOptions options;
  const std::unique_ptr<Command> command = entry.make();
  command->Declare(arguments);
  options.Declare(arguments);
  Status parsed = arguments.Parse(args);
  if (!parsed.ok()) {
    Error error = parsed.error();
    error.message = "dlv " + std::string(entry.name) + ": " + error.message;
    if (error.hint.empty())
      error.hint = "usage: dlv " + std::string(entry.name) + " " + entry.usage;
    return FailEarly(error, args);
  }
  Result<Output> made = MakeOutput(options);
  if (!made.ok()) return FailEarly(made.error(), args);
  Output output = std::move(made).value();
  if (options.help) return ShowCommandHelp(entry, output);
  if (const Status complete = arguments.CheckRequired(); !complete.ok()) {
    Error error = complete.error();
    error.message = "dlv " + std::string(entry.name) + ": " + error.message;
    error.hint = "usage: dlv " + std::string(entry.name) + " " + entry.usage;
    return Finish(ReportError(error, output), output);
  }
  if (const Status entered = EnterDirectory(options); !entered.ok()) {
    return Finish(ReportError(entered.error(), output), output);
  }
  Context context(options, output, static_cast<std::int64_t>(std::time(nullptr)));
  const Result<int> status = command->Run(context);
  context.EndProgress();
  return Finish(status.ok() ? *status : ReportError(status.error(), output), output);
}

}  // namespace

int Run(std::vector<std::string> args) {
  RestorePipeSignal();
  const std::optional<std::size_t> at = FindCommand(args);
  if (!at && (Contains(args, "--version") || Contains(args, "-V"))) return ShowVersion(args);
  if (!at) return ShowHelp(args);
  const std::string name = args[*at];
  if (name == "version") return ShowVersion(args);
  if (name == "help") {
    args.erase(args.begin() + static_cast<std::ptrdiff_t>(*at));
    return ShowHelp(args);
  }
  const CommandEntry* entry = Lookup(name);
  if (entry == nullptr) return FailEarly(UnknownCommand(name), args);
  args.erase(args.begin() + static_cast<std::ptrdiff_t>(*at));
  return RunCommand(*entry, args);
}

}  // namespace dlv::cli
