#include "dlv/evaluation.h"

#include "cli/command.h"
#include "cli/evaluation_view.h"
#include "cli/exit_status.h"
#include "cli/json_evaluation.h"
#include "cli/json_progressive.h"
#include "cli/progressive_arguments.h"
#include "cli/progressive_view.h"
#include "cli/version_text.h"
#include "cli/write_file.h"

namespace dlv::cli {
namespace {

class EvalCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("REF", &references_, true);
    arguments.Value("--data", &data_, "PATH", "examples: a file or folder");
    arguments.Value("--labels", &labels_, "PATH", "their labels, where they are not found");
    arguments.Value("--array", &array_, "NAME", "the array of examples in .npz or .safetensors");
    arguments.Value("--label-array", &label_array_, "NAME", "the array of labels");
    arguments.Value("--preprocess", &preprocess_, "STEPS",
                    "what is done to examples first (remembered): scale=1/255,mean=M,std=D");
    arguments.Flag("--no-remember", &no_remember_, "do not remember --preprocess");
    arguments.Value("--metric", &metrics_, "NAMES", "top1, top5, loss (default: top1,loss)");
    arguments.Number("--batch", &batch_, "N", "examples at a time (default 64)");
    arguments.Number("--limit", &limit_, "N", "the first N examples only");
    arguments.Flag("--per-class", &per_class_, "a line a class");
    arguments.Flag("--confusion", &confusion_, "which class is taken for which");
    arguments.Value("--predictions", &predictions_, "FILE", "write scores and predictions (.npz)");
    arguments.Flag("--save", &save_, "record the metrics in the catalog");
    progressive_.Declare(arguments);
  }

  Result<int> Run(Context& context) override {
    DLV_TRY(progressive_.Check(ShellWord(references_.front())));
    if (progressive_.prepares()) return Prepare(context);
    DLV_ASSIGN(const EvaluationOptions options, Options());
    if (progressive_.asked()) return RunProgressively(context, options);
    DLV_ASSIGN(const std::unique_ptr<Repository> repository,
               Writes(options) ? context.OpenToWrite() : context.OpenToRead());
    DLV_ASSIGN(const EvaluationReport report,
               repository->Evaluate(references_, options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(EvaluationDocument(report, out.mode()));
    } else if (!out.quiet()) {
      ShowEvaluation(out, report, {per_class_, confusion_});
      if (save_) out.Next("dlv desc " + ShellWord(references_.front()));
    }
    return kExitOk;
  }

 private:
  static bool Writes(const EvaluationOptions& options) {
    return options.save || (options.preprocess && options.remember);
  }

  Result<int> RunProgressively(Context& context, EvaluationOptions options) {
    if (!metrics_) options.metrics = {"top1"};
    DLV_ASSIGN(const ProgressiveOptions progressive, progressive_.Options());
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, OpenForBounds(context, options));
    DLV_ASSIGN(const ProgressiveEvaluationReport report,
               repository->EvaluateProgressive(references_, options, progressive,
                                               context.LongOperation()));
    context.EndProgress();
    if (progressive_.plot()) DLV_TRY(WriteWholeFile(*progressive_.plot(), ProgressivePlot(report)));
    Output& out = context.out();
    if (out.json()) {
      out.Text(ProgressiveDocument(report, out.mode()));
    } else if (!out.quiet()) {
      ShowProgressive(out, report, {per_class_, confusion_});
      if (!progressive.certificate.empty())
        out.Next("dlv verify-certificate " + ShellWord(progressive.certificate.string()));
    }
    return kExitOk;
  }

