#include "dlv/quantize.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class QuantizeCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Value("--scheme", &scheme_, "SCHEME",
                    "fp16, bf16, fixed:BITS, codebook:BITS or uniform:BITS");
    arguments.Value("--tensors", &tensors_, "GLOB",
                    "these tensors (default: the weights of two dimensions and more; with fp16 and "
                    "bf16 all parameters and buffers)");
    arguments.Value("-n,--name", &name_, "NAME", "the model of the new version (default: REF's)");
    arguments.Value("-m,--message", &message_, "TEXT", "message of the new version");
    arguments.Flag("-y,--yes", &yes_,
                   "make the version; without it only what it would be is shown");
  }

  Result<int> Run(Context& context) override {
    if (!scheme_) {
      return Error{ErrorCode::kInvalidArgument, "no scheme is given",
                   "dlv quantize " + ShellWord(*reference_) + " --scheme bf16"};
    }
    QuantizeOptions options;
    DLV_ASSIGN(options.quantization, ParseQuantization(*scheme_));
    options.tensor_glob = tensors_.value_or("");
    options.model = name_.value_or("");
    options.message = message_.value_or("");
    options.execute = yes_;
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               yes_ ? context.OpenToWrite() : context.OpenToRead());
    DLV_ASSIGN(const QuantizeResult result,
               repository->Quantize(*reference_, options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(QuantizeDocument(options.quantization, result, out.mode()));
    } else if (out.quiet()) {
      if (result.commit) out.Line(Sanitize(result.commit->version.reference()));
    } else {
      Show(out, options, result);
    }
    return kExitOk;
  }

 private:
  static void Show(Output& out, const QuantizeOptions& options, const QuantizeResult& result) {
    std::size_t changed = 0;
    for (const QuantizedTensor& tensor : result.tensors) changed += tensor.changed ? 1 : 0;
    out.Paragraph(Sanitize(result.source) + " as " + ToText(options.quantization) + ": " +
                  std::to_string(changed) + " of " + Plural(result.tensors.size(), "tensor") +
                  " rounded, coded " + HumanBytes(result.coded_before) + " -> " +
                  HumanBytes(result.coded_after) + " (" +
                  HumanRatio(result.coded_before, result.coded_after) + ")");
    out.Paragraph("largest error " + HumanNumber(result.max_error, 3) + ", relative error " +
                  HumanNumber(result.relative_error, 3) +
                  " (norm of the errors / norm of the values)");
    ShowTensors(out, result, changed);
    if (result.commit) {
      out.Line("");
      out.Line(Sanitize(result.commit->version.reference()) + "  relation quantize, parent " +
               Sanitize(result.source) + ", which stays");
      out.Next("dlv checkout " + ShellWord(result.commit->version.reference()) +
               " --format safetensors");
    } else {
      out.Line("");
      out.Line("Nothing is changed yet; --yes makes it a version of its own.");
    }
  }

  static void ShowTensors(Output& out, const QuantizeResult& result, std::size_t changed) {
    const std::size_t most = out.terminal().width == 0 ? changed : 24;
    Table table({{"  TENSOR", Align::kLeft, 0, 16, Cut::kMiddle},
                 {"TYPE", Align::kLeft, 1},
                 {"CODED", Align::kRight},
                 {"AFTER", Align::kRight},
                 {"MAX ERROR", Align::kRight},
                 {"BOUND", Align::kRight, 1},
                 {"RELATIVE", Align::kRight}});
    std::size_t shown = 0;
    for (const QuantizedTensor& tensor : result.tensors) {
      if (!tensor.changed || shown == most) continue;
      ++shown;
      const std::string before(NameOf(tensor.info.dtype)), after(NameOf(tensor.dtype));
      table.AddRow({"  " + tensor.info.name, before == after ? before : before + " -> " + after,
                    HumanBytes(tensor.coded_before), HumanBytes(tensor.coded_after),
                    HumanNumber(tensor.max_error, 3),
                    tensor.bound ? HumanNumber(*tensor.bound, 3) : "-",
                    HumanNumber(tensor.relative_error, 3)});
    }
    if (table.row_count() > 0) out.Print(table);
    if (shown < changed) {
      out.Line(out.style()(
          Paint::kDim, "  ... and " + std::to_string(changed - shown) + " more (--no-truncate)"));
    }
  }

  std::optional<std::string> reference_, scheme_, tensors_, name_, message_;
  bool yes_ = false;
};

}  // namespace

extern const CommandEntry kQuantizeCommand;
const CommandEntry kQuantizeCommand = {
    "quantize",
    "Space and health",
    "make a lossy version beside the exact one",
    "REF --scheme SCHEME [--tensors GLOB] [-n NAME] [--yes]",
    "dlv quantize lenet --scheme bf16\twhat it would be: sizes and errors\n"
    "dlv quantize lenet --scheme fixed:8 -n lenet-int8 --yes\tmake it, as a model of its own\n"
    "dlv quantize lenet:v1 --scheme codebook:4 --tensors 'conv*'\tsome weights, 16 values each",
    "The result is a new version with the relation quantize to REF; scheme and errors are kept "
    "with "
    "it (dlv desc). REF stays exact until you remove it with dlv rm and dlv gc.\n"
    "REF's network and remembered preprocessing go with it: dlv eval REF NEW --data DATA compares "
    "them.\n"
    "fp16, bf16: every value rounded to that type, to nearest, ties to even. NaN and infinities "
    "stay; "
    "a value too large for fp16 is an error that names it.\n"
    "fixed:BITS (2 to 24): whole multiples of one power of two for a tensor; no error exceeds half "
    "of it.\n"
    "codebook:BITS (1 to 8): 2^BITS values for a tensor, placed by k-means. uniform:BITS: the same "
    "at equal distances from the least value to the greatest, no error above half a distance.\n"
    "The last three keep the tensors' types, so any program reads the result, and dlv stores the "
    "few "
    "values in few bits. Integers and tensors with no more bits are left as they are.",
    Make<QuantizeCommand>};

}  // namespace dlv::cli
