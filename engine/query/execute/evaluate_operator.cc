// Networks tried on data, with the values that vary, as far as the rules keep them.

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "engine/query/execute/operator.h"
#include "engine/query/execute/run_subject.h"
#include "engine/query/text_case.h"

namespace dlv::query {
namespace {

/// Networks and combinations that one statement tries at the most.
constexpr std::size_t kMostTrials = 100'000;

/// A network with one combination of what varies.
struct Trial {
  Value subject;
  RunSubject run;
  RunData data;
  List varied;
  std::optional<Evaluated> result;
  bool is_complete = false;  ///< `result` is of all examples
};

double FigureOf(const Evaluated& result, std::size_t metric) {
  return result.metrics[metric].second;
}

/// Whether a is better; what is no number is the worst.
bool IsBetter(double a, double b, bool ascending) {
  if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
  return ascending ? a < b : a > b;
}

class EvaluateOperator final : public Operator {
 public:
  EvaluateOperator(Execution& execution, OperatorPtr rows, EvaluatePlan plan)
      : Operator(execution), plan_(std::move(plan)), evaluate_(*plan_.evaluate) {
    AddChild(std::move(rows));
  }

 private:
  Status DoOpen(Frame& frame) override {
    trials_.clear();
    at_ = 0;
    DLV_ASSIGN(const RunData data, CommonData(frame));
    DLV_TRY(child().Open(frame));
    List row;
    while (true) {
      DLV_ASSIGN(const bool more, child().Next(frame, row));
      if (!more) break;
      const Value subject = frame[evaluate_.subject];
      DLV_ASSIGN(const auto run, RunSubjectOf(execution(), subject));
      if (run) DLV_TRY(AddTrials(frame, subject, *run, data));
    }
    for (const BoundEvaluate::Rule& rule : evaluate_.keep) DLV_TRY(Apply(rule));
    for (Trial& trial : trials_) DLV_TRY(Try(trial, std::nullopt));
    SortByLastRule();
    for (const Trial& trial : trials_) execution().evaluated.push_back(*trial.result);
    return Ok();
  }

  Result<bool> DoNext(Frame&, List& row) override {
    if (at_ == trials_.size()) return false;
    const Trial& trial = trials_[at_++];
    row = {trial.subject};
    row.insert(row.end(), trial.varied.begin(), trial.varied.end());
    row.emplace_back(trial.result->data);
    row.emplace_back(static_cast<std::int64_t>(trial.result->examples));
    for (const auto& [name, value] : trial.result->metrics) row.emplace_back(value);
    return true;
  }

  /// What the file of settings says, and over it what the statement says.
  Result<RunData> CommonData(Frame& frame) {
    RunData data;
    if (evaluate_.config) DLV_TRY(ReadConfig(*evaluate_.config, &data));
    for (std::size_t i = 0; i < plan_.values.size(); ++i) {
      DLV_ASSIGN(const Value value, plan_.values[i]->Evaluate(frame));
      DLV_TRY(SetData(evaluate_.settings[i], value, &data));
    }
    return data;
  }

  Status ReadConfig(const std::string& path, RunData* data) {
    DLV_ASSIGN(const KeyValues values, execution().context().ReadConfig(path));
    for (const auto& [name, text] : values) {
      const auto entry =
          std::ranges::find_if(RunSettings(), [&name = name](const RunSettingEntry& one) {
            return one.evaluates && EqualFolded(one.name, name);
          });
      if (entry == RunSettings().end()) {
        execution().warnings.insert(path + ": " + name + " is no setting of an evaluation");
        continue;
      }
      const Status set = SetDataText(entry->setting, text, data);
      if (!set.ok()) {
        return Error{set.error().code, path + ": " + set.error().message, set.error().hint};
      }
    }
    return Ok();
  }

  /// Adds a trial for each combination.
  Status AddTrials(Frame& frame, const Value& subject, const RunSubject& run, const RunData& data) {
    std::vector<Trial> made(1);
    made[0] = {subject, run, data, {}, {}, false};
    for (std::size_t d = 0; d < plan_.varied.size(); ++d) {
      std::vector<Trial> next;
      for (const Trial& trial : made) {
        for (const EvaluatorPtr& value : plan_.varied[d]) {
          DLV_ASSIGN(const Value one, value->Evaluate(frame));
          Trial more = trial;
          DLV_TRY(SetData(*evaluate_.vary[d].setting, one, &more.data));
          more.varied.push_back(one);
          next.push_back(std::move(more));
          DLV_TRY(CheckRoom(trials_.size() + next.size()));
        }
      }
      made = std::move(next);
    }
    DLV_TRY(CheckRoom(trials_.size() + made.size()));
    std::ranges::move(made, std::back_inserter(trials_));
    return Ok();
  }