  Result<int> Prepare(Context& context) {
    EvaluationOptions options;
    options.preprocess = preprocess_;
    options.remember = false;
    options.array = array_.value_or("");
    DLV_ASSIGN(const ProgressiveOptions progressive, progressive_.Options());
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
    DLV_ASSIGN(
        const auto prepared,
        repository->PrepareProgressive(references_, options, progressive, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      out.Text(PreparationDocument(prepared, out.mode()));
    } else if (!out.quiet()) {
      ShowPreparations(out, prepared);
      out.Next("dlv eval " + ShellWord(references_.front()) + " --data PATH --progressive");
    }
    return kExitOk;
  }

  /// To write where that is possible, so that bounds are kept for the next time.
  static Result<std::unique_ptr<Repository>> OpenForBounds(Context& context,
                                                           const EvaluationOptions& options) {
    auto writable = context.OpenToWrite();
    if (writable.ok() || Writes(options)) return writable;
    return context.OpenToRead();
  }

  Result<EvaluationOptions> Options() const {
    if (!data_) return Error{ErrorCode::kInvalidArgument, "which data?", "as in --data fashion/"};
    EvaluationOptions options;
    options.data = *data_;
    options.labels = labels_.value_or("");
    options.array = array_.value_or("");
    options.label_array = label_array_.value_or("");
    options.preprocess = preprocess_;
    options.remember = !no_remember_;
    if (metrics_) options.metrics = SplitAt(*metrics_, ',');
    if (batch_) {
      if (*batch_ == 0 || *batch_ > kMostBatch)
        return Error{ErrorCode::kInvalidArgument,
                     "--batch " + std::to_string(*batch_) + ", want 1 to 65536"};
      options.batch = static_cast<std::uint32_t>(*batch_);
    }
    options.limit = limit_;
    options.confusion = confusion_;
    options.predictions = predictions_.value_or("");
    options.save = save_;
    return options;
  }

  static std::vector<std::string> SplitAt(const std::string& text, char at) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
      if (c == at) {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    return parts;
  }

  static constexpr std::uint64_t kMostBatch = 65536;
  std::vector<std::string> references_;
  std::optional<std::string> data_, labels_, array_, label_array_, preprocess_, metrics_,
      predictions_;
  std::optional<std::uint64_t> batch_, limit_;
  ProgressiveArguments progressive_;
  bool no_remember_ = false, per_class_ = false, confusion_ = false, save_ = false;
};

}  // namespace

extern const CommandEntry kEvalCommand;
const CommandEntry kEvalCommand = {
    "eval",
    "Look",
    "run networks on data: accuracy and loss, side by side",
    "REF... --data PATH [--preprocess STEPS] [--metric NAMES] [--progressive]",
    "dlv eval onnx-lenet --data fashion/ --preprocess scale=1/255,mean=0.286,std=0.353\taccuracy "
    "and loss\n"
    "dlv eval onnx-lenet onnx-lenet:v1 --data fashion/ --metric top1,top5\tside by side\n"
    "dlv eval onnx-lenet --data fashion/ --per-class --confusion\twhere it fails\n"
    "dlv eval onnx-lenet --data fashion/ --save\tkept with the version, for queries\n"
    "dlv eval onnx-lenet --data fashion/ --progressive\ta few bits a weight, answers proved",
    "Data: idx files as MNIST's (also in gzip; labels lie beside), CIFAR's binary files, .npy, "
    ".npz "
    "and .safetensors whose first axis counts examples, folders of PNG or JPEG images (one folder "
    "a "
    "class, or a file labels.csv).\n"
    "Steps of --preprocess, carried out in this order: layout=hw|chw|hwc, channels=gray|rgb|bgr, "
    "resize=HEIGHTxWIDTH or resize=N (the shorter side), crop=HEIGHTxWIDTH (the middle), "
    "mean_image=FILE, scale=S, mean=M or M:M:M, std=D or D:D:D. They are "
    "remembered as the version's tag \"preprocess\", and hold for its descendants in the model "
    "until others are given.\n"
    "The loss is the mean cross entropy in nats. Equal scores go to the first class; an example "
    "with a NaN among its scores counts as wrong, and is told.\n"
    "With --progressive a few leading bits of every weight are read first, and more only for the "
    "examples whose answer they do not prove. Certified: real arithmetic on the stored weights "
    "gives these classes the greatest scores. --stop heuristic stops where the margin is TAU times "
    "what the last bits changed; that is no proof. What is computed of the weights is kept in "
    ".dlv/derived; --prepare does so beforehand. Where --calibrate names the data that are "
    "evaluated, its first examples calibrate and the others are evaluated.",
    Make<EvalCommand>};

}  // namespace dlv::cli
