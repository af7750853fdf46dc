#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "cli/command.h"
#include "cli/exit_status.h"
#include "cli/human.h"
#include "cli/input_files.h"
#include "cli/json_output.h"
#include "cli/metrics_file.h"
#include "cli/version_text.h"

namespace dlv::cli {
namespace {

class CommitCommand : public Command {
 public:
  void Declare(Arguments& arguments) override;
  Result<int> Run(Context& context) override;

 private:
  Result<CommitRequest> MakeRequest(const Context& context) const;
  Status FillMetrics(CommitRequest& request) const;
  static void ShowPlan(Output& out, const InputFiles& inputs);
  static void ShowSteps(Output& out, const InputFiles& inputs);
  static void WarnOfStepless(Output& out, const InputFiles& inputs, const CommitResult& result);
  static void Show(Output& out, const CommitResult& result, const InputFiles& inputs,
                   double seconds);
  static void ShowParents(Output& out, const VersionSummary& version);
  static void ShowFound(Output& out, const std::vector<FoundInformation>& found);

  std::optional<std::string> name_, message_, relation_, author_, graph_;
  std::vector<std::string> files_, series_, unread_, formatted_, parents_, hparams_, metrics_,
      metric_files_, tags_, aliases_;
  bool no_parent_ = false, no_optimizer_ = false, optimizer_ = false, no_side_information_ = false,
       allow_empty_ = false, dry_run_ = false, accept_guesses_ = false;
};

void CommitCommand::Declare(Arguments& arguments) {
  arguments.Operands("FILE", &files_);
  arguments.Value("-n,--name", &name_, "NAME",
                  "the model: a new one, or one that gets its next version");
  arguments.Value("-m,--message", &message_, "TEXT", "what this version is");
  arguments.Values("--snapshots", &series_, "GLOB",
                   "checkpoints of one run, with the step in their names");
  arguments.Values("--as-file", &unread_, "FILE",
                   "keep FILE unread, as bytes (for one that is refused)");
  arguments.Values("--as", &formatted_, "FORMAT=FILE",
                   "read FILE as FORMAT, where its content cannot say so: llama2c");
  arguments.Values("--parent", &parents_, "REF",
                   "what it was made from (default: found by comparing weights)");
  arguments.Flag("--no-parent", &no_parent_,
                 "it was made from nothing, and is coded against no other version");
  arguments.Value(
      "--relation", &relation_, "WORD",
      "finetune, retrain, copy, slice, construct, merge, quantize, prune, distil, adapter");
  arguments.Value("--graph", &graph_, "FILE",
                  "the network of these tensors: ONNX, prototxt, or .dlvnet; its weights stay out");
  arguments.Flag("--accept-guesses", &accept_guesses_,
                 "join weights that alone have their shape where names and content do not tell");
  arguments.Values("--hparam", &hparams_, "K=V", "a hyper-parameter");
  arguments.Values("--metric", &metrics_, "K[@STEP]=V", "a metric; with steps, a series");
  arguments.Values("--metrics", &metric_files_, "FILE",
                   "metric series from CSV with a column step, or JSON lines");
  arguments.Values("--tag", &tags_, "K[=V]", "a tag");
  arguments.Values("--alias", &aliases_, "NAME", "move this alias here");
  arguments.Value("--author", &author_, "NAME",
                  "who made it (default: $DLV_AUTHOR, user.name, the login name)");
  arguments.Flag("--no-optimizer", &no_optimizer_,
                 "leave optimizer state (and the exact files) out");
  arguments.Flag("--optimizer", &optimizer_,
                 "keep it (the default, unless commit.optimizer is false)");
  arguments.Flag("--no-side-information", &no_side_information_,
                 "take no hyper-parameters, metrics and tags from files beside");
  arguments.Flag("--allow-empty", &allow_empty_, "make a version even when nothing has changed");
  arguments.Flag("--dry-run", &dry_run_, "only show the files and their steps");
}

Result<Metric> ParseMetric(const std::string& text) {
  DLV_ASSIGN(const auto pair, SplitKeyValue(text, "--metric"));
  const auto& [key, value] = pair;
  const std::size_t at = key.rfind('@');
  MetricPoint point{-1, 0};
  if (at != std::string::npos) {
    const auto [end, status] =
        std::from_chars(key.data() + at + 1, key.data() + key.size(), point.step);
    if (status != std::errc() || end != key.data() + key.size() || at == 0 || point.step < 0) {
      return Error{ErrorCode::kInvalidArgument,
                   "--metric: got \"" + text + "\", want NAME@STEP=VALUE"};
    }
  }
  const auto [end, status] =
      std::from_chars(value.data(), value.data() + value.size(), point.value);
  if (status != std::errc() || end != value.data() + value.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 "--metric: got \"" + text + "\", want a number after \"=\""};
  }
  return Metric{key.substr(0, at), {point}};
}

Status CommitCommand::FillMetrics(CommitRequest& request) const {
  for (const std::string& path : metric_files_) {
    DLV_ASSIGN(std::vector<Metric> metrics, ReadMetricsFile(path));
    for (Metric& metric : metrics) MergeMetric(std::move(metric), request.metrics);
  }
  for (const std::string& text : metrics_) {
    DLV_ASSIGN(Metric metric, ParseMetric(text));
    MergeMetric(std::move(metric), request.metrics);
  }
  return Ok();
}

Result<CommitRequest> CommitCommand::MakeRequest(const Context& context) const {
  CommitRequest request;
  if (!name_) {
    return Error{ErrorCode::kInvalidArgument, "dlv commit: the model's name is missing",
                 "dlv commit -n NAME ..."};
  }
  if (no_parent_ && !parents_.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "dlv commit: --parent and --no-parent exclude each other"};
  }
  request.model = *name_;
  request.message = message_.value_or("");
  request.author = context.Author(author_);
  request.parents = parents_;
  if (!parents_.empty()) request.parent_choice = ParentChoice::kGiven;
  if (no_parent_) request.parent_choice = ParentChoice::kNone;
  if (relation_) {
    request.relation = RelationFromName(*relation_);
    if (!request.relation) {
      return Error{ErrorCode::kInvalidArgument, "--relation: got \"" + *relation_ + "\"",
                   "want finetune, retrain, copy, slice, construct, merge, quantize, prune, distil "
                   "or adapter"};
    }
  }
  for (const std::string& text : hparams_) {
    DLV_ASSIGN(auto pair, SplitKeyValue(text, "--hparam"));
    request.hparams[pair.first] = pair.second;
  }
  for (const std::string& text : tags_) {
    const std::size_t equals = text.find('=');
    request.tags[text.substr(0, equals)] =
        equals == std::string::npos ? "" : text.substr(equals + 1);
  }
  DLV_TRY(FillMetrics(request));
  request.aliases = aliases_;
  request.include_optimizer =
      optimizer_ || (!no_optimizer_ && context.config().Flag("commit.optimizer"));
  request.side_information = !no_side_information_;
  request.allow_unchanged = allow_empty_;
  if (graph_) request.graph = *graph_;
  request.accept_guesses = accept_guesses_;
  if (accept_guesses_ && !graph_) {
    return Error{ErrorCode::kInvalidArgument, "dlv commit: --accept-guesses without --graph FILE"};
  }
  return request;
}

