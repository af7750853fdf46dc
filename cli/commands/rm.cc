#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class RmCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("REF", &references_, true);
    arguments.Flag("--all-versions", &all_versions_, "REF names models: every version of them");
    arguments.Flag("-y,--yes", &yes_, "do it");
    arguments.Flag("--force", &force_, "do it even when an alias points there");
    arguments.Flag("--dry-run", &dry_run_, "only show (the default)");
  }

  Result<int> Run(Context& context) override {
    const bool execute = (yes_ || force_) && !dry_run_;
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               execute ? context.OpenToWrite() : context.OpenToRead());
    std::vector<std::string> references = references_;
    if (all_versions_) {
      DLV_ASSIGN(references, VersionsOf(*repository));
    }
    DLV_ASSIGN(const RemoveResult result, repository->Remove(references, force_, !execute));
    Show(context.out(), result, execute);
    return kExitOk;
  }

 private:
  Result<std::vector<std::string>> VersionsOf(const Repository& repository) const {
    std::vector<std::string> references;
    for (const std::string& model : references_) {
      ListOptions options;
      options.model_glob = model;
      DLV_ASSIGN(const std::vector<VersionSummary> versions, repository.ListVersions(options));
      if (versions.empty())
        return Error{ErrorCode::kNotFound, "no model \"" + model + "\"", "dlv list shows them"};
      for (const VersionSummary& version : versions) references.push_back(version.reference());
    }
    return references;
  }

  void Show(Output& out, const RemoveResult& result, bool executed) const {
    if (out.json()) return out.Text(RemoveDocument(result, executed, out.mode()));
    if (out.quiet()) {
      for (const std::string& name : result.removed) out.Line(Sanitize(name));
      return;
    }
    std::string line = (executed ? "Removed " : "Would remove ") +
                       Plural(result.removed.size(), "version") + ": gc ";
    line +=
        (executed ? "can free up to " : "could then free up to ") + HumanBytes(result.freed_bytes);
    if (result.kept_bytes > 0)
      line += "; " + HumanBytes(result.kept_bytes) + " stay, other versions need them";
    out.Paragraph(line + (executed ? "" : " (dry run)"));
    for (const std::string& name : result.removed) out.Line("  " + Sanitize(name));
    if (executed) return out.Next("dlv gc   (back again: dlv undo)");
    // Said also when piped: whoever typed this expects versions to be gone.
    std::string command = "dlv rm";
    for (const std::string& reference : references_) command += " " + ShellWord(reference);
    out.Paragraph("Do it with: " + Sanitize(command) + (all_versions_ ? " --all-versions" : "") +
                  (force_ ? " --force" : " --yes"));
  }

  std::vector<std::string> references_;
  bool all_versions_ = false, yes_ = false, force_ = false, dry_run_ = false;
};

}  // namespace

extern const CommandEntry kRmCommand;
const CommandEntry kRmCommand = {
    "rm",
    "Space and health",
    "remove versions",
    "REF... [--yes | --force]",
    "dlv rm lenet:v2\tshow what would go\n"
    "dlv rm lenet:v2 --yes\tremove it\n"
    "dlv rm lenet --all-versions --force\tremove a model, aliases or not",
    "Without --yes or --force nothing is removed. The bytes are freed by dlv gc, and only those "
    "that no other "
    "version needs, once more than half of their pack is so; until then, and while they are in the "
    "trash, dlv restore brings versions back.",
    Make<RmCommand>};

}  // namespace dlv::cli
