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
#include "cli/man_page.h"
#include "cli/pager.h"
#include "cli/signals.h"
#include "cli/suggest.h"
#include "cli/synonyms.h"

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
  std::vector<std::string> nearest = Nearest(name, names);
  if (const auto meant = CommandForWord(name)) nearest = {*meant};
  const std::string guess = DidYouMean(nearest);
  return {ErrorCode::kInvalidArgument, "no command \"" + name + "\"",
          guess.empty() ? "dlv help lists them" : guess};
}

OutputMode ModeOf(const GlobalOptions& options) {
  if (options.json_lines) return OutputMode::kJsonLines;
  if (options.json) return OutputMode::kJson;
  return options.quiet ? OutputMode::kQuiet : OutputMode::kHuman;
}

// --color, else color.ui; NO_COLOR is stronger than a file that says "always".
Result<ColorChoice> ColorOf(const GlobalOptions& options, const Config& config) {
  const std::string word = options.color ? *options.color : config.Get("color.ui").text;
  if (word == "always") {
    const bool refused = !options.color && EnvironmentValue("NO_COLOR").has_value();
    return refused ? ColorChoice::kAuto : ColorChoice::kAlways;
  }
  if (word == "never") return ColorChoice::kNever;
  if (!options.color || word == "auto") return ColorChoice::kAuto;
  return Error{ErrorCode::kInvalidArgument,
               "--color: got \"" + word + "\", want auto, always or never"};
}

Result<Output> MakeOutput(const GlobalOptions& options, const Config& config) {
  DLV_ASSIGN(const ColorChoice color, ColorOf(options, config));
  std::optional<bool> progress;
  if (!config.Flag("core.progress")) progress = false;
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

void TellHelp(std::string_view topic, const std::string& text, Output& output) {
  output.Text(output.json() ? HelpDocument(topic, text, output.mode()) : text);
}

/// Without colours in a document.
Style HelpStyle(const Output& output) { return output.json() ? Style() : output.style(); }

int ShowCommandHelp(const CommandEntry& entry, Output& output, bool man = false) {
  Arguments arguments;
  GlobalOptions options;
  const std::unique_ptr<Command> command = entry.make();
  command->Declare(arguments);
  options.Declare(arguments);
  TellHelp(entry.name,
           man ? CommandManPage(entry, arguments)
               : CommandHelp(entry, arguments, output.terminal().width, HelpStyle(output)),
           output);
  return Finish(kExitOk, output);
}

int ShowHelp(const std::vector<std::string>& args) {
  Arguments arguments;
  GlobalOptions options;
  std::vector<std::string> words;
  bool man = false;
  std::optional<std::string> man_folder;
  arguments.Operands("TOPIC", &words);
  arguments.Flag("--man", &man, "the manual page, for man -l -");
  arguments.Value("--man-pages", &man_folder, "DIR", "write all manual pages there");
  options.Declare(arguments);
  if (const Status parsed = arguments.Parse(args); !parsed.ok())
    return FailEarly(parsed.error(), args);
  Result<Output> made = MakeOutput(options, Config());
  if (!made.ok()) return FailEarly(made.error(), args);
  Output output = std::move(made).value();
  if (man_folder) {
    const Status written = WriteManPages(*man_folder);
    return written.ok() ? kExitOk : Finish(ReportError(written.error(), output), output);
  }
  if (words.empty() && man) {
    TellHelp("", MainManPage(), output);
    return Finish(kExitOk, output);
  }
  if (words.empty() && output.quiet()) {
    for (const CommandEntry* entry : AllCommands()) output.Line(entry->name);
    return Finish(kExitOk, output);
  }
  if (words.empty()) {
    TellHelp("", MainHelp(output.terminal().width, HelpStyle(output)), output);
    return Finish(kExitOk, output);
  }
  if (const CommandEntry* entry = Lookup(words.front()))
    return ShowCommandHelp(*entry, output, man);
  if (const std::optional<std::string> topic = TopicHelp(words.front())) {
    TellHelp(words.front(), *topic, output);
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

Error InCommand(Error error, const CommandEntry& entry) {
  error.message = "dlv " + std::string(entry.name) + ": " + error.message;
  if (error.hint.empty()) error.hint = "usage: dlv " + std::string(entry.name) + " " + entry.usage;
  return error;
}

// The settings of the folder that the command works in. Those who mend them take what can be read.
Result<Config> LoadConfig(const GlobalOptions& options, bool lenient) {
  const Result<std::filesystem::path> root = FindRoot(options);
  std::optional<std::filesystem::path> folder;
  if (root.ok()) folder = *root;
  Result<Config> config = Config::Load(folder, !lenient);
  if (!config.ok() && lenient) return Config();
  return config;
}

int RunPrepared(const CommandEntry& entry, Command& command, const GlobalOptions& options,
                Config config, Output& output) {
  const std::string pager = config.Get("core.pager").text;
  Context context(options, output, static_cast<std::int64_t>(std::time(nullptr)),
                  std::move(config));
  Pager paged;
  if (!options.no_pager && UsesPager(entry.name) && output.human()) paged.Start(pager);
  const Result<int> status = command.Run(context);
  context.EndProgress();
  const int code = status.ok() ? *status : ReportError(status.error(), output);
  return Finish(code, output);
}

int RunCommand(const CommandEntry& entry, const std::vector<std::string>& args) {
  Arguments arguments;
  GlobalOptions options;
  const std::unique_ptr<Command> command = entry.make();
  command->Declare(arguments);
  options.Declare(arguments);
  if (const Status parsed = arguments.Parse(args); !parsed.ok())
    return FailEarly(InCommand(parsed.error(), entry), args);
  if (const Status entered = EnterDirectory(options); !entered.ok() && !options.help)
    return FailEarly(entered.error(), args);
  Result<Config> config = LoadConfig(options, entry.mends || options.help);
  if (!config.ok()) return FailEarly(config.error(), args);
  Result<Output> made = MakeOutput(options, *config);
  if (!made.ok()) return FailEarly(made.error(), args);
  Output output = std::move(made).value();
  if (options.help) return ShowCommandHelp(entry, output);
  if (const Status complete = arguments.CheckRequired(); !complete.ok())
    return Finish(ReportError(InCommand(complete.error(), entry), output), output);
  return RunPrepared(entry, *command, options, std::move(config).value(), output);
}

}  // namespace

int Run(std::vector<std::string> args) {
  RestorePipeSignal();
  IgnoreFileSizeSignal();
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