/// Beside a series, a checkpoint whose name has no step becomes what the version's name means.
void CommitCommand::WarnOfStepless(Output& out, const InputFiles& inputs,
                                   const CommitResult& result) {
  if (inputs.steps.empty()) return;
  for (const FileInfo& file : result.files) {
    if (file.step || file.tensor_count == 0) continue;
    out.Warn(file.path +
             ": has tensors and no step: it is a snapshot behind the series, and what " +
             result.version.reference() + " without #STEP means");
  }
}

void CommitCommand::ShowSteps(Output& out, const InputFiles& inputs) {
  constexpr std::size_t kHead = 4, kTail = 2;
  const std::size_t count = inputs.steps.size();
  const std::size_t digits = count == 0 ? 0 : std::to_string(inputs.steps.back().first).size();
  const bool all = count <= kHead + kTail + 1 || out.terminal().width == 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!all && i == kHead) {
      out.Line(out.style()(
          Paint::kDim, "  ... " + std::to_string(count - kHead - kTail) + " more (--no-truncate)"));
      i = count - kTail;
    }
    const std::string line = "  step " + PadLeft(std::to_string(inputs.steps[i].first), digits) +
                             "  " + Sanitize(inputs.steps[i].second);
    out.Line(out.terminal().width == 0 ? line : Elide(line, out.terminal().width));
  }
}

