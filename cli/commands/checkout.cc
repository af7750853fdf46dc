#include <algorithm>
#include <chrono>
#include <filesystem>

#include "cli/byte_size.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

/// Bits of the widest element.
constexpr std::uint64_t kWidestElementBits = 64;

class CheckoutCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Value("-o,--output", &output_, "DIR", "the folder to write to (default: NAME-vN)");
    arguments.Value("--format", &format_, "FORMAT", "original, safetensors, pt, npz or onnx");
    arguments.Value("--tensors", &tensors_, "GLOB", "only these tensors");
    arguments.Number("--planes", &planes_, "K",
                     "only the K first bits of each value, or the next level above");
    arguments.Value("--dtype", &dtype_, "TYPE", "f64, f32, f16, bf16, f8_e4m3 or f8_e5m2");
    arguments.Value("--shard", &shard_, "SIZE", "safetensors in files of at most this size each");
    arguments.Value("--tied", &tied_, "HOW", "tied tensors: keep, duplicate or drop");
    arguments.Value("--graph", &graph_, "REF", "onnx: take the files of this version");
    arguments.Flag("--stamp", &stamp_, "write version, reference and parents into the file");
    arguments.Flag("--all-snapshots", &all_snapshots_, "the original files of every snapshot");
    arguments.Flag("--force", &force_, "replace files that differ");
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const ResolvedReference resolved, repository->Resolve(*reference_));
    CheckoutOptions options;
    DLV_TRY(Fill(resolved, options));
    DLV_TRY(CheckGraph(*repository));
    std::string reference = resolved.model + ":v" + std::to_string(resolved.number);
    if (resolved.step) reference += "#" + std::to_string(*resolved.step);
    const auto start = std::chrono::steady_clock::now();
    DLV_ASSIGN(const CheckoutResult result,
               repository->Checkout(reference, options, context.LongOperation()));
    context.EndProgress();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    Show(context.out(), reference, options, result, elapsed.count());
    for (const std::string& warning : result.warnings) context.out().Warn(warning);
    return kExitOk;
  }

 private:
  Status Fill(const ResolvedReference& resolved, CheckoutOptions& options) const {
    options.tensor_glob = tensors_.value_or(resolved.tensor_pattern);
    if (planes_ && (*planes_ == 0 || *planes_ > kWidestElementBits)) {
      return Error{ErrorCode::kInvalidArgument, "--planes " + std::to_string(*planes_) +
                                                    ", want 1 to " +
                                                    std::to_string(kWidestElementBits)};
    }
    options.planes = static_cast<unsigned>(planes_.value_or(0));
    options.overwrite = force_;
    options.all_snapshots = all_snapshots_;
    options.stamp = stamp_;
    options.graph = graph_.value_or("");
    DLV_TRY(FillTied(options));
    if (dtype_) {
      DLV_ASSIGN(options.dtype, ParseFloatType(*dtype_));
    }
    if (shard_) {
      DLV_ASSIGN(options.shard_bytes, ParseByteSize(*shard_, "--shard"));
    }
    DLV_TRY(FillFormat(options));
    if (output_) {
      options.output = *output_;
      return Ok();
    }
    std::string folder = resolved.model + "-v" + std::to_string(resolved.number);
    if (resolved.step) folder += "-" + std::to_string(*resolved.step);
    std::replace(folder.begin(), folder.end(), '/', '-');
    options.output = folder;
    return Ok();
  }

  /// A file on the disk is an easy thing to name here.
  Status CheckGraph(const Repository& repository) const {
    std::error_code error;
    if (!graph_ || !std::filesystem::is_regular_file(*graph_, error)) return Ok();
    if (repository.Resolve(*graph_).ok()) return Ok();
    return Error{
        ErrorCode::kInvalidArgument, "--graph: " + Sanitize(*graph_) + " is a file, want a version",
        "commit it, then name it: dlv commit -n graph " + ShellWord(*graph_) + "; --graph graph"};
  }

  Status FillFormat(CheckoutOptions& options) const {
    const bool partial = !options.tensor_glob.empty() || options.planes > 0;
    const bool changed = partial || options.dtype || options.shard_bytes != 0 || options.stamp ||
                         options.tied != TiedTensors::kDefault;
    const std::string format = format_.value_or(graph_    ? "onnx"
                                                : changed ? "safetensors"
                                                          : "original");
    if (format == "original") {
      options.format = CheckoutFormat::kOriginal;
    } else if (format == "safetensors") {
      options.format = CheckoutFormat::kSafetensors;
    } else if (format == "npz") {
      options.format = CheckoutFormat::kNpz;
    } else if (format == "onnx") {
      options.format = CheckoutFormat::kOnnx;
    } else if (format == "pt" || format == "pth" || format == "pytorch") {
      options.format = CheckoutFormat::kPyTorch;
    } else {
      return Error{ErrorCode::kInvalidArgument,
                   "--format: got \"" + format + "\", want original, safetensors, pt, npz or onnx"};
    }
    if (changed && options.format == CheckoutFormat::kOriginal) {
      return Error{ErrorCode::kInvalidArgument,
                   partial ? "the original files have all tensors, exactly"
                           : "the original files are what was committed, byte for byte",
                   "use --format safetensors, pt or npz"};
    }
    return Ok();
  }

  Status FillTied(CheckoutOptions& options) const {
    if (!tied_) return Ok();
    if (*tied_ == "keep") {
      options.tied = TiedTensors::kKeep;
    } else if (*tied_ == "duplicate") {
      options.tied = TiedTensors::kDuplicate;
    } else if (*tied_ == "drop") {
      options.tied = TiedTensors::kDrop;
    } else {
      return Error{ErrorCode::kInvalidArgument,
                   "--tied: got \"" + *tied_ + "\", want keep, duplicate or drop"};
    }
    return Ok();
  }

  /// Also the names that PyTorch and others use.
  static Result<DType> ParseFloatType(const std::string& text) {
    constexpr std::pair<std::string_view, DType> kNames[] = {
        {"float64", DType::kF64},       {"double", DType::kF64},
        {"float32", DType::kF32},       {"float", DType::kF32},
        {"fp32", DType::kF32},          {"float16", DType::kF16},
        {"half", DType::kF16},          {"fp16", DType::kF16},
        {"bfloat16", DType::kBF16},     {"float8_e4m3fn", DType::kF8E4M3},
        {"float8_e5m2", DType::kF8E5M2}};
    for (const auto& [name, dtype] : kNames) {
      if (name == text) return dtype;
    }
    const auto dtype = DTypeFromName(text);
    if (dtype && IsFloat(*dtype)) return *dtype;
    return Error{ErrorCode::kInvalidArgument,
                 "--dtype: got \"" + text + "\", want f64, f32, f16, bf16, f8_e4m3 or f8_e5m2",
                 "integers and other types are written as they are"};
  }

  static void Show(Output& out, const std::string& reference, const CheckoutOptions& options,
                   const CheckoutResult& result, double seconds) {
    if (out.json()) return out.Text(CheckoutDocument(reference, result, out.mode()));
    if (out.quiet()) {
      for (const CheckedOutFile& file : result.files) out.Line(Sanitize(file.path.string()));
      return;
    }
    std::uint64_t bytes = 0;
    std::size_t identical = 0;
    for (const CheckedOutFile& file : result.files) {
      bytes += file.size_bytes;
      identical += file.identical ? 1 : 0;
    }
    std::string line = Sanitize(reference) + " -> " + Sanitize(options.output.string()) + "  " +
                       Plural(result.files.size(), "file") + ", " + HumanBytes(bytes) +
                       (result.full_bytes > 0 ? "" : " from " + HumanBytes(result.read_bytes));
    if (identical == result.files.size() && identical > 0) {
      line += ", byte for byte as committed";
    } else if (options.format == CheckoutFormat::kOriginal && !result.files.empty()) {
      line += ", " + std::to_string(identical) + " byte for byte as committed";
    }
    if (result.planes > 0)
      line += ", first " + std::to_string(result.planes) + " bits of each value";
    else if (options.planes > 0)
      line += ", all bits of each value: the nearest level at or above " +
              std::to_string(options.planes);
    if (result.full_bytes > 0) {
      line += ", read " + HumanBytes(result.read_bytes) + " of " + HumanBytes(result.full_bytes) +
              " that all of it takes";
    }
    out.Paragraph(line + "  " + HumanDuration(seconds));
    Table table({{"  FILE", Align::kLeft, 0, 24, Cut::kMiddle},
                 {"SIZE", Align::kRight},
                 {"SHA-256", Align::kLeft, 1},
                 {""}});
    const std::size_t most = out.terminal().width == 0 ? result.files.size() : 12;
    for (std::size_t i = 0; i < result.files.size() && i < most; ++i) {
      const CheckedOutFile& file = result.files[i];
      const bool says = options.format == CheckoutFormat::kOriginal && !file.identical;
      table.AddRow({"  " + file.path.string(), HumanBytes(file.size_bytes), file.sha256.Hex(12),
                    says ? "not identical" : ""},
                   {Paint::kNone, Paint::kNone, Paint::kDim, Paint::kYellow});
    }
    if (table.row_count() > 0) out.Print(table);
    if (most < result.files.size()) {
      out.Line(out.style()(Paint::kDim, "  ... and " + std::to_string(result.files.size() - most) +
                                            " more (--no-truncate)"));
    }
  }

  std::optional<std::string> reference_, output_, format_, tensors_, dtype_, shard_, tied_, graph_;
  std::optional<std::uint64_t> planes_;
  bool all_snapshots_ = false, force_ = false, stamp_ = false;
};

}  // namespace

