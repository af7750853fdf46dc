#include <cstdlib>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_watch.h"
#include "cli/signals.h"
#include "cli/version_text.h"
#include "cli/watcher.h"

namespace dlv::cli {
namespace {

/// Says what happens, as it happens.
class Teller : public WatchListener {
 public:
  Teller(Output& out, const WatchOptions& options, std::string on_commit)
      : out_(out), options_(options), on_commit_(std::move(on_commit)) {}

  void Started(std::size_t known) override {
    if (!out_.human() || options_.once) return;
    out_.Paragraph("Watching " + Sanitize(options_.folder.string()) + " for " +
                   Sanitize(options_.model) +
                   (known == 0 ? "" : " (" + Plural(known, "checkpoint") + " known already)") +
                   "; Ctrl-C ends it.");
    (void)out_.Flush();
  }

  void Committed(const Checkpoint& checkpoint, const CommitResult& result) override {
    WatchEvent event;
    event.checkpoint = checkpoint.name;
    event.step = checkpoint.step;
    event.commit = result;
    const VersionSummary& version = result.version;
    std::string line = out_.style()(Paint::kBold, Sanitize(version.reference())) + "  " +
                       out_.style()(Paint::kYellow, ShortId(version.id)) + "  " +
                       Sanitize(checkpoint.name) + "  " + HumanBytes(result.raw_bytes) + " -> " +
                       HumanBytes(result.added_bytes);
    const std::string metrics = MetricsText(version.metrics, 3);
    if (!metrics.empty()) line += "  " + metrics;
    if (result.unchanged) line += "  (was there already)";
    Tell(std::move(event), line, Sanitize(version.reference()));
    RunCommand(checkpoint, version.reference());
  }

  void Removed(const std::vector<std::string>& references) override {
    WatchEvent event;
    event.kind = WatchEvent::Kind::kRemove;
    event.removed = references;
    std::string line = "  removed";
    for (const std::string& reference : references) line += " " + Sanitize(reference);
    Tell(std::move(event), line, "");
  }

  void Refused(const std::string& name, const Error& error) override {
    WatchEvent event;
    event.kind = WatchEvent::Kind::kRefuse;
    event.checkpoint = name;
    event.reason = error.message;
    out_.Warn(error.message + "; looked at again when it changes");
    Tell(std::move(event), "", "");
  }

  void Warned(const std::string& text) override { out_.Warn(text); }

  const std::vector<WatchEvent>& events() const { return events_; }

 private:
  void Tell(WatchEvent event, const std::string& line, const std::string& name) {
    if (out_.mode() == OutputMode::kJsonLines) {
      out_.Text(WatchEventLine(event));
    } else if (out_.json()) {
      events_.push_back(std::move(event));
    } else if (out_.quiet()) {
      if (!name.empty()) out_.Line(name);
    } else if (!line.empty()) {
      out_.Paragraph(line, 4);
    }
    (void)out_.Flush();  // whoever reads along wants it now
  }

  void RunCommand(const Checkpoint& checkpoint, const std::string& reference) {
    if (on_commit_.empty()) return;
    setenv("DLV_REFERENCE", reference.c_str(), 1);
    setenv("DLV_STEP", checkpoint.step ? std::to_string(*checkpoint.step).c_str() : "", 1);
    // The user's own command line.
    const int status = std::system(on_commit_.c_str());  // NOLINT(cert-env33-c)
    if (status != 0) out_.Warn("--on-commit: the command failed for " + reference);
  }

  Output& out_;
  const WatchOptions& options_;
  const std::string on_commit_;
  std::vector<WatchEvent> events_;
};

class WatchCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("DIR", &folder_, true);
    arguments.Value("-n,--name", &name_, "NAME", "the model that gets the versions");
    arguments.Value("--every", &every_, "TIME",
                    "look that often where nothing tells of changes (default: watch.every, 5s)");
    arguments.Value("--keep", &keep_, "RULES",
                    "remove versions but for last:N, best:METRIC, every:N (default: watch.keep)");
    arguments.Flag("--once", &once_, "take what is whole now, and end");
    arguments.Values(
        "--metrics", &metrics_, "FILE",
        "the training's log (default: metrics.csv, train_log.csv and the like in DIR)");
    arguments.Value("-m,--message", &message_, "TEXT",
                    "message of the versions (default: the step)");
    arguments.Value("--author", &author_, "NAME", "who makes them");
    arguments.Flag("--no-optimizer", &no_optimizer_, "leave optimizer state out");
    arguments.Value("--on-commit", &on_commit_, "COMMAND",
                    "run this after each version; DLV_REFERENCE and DLV_STEP tell which");
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(WatchOptions options, MakeOptions(context));
    Output& out = context.out();
    Teller teller(out, options, on_commit_.value_or(""));
    Operation operation;
    operation.cancel = &CatchInterrupts();
    operation.threads = context.LongOperation().threads;
    Watcher watcher(
        options, [&context] { return context.OpenToWrite(); }, teller, operation);
    const Status done = watcher.Run();
    if (out.mode() == OutputMode::kJson && done.ok()) out.Text(WatchDocument(teller.events()));
    DLV_TRY(done);
    if (out.human()) Finish(out, watcher);
    return once_ && watcher.refusals() > 0 ? kExitNo : kExitOk;
  }