void CommitCommand::ShowPlan(Output& out, const InputFiles& inputs) {
  if (out.json()) return out.Text(PlannedCommitDocument(inputs, out.mode()));
  if (!out.quiet()) out.Line("Would commit " + Plural(inputs.files.size(), "file") + " (dry run)");
  const std::size_t digits =
      inputs.steps.empty() ? 0 : std::to_string(inputs.steps.back().first).size();
  for (const FileInput& file : inputs.files) {
    const std::string step =
        file.step ? "step " + PadLeft(std::to_string(*file.step), digits) + "  " : "";
    out.Line(out.quiet() ? Sanitize(file.path) : "  " + step + Sanitize(file.path));
  }
}

void CommitCommand::ShowParents(Output& out, const VersionSummary& version) {
  for (const ParentInfo& parent : version.parents) {
    std::string line =
        "  " + std::string(NameOf(parent.relation)) + " of " + Sanitize(parent.reference);
    if (parent.inferred)
      line += "  (nearest by its weights; --parent REF or --no-parent says otherwise)";
    if (HasNoWeightsOf(parent)) line += "  (the version before; no weights alike)";
    out.Paragraph(line, 4);
  }
}

void CommitCommand::ShowFound(Output& out, const std::vector<FoundInformation>& found) {
  constexpr std::size_t kFewFiles = 6;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i == kFewFiles && out.terminal().width != 0) {
      out.Line("  found in " + std::to_string(found.size() - i) + " more files (--no-truncate)");
      return;
    }
    out.Paragraph("  found in " + Sanitize(found[i].path) + ": " + FoundText(found[i]), 4);
  }
}

void CommitCommand::Show(Output& out, const CommitResult& result, const InputFiles& inputs,
                         double seconds) {
  const VersionSummary& version = result.version;
  const std::string reference = Sanitize(version.reference());
  if (out.json()) return out.Text(CommitDocument(result, seconds, out.mode()));
  if (out.quiet()) return out.Line(reference);
  const Style& style = out.style();
  if (result.unchanged) {
    out.Paragraph(style(Paint::kBold, reference) + "  " + ShortId(version.id) +
                  "  unchanged: nothing to commit (--allow-empty makes a version all the same)");
    return;
  }
  std::string line = style(Paint::kBold, reference) + "  " +
                     style(Paint::kYellow, ShortId(version.id)) + "  " +
                     HumanBytes(result.raw_bytes) + " -> " + HumanBytes(result.added_bytes);
  if (result.tensors_total > 0) {
    line += "  " + Plural(result.tensors_total, "tensor") + " (" +
            std::to_string(result.tensors_new) + " new, " + std::to_string(result.tensors_delta) +
            " as deltas)";
  } else {
    line += "  no tensors";
  }
  if (version.snapshot_count > 1) line += "  " + Plural(version.snapshot_count, "snapshot");
  const std::string metrics = MetricsText(version.metrics, 3);
  if (!metrics.empty()) line += "  " + metrics;
  out.Paragraph(line + "  " + HumanDuration(seconds));
  const bool has_notes =
      std::ranges::any_of(result.files, [](const FileInfo& file) { return !file.note.empty(); });
  if (result.tensors_total == 0 && result.found.empty() && !has_notes) {
    out.Paragraph("  no file is of a format that is read (dlv help formats): kept as they are", 4);
  }
  ShowParents(out, version);
  ShowFound(out, result.found);
  for (const std::string& note : result.graph_notes) {
    out.Paragraph("  network: " + Sanitize(note), 4);
  }
  ShowSteps(out, inputs);
  for (const FileInfo& file : result.files) {
    if (!file.note.empty())
      out.Paragraph("  " + Sanitize(file.path) + ": " + Sanitize(file.note), 4);
  }
  out.Next("dlv desc " + ShellWord(version.reference()));
}

