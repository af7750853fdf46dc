#include "engine/progressive/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "engine/bounds/float_environment.h"
#include "engine/infer/session.h"
#include "engine/network/shape_inference.h"
#include "engine/progressive/applied_rules.h"
#include "engine/progressive/decision.h"
#include "engine/progressive/layer_graph.h"
#include "engine/progressive/parallel.h"
#include "engine/progressive/pass.h"
#include "engine/progressive/preparation.h"
#include "engine/progressive/profile.h"
#include "engine/progressive/tally.h"
#include "engine/progressive/weight_loader.h"

namespace dlv::progressive {
namespace {

using kernels::Value;
using Clock = std::chrono::steady_clock;

/// Sign and exponent of f32, of which levels by significance begin.
constexpr unsigned kLeastBySignificance = 9;

/// Tensors with fewer elements may be stored without levels.
constexpr std::size_t kSmallElements = std::size_t{1} << 15;

double Since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Some samples that go through the steps together.
struct Group {
  Pass pass;
  std::vector<std::size_t> indices;              ///< of the inputs, ascending
  std::vector<std::vector<double>> last_scores;  ///< of the step before; heuristic only
};

}  // namespace

class Run::Impl {
 public:
  Impl(Network network, LevelSource& source, infer::WeightSource& weights, DerivedData* derived,
       const RunOptions& options)
      : network_(std::move(network)),
        source_(source),
        weights_(weights),
        derived_(derived),
        options_(options) {}

  Status Plan() {
    if (network_.inputs.size() != 1 || network_.outputs.empty()) {
      return Error{ErrorCode::kUnsupported,
                   "the network has " + std::to_string(network_.inputs.size()) + " inputs and " +
                       std::to_string(network_.outputs.size()) +
                       " outputs, want one input and scores of classes"};
    }
    DLV_ASSIGN(PlannedGraph planned, PlanLayers(network_, source_));
    graph_ = std::move(planned.graph);
    if (graph_ != nullptr) memory_ = graph_->memory;
    tally_.report().stopped_by = std::move(planned.stopped_by);
    DLV_TRY(CountFull());
    if (graph_ == nullptr) return Ok();
    loader_.emplace(*graph_, source_, derived_, options_.memory_bytes);
    return loader_->Open();
  }

  Status Prepare(const Value* calibration, ProgressSink* progress) {
    prepared_ = true;
    if (graph_ == nullptr) return Ok();
    const Clock::time_point begin = Clock::now();
    const bool proves = options_.stop == StopRule::kCertified;
    if (proves && options_.method == BoundMethod::kNorms) {
      Preparation preparation(*graph_, *loader_, source_, derived_, options_, progress);
      std::optional<Values> inputs;
      if (calibration != nullptr) {
        DLV_ASSIGN(const std::size_t count, CountOf(*calibration));
        const std::size_t used = std::min(count, kMostCalibration);
        const auto elements = calibration->As<float>().first(used * AsSize(graph_->input.count()));
        inputs.emplace(elements.begin(), elements.end());
      }
      DLV_ASSIGN(table_, preparation.Run(std::move(inputs)));
    } else {
      if (options_.keep_contrasts) DLV_TRY(loader_->ComputeBounds(options_.cancel, progress));
      table_ = proves ? ByteTable(*loader_) : UniformTable(*loader_);
    }
    tally_.report().precision = loader_->precision();
    if (options_.most_planes) DLV_TRY(LimitPlanes(*options_.most_planes));
    DLV_TRY(ReportSteps());
    tally_.report().bound_seconds += Since(begin);
    return Ok();
  }

  Result<std::vector<Answer>> Classify(const Value& inputs) {
    if (!prepared_) DLV_TRY(Prepare(nullptr, nullptr));
    const Clock::time_point begin = Clock::now();
    DLV_ASSIGN(const std::size_t count, CountOf(inputs));
    HeldBytes held(memory_);
    held.Set(inputs.size_bytes());
    std::vector<Answer> answers(count);
    std::vector<bool> answered(count, false);
    if (graph_ != nullptr) DLV_TRY(RunSteps(inputs, answers, answered));
    for (std::size_t i = 0; i < count; ++i) {
      if (!answered[i]) DLV_TRY(AnswerByReference(inputs, i, answers[i]));
      tally_.Add(answers[i]);
    }
    tally_.report().seconds += Since(begin);
    return answers;
  }