 private:
  Result<WatchOptions> MakeOptions(const Context& context) const {
    WatchOptions options;
    if (!name_) {
      return Error{ErrorCode::kInvalidArgument, "dlv watch: the model's name is missing",
                   "dlv watch DIR -n NAME"};
    }
    DLV_ASSIGN(options.root, context.Root());
    { DLV_ASSIGN(const auto repository, context.OpenToRead()); }  // or say now that there is none
    options.folder = *folder_;
    options.model = *name_;
    options.every_ms = context.config().Milliseconds("watch.every");
    if (every_) {
      DLV_ASSIGN(options.every_ms, ParseDuration(*every_, 1000, "--every"));
    }
    options.every_ms = std::max<std::int64_t>(options.every_ms, 50);
    options.once = once_;
    const std::string rules = keep_ ? *keep_ : context.config().Get("watch.keep").text;
    if (keep_ || !rules.empty()) {
      DLV_ASSIGN(options.keep, ParseKeepRules(rules, keep_ ? "--keep" : "watch.keep"));
    }
    options.metric_files = metrics_;
    options.base.message = message_.value_or("");
    options.base.author = context.Author(author_);
    options.base.include_optimizer = !no_optimizer_ && context.config().Flag("commit.optimizer");
    std::error_code error;
    if (std::filesystem::exists(options.folder, error) &&
        !std::filesystem::is_directory(options.folder, error))
      return Error{ErrorCode::kInvalidArgument, *folder_ + ": is no folder"};
    return options;
  }

  static void Finish(Output& out, const Watcher& watcher) {
    std::string line = watcher.commits() == 0 ? "No new checkpoints"
                                              : Plural(watcher.commits(), "version") + " made";
    if (watcher.refusals() > 0) line += ", " + Plural(watcher.refusals(), "file") + " refused";
    out.Line(line + ".");
    if (watcher.commits() > 0) out.Next("dlv log");
  }

  std::optional<std::string> folder_, name_, every_, keep_, message_, author_, on_commit_;
  std::vector<std::string> metrics_;
  bool once_ = false, no_optimizer_ = false;
};

}  // namespace

extern const CommandEntry kWatchCommand;
const CommandEntry kWatchCommand = {
    "watch",
    "Start and add",
    "make versions as a training writes checkpoints",
    "DIR -n NAME [--keep RULES] [--every TIME] [--once]",
    "dlv watch run -n lenet --once\twhat lies there now, one version each, by step\n"
    "timeout -s INT 1 dlv watch run -n lenet --keep last:5,best:val_acc || true\tuntil Ctrl-C\n"
    "dlv watch run -n lenet --once --on-commit 'echo made $DLV_REFERENCE'\tand tell somebody",
    "Each checkpoint (a file of weights, or a folder such as checkpoint-500) becomes a version of "
    "its own, in the order of the steps in the names; its parent is found as by a commit. It is "
    "taken "
    "when it has not changed for a second and reads well to its end; temporary names are passed "
    "over. What is not whole, or is refused, is reported once and looked at again when it "
    "changes.\n"
    "--keep: a version stays where any rule keeps it: last:N the newest, every:N those whose step "
    "is a multiple, best:METRIC the best (small for losses and errors; :min or :max says it). "
    "Others are removed as by dlv rm, but never one that has an alias or a tag, nor one that "
    "watch did not make.\n"
    "A log beside the checkpoints gives the metrics, up to each one's step. Ctrl-C ends it with "
    "status 0; the next watch goes on where it was. With --once, status 1: a file was refused.",
    Make<WatchCommand>};

}  // namespace dlv::cli