Result<int> CommitCommand::Run(Context& context) {
  DLV_ASSIGN(InputFiles inputs, FindInputFiles(files_, series_, unread_, formatted_));
  Output& out = context.out();
  for (const std::string& warning : inputs.warnings) out.Warn(warning);
  const bool from_stage =
      files_.empty() && series_.empty() && unread_.empty() && formatted_.empty();
  if (dry_run_ && !from_stage) {
    ShowPlan(out, inputs);
    return kExitOk;
  }
  DLV_ASSIGN(CommitRequest request, MakeRequest(context));
  DLV_ASSIGN(const std::unique_ptr<Repository> repository, context.OpenToWrite());
  if (from_stage) {
    DLV_ASSIGN(inputs.files, repository->StagedInputs());
    if (inputs.files.empty()) {
      return Error{ErrorCode::kInvalidArgument, "dlv commit: no files given and nothing staged",
                   "dlv commit -n NAME FILES..., or dlv add FILES... first"};
    }
    if (dry_run_) {
      ShowPlan(out, inputs);
      return kExitOk;
    }
  } else if (inputs.files.empty()) {
    return Error{ErrorCode::kNotFound, "dlv commit: no files in what was given"};
  }
  request.files = inputs.files;
  const auto start = std::chrono::steady_clock::now();
  Result<CommitResult> result = repository->Commit(request, context.LongOperation());
  context.EndProgress();
  if (!result.ok()) return ExplainRefusal(std::move(result).error());
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  if (from_stage) DLV_TRY(repository->Unstage({}));
  Show(out, *result, inputs, elapsed.count());
  for (const std::string& warning : result->warnings) out.Warn(warning);
  WarnOfStepless(out, inputs, *result);
  return kExitOk;
}

}  // namespace

extern const CommandEntry kCommitCommand;
const CommandEntry kCommitCommand = {
    "commit",
    "Start and add",
    "make a version",
    "-n NAME [FILE...] [--snapshots GLOB] [-m TEXT] [options]",
    "dlv commit -n lenet model.pt -m \"baseline\" --metric val_acc=0.91\n"
    "dlv commit -n lenet --snapshots 'run/step_*.pt' config.json\ta whole run as one version\n"
    "dlv commit -n birds tuned.safetensors --parent resnet18:best --alias best\n"
    "dlv commit -n tuned tuned.safetensors --graph lenet.onnx\ta network for weights alone\n"
    "dlv commit -n lenet\twhat dlv add has put on the list",
    "Each file is given back byte for byte by checkout, however it is kept. Tensors that are "
    "stored already cost "
    "nothing, and those near to a stored version's cost little.\n"
    "The parent is found by comparing weights: the nearest of the model's newest versions, else "
    "the "
    "nearest version of another model (a finetune); where no weights are alike, the model's "
    "version "
    "before. --parent says otherwise.\n"
    "Hyper-parameters, metric series and tags are taken from files of known kinds that are "
    "committed or lie beside "
    "(config.json, params.yaml, .hydra, trainer_state.json, metrics.csv, TensorBoard's event "
    "files, README.md, ...; "
    "docs/formats.md has the list); what is given counts more.\n"
    "--graph names a file that describes the network; it becomes a file of the version. "
    "The answer says which parameters found no tensor and which tensors no parameter; dlv network "
    "shows all of it.\n"
    "Steps are read from the names of a series: the last number that varies, one after a word like "
    "step, iter or "
    "epoch first. --dry-run shows them.",
    Make<CommitCommand>};

}  // namespace dlv::cli