  Result<std::vector<Answer>> ClassifyAt(const Value& inputs,
                                         const std::vector<StepLevel>& levels) {
    DLV_ASSIGN(const std::size_t count, CountOf(inputs));
    std::vector<Answer> answers(count);
    std::vector<bool> answered(count, false);
    if (graph_ != nullptr) {
      DLV_ASSIGN(StepLevels step, FindLevels(levels));
      if (!prepared_) DLV_TRY(loader_->ComputeBounds(options_.cancel, nullptr));
      prepared_ = true;
      loader_->SetPrecision(Precision::kF64);
      limited_ = step != EveryLevel();
      table_ = {std::move(step)};
      DLV_TRY(ReportSteps());
      DLV_TRY(RunSteps(inputs, answers, answered));
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!answered[i]) DLV_TRY(AnswerByReference(inputs, i, answers[i]));
    }
    return answers;
  }

  Status CheckLevels(const std::vector<StepLevel>& levels) const {
    if (graph_ == nullptr) return Ok();
    DLV_TRY(FindLevels(levels));
    return Ok();
  }

  std::optional<std::uint64_t> classes() const {
    if (graph_ == nullptr) return std::nullopt;
    return static_cast<std::uint64_t>(graph_->ExtentOf(graph_->output).count());
  }

  std::vector<AppliedRule> rules() const {
    return graph_ == nullptr ? std::vector<AppliedRule>() : RulesOf(*graph_);
  }

  void SetCancel(const CancellationToken* cancel) { options_.cancel = cancel; }

  RunReport report() const {
    RunReport report = tally_.Finish();
    report.peak_bytes = memory_->peak();
    return report;
  }

 private:
  StepLevels EveryLevel() const {
    StepLevels all;
    for (std::size_t i = 0; i < loader_->size(); ++i)
      all.push_back(loader_->LevelsOf(i).size() - 1);
    return all;
  }

  /// The levels of the layers by the names of their weights.
  Result<StepLevels> FindLevels(const std::vector<StepLevel>& levels) const {
    StepLevels step = EveryLevel();
    std::set<std::string> names;
    for (std::size_t i = 0; i < step.size(); ++i) {
      const NetworkParameter* const parameter = graph_->linears[i].parameter;
      if (parameter == nullptr) continue;
      names.insert(parameter->name);
      const auto named = std::ranges::find(levels, parameter->name, &StepLevel::parameter);
      const auto& all = loader_->LevelsOf(i);
      const auto is_named = [&](const Level& one) {
        return one.planes == named->planes && one.exact == named->exact &&
               one.by_significance == named->by_significance;
      };
      const auto level = named == levels.end() ? all.end() : std::ranges::find_if(all, is_named);
      if (level == all.end()) {
        const std::string why = named == levels.end()    ? "no level is named"
                                : named->by_significance ? "it is not stored to bits of step "
                                                         : "it is not stored to planes: ";
        const std::string which = named == levels.end() ? ""
                                  : named->exact ? std::to_string(named->planes) + ", all of them"
                                                 : std::to_string(named->planes);
        return Error{ErrorCode::kInvalidArgument,
                     "parameter " + parameter->name + ": " + why + which};
      }
      step[i] = static_cast<std::size_t>(level - all.begin());
    }
    for (const StepLevel& level : levels) {
      if (names.erase(level.parameter) == 0) {
        return Error{ErrorCode::kInvalidArgument,
                     "parameter " + level.parameter + ": is not read by levels, or named twice"};
      }
    }
    return step;
  }

  /// Of inputs: whole numbers and truth values as the network has them, else f32.
  DType InputType() const {
    const auto& dtype = network_.inputs[0].dtype;
    return dtype && !IsFloat(*dtype) ? *dtype : DType::kF32;
  }

