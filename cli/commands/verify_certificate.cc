#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/json_progressive.h"
#include "cli/progressive_view.h"
#include "dlv/progressive.h"

namespace dlv::cli {
namespace {

class VerifyCertificateCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("FILE", &file_, true);
    arguments.Value("--data", &data_, "PATH", "the examples, where they are not where they were");
    arguments.Value("--array", &array_, "NAME", "the array of examples in .npz or .safetensors");
  }

  Result<int> Run(Context& context) override {
    CertificateOptions options;
    options.file = file_.value_or("");
    options.data = data_.value_or("");
    options.array = array_.value_or("");
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const CertificateReport report,
               repository->VerifyCertificate(options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(CertificateDocument(report, out.mode()));
    } else if (!out.quiet()) {
      ShowCertificates(out, report);
    }
    return report.fault_count == 0 ? kExitOk : kExitNo;
  }

 private:
  std::optional<std::string> file_, data_, array_;
};

}  // namespace

extern const CommandEntry kVerifyCertificateCommand;
const CommandEntry kVerifyCertificateCommand = {
    "verify-certificate",
    "Look",
    "prove the certificates of a file again, from the packs",
    "FILE [--data PATH]",
    "dlv eval onnx-lenet --data fashion/ --limit 50 --progressive --certificate p.jsonl && dlv "
    "verify-certificate p.jsonl\twrite them, prove them again\n"
    "dlv eval onnx-lenet --data fashion/ --limit 50 --progressive --certificate p.jsonl -q && dlv "
    "verify-certificate p.jsonl --json",
    "Everything is computed anew, in double precision with reference kernels: centres and bounds "
    "from the stored planes that each certificate names, and the proof of each answer. Nothing "
    "that "
    "was kept is used. Status 1 where a certificate does not hold; docs/progressive.md has the "
    "form "
    "of the file.",
    Make<VerifyCertificateCommand>};

}  // namespace dlv::cli
