#include "cli/command.h"
#include "cli/editor.h"
#include "cli/exit_status.h"
#include "cli/json_history.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kMaxNoteBytes = 256u << 10;

class NoteCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Value("-m,--message", &text_, "TEXT", "the note");
    arguments.Value("-F,--file", &file_, "FILE", "take the note from FILE; - is stdin");
    arguments.Flag("--edit", &edit_, "edit the note ($DLV_EDITOR, $VISUAL or $EDITOR)");
    arguments.Flag("-d,--delete", &delete_, "delete the note");
  }

  Result<int> Run(Context& context) override {
    const int ways = int{text_.has_value()} + int{file_.has_value()} + int{edit_} + int{delete_};
    if (ways > 1)
      return Error{ErrorCode::kInvalidArgument, "dlv note: give one of -m, -F, --edit and -d"};
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               ways == 0 ? context.OpenToRead() : context.OpenToWrite());
    DLV_ASSIGN(ResolvedReference resolved, repository->Resolve(*reference_));
    const std::string name = resolved.model + ":v" + std::to_string(resolved.number);
    if (ways != 0) {
      DLV_ASSIGN(const std::string text, NewText(*repository, name));
      DLV_TRY(repository->SetNote(name, text));
    }
    DLV_ASSIGN(const VersionDetails details, repository->Describe(name));
    Show(context.out(), name, details.summary.note, ways != 0);
    return kExitOk;
  }

 private:
  Result<std::string> NewText(const Repository& repository, const std::string& name) const {
    if (delete_) return std::string();
    if (text_) return *text_;
    if (file_) return ReadText(*file_ == "-" ? "/dev/stdin" : *file_, kMaxNoteBytes);
    DLV_ASSIGN(const VersionDetails details, repository.Describe(name));
    const std::string& before = details.summary.note;
    return EditText("note.md", before.empty() ? before : before + "\n", kMaxNoteBytes);
  }

  void Show(Output& out, const std::string& name, const std::string& note, bool changed) const {
    if (out.json()) return out.Text(NoteDocument(name, note, out.mode()));
    if (out.quiet()) return out.Line(Sanitize(name));
    if (note.empty()) {
      return out.Line(Sanitize(name) + (changed ? ": note deleted" : " has no note"));
    }
    if (changed) return out.Line(Sanitize(name) + ": note written");
    for (const std::string& line : LinesOf(note)) out.Line(line);
  }

  std::optional<std::string> reference_, text_, file_;
  bool edit_ = false, delete_ = false;
};

}  // namespace

extern const CommandEntry kNoteCommand;
const CommandEntry kNoteCommand = {
    "note",
    "Name",
    "write down something about a version",
    "REF [-m TEXT | -F FILE | --edit | -d]",
    "dlv note lenet:v3 -m 'the one from the paper'\twrite it\n"
    "echo '*bold*' | dlv note lenet:v3 -F -\tMarkdown, from a file or stdin\n"
    "dlv note lenet:v3\tread it",
    "A note is no part of a version's id and can be changed at any "
    "time; dlv undo takes that back. dlv "
    "desc shows it, dlv log its first line.",
    Make<NoteCommand>};

}  // namespace dlv::cli