  Result<std::size_t> CountOf(const Value& inputs) const {
    const auto& wanted = network_.inputs[0].shape;
    bool fits = inputs.present() && inputs.dtype() == InputType() && inputs.rank() >= 1 &&
                (!wanted || wanted->size() == inputs.rank());
    for (std::size_t i = 1; fits && wanted && i < inputs.rank(); ++i)
      fits = (*wanted)[i] == kUnknownSize || (*wanted)[i] == inputs.shape()[i];
    if (fits) return static_cast<std::size_t>(inputs.shape()[0]);
    return Error{ErrorCode::kInvalidArgument, "input is " + std::string(NameOf(inputs.dtype())) +
                                                  " " + kernels::TextOf(inputs.shape()) +
                                                  ", want f32 " + network::ShapeText(wanted)};
  }

  /// What a full read costs, by parameter of the network.
  Status CountFull() {
    RunReport& report = tally_.report();
    for (const NetworkParameter& parameter : network_.parameters) {
      DLV_ASSIGN(const auto levels, source_.Levels(parameter));
      if (levels.empty()) continue;
      full_plane_bytes_ += levels.back().plane_bytes;
      report.full_bytes += levels.back().all_bytes;
      if (parameter.shape)
        report.parameter_elements += static_cast<std::uint64_t>(kernels::CountOf(*parameter.shape));
    }
    SetSteps({});
    return Ok();
  }

  Status ReportSteps() {
    RunReport& report = tally_.report();
    DLV_ASSIGN(auto steps,
               StepsOf(*graph_, *loader_, source_, table_, options_.stop == StopRule::kCertified));
    const double elements = Elements();
    for (StepReport& step : steps) {
      step.plane_bits = 8 * static_cast<double>(step.plane_bytes) / elements;
      step.all_bits = 8 * static_cast<double>(step.all_bytes) / elements;
    }
    report.bound_bytes = loader_->BoundBytes(table_.back());
    SetSteps(std::move(steps));
    return Ok();
  }

  double Elements() const {
    return static_cast<double>(std::max<std::uint64_t>(tally_.report().parameter_elements, 1));
  }

  /// Inputs that no step answers count with the full read, also where there are no steps.
  void SetSteps(std::vector<StepReport> steps) {
    const double full_bytes = static_cast<double>(tally_.report().full_bytes);
    tally_.SetSteps(std::move(steps), 8 * static_cast<double>(full_plane_bytes_) / Elements(),
                    8 * full_bytes / Elements());
  }

