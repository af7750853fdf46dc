#include <algorithm>

#include "cli/command.h"
#include "cli/editor.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_history.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

constexpr std::uint64_t kMaxEditedBytes = 1u << 20;

class CopyCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("SRC", &request_source_, true);
    arguments.Operand("NEW", &model_, true);
    arguments.Flag("--no-weights", &no_weights_, "only files without tensors and hyper-parameters");
    arguments.Flag("--edit", &edit_,
                   "edit the text files before ($DLV_EDITOR, $VISUAL or $EDITOR)");
    arguments.Values("--file", &files_, "[PATH=]FILE",
                     "put FILE in place of the file PATH, or add it");
    arguments.Values("--drop-file", &request_.drop_files, "PATH", "leave this file out");
    arguments.Values("--hparam", &hparams_, "K=V", "change or add a hyper-parameter");
    arguments.Values("--drop-hparam", &request_.drop_hparams, "K", "leave it out");
    arguments.Value("-m,--message", &message_, "TEXT", "what this version is");
    arguments.Values("--tag", &tags_, "K[=V]", "a tag");
    arguments.Values("--alias", &request_.aliases, "NAME", "put this alias on it");
  }

  Result<int> Run(Context& context) override {
    request_.source = *request_source_;
    request_.model = *model_;
    request_.message = message_.value_or("");
    request_.with_weights = !no_weights_;
    DLV_TRY(ReadOptions());
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_ASSIGN(const EditFolder folder, EditFolder::Create());
    if (edit_) DLV_TRY(Edit(*repository, folder));
    DLV_ASSIGN(const CommitResult result, repository->Copy(request_, context.LongOperation()));
    context.EndProgress();
    Show(context.out(), result);
    return kExitOk;
  }

 private:
  Status ReadOptions() {
    for (const std::string& text : hparams_) {
      DLV_ASSIGN(auto pair, SplitKeyValue(text, "--hparam"));
      request_.hparams.insert_or_assign(pair.first, pair.second);
    }
    for (const std::string& text : tags_) {
      const std::size_t equals = std::min(text.find('='), text.size());
      request_.tags[text.substr(0, equals)] = equals == text.size() ? "" : text.substr(equals + 1);
    }
    for (const std::string& text : files_) {
      const std::size_t equals = text.find('=');
      FileInput input;
      if (equals == std::string::npos) {
        input.source = text;
      } else {
        input.path = text.substr(0, equals);
        input.source = text.substr(equals + 1);
      }
      request_.files.push_back(std::move(input));
    }
    return Ok();
  }

  static bool IsText(const std::vector<std::byte>& bytes) {
    return std::find(bytes.begin(), bytes.end(), std::byte{0}) == bytes.end();
  }

  Status Edit(const Repository& repository, const EditFolder& folder) {
    struct Edited {
      std::string path, before;
      std::filesystem::path file;
    };
    DLV_ASSIGN(const VersionDetails details, repository.Describe(request_.source));
    std::vector<Edited> edited;
    for (const FileInfo& info : details.files) {
      if (info.tensor_count != 0 || info.size_bytes > kMaxEditedBytes) continue;
      DLV_ASSIGN(const auto bytes,
                 repository.ReadFile(details.summary.reference(), info.path, kMaxEditedBytes));
      if (!IsText(bytes)) continue;
      const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      // Numbered, as the paths of a version from elsewhere are not to be trusted.
      const std::filesystem::path name = std::filesystem::path(info.path).filename();
      DLV_ASSIGN(auto file, folder.Write(std::to_string(edited.size()) + "-" +
                                             (name.empty() ? "file" : name.string()),
                                         text));
      edited.push_back({info.path, text, std::move(file)});
    }
    if (edited.empty()) {
      return Error{ErrorCode::kNotFound,
                   details.summary.reference() + " has no text files to edit"};
    }
    std::vector<std::filesystem::path> files;
    for (const Edited& item : edited) files.push_back(item.file);
    DLV_TRY(RunEditor(files));
    for (const Edited& item : edited) {
      DLV_ASSIGN(const std::string after, ReadText(item.file, kMaxEditedBytes));
      if (after == item.before) continue;
      FileInput input;
      input.source = item.file;
      input.path = item.path;
      request_.files.push_back(std::move(input));
    }
    return Ok();
  }

  void Show(Output& out, const CommitResult& result) const {
    if (out.json()) return out.Text(CopyDocument(request_.source, result, out.mode()));
    const std::string name = result.version.reference();
    if (out.quiet()) return out.Line(Sanitize(name));
    std::string line =
        out.style()(Paint::kBold, Sanitize(name)) + "  " +
        out.style()(Paint::kYellow, ShortId(result.version.id)) + "  copy of " +
        Sanitize(result.version.parents.empty() ? request_.source
                                                : result.version.parents.front().reference);
    if (no_weights_) line += ", without weights";
    line += ": " + Plural(result.files.size(), "file");
    if (!no_weights_) line += ", " + Plural(result.tensors_total, "tensor") + " shared";
    out.Paragraph(line + ", " + HumanBytes(result.added_bytes) + " added");
    out.Next("dlv checkout " + ShellWord(name) + " -o " + ShellWord(result.version.model));
  }

  CopyRequest request_;
  std::optional<std::string> request_source_, model_, message_;
  std::vector<std::string> files_, hparams_, tags_;
  bool no_weights_ = false, edit_ = false;
};

}  // namespace

extern const CommandEntry kCopyCommand;
const CommandEntry kCopyCommand = {
    "copy",
    "Name",
    "begin a new model from an old version",
    "SRC NEW [--no-weights] [--edit] [--file [PATH=]FILE] [--hparam K=V]",
    "dlv copy lenet:best lenet-wide\tthe same under a new name; no bytes are copied\n"
    "dlv copy lenet:v2 lenet-wide --no-weights --hparam width=2\ta start for another training\n"
    "dlv copy lenet:v2 lenet-b --file config.json=run/config.json\twith another file in place",
    "The new version names the old one as parent, with relation copy. Hyper-parameters and files "
    "come "
    "along, and with the weights also the metrics; tags, notes and aliases do not.",
    Make<CopyCommand>};

}  // namespace dlv::cli
