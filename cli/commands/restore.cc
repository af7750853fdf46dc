#include <algorithm>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_history.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class RestoreCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("REF", &references_);
    arguments.Flag("--list", &list_, "what was removed and can be restored, and until when");
    arguments.Flag("--all", &all_, "with --list: also what is gone for good");
  }

  Result<int> Run(Context& context) override {
    if (list_) return List(context);
    if (references_.empty()) {
      return Error{ErrorCode::kInvalidArgument, "dlv restore: which version?",
                   "dlv restore --list shows what was removed"};
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_ASSIGN(const std::vector<std::string> restored, repository->Restore(references_));
    Output& out = context.out();
    if (out.json()) {
      out.Text(RestoredDocument(restored, out.mode()));
      return kExitOk;
    }
    for (const std::string& name : restored)
      out.Line((out.quiet() ? "" : "Restored ") + Sanitize(name));
    out.Next("dlv desc " + ShellWord(restored.front()));
    return kExitOk;
  }

 private:
  Result<int> List(Context& context) const {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(std::vector<RemovedVersion> removed, repository->ListRemoved());
    const std::size_t before = removed.size();
    if (!all_) {
      std::erase_if(removed, [](const RemovedVersion& version) {
        return version.state == RemovedVersion::State::kGone;
      });
    }
    Output& out = context.out();
    if (out.json()) {
      out.Text(RemovedDocument(removed, out.mode()));
    } else if (out.quiet()) {
      for (const RemovedVersion& version : removed) out.Line(Sanitize(version.reference()));
    } else {
      Show(context, removed, before - removed.size());
    }
    return kExitOk;
  }

  static std::string Until(const RemovedVersion& version, std::int64_t now) {
    switch (version.state) {
      case RemovedVersion::State::kHere:
        return "in place; after dlv gc in the trash";
      case RemovedVersion::State::kTrash:
        return version.until <= now ? "in the trash; the next dlv gc deletes it"
                                    : "in the trash until " + CalendarTime(version.until);
      case RemovedVersion::State::kGone:
        return "gone";
    }
    return "";
  }

  static void Show(Context& context, const std::vector<RemovedVersion>& removed,
                   std::size_t hidden) {
    Output& out = context.out();
    if (removed.empty()) {
      out.Line("Nothing can be restored.");
    } else {
      Table table({{"VERSION", Align::kLeft, 0, 12, Cut::kMiddle},
                   {"ID", Align::kLeft, 2},
                   {"REMOVED", Align::kRight, 1},
                   {"BY OP", Align::kRight, 3},
                   {"BYTES", Align::kLeft, 0, 12}});
      for (const RemovedVersion& version : removed) {
        table.AddRow(
            {version.reference(), ShortId(version.id), RelativeTime(version.removed, context.now()),
             std::to_string(version.operation), Until(version, context.now())},
            {Paint::kBold, Paint::kYellow, Paint::kDim, Paint::kDim});
      }
      out.Print(table);
    }
    if (hidden > 0) out.Line(Plural(hidden, "version") + " more gone for good (--all)");
    if (!removed.empty()) out.Next("dlv restore " + ShellWord(removed.front().reference()));
  }

  std::vector<std::string> references_;
  bool list_ = false, all_ = false;
};

}  // namespace

extern const CommandEntry kRestoreCommand;
const CommandEntry kRestoreCommand = {
    "restore",
    "History",
    "bring removed versions back",
    "REF... | --list [--all]",
    "dlv restore --list\twhat can be restored, and until when\n"
    "dlv rm lenet:v2 --yes && dlv restore lenet:v2\tremoved, and back\n"
    "dlv rm birds --all-versions --yes && dlv restore birds\twhat the last rm of a model took",
    "A removed version can be restored while its bytes exist: until dlv gc, and then for as long "
    "as "
    "they are in the trash (14 days unless --grace says otherwise). It comes back under its "
    "number and id, with the tags and the note that it had; aliases come back with dlv undo.",
    Make<RestoreCommand>};

}  // namespace dlv::cli