  /// Leaves no level with more planes than `most`.
  /// Errors: kInvalidArgument (a tensor without such a level).
  Status LimitPlanes(unsigned most) {
    DLV_TRY(CheckLeast(most));
    std::vector<StepLevels> limited;
    for (StepLevels& levels : table_) {
      for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto& all = loader_->LevelsOf(i);
        const unsigned number = NumberOf(all, most);
        while (levels[i] > 0 && all[levels[i]].planes > number) --levels[i];
      }
      if (limited.empty() || limited.back() != levels) limited.push_back(std::move(levels));
    }
    table_ = std::move(limited);
    limited_ = table_.back() != EveryLevel();
    return Ok();
  }

  /// Whether each tensor has a level of at most so many leading bits.
  Status CheckLeast(unsigned most) const {
    const NetworkParameter* worst = nullptr;
    unsigned least = most;
    for (std::size_t i = 0; i < loader_->size(); ++i) {
      const NetworkParameter* const parameter = graph_->linears[i].parameter;
      const Level& first = loader_->LevelsOf(i).front();
      // By significance the first level has no bits beyond sign and exponent of most elements.
      const unsigned planes =
          first.by_significance && !first.exact ? kLeastBySignificance : first.planes;
      if (parameter == nullptr || planes <= least) continue;
      // Small ones that are stored together have no levels, and are read whole like biases.
      if (first.exact && loader_->ElementsOf(i) < kSmallElements) continue;
      least = planes;
      worst = parameter;
    }
    if (worst == nullptr) return Ok();
    return Error{
        ErrorCode::kInvalidArgument,
        "at most " + std::to_string(most) + " planes of every weight: parameter " + worst->name +
            " is stored to no fewer than " + std::to_string(least),
        "allow " + std::to_string(least) + " or more" +
            (least >= 16 ? "; dlv archive --yes --max-load 1x REF stores differences in full, "
                           "with a level a bit"
                         : "")};
  }

  std::vector<std::size_t> FiniteInputs(const Value& inputs) const {
    const auto size = static_cast<std::size_t>(graph_->input.count());
    const auto elements = inputs.As<float>();
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < elements.size() / size; ++i) {
      const auto sample = elements.subspan(i * size, size);
      if (std::ranges::all_of(sample, [](float one) { return std::isfinite(one); }))
        indices.push_back(i);
    }
    return indices;
  }

  /// Passes over these inputs, in the precision that weights have now.
  std::vector<Group> GroupsOf(const Value& inputs, const std::vector<std::size_t>& indices) const {
    constexpr std::size_t kMostAtOnce = 64;
    const auto size = static_cast<std::size_t>(graph_->input.count());
    const auto elements = inputs.As<float>();
    const std::uint64_t room = options_.memory_bytes / 8;
    const std::size_t at_once = std::clamp<std::size_t>(
        static_cast<std::size_t>(room / BytesOfSample(*graph_)), 1, kMostAtOnce);
    std::vector<Group> groups;
    for (std::size_t first = 0; first < indices.size(); first += at_once) {
      const std::size_t last = std::min(indices.size(), first + at_once);
      std::vector<std::size_t> here(indices.begin() + static_cast<std::ptrdiff_t>(first),
                                    indices.begin() + static_cast<std::ptrdiff_t>(last));
      Values values;
      for (const std::size_t i : here) {
        const auto sample = elements.subspan(i * size, size);
        values.insert(values.end(), sample.begin(), sample.end());
      }
      groups.push_back(
          {Pass(*graph_, std::move(values), loader_->precision()), std::move(here), {}});
    }
    return groups;
  }

  Status RunSteps(const Value& inputs, std::vector<Answer>& answers, std::vector<bool>& answered) {
    std::vector<std::size_t> open = FiniteInputs(inputs);
    std::vector<Group> groups = GroupsOf(inputs, open);
    for (std::size_t k = 0; k < table_.size() && !open.empty(); ++k) {
      tally_.StepAt(k).open_before += open.size();
      DLV_TRY(RunStep(groups, k, answers, answered, open));
    }
    if (open.empty() || loader_->precision() == Precision::kF64) return Ok();
    // What rounding in f32 left open.
    tally_.report().escalated += open.size();
    loader_->SetPrecision(Precision::kF64);
    groups = GroupsOf(inputs, open);
    const Status status = RunStep(groups, table_.size() - 1, answers, answered, open);
    loader_->SetPrecision(Precision::kF32);
    return status;
  }

  /// One step for all groups. `open`: the inputs that have no answer, before and afterwards.
  Status RunStep(std::vector<Group>& groups, std::size_t k, std::vector<Answer>& answers,
                 std::vector<bool>& answered, std::vector<std::size_t>& open) {
    if (options_.cancel != nullptr && options_.cancel->cancelled())
      return Error{ErrorCode::kCancelled, "stopped"};
    const Clock::time_point begin = Clock::now();
    StepReport& step = tally_.StepAt(k);
    DLV_ASSIGN(const std::size_t first, loader_->Use(table_[k]));
    const bool keeps = open.size() * BytesOfSample(*graph_) <= options_.memory_bytes;
    std::vector<std::vector<bool>> done(groups.size());
    ParallelFor(groups.size(), options_.threads, [&](std::size_t g) {
      done[g] = RunGroup(groups[g], k, first, answers);
      if (!keeps) groups[g].pass.Shrink();
    });
    open.clear();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      Take(groups[g], done[g], answers, answered, step);
      open.insert(open.end(), groups[g].indices.begin(), groups[g].indices.end());
    }
    step.seconds += Since(begin);
    return Ok();
  }

  /// Returns which samples of the group are answered.
  std::vector<bool> RunGroup(Group& group, std::size_t k, std::size_t first,
                             std::vector<Answer>& answers) const {
    const bool proves = options_.stop == StopRule::kCertified;
    const bool is_last = k + 1 == table_.size();
    const bool is_final = is_last && group.pass.precision() == Precision::kF64;
    if (group.indices.empty()) return {};
    group.pass.Forward(group.pass.is_complete() ? first : 0, proves || is_last);
    std::vector<bool> done(group.indices.size());
    std::vector<std::vector<double>> scores;
    const bool by_norms = (proves || is_last) && options_.method == BoundMethod::kNorms;
    const ContrastLosses losses = by_norms ? group.pass.BoundContrasts() : ContrastLosses();
    for (std::size_t i = 0; i < done.size(); ++i) {
      Answer& answer = answers[group.indices[i]];
      answer.step = static_cast<std::uint32_t>(k);
      if (proves || is_last) {
        done[i] = by_norms ? Prove(group.pass, losses, i, options_.top_k, true,
                                   options_.keep_contrasts, answer)
                           : ProveByIntervals(group.pass, i, options_.top_k,
                                              options_.keep_contrasts, answer);
        answer.status =
            is_last && !limited_ ? AnswerStatus::kCertifiedFull : AnswerStatus::kCertified;
      }
      if (!proves) {
        const auto now = group.pass.ScoresOf(i);
        scores.emplace_back(now.begin(), now.end());
        if (!done[i] && !group.last_scores.empty() &&
            AcceptsIncrement(group.last_scores[i], now, options_.tau)) {
          done[i] = true;
          Guess(now, answer);
        }
      }
      if (!done[i] && is_final && limited_ && !answer.classes.empty()) {
        done[i] = true;
        Guess(group.pass.ScoresOf(i), answer);
      }
    }
    group.last_scores = std::move(scores);
    return done;
  }

  /// An answer without proof.
  void Guess(std::span<const double> scores, Answer& answer) const {
    answer.status = AnswerStatus::kHeuristic;
    answer.classes = GreatestClasses(scores, options_.top_k);
    answer.margin = MarginOf(scores, answer.classes);
    answer.by_backward = false;
    answer.scores.assign(scores.begin(), scores.end());
  }

  /// Counts the answered samples of a group and lets go of them.
  void Take(Group& group, const std::vector<bool>& done, const std::vector<Answer>& answers,
            std::vector<bool>& answered, StepReport& step) const {
    std::vector<std::size_t> kept, indices;
    std::vector<std::vector<double>> scores;
    for (std::size_t i = 0; i < done.size(); ++i) {
      const Answer& answer = answers[group.indices[i]];
      if (!done[i]) {
        kept.push_back(i);
        indices.push_back(group.indices[i]);
        if (!group.last_scores.empty()) scores.push_back(std::move(group.last_scores[i]));
        continue;
      }
      answered[group.indices[i]] = true;
      if (answer.status == AnswerStatus::kHeuristic) {
        ++step.heuristic;
      } else {
        ++(answer.by_backward ? step.certified_backward : step.certified_forward);
      }
    }
    if (kept.size() != done.size()) group.pass.Keep(kept);
    group.indices = std::move(indices);
    group.last_scores = std::move(scores);
  }

  /// The fp64 reference kernels, no proof.
  Status AnswerByReference(const Value& inputs, std::size_t index, Answer& answer) {
    if (reference_ == nullptr) {
      DLV_ASSIGN(reference_, infer::Session::Make(network_, weights_,
                                                  {.precision = infer::Precision::kF64,
                                                   .only_reference = true,
                                                   .cancel = options_.cancel}));
    }
    kernels::Shape shape = inputs.shape();
    const std::size_t bytes = inputs.size_bytes() / static_cast<std::size_t>(shape[0]);
    shape[0] = 1;
    const auto& wanted = network_.inputs[0].shape;
    const bool fixed = wanted && (*wanted)[0] > 1;
    if (fixed) shape[0] = (*wanted)[0];
    DLV_ASSIGN(Value input, reference_->memory().Make(inputs.dtype(), shape));
    std::fill_n(input.data(), input.size_bytes(), std::byte{0});
    std::copy_n(inputs.data() + index * bytes, bytes, input.data());
    const bool is_finite = IsFinite(input);
    DLV_ASSIGN(const auto outputs, reference_->Run({std::move(input)}, options_.cancel));
    memory_->Reach(reference_->report().peak_bytes);
    if (outputs[0].dtype() != DType::kF64 || outputs[0].rank() < 1 ||
        outputs[0].shape()[0] != shape[0])
      return Error{ErrorCode::kUnsupported, "the output is no scores of classes"};
    const auto scores =
        outputs[0].As<double>().first(static_cast<std::size_t>(outputs[0].count() / shape[0]));
    const std::string why = ReasonOf(is_finite, scores, answer);
    answer = {};
    answer.reason = why;
    answer.classes = GreatestComputed(scores, options_.top_k);
    answer.margin = MarginOf(scores, answer.classes);
    answer.scores.assign(scores.begin(), scores.end());
    answer.step = table_.empty() ? 0 : static_cast<std::uint32_t>(table_.size() - 1);
    return Ok();
  }

  static bool IsFinite(const Value& input) {
    if (input.dtype() != DType::kF32) return true;
    return std::ranges::all_of(input.As<float>(), [](float one) { return std::isfinite(one); });
  }

  std::string ReasonOf(bool is_finite, std::span<const double> scores, const Answer& tried) const {
    const auto finite = [](double one) { return std::isfinite(one); };
    if (!is_finite || !std::ranges::all_of(scores, finite)) return "not a number";
    if (graph_ == nullptr) return "operator";
    if (options_.top_k >= scores.size()) return "no class outside";
    return tried.margin == 0 ? "tie" : "margin below rounding";
  }

  Network network_;
  LevelSource& source_;
  infer::WeightSource& weights_;
  DerivedData* derived_;
  RunOptions options_;
  std::shared_ptr<MemoryMeter> memory_ = std::make_shared<MemoryMeter>();  ///< also the graph's
  std::unique_ptr<LayerGraph> graph_;
  std::optional<WeightLoader> loader_;
  std::vector<StepLevels> table_;
  bool prepared_ = false;
  bool limited_ = false;  ///< the last step does not read everything
  std::uint64_t full_plane_bytes_ = 0;
  std::unique_ptr<infer::Session> reference_;
  Tally tally_;
};