extern const CommandEntry kCheckoutCommand;
const CommandEntry kCheckoutCommand = {
    "checkout",
    "Get back",
    "write a version's files, or its tensors in another format",
    "REF [-o DIR] [--format FORMAT]",
    "dlv checkout lenet:v1 -o restored\tthe files, byte for byte\n"
    "dlv checkout 'lenet#4000' -o .\tthe snapshot of step 4000\n"
    "dlv checkout lenet --format safetensors\tthe tensors as safetensors\n"
    "dlv checkout lenet --format pt --dtype bf16\ta PyTorch state dict, rounded to bfloat16\n"
    "dlv checkout lenet --shard 5GiB\tas Hugging Face's clients load it\n"
    "dlv checkout lenet --tensors 'conv*' --planes 16 --format npz\tsome tensors, half the bits",
    "Files that are there and differ stop the command (status 4) unless --force is given; links "
    "are never followed "
    "and nothing outside DIR is touched.\n"
    "--planes K reads the nearest readable level at or above K bits and tells which; bits that "
    "were not read are zero. With --planes or --tensors only the bytes that they need are read, "
    "and "
    "the line says how many.\n"
    "--dtype rounds floating-point tensors to nearest, ties to even, and says how many values "
    "changed; other tensors stay as they are.\n"
    "--format onnx --graph REF writes the ONNX files of REF with this version's tensors; all other "
    "bytes stay as they are.\n"
    "--tied: tensors that were one storage in the committed file stay one in pt (keep), and are "
    "written under each name elsewhere (duplicate); drop leaves all names but the first away.",
    Make<CheckoutCommand>};

}  // namespace dlv::cli
