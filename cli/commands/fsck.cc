#include <chrono>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class FsckCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Flag("--full", &full_, "decode every tensor and check every id");
    arguments.Flag("--repair", &repair_,
                   "make a damaged or missing operation log anew from the catalog");
    arguments.Flag("--rebuild-catalog", &rebuild_,
                   "make the catalog anew from the packs and the operation log");
    arguments.Flag(
        "--adopt", &adopt_,
        "with --rebuild-catalog: take in every version in the packs that neither catalog "
        "nor log names");
    arguments.Flag(
        "-y,--yes", &yes_,
        "with --rebuild-catalog: replace a sound catalog also by one with fewer versions");
  }

  Result<int> Run(Context& context) override {
    if ((adopt_ || yes_) && !rebuild_) {
      return Error{ErrorCode::kInvalidArgument, "--adopt and --yes go with --rebuild-catalog only"};
    }
    if (repair_ && (rebuild_ || full_)) {
      return Error{ErrorCode::kInvalidArgument, "--repair goes with no other option"};
    }
    const auto start = std::chrono::steady_clock::now();
    Result<VerifyResult> verified = Verify(context);
    context.EndProgress();
    if (!verified.ok()) {
      Error error = std::move(verified).error();
      if (error.code == ErrorCode::kCorruption && !rebuild_ && error.hint.empty()) {
        error.hint = "dlv fsck --rebuild-catalog makes the catalog anew from the packs";
      }
      return error;
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    Output& out = context.out();
    if (out.json()) {
      out.Text(VerifyDocument(*verified, out.mode()));
    } else if (out.quiet()) {
      for (const Finding& finding : verified->findings) out.Line(Sanitize(finding.where));
    } else {
      Show(out, *verified, elapsed.count());
    }
    return verified->findings.empty() ? kExitOk : kExitNo;
  }

 private:
  Result<VerifyResult> Verify(Context& context) const {
    if (rebuild_) {
      DLV_ASSIGN(const std::filesystem::path root, context.Root());
      return Repository::RebuildCatalog(root, context.LongOperation(),
                                        {.accept_fewer = yes_, .adopt = adopt_});
    }
    if (repair_) {
      DLV_ASSIGN(const std::filesystem::path root, context.Root());
      return Repository::RepairLog(root);
    }
    const Result<std::unique_ptr<Repository>> repository = context.OpenToRead();
    if (!repository.ok() && repository.error().code == ErrorCode::kCorruption) {
      DLV_ASSIGN(const std::filesystem::path root, context.Root());
      return Repository::VerifyWithoutCatalog(root, context.LongOperation());
    }
    if (!repository.ok()) return repository.error();
    VerifyOptions options;
    options.full = full_;
    return (*repository)->Verify(options, context.LongOperation());
  }

  void Show(Output& out, const VerifyResult& result, double seconds) const {
    if (repair_) return ShowRepair(out, result);
    const bool well = result.findings.empty();
    const std::string verdict =
        well ? (rebuild_ ? "rebuilt" : "ok") : Plural(result.findings.size(), "finding");
    const std::string counts = Plural(result.versions, "version") + ", " +
                               Plural(result.tensors, "tensor") + ", " +
                               Plural(result.packs, "pack") + ", " + HumanBytes(result.bytes) +
                               "  " + HumanDuration(seconds);
    out.Paragraph(out.style()(well ? Paint::kGreen : Paint::kRed, verdict) + "  " + counts);
    for (const Finding& finding : result.findings) {
      out.Line("");
      out.Paragraph(out.style()(Paint::kRed, "bad") + "  " + Sanitize(finding.where), 5);
      out.Paragraph("     " + Sanitize(finding.what), 5);
      if (!finding.affected.empty()) {
        out.Paragraph("     affects " + JoinNames(finding.affected), 5);
      }
    }
    for (const std::string& note : result.notes) out.Paragraph("note: " + Sanitize(note), 6);
    if (well && !full_ && !rebuild_) out.Next("dlv fsck --full decodes everything");
  }

  static void ShowRepair(Output& out, const VerifyResult& result) {
    out.Paragraph(out.style()(Paint::kGreen, "ok") + "  " + Plural(result.versions, "version"));
    for (const std::string& note : result.notes) out.Paragraph("note: " + Sanitize(note), 6);
    out.Next("dlv fsck");
  }

  bool full_ = false, rebuild_ = false, repair_ = false, adopt_ = false, yes_ = false;
};

}  // namespace

extern const CommandEntry kFsckCommand;
const CommandEntry kFsckCommand = {
    "fsck",
    "Space and health",
    "check that everything is as it was written",
    "[--full | --repair | --rebuild-catalog [--adopt] [--yes]]",
    "dlv fsck\tchecksums of all stored bytes\n"
    "dlv fsck --full\tdecode every tensor and check every id\n"
    "dlv fsck --repair\tmake a lost or damaged operation log anew\n"
    "dlv fsck --rebuild-catalog\tmake a lost or damaged catalog anew",
    "Status 0: all is well; 1: damage was found, and is named with the versions it affects. "
    "Nothing is repaired without being asked for. --repair keeps the damaged log beside the new "
    "one. --rebuild-catalog takes in versions that only their packs know of as recovered-MODEL:vN, "
    "says so and ends with status 1: they may have been removed; dlv mv gives them their names "
    "back.",
    Make<FsckCommand>};

}  // namespace dlv::cli
