#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

class GcCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Flag("-y,--yes", &yes_, "do it");
    arguments.Value("--grace", &grace_, "TIME",
                    "how long things stay in the trash (default: gc.grace, 14d); 0: no trash");
    arguments.Flag("--no-trash", &no_trash_, "remove at once");
    arguments.Flag("--dry-run", &dry_run_, "only show (the default)");
  }

  Result<int> Run(Context& context) override {
    constexpr std::int64_t kDayMs = 86'400'000;
    GcOptions options;
    options.execute = yes_ && !dry_run_;
    options.use_trash = !no_trash_;
    options.grace_seconds = context.config().Milliseconds("gc.grace") / 1000;
    if (grace_) {
      DLV_ASSIGN(const std::int64_t ms, ParseDuration(*grace_, kDayMs, "--grace"));
      options.grace_seconds = ms / 1000;
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               options.execute ? context.OpenToWrite() : context.OpenToRead());
    DLV_ASSIGN(const GcResult result, repository->CollectGarbage(options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(GcDocument(result, out.mode()));
    } else if (out.quiet()) {
      for (const GcItem& item : result.items) out.Line(Sanitize(item.path));
    } else {
      Show(out, result, options.use_trash && options.grace_seconds > 0);
    }
    return kExitOk;
  }

 private:
  /// What is moved is not free yet, and is told apart.
  static std::string FreedAndMoved(const GcResult& result, bool to_trash) {
    std::uint64_t bytes[2] = {};
    std::size_t files[2] = {};
    for (const GcItem& item : result.items) {
      const bool moved = to_trash && item.path.starts_with("packs/");
      bytes[moved] += item.bytes;
      ++files[moved];
    }
    const auto told = [&](bool moved) {
      return HumanBytes(bytes[moved]) + " in " + Plural(files[moved], "file");
    };
    const std::string free = result.executed ? "Freed " : "Would free ";
    const std::string move = result.executed ? "Moved " : "Would move ";
    if (files[1] == 0) return free + told(false);
    if (files[0] == 0) return move + told(true) + " to the trash";
    return free + told(false) + (result.executed ? "; moved " : ", move ") + told(true) +
           " to the trash";
  }

  void Show(Output& out, const GcResult& result, bool to_trash) const {
    const std::string kept = result.kept_bytes > 0 ? "; " + HumanBytes(result.kept_bytes) +
                                                         " dead, but in packs that are mostly alive"
                                                   : "";
    const std::string trash =
        result.trash_bytes > 0 ? "; trash holds " + HumanBytes(result.trash_bytes) : "";
    ShowUnreadable(out, result);
    if (result.items.empty()) return out.Paragraph("Nothing to free" + kept + trash + ".");
    const std::string line = FreedAndMoved(result, to_trash) + kept + trash;
    out.Paragraph(line + (result.executed ? "" : " (dry run)"));
    Table table({{"  FILE", Align::kLeft, 0, 14, Cut::kMiddle},
                 {"SIZE", Align::kRight},
                 {"WHY", Align::kLeft, 1, 16}});
    for (const GcItem& item : result.items)
      table.AddRow({"  " + item.path, HumanBytes(item.bytes), item.reason});
    out.Print(table);
    if (!result.executed) {
      out.Paragraph(
          std::string("Do it with: dlv gc --yes") +
          (no_trash_ ? " --no-trash" : "  (things stay in .dlv/trash for the grace time)"));
    } else if (result.trash_bytes > 0) {
      out.Next("dlv gc --yes --no-trash empties the trash now");
    } else {
      out.Next("dlv du");
    }
  }

  static void ShowUnreadable(Output& out, const GcResult& result) {
    if (result.unreadable.empty()) return;
    out.Paragraph(
        "Left alone, because dlv cannot tell whether they are needed (move them away by hand once "
        "you are sure):");
    Table table({{"  FILE", Align::kLeft, 0, 14, Cut::kMiddle},
                 {"SIZE", Align::kRight},
                 {"WHY", Align::kLeft, 1, 16}});
    for (const GcItem& item : result.unreadable)
      table.AddRow({"  " + item.path, HumanBytes(item.bytes), item.reason});
    out.Print(table);
  }

  std::optional<std::string> grace_;
  bool yes_ = false, no_trash_ = false, dry_run_ = false;
};

}  // namespace

extern const CommandEntry kGcCommand;
const CommandEntry kGcCommand = {
    "gc",
    "Space and health",
    "free what no version needs",
    "[--yes] [--grace TIME] [--no-trash]",
    "dlv gc\tshow what would be freed\n"
    "dlv gc --yes\tmove it to the trash; empty the trash of what is older than 14 days\n"
    "dlv gc --yes --no-trash --grace 0\tfree everything now",
    "Times: 500ms, 30s, 12h, 14d, 2w; a bare number means days.",
    Make<GcCommand>};

}  // namespace dlv::cli