  static Status CheckRoom(std::size_t trials) {
    if (trials <= kMostTrials) return Ok();
    return Error{ErrorCode::kInvalidArgument, "more than 100,000 networks and settings to try",
                 "add a condition, or vary less"};
  }

  /// Evaluates on the first `limit` examples; nothing: on all that the settings say.
  Status Try(Trial& trial, std::optional<std::uint64_t> limit) {
    if (trial.is_complete) return Ok();
    DLV_TRY(execution().CheckCancelled());
    RunData data = trial.data;
    if (data.data.empty()) {
      return execution().Failed(
          plan_.place, Error{ErrorCode::kInvalidArgument, "there are no data to evaluate on",
                             "evaluate m on \"FOLDER\", or config.input_data in [...]"});
    }
    const bool partly = limit && *limit < data.limit.value_or(*limit + 1);
    if (partly) data.limit = limit;
    auto result = execution().context().Evaluate(trial.run, data, evaluate_.metrics,
                                                 execution().input().operation);
    if (!result.ok()) return execution().Failed(plan_.place, result.error());
    execution().read_bytes += result->fetched_bytes;
    trial.is_complete = !partly || result->examples < *limit;
    trial.result = std::move(*result);
    return Ok();
  }

  Status Apply(const BoundEvaluate::Rule& rule) {
    const std::size_t metric = PlaceOf(rule.metric);
    for (Trial& trial : trials_) {
      std::optional<std::uint64_t> limit;
      if (rule.iterations > 0) {
        const auto batches = static_cast<std::uint64_t>(rule.iterations);
        if (batches < std::numeric_limits<std::uint64_t>::max() / trial.data.batch)
          limit = batches * trial.data.batch;
      }
      DLV_TRY(Try(trial, limit));
    }
    if (rule.kind == BoundEvaluate::Rule::Kind::kThreshold) {
      std::erase_if(trials_, [&](const Trial& trial) {
        const double figure = FigureOf(*trial.result, metric);
        return !(rule.ascending ? figure <= rule.bound : figure >= rule.bound);
      });
      return Ok();
    }
    Sort(rule);
    if (trials_.size() > static_cast<std::size_t>(rule.count))
      trials_.resize(static_cast<std::size_t>(rule.count));
    return Ok();
  }

  std::size_t PlaceOf(const std::string& metric) const {
    const auto& all = evaluate_.metrics;
    return static_cast<std::size_t>(std::ranges::find(all, metric) - all.begin());
  }

  void Sort(const BoundEvaluate::Rule& rule) {
    const std::size_t metric = PlaceOf(rule.metric);
    std::vector<std::pair<double, std::size_t>> order;  // figure and place
    for (std::size_t i = 0; i < trials_.size(); ++i)
      order.emplace_back(FigureOf(*trials_[i].result, metric), i);
    std::ranges::stable_sort(order, [&](const auto& a, const auto& b) {
      return IsBetter(a.first, b.first, rule.ascending);
    });
    std::vector<Trial> sorted;
    sorted.reserve(trials_.size());
    for (const auto& [figure, place] : order) sorted.push_back(std::move(trials_[place]));
    trials_ = std::move(sorted);
  }

  /// The best first, where a rule says what is good.
  void SortByLastRule() {
    for (auto rule = evaluate_.keep.rbegin(); rule != evaluate_.keep.rend(); ++rule) {
      if (rule->kind == BoundEvaluate::Rule::Kind::kTop) return Sort(*rule);
    }
  }

  EvaluatePlan plan_;
  const BoundEvaluate& evaluate_;
  std::vector<Trial> trials_;
  std::size_t at_ = 0;
};

}  // namespace

OperatorPtr MakeEvaluate(Execution& execution, OperatorPtr rows, EvaluatePlan plan) {
  return std::make_unique<EvaluateOperator>(execution, std::move(rows), std::move(plan));
}

}  // namespace dlv::query
