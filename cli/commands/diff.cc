#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cli/command.h"
#include "cli/curves.h"
#include "cli/diff_digest.h"
#include "cli/diff_network.h"
#include "cli/diff_page.h"
#include "cli/diff_summary.h"
#include "cli/diff_tables.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/json_diff.h"
#include "cli/text_file.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

Result<DiffOrder> OrderFrom(const std::optional<std::string>& word) {
  static constexpr std::array<std::pair<std::string_view, DiffOrder>, 5> kOrders = {
      {{"file", DiffOrder::kFile},
       {"rel", DiffOrder::kRelative},
       {"abs", DiffOrder::kAbsolute},
       {"cos", DiffOrder::kCosine},
       {"name", DiffOrder::kName}}};
  if (!word) return DiffOrder::kFile;
  for (const auto& [name, order] : kOrders) {
    if (name == *word) return order;
  }
  return Error{ErrorCode::kInvalidArgument,
               "--sort: got \"" + *word + "\", want rel, abs, cos, name or file"};
}

// The parent of what a reference names: "m:v3/conv*" becomes "m:v3~1/conv*".
std::string ParentOf(const std::string& reference) {
  const std::size_t end = std::min(reference.find_first_of("#/"), reference.size());
  const std::size_t slash = std::min(reference.find('/'), reference.size());
  return reference.substr(0, end) + "~1" + reference.substr(slash);
}

class DiffCommand : public Command {
 public:
  void Declare(Arguments& arguments) override {
    arguments.Operands("REF", &references_, true);
    arguments.Flag("--tensors", &tensors_, "figures for each tensor that differs");
    arguments.Flag("--hparams", &hparams_, "the hyper-parameters that differ");
    arguments.Flag("--metrics", &metrics_, "the metrics' curves beside each other");
    arguments.Flag("--files", &files_, "the files");
    arguments.Flag("--network", &network_, "the nodes of the network that differ, and how");
    arguments.Value("--sort", &sort_, "BY", "tensors by rel, abs, cos, name or file (default)");
    arguments.Number("--top", &top_, "N", "only the first N tensors");
    arguments.Flag("--all", &all_, "list identical tensors too");
    arguments.Flag("--fast", &fast_, "estimate from the first 16 bits of each element");
    arguments.Flag("--ids", &ids_, "say what differs, not by how much: reads no weights");
    arguments.Flag("--no-renames", &no_renames_, "pair tensors by their full names only");
    arguments.Flag("--exit-code", &exit_code_, "exit with 1 where anything differs");
    arguments.Value("--html", &html_, "FILE", "write a page that needs no network");
    arguments.Value("--svg", &svg_, "FILE", "write a drawing of changes and curves");
    arguments.Flag("-v,--verbose", &verbose_, "say how much was read");
  }

