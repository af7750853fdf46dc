#include <algorithm>
#include <cmath>
#include <map>

#include "cli/block_chart.h"
#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_output.h"
#include "cli/storage_text.h"
#include "cli/version_text.h"

namespace dlv::cli {

extern const CommandEntry kDescCommand;

namespace {

constexpr std::size_t kDefaultBins = 60;
constexpr std::size_t kDefaultHead = 8;
constexpr std::size_t kChainLinksShown = 6;

class ShowCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operand("REF", &reference_, true);
    arguments.Number("--head", &head_, "N", "the first N values (default 8, at most 65536)");
    arguments.Number("--bins", &bins_, "N", "bins of the histogram (default 60, at most 4096)");
    arguments.Flag("--log", &log_, "histogram of the magnitudes, on a logarithmic scale");
    arguments.Flag("--no-stats", &no_statistics_, "no statistics: do not read the values");
    arguments.Flag("--planes", &planes_, "stored bytes for each group of bit planes apart");
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const ResolvedReference resolved, repository->Resolve(*reference_));
    if (resolved.tensor_pattern.empty()) return Describe(context);
    InspectOptions options;
    options.statistics = !no_statistics_;
    options.histogram_bins =
        no_statistics_ ? 0 : static_cast<std::size_t>(bins_.value_or(kDefaultBins));
    options.histogram_scale = log_ ? HistogramScale::kLogarithmic : HistogramScale::kLinear;
    options.head = static_cast<std::size_t>(head_.value_or(no_statistics_ ? 0 : kDefaultHead));
    DLV_ASSIGN(const std::vector<TensorReport> reports,
               repository->Inspect(*reference_, options, context.LongOperation()));
    context.EndProgress();
    Output& out = context.out();
    if (out.json()) {
      const std::string version = resolved.model + ":v" + std::to_string(resolved.number);
      out.Text(InspectDocument(version, reports, out.mode()));
    } else if (out.quiet()) {
      for (const TensorReport& report : reports) out.Line(Sanitize(report.info.name));
    } else if (reports.size() == 1) {
      ShowOne(out, reports.front());
    } else {
      ShowMany(out, reports);
    }
    return kExitOk;
  }

 private:
  /// A version as a whole is what `desc` shows.
  Result<int> Describe(Context& context) const {
    if (head_ || bins_ || log_ || no_statistics_) {
      return Error{ErrorCode::kInvalidArgument, "statistics are those of tensors; name some",
                   "as in dlv show " + ShellWord(*reference_ + "/conv1.weight")};
    }
    Arguments arguments;
    const auto desc = kDescCommand.make();
    desc->Declare(arguments);
    DLV_TRY(arguments.Parse({*reference_}));
    return desc->Run(context);
  }

  void ShowOne(Output& out, const TensorReport& report) const {
    const TensorInfo& info = report.info;
    std::string head = out.style()(Paint::kBold, Sanitize(info.name));
    if (!report.slice.empty()) head += "[" + Sanitize(report.slice) + "]";
    const bool whole = report.slice.empty();
    head += "  " + Sanitize(TypeText(info)) + " " +
            ShapeText(whole ? SeenShape(info) : report.slice_shape) + "  " +
            std::string(NameOf(info.role));
    out.Line(head);
    if (!whole) out.Field("slice of", ShapeText(info.shape));
    if (!report.file.empty()) out.Field("file", Sanitize(report.file));
    out.Field("id", info.id.Hex(16));
    if (!no_statistics_) ShowStatistics(out, report);
    if (!report.head.empty()) ShowHead(out, report);
    ShowStorage(out, report);
  }

  /// Bytes of a type without numbers: their number, and the shape that a slice goes by.
  static std::string OpaqueText(const TensorReport& report) {
    const std::string bytes = Plural(report.statistics.count, "byte");
    if (report.info.logical_shape.empty()) return bytes + " of a type that dlv does not know";
    return bytes + " in blocks of " + Sanitize(report.info.foreign_dtype) +
           ", which dlv does not decode; " + ShapeText(report.info.shape) + " as bytes";
  }

  void ShowStatistics(Output& out, const TensorReport& report) const {
    const TensorStatistics& figures = report.statistics;
    const DType dtype = report.info.dtype;
    if (dtype == DType::kOpaque) return out.Field("values", OpaqueText(report));
    const bool complex = dtype == DType::kComplex64 || dtype == DType::kComplex128;
    out.Field("elements",
              HumanCount(figures.count) + (complex ? " parts" : "") + CountsText(figures));
    if (figures.finite_count() > 0) {
      out.Field("values", HumanNumber(figures.min) + " .. " + HumanNumber(figures.max) + ", mean " +
                              HumanNumber(figures.mean) + ", std " + HumanNumber(figures.std));
      out.Field("norms", "1: " + HumanNumber(figures.norm1) + "  2: " + HumanNumber(figures.norm2) +
                             "  inf: " + HumanNumber(figures.norm_inf));
    }
    ShowHistogram(out, figures.histogram);
  }

  static std::string CountsText(const TensorStatistics& figures) {
    std::string text = ", NaN " + HumanCount(figures.nan_count) + ", infinite " +
                       HumanCount(figures.inf_count) + ", zero " + HumanCount(figures.zero_count);
    if (figures.zero_count > 0) text += " (" + HumanNumber(100 * figures.sparsity(), 3) + " %)";
    return text + ", negative " + HumanCount(figures.negative_count);
  }

  static void ShowHistogram(Output& out, const Histogram& histogram) {
    if (histogram.edges.empty()) return;
    const bool log = histogram.scale == HistogramScale::kLogarithmic;
    HistogramChart chart;
    chart.counts = histogram.counts;
    chart.low = log ? std::log10(histogram.edges.front()) : histogram.edges.front();
    chart.high = log ? std::log10(histogram.edges.back()) : histogram.edges.back();
    const std::size_t width = out.terminal().width == 0 ? 80 : out.terminal().width;
    chart.width = std::clamp<std::size_t>(width, 24, 80);
    out.Line("");
    if (log) out.Line("log10 of the magnitudes");
    for (const std::string& line : HistogramLines(chart, out.terminal().glyphs)) out.Line(line);
    out.Line("");
  }

  static void ShowHead(Output& out, const TensorReport& report) {
    std::string text;
    for (const std::string& value : report.head) text += (text.empty() ? "" : " ") + value;
    std::uint64_t elements = 1;
    for (const std::int64_t extent : report.slice_shape) {
      elements *= static_cast<std::uint64_t>(extent);
    }
    if (report.head.size() < elements) text += " ...";
    out.Field("first", text);
  }

  void ShowStorage(Output& out, const TensorReport& report) const {
    const std::uint64_t raw = report.info.element_count() * SizeOf(report.info.dtype);
    std::string text = HumanBytes(report.stored_bytes) + " for " + HumanBytes(raw);
    if (report.chain.size() > 1) {
      text += ", a delta " + std::to_string(report.chain.size() - 1) +
              " deep: " + HumanBytes(report.read_bytes) + " to recreate it";
    }
    out.Field("stored", text);
    ShowChain(out, report.chain);
    PrintPlaneGroups(out, report.groups, planes_);
  }

  static void ShowChain(Output& out, const std::vector<ChainLink>& chain) {
    std::string text;
    for (std::size_t i = 0; i < chain.size() && i < kChainLinksShown; ++i) {
      const ChainLink& link = chain[i];
      text += (i == 0 ? "" : " < ") +
              (link.written_by.empty() ? link.id.Hex(8) : Sanitize(link.written_by)) + " (" +
              HumanBytes(link.coded_bytes) + ")";
    }
    if (chain.size() > kChainLinksShown) {
      text += " < ... " + std::to_string(chain.size() - kChainLinksShown) + " more";
    }
    if (!text.empty()) out.Field(chain.size() == 1 ? "written by" : "chain", text);
  }

  void ShowMany(Output& out, const std::vector<TensorReport>& reports) const {
    Table table({{"TENSOR", Align::kLeft, 0, 14, Cut::kMiddle},
                 {"DTYPE", Align::kLeft, 4},
                 {"SHAPE", Align::kRight, 3},
                 {"MIN", Align::kRight, 5},
                 {"MAX", Align::kRight, 5},
                 {"MEAN", Align::kRight},
                 {"STD", Align::kRight},
                 {"NORM", Align::kRight, 6},
                 {"ZERO %", Align::kRight, 7},
                 {"NAN", Align::kRight, 1},
                 {"HISTOGRAM", Align::kLeft, 2},
                 {"STORED", Align::kRight, 8},
                 {"DEPTH", Align::kRight, 9}});
    std::map<std::string, unsigned> uses;
    for (const TensorReport& report : reports) ++uses[report.info.name];
    for (const TensorReport& report : reports) {
      std::vector<std::string> row = RowOf(out, report);
      // As a reference has to say it where several files have a tensor of this name.
      if (uses[report.info.name] > 1 && !report.file.empty()) row[0] = report.file + "//" + row[0];
      table.AddRow(std::move(row), StylesOf(report));
    }
    out.Print(table);
  }

  std::vector<std::string> RowOf(Output& out, const TensorReport& report) const {
    const TensorStatistics& figures = report.statistics;
    const auto number = [&](double value) {
      return no_statistics_ || std::isnan(value) ? std::string("-") : HumanNumber(value, 3);
    };
    const bool numbers = !no_statistics_ && report.info.dtype != DType::kOpaque;
    const bool any = numbers && figures.finite_count() > 0;
    return {report.info.name,
            Sanitize(TypeText(report.info)),
            ShapeText(report.slice.empty() ? SeenShape(report.info) : report.slice_shape),
            number(figures.min),
            number(figures.max),
            number(figures.mean),
            number(figures.std),
            any ? HumanNumber(figures.norm2, 4) : "-",
            any ? HumanNumber(100 * figures.sparsity(), 3) : "-",
            !numbers ? "" : HumanCount(figures.nan_count + figures.inf_count),
            HistogramLine(figures.histogram.counts, 16, out.terminal().glyphs),
            HumanBytes(report.stored_bytes),
            std::to_string(report.chain.empty() ? 0 : report.chain.size() - 1)};
  }

  static std::vector<Paint> StylesOf(const TensorReport& report) {
    std::vector<Paint> styles(13, Paint::kNone);
    if (report.statistics.nan_count + report.statistics.inf_count > 0) styles[9] = Paint::kRed;
    return styles;
  }

  std::optional<std::string> reference_;
  std::optional<std::uint64_t> head_, bins_;
  bool log_ = false, no_statistics_ = false, planes_ = false;
};

}  // namespace

extern const CommandEntry kShowCommand;
const CommandEntry kShowCommand = {
    "show",
    "Look",
    "look closely at tensors: statistics, histogram, values, where their bytes are",
    "REF[/TENSOR[SLICE]] [options]",
    "dlv show lenet/conv1.weight\tone tensor\n"
    "dlv show 'lenet:v1/conv*'\tseveral, as a table\n"
    "dlv show 'lenet/fc1.weight[0:16, 3]' --head 16\ta slice, as Python writes it\n"
    "dlv show lenet/fc1.weight --log --planes\tmagnitudes; bytes of each bit plane\n"
    "dlv show lenet\tthe version as a whole (as dlv desc)",
    "Statistics are those of the finite elements; NaN and infinite ones are counted beside them "
    "(NAN in the table counts both). The deviation is divided by the number of elements. Complex "
    "numbers count by their parts.\n"
    "A bracket at the end of the name that holds only digits, colons, commas, minus signs and dots "
    "is a slice: the set of digits of a glob is then written '[0-9]*'.",
    Make<ShowCommand>};

}  // namespace dlv::cli
