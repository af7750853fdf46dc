#include <chrono>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"

namespace dlv::cli {
namespace {

class ArchiveCommand : public Command {
 public:
  void Declare(Arguments& arguments) override { arguments.Operand("REF", &reference_); }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    const auto start = std::chrono::steady_clock::now();
    DLV_ASSIGN(const ArchiveResult result,
               repository->Archive(reference_.value_or(""), context.LongOperation()));
    context.EndProgress();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    Output& out = context.out();
    if (out.json()) {
      out.Text(ArchiveDocument(result, out.mode()));
    } else if (out.human() && result.tensors == 0) {
      out.Line("Nothing to store again: no version has tensors.");
    } else if (!out.quiet()) {
      std::string line = Plural(result.rewritten, "tensor") + " of " +
                         std::to_string(result.tensors) + " rewritten  ";
      line += HumanBytes(result.before_bytes) + " -> " + HumanBytes(result.after_bytes);
      if (result.rewritten > 0)
        line += " (" + HumanRatio(result.before_bytes, result.after_bytes) + ")";
      out.Paragraph(line + "  " + HumanDuration(elapsed.count()));
      if (result.rewritten > 0) out.Next("dlv gc");
    }
    return kExitOk;
  }

 private:
  std::optional<std::string> reference_;
};

}  // namespace

extern const CommandEntry kArchiveCommand;
const CommandEntry kArchiveCommand = {"archive",
                                      "Space and health",
                                      "store tensors again with the best codec",
                                      "[REF]",
                                      "dlv archive lenet:v1\tone version\n"
                                      "dlv archive\tall versions",
                                      "What is stored is checked before the old form is given up; "
                                      "interrupting is safe. dlv gc frees the old form.",
                                      Make<ArchiveCommand>};

}  // namespace dlv::cli