Result<std::unique_ptr<Run>> Run::Make(Network network, LevelSource& source,
                                       infer::WeightSource& weights, DerivedData* derived,
                                       const RunOptions& options) {
  auto impl = std::make_unique<Impl>(std::move(network), source, weights, derived, options);
  DLV_TRY(impl->Plan());
  return std::unique_ptr<Run>(new Run(std::move(impl)));
}

Run::Run(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Run::~Run() = default;

Status Run::Prepare(const kernels::Value* calibration, ProgressSink* progress) {
  const bounds::ScopedFloatEnvironment environment;
  return impl_->Prepare(calibration, progress);
}
Result<std::vector<Answer>> Run::Classify(const kernels::Value& inputs) {
  const bounds::ScopedFloatEnvironment environment;
  return impl_->Classify(inputs);
}
Result<std::vector<Answer>> Run::ClassifyAt(const Value& inputs,
                                            const std::vector<StepLevel>& levels) {
  const bounds::ScopedFloatEnvironment environment;
  return impl_->ClassifyAt(inputs, levels);
}

Status Run::CheckLevels(const std::vector<StepLevel>& levels) const {
  return impl_->CheckLevels(levels);
}

std::optional<std::uint64_t> Run::classes() const { return impl_->classes(); }

std::vector<AppliedRule> Run::rules() const { return impl_->rules(); }

void Run::SetCancel(const CancellationToken* cancel) { impl_->SetCancel(cancel); }

RunReport Run::report() const { return impl_->report(); }

}  // namespace dlv::progressive