  Result<int> Run(Context& context) override {
    DLV_ASSIGN(const DiffOrder order, OrderFrom(sort_));
    DLV_ASSIGN(const std::vector<std::string> references, References());
    if (fast_ && ids_)
      return Error{ErrorCode::kInvalidArgument, "--fast and --ids: give one of them"};
    DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToRead());
    DLV_ASSIGN(const std::vector<VersionDiff> diffs, Compare(context, *repository, references));
    const TensorTableOptions options{order, static_cast<std::size_t>(top_.value_or(0)), all_};
    DLV_ASSIGN(const auto networks, CompareNetworks(context.out(), *repository, references));
    DLV_TRY(WriteFiles(diffs, networks, options));
    Output& out = context.out();
    if (html_ == "-" || svg_ == "-") {
      // The file is the answer.
    } else if (out.json()) {
      out.Text(DiffDocument(diffs, networks, out.mode()));
    } else if (out.quiet()) {
      ShowNames(out, diffs);
    } else {
      Show(out, diffs, networks, options);
    }
    bool different = false;
    for (const VersionDiff& diff : diffs) different = different || diff.different();
    for (const auto& network : networks) different |= network && !network->identical();
    return exit_code_ && different ? kExitNo : kExitOk;
  }

 private:
  using NetworkDiffs = std::vector<std::optional<NetworkDiff>>;

  bool AnyView() const {
    return tensors_ || hparams_ || metrics_ || files_ || network_ || sort_ || top_;
  }
  bool ShowsTensors() const { return tensors_ || sort_ || top_ || all_; }

  // "A B C", "A..B", or one version, which is compared with its parent.
  Result<std::vector<std::string>> References() const {
    if (references_.size() > 1) return references_;
    const std::string& only = references_.front();
    const std::size_t dots = only.find("..");
    if (dots == std::string::npos) return std::vector<std::string>{ParentOf(only), only};
    const std::string before = only.substr(0, dots), after = only.substr(dots + 2);
    if (before.empty() || after.empty())
      return Error{ErrorCode::kInvalidArgument, "\"" + only + "\": want A..B"};
    return std::vector<std::string>{before, after};
  }

  // Views that show no tensors read none.
  DiffDepth Depth(const Output& out) const {
    if (ids_ || out.quiet()) return DiffDepth::kIds;
    const bool whole = out.json() || html_ || svg_;
    const bool only_others =
        (hparams_ || metrics_ || files_ || network_) && !ShowsTensors() && !whole;
    if (only_others) return DiffDepth::kIds;
    return fast_ ? DiffDepth::kEstimate : DiffDepth::kExact;
  }

  Result<std::vector<VersionDiff>> Compare(Context& context, const Repository& repository,
                                           const std::vector<std::string>& references) const {
    DiffOptions options;
    options.depth = Depth(context.out());
    options.histograms = ShowsTensors() || html_;
    options.find_renames = !no_renames_;
    std::vector<VersionDiff> diffs;
    for (std::size_t i = 1; i < references.size(); ++i) {
      auto diff = repository.Diff(references[0], references[i], options, context.LongOperation());
      context.EndProgress();
      if (!diff.ok()) return std::move(diff).error();
      diffs.push_back(std::move(*diff));
    }
    return diffs;
  }

  // One a comparison; nothing where neither version has a network, or nobody looks at it.
  Result<NetworkDiffs> CompareNetworks(const Output& out, const Repository& repository,
                                       const std::vector<std::string>& references) const {
    NetworkDiffs networks(references.size() - 1);
    const bool wanted = network_ || html_ || exit_code_ || out.json() || !(AnyView() || all_);
    for (std::size_t i = 1; wanted && i < references.size(); ++i) {
      auto network = repository.DiffNetworks(references[0], references[i]);
      if (network.ok()) {
        networks[i - 1] = std::move(*network);
      } else if (network.error().code != ErrorCode::kNotFound || network_) {
        return std::move(network).error();
      }
    }
    return networks;
  }

  Status WriteFiles(const std::vector<VersionDiff>& diffs, const NetworkDiffs& networks,
                    const TensorTableOptions& options) const {
    if (html_) DLV_TRY(WriteTextFile(*html_, DiffPage(diffs, networks, options)));
    if (!svg_) return Ok();
    return WriteTextFile(*svg_, plots::Stack("dlv diff", DrawDiff(diffs)).Finish());
  }

  static void ShowNames(Output& out, const std::vector<VersionDiff>& diffs) {
    for (const VersionDiff& diff : diffs) {
      for (const TensorChange& change : diff.tensors) {
        if (change.kind != TensorChange::Kind::kIdentical || change.renamed || change.converted)
          out.Line(Sanitize(change.name));
      }
    }
  }

  void ShowNetworks(Output& out, const std::vector<VersionDiff>& diffs,
                    const NetworkDiffs& networks) const {
    for (std::size_t i = 0; i < networks.size(); ++i) {
      if (!networks[i]) continue;
      const std::string of =
          diffs.size() > 1 ? Sanitize(diffs[i].after.reference()) + ": " : std::string();
      if (network_ && diffs.size() > 1) out.Line(of);
      if (network_) ShowNetworkDiff(out, *networks[i]);
      if (!network_) out.Field("network", of + NetworkDiffText(*networks[i]));
    }
  }

  void Show(Output& out, const std::vector<VersionDiff>& diffs, const NetworkDiffs& networks,
            const TensorTableOptions& options) const {
    if (!AnyView() && !all_) ShowDiffSummary(out, diffs);
    if (network_ || (!AnyView() && !all_)) ShowNetworks(out, diffs, networks);
    if (ShowsTensors()) ShowDiffTensors(out, diffs, options);
    if (hparams_) ShowDiffHparams(out, diffs);
    if (metrics_) ShowCurves(out, PanelsOf(MetricsOf(diffs)));
    if (files_) ShowDiffFiles(out, diffs);
    if (verbose_) {
      std::uint64_t read = 0, compared = 0;
      for (const VersionDiff& diff : diffs) {
        read += diff.read_bytes;
        compared += diff.compared_bytes;
      }
      out.Field("read", HumanBytes(read) + " from the packs to compare " + HumanBytes(compared));
    }
    if (AnyView()) return;
    std::string words = "dlv diff";
    for (const std::string& reference : references_) words += " " + ShellWord(reference);
    words += " --tensors --sort rel --top 10";
    const std::size_t width = out.terminal().width;
    if (width == 0 || DisplayWidth(words) + 6 <= width) out.Next(words);
  }

  std::vector<std::string> references_;
  std::optional<std::string> sort_, html_, svg_;
  std::optional<std::uint64_t> top_;
  bool tensors_ = false, hparams_ = false, metrics_ = false, files_ = false, all_ = false;
  bool network_ = false;
  bool fast_ = false, ids_ = false, no_renames_ = false, exit_code_ = false, verbose_ = false;
};

}  // namespace

extern const CommandEntry kDiffCommand;
const CommandEntry kDiffCommand = {
    "diff",
    "Look",
    "compare versions: network, tensors, hyper-parameters, metrics, files",
    "REF [REF...] [options]",
    "dlv diff lenet\tthe latest version with its parent\n"
    "dlv diff lenet:v1 lenet:v2\ttwo versions; lenet:v1..lenet:v2 is the same\n"
    "dlv diff lenet:v1 lenet:v2 --sort rel --top 10\tthe ten tensors that changed most\n"
    "dlv diff 'lenet:v2#1000' 'lenet:v2#2000' --tensors\ttwo snapshots of one training\n"
    "dlv diff lenet:v1 lenet:v2 lenet:v3 --metrics\tcurves beside each other\n"
    "dlv diff lenet onnx-lenet --network\tnodes added, removed, changed, renamed\n"
    "dlv diff lenet:v1 lenet:v2 --html diff.html\ta page for others\n"
    "dlv diff lenet:v1/conv* lenet:v2/conv* --exit-code\t1 where these tensors differ",
    "Relative change is the norm of the difference over the norm of the tensor before. Several "
    "versions are compared with the first, a column each. Tensors whose names got or lost a prefix "
    "(\"module.\", \"_orig_mod.\", \"model.\", any other) are renamed, not removed and added. "
    "Elements of different types are compared by value. Pairs with a NaN or infinity are counted "
    "and left out of the figures. Identical tensors are not read.",
    Make<DiffCommand>};

}  // namespace dlv::cli
