#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_portable.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class ImportCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("DIR", &folder_, true);
    arguments.Value("--kind", &kind_, "KIND", ImportKindsHelp());
    arguments.Flag("--dry-run", &dry_run_, "only show what would be imported");
  }

  Result<int> Run(Context& context) override {
    ImportOptions options;
    options.source = *folder_;
    options.dry_run = dry_run_;
    if (kind_) {
      DLV_ASSIGN(options.kind, KindFromName(*kind_));
    }
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               dry_run_ ? context.OpenToRead() : context.OpenToWrite());
    DLV_ASSIGN(const ImportResult result, repository->Import(options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    for (const std::string& warning : result.warnings) out.Warn(warning);
    if (out.json()) {
      out.Text(ImportDocument(result, !dry_run_, out.mode()));
    } else if (out.quiet()) {
      for (const ImportItem& item : result.items) {
        if (item.state == ImportItem::State::kImported) out.Line(Sanitize(item.reference));
      }
    } else {
      Show(out, result);
    }
    return kExitOk;
  }

 private:
  static const char* ImportKindsHelp() {
    return "export, hf-cache, mlflow or dvc (default: found out)";
  }

  static Result<ImportKind> KindFromName(const std::string& name) {
    for (const ImportKind kind :
         {ImportKind::kExport, ImportKind::kHuggingFace, ImportKind::kMlflow, ImportKind::kDvc}) {
      if (name == NameOf(kind)) return kind;
    }
    return Error{ErrorCode::kInvalidArgument,
                 "--kind: got \"" + name + "\", want export, hf-cache, mlflow or dvc"};
  }

  static const char* StateText(ImportItem::State state, bool dry_run) {
    switch (state) {
      case ImportItem::State::kImported:
        return dry_run ? "would be imported" : "imported";
      case ImportItem::State::kThere:
        return "is there";
      case ImportItem::State::kSkipped:
        return "skipped";
    }
    return "";
  }

  void Show(Output& out, const ImportResult& result) const {
    std::string line = (dry_run_ ? "Would import " : "Imported ") +
                       Plural(result.imported, "version") + " from " + Sanitize(*folder_) + " (" +
                       std::string(NameOf(result.kind)) + ")";
    if (result.there != 0) line += ", " + std::to_string(result.there) + " were there already";
    if (result.skipped != 0) line += ", " + std::to_string(result.skipped) + " skipped";
    out.Paragraph(line + (dry_run_ ? " (dry run)" : ""));
    Table table({{"FROM", Align::kLeft, 0, 12, Cut::kMiddle},
                 {"VERSION", Align::kLeft, 0, 10, Cut::kMiddle},
                 {"SIZE", Align::kRight, 2},
                 {"STATE", Align::kLeft, 0},
                 {"NOTE", Align::kLeft, 1, 14}});
    for (const ImportItem& item : result.items) {
      const bool nothing_new = item.state == ImportItem::State::kThere && item.note.empty();
      if (nothing_new && !dry_run_) continue;
      table.AddRow({item.source, item.reference, item.bytes == 0 ? "" : HumanBytes(item.bytes),
                    StateText(item.state, dry_run_), item.note},
                   {Paint::kDim, Paint::kBold});
    }
    if (table.row_count() > 0) out.Print(table);
    if (dry_run_) {
      out.Next("dlv import " + ShellWord(*folder_));
    } else {
      out.Next("dlv list");
    }
  }

  std::optional<std::string> folder_, kind_;
  bool dry_run_ = false;
};

}  // namespace

extern const CommandEntry kImportCommand;
const CommandEntry kImportCommand = {
    "import",
    "Start and add",
    "bring in an export, a Hugging Face cache, an MLflow or DVC folder",
    "DIR [--kind KIND] [--dry-run]",
    "dlv export --all ../plain && dlv import ../plain --dry-run\twhat would come in\n"
    "dlv export --all ../plain && dlv import ../plain\twith the ids, numbers and aliases that it "
    "had",
    "Each version comes in as a whole or not at all; an interrupted import is continued by the "
    "next, "
    "and a second one finds everything there. Nothing is overwritten: an alias that points "
    "elsewhere stays, and a version whose number is taken gets the next one. The folder may come "
    "from "
    "anywhere: links are not followed, and every byte is held against the version's id.\n"
    "Of other tools: a Hugging Face cache (dlv import ~/.cache/huggingface/hub) gives a version "
    "for each snapshot, with refs as aliases "
    "and "
    "base_model of the README as parent; MLflow (dlv import mlruns) one for each run with "
    "artifacts; DVC one for each "
    "output that holds a checkpoint and is in the cache, as the work tree has it now. Such "
    "versions "
    "carry the tag origin, by which a second import knows them. Nothing is asked of the network.",
    Make<ImportCommand>};

}  // namespace dlv::cli
