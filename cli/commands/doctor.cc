#include "cli/command.h"
#include "cli/doctor_report.h"
#include "cli/exit_status.h"
#include "cli/human.h"

namespace dlv::cli {
namespace {

class DoctorCommand : public Command {
 public:
  void Declare(Arguments&) override {}

  Result<int> Run(Context& context) override {
    const Result<std::filesystem::path> root = context.Root();
    // A repository that was asked for by name and is not there is an error as anywhere.
    const bool named = context.options().repository || EnvironmentValue("DLV_DIR");
    std::error_code error;
    if (named && (!root.ok() || !std::filesystem::exists(*root / ".dlv", error))) {
      return Error{ErrorCode::kNotFound,
                   "no repository in " + (root.ok() ? root->string() : "the folder given")};
    }
    std::optional<std::filesystem::path> folder;
    if (root.ok()) folder = *root;
    const DoctorReport report = Examine(folder);
    Output& out = context.out();
    if (out.json()) {
      out.Text(DoctorDocument(report, out.mode()));
    } else if (out.quiet()) {
      for (const std::string& problem : report.problems) out.Line(Sanitize(problem));
    } else {
      Show(out, report);
    }
    return report.problems.empty() ? kExitOk : kExitNo;
  }

 private:
  static void Show(Output& out, const DoctorReport& report) {
    if (report.problems.empty()) {
      out.Line(out.style()(Paint::kGreen, "ok") + "  nothing is wrong here");
    } else {
      out.Line(out.style()(Paint::kRed, Plural(report.problems.size(), "problem")));
    }
    for (const std::string& problem : report.problems) out.Paragraph("  " + Sanitize(problem), 4);
    for (const std::string& note : report.notes) out.Paragraph("note: " + Sanitize(note), 6);
    ShowMachine(out, report.machine);
    ShowRepository(out, report);
    ShowSettings(out, report);
  }

  // A path is one long word: its middle goes where the line is too short.
  static std::string Path(const Output& out, const std::filesystem::path& path) {
    constexpr std::size_t kLabel = 11;
    const std::string text = Sanitize(path.string());
    const std::size_t width = out.terminal().width;
    return width == 0 ? text : Elide(text, std::max(width, kLabel + 12) - kLabel, Cut::kMiddle);
  }

  static void ShowMachine(Output& out, const MachineFacts& facts) {
    std::string libraries, kernels;
    for (const auto& [name, version] : facts.libraries)
      libraries += (libraries.empty() ? "" : ", ") + name + " " + version;
    for (const std::string& level : facts.kernels_possible)
      kernels += (kernels.empty() ? "" : ", ") + level;
    out.Field("dlv", facts.version + " with " + Sanitize(libraries));
    out.Field("machine", Plural(facts.processors, "processor") + ", " +
                             HumanBytes(facts.memory_bytes) + " of memory; kernels " +
                             facts.kernels + " of " + kernels);
  }

  static void ShowRepository(Output& out, const DoctorReport& report) {
    if (!report.repository)
      return out.Field("repository", "none here or above (dlv init makes one)");
    const RepositoryFacts& facts = *report.repository;
    out.Field("repository", Path(out, facts.root));
    out.Field("holds", Plural(facts.models, "model") + ", " + Plural(facts.versions, "version") +
                           ", " + Plural(facts.packs, "pack") + " of " +
                           HumanBytes(facts.pack_bytes) + "; trash " +
                           HumanBytes(facts.trash_bytes));
    const FileSystemFacts& files = facts.file_system;
    out.Field("disk", files.kind + (files.local ? ", local, " : ", not local, ") +
                          HumanBytes(files.free_bytes) + " free" +
                          (files.writable ? "" : ", not writable"));
    for (const HolderFacts& holder : facts.holders)
      out.Field("held", Sanitize(holder.file) + " by " + Sanitize(holder.holder));
  }

  static void ShowSettings(Output& out, const DoctorReport& report) {
    for (const auto& [path, there] : report.config_files)
      out.Field("settings", Path(out, path) + (there ? "" : "  (not there)"));
    Table table({{"  SETTING"},
                 {"VALUE", Align::kLeft, 0, 8},
                 {"FROM", Align::kLeft, 1, 12, Cut::kMiddle}});
    for (const auto& [key, value] : report.settings)
      table.AddRow({"  " + key, value.text.empty() ? "-" : value.text, value.origin});
    out.Print(table);
    Table variables({{"  VARIABLE"}, {"VALUE", Align::kLeft, 0, 8, Cut::kMiddle}});
    for (const auto& [name, value] : report.environment) variables.AddRow({"  " + name, value});
    if (!report.environment.empty()) out.Print(variables);
  }
};

}  // namespace

extern const CommandEntry kDoctorCommand;
const CommandEntry kDoctorCommand = {
    "doctor",
    "More",
    "see whether dlv has what it needs",
    "",
    "dlv doctor\twhat runs here, what is set and by whom, and what is wrong\n"
    "dlv doctor --json\tthe same, to go with a report of a defect",
    "Looks at the machine, the libraries, the disk, the settings and, quickly, at the repository "
    "(dlv fsck looks at every byte). Status 0: nothing is wrong; 1: something is. Nothing secret "
    "is shown and nothing is changed.",
    Make<DoctorCommand>,
    true};

}  // namespace dlv::cli
