#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class TagCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Operands("KEY[=VALUE]", &words_);
    arguments.Flag("-d,--delete", &delete_, "delete these keys");
  }

  Result<int> Run(Context& context) override {
    if (delete_ && words_.empty()) {
      return Error{ErrorCode::kInvalidArgument, "dlv tag -d: KEY is missing",
                   "dlv tag -d REF KEY..."};
    }
    const bool writes = !words_.empty();
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               writes ? context.OpenToWrite() : context.OpenToRead());
    if (delete_) {
      DLV_TRY(repository->DeleteTags(*reference_, words_));
    } else if (writes) {
      KeyValues tags;
      for (const std::string& word : words_) {
        const std::size_t equals = word.find('=');
        if (equals == 0)
          return Error{ErrorCode::kInvalidArgument,
                       "dlv tag: got \"" + word + "\", want KEY or KEY=VALUE"};
        tags[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
      }
      DLV_TRY(repository->SetTags(*reference_, tags));
    }
    DLV_ASSIGN(const VersionDetails details, repository->Describe(*reference_));
    Show(context.out(), details.summary);
    return kExitOk;
  }

 private:
  static void Show(Output& out, const VersionSummary& version) {
    if (out.json()) return out.Text(TagsDocument(version.reference(), version.tags, out.mode()));
    if (out.quiet()) {
      for (const auto& [key, value] : version.tags) out.Line(Sanitize(key));
      return;
    }
    const std::string tags = version.tags.empty() ? "no tags" : KeyValuesText(version.tags, 0);
    out.Paragraph(Sanitize(version.reference()) + "  " + tags);
  }

  std::optional<std::string> reference_;
  std::vector<std::string> words_;
  bool delete_ = false;
};

}  // namespace

extern const CommandEntry kTagCommand;
const CommandEntry kTagCommand = {"tag",
                                  "Name",
                                  "label a version",
                                  "REF [KEY[=VALUE]...] [-d]",
                                  "dlv tag lenet:v3 shipped dataset=fashion-mnist\tset two\n"
                                  "dlv tag lenet:v3\tshow them\n"
                                  "dlv tag -d lenet:v3 shipped\tdelete one",
                                  "A tag is a label that many versions may carry. A name for one "
                                  "version that moves is an alias: dlv alias.",
                                  Make<TagCommand>};

}  // namespace dlv::cli
