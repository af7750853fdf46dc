#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class ListCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("GLOB", &glob_);
    arguments.Flag("--versions", &versions_, "every version, newest first");
    arguments.Number("-n,--limit", &limit_, "N", "at most N rows");
  }

  Result<int> Run(Context& context) override {
    ListOptions options;
    options.model_glob = glob_.value_or("*");
    options.limit = static_cast<std::size_t>(limit_.value_or(0));
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    if (versions_) {
      DLV_ASSIGN(const std::vector<VersionSummary> versions, repository->ListVersions(options));
      ShowVersions(context, versions);
    } else {
      DLV_ASSIGN(const std::vector<ModelSummary> models, repository->ListModels(options));
      ShowModels(context, models);
    }
    return kExitOk;
  }

 private:
  void ShowNothing(Output& out) const {
    out.Line(glob_ ? "No model matches \"" + Sanitize(*glob_) + "\"." : "No models yet.");
    out.Next(glob_ ? "dlv list" : "dlv commit -n NAME FILES...");
  }

  void ShowModels(Context& context, const std::vector<ModelSummary>& models) const {
    Output& out = context.out();
    if (out.json()) return out.Text(ModelsDocument(models, out.mode()));
    if (out.quiet()) {
      for (const ModelSummary& model : models) out.Line(Sanitize(model.name));
      return;
    }
    if (models.empty()) return ShowNothing(out);
    Table table({{"MODEL", Align::kLeft, 0, 18, Cut::kMiddle},
                 {"VERS", Align::kRight},
                 {"ALIASES", Align::kLeft, 5, 7},
                 {"PARAMS", Align::kRight, 4},
                 {"METRICS", Align::kLeft, 3, 14, Cut::kParts},
                 {"RAW", Align::kRight, 2},
                 {"STORED", Align::kRight},
                 {"PARENT", Align::kLeft, 6, 10},
                 {"UPDATED", Align::kRight, 1}});
    std::uint64_t raw = 0, stored = 0, versions = 0;
    for (const ModelSummary& model : models) {
      raw += model.raw_bytes;
      stored += model.stored_bytes;
      versions += model.version_count;
      table.AddRow(
          {model.name, std::to_string(model.version_count), OtherAliases(model.latest),
           model.latest.parameter_count == 0 ? "-" : HumanCount(model.latest.parameter_count),
           MetricsText(model.latest.metrics, 2), HumanBytes(model.raw_bytes),
           HumanBytes(model.stored_bytes), ParentsText(model.latest.parents),
           Age(model.latest.created, context.now())},
          {Paint::kBold});
    }
    out.Print(table);
    ShowTotal(out, Plural(models.size(), "model") + ", " + Plural(versions, "version"), raw,
              stored);
    out.Next("dlv log " + ShellWord(models.front().name));
  }

  void ShowVersions(Context& context, const std::vector<VersionSummary>& versions) const {
    Output& out = context.out();
    if (out.json()) return out.Text(VersionsDocument(versions, out.mode()));
    if (out.quiet()) {
      for (const VersionSummary& version : versions) out.Line(Sanitize(version.reference()));
      return;
    }
    if (versions.empty()) return ShowNothing(out);
    Table table({{"VERSION", Align::kLeft, 0, 18, Cut::kMiddle},
                 {"ID", Align::kLeft, 6},
                 {"ALIASES", Align::kLeft, 4, 7},
                 {"SNAPS", Align::kRight, 7},
                 {"PARAMS", Align::kRight, 8},
                 {"METRICS", Align::kLeft, 2, 14, Cut::kParts},
                 {"RAW", Align::kRight, 3},
                 {"STORED", Align::kRight},
                 {"CREATED", Align::kRight, 1},
                 {"MESSAGE", Align::kLeft, 5, 12}});
    std::uint64_t raw = 0, stored = 0;
    for (const VersionSummary& version : versions) {
      raw += version.raw_bytes;
      stored += version.stored_bytes;
      table.AddRow(
          {version.reference(), ShortId(version.id), JoinNames(version.aliases),
           version.snapshot_count == 0 ? "-" : std::to_string(version.snapshot_count),
           version.parameter_count == 0 ? "-" : HumanCount(version.parameter_count),
           MetricsText(version.metrics, 2), HumanBytes(version.raw_bytes),
           HumanBytes(version.stored_bytes), Age(version.created, context.now()), version.message},
          {Paint::kBold, Paint::kYellow, Paint::kCyan});
    }
    out.Print(table);
    ShowTotal(out, Plural(versions.size(), "version"), raw, stored);
    out.Next("dlv desc " + ShellWord(versions.front().reference()));
  }

  // Of the latest version the alias "latest" is no news.
  static std::string OtherAliases(const VersionSummary& version) {
    std::vector<std::string> aliases = version.aliases;
    std::erase(aliases, "latest");
    return JoinNames(aliases);
  }

  static void ShowTotal(Output& out, const std::string& what, std::uint64_t raw,
                        std::uint64_t stored) {
    const std::string text = what + ", " + HumanBytes(stored) + " stored for " + HumanBytes(raw) +
                             " (" + HumanRatio(raw, stored) + ")";
    out.Paragraph(out.style()(Paint::kDim, text), 0);
  }

  std::optional<std::string> glob_;
  std::optional<std::uint64_t> limit_;
  bool versions_ = false;
};

}  // namespace

extern const CommandEntry kListCommand;
const CommandEntry kListCommand = {
    "list",
    "Look",
    "list models, or versions",
    "[GLOB] [--versions]",
    "dlv list\tall models\n"
    "dlv list 'resnet*' --versions\tall versions of some\n"
    "dlv list --versions --jsonl -n 100\tthe last hundred, for a script",
    "STORED is what the commits added to the packs; dlv du accounts for every byte.",
    Make<ListCommand>};

}  // namespace dlv::cli
