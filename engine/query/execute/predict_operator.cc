// Answers of networks as rows.

#include <algorithm>

#include "engine/query/execute/operator.h"
#include "engine/query/execute/run_subject.h"
#include "engine/query/predictions.h"

namespace dlv::query {
namespace {

/// Inputs that are answered together: few at first, since a limit may want no more.
constexpr std::size_t kFirstInputs = 256, kMostInputs = 16'384;
/// Labels that are read at a time.
constexpr std::uint64_t kLabelsAtOnce = 65'536;

class PredictOperator final : public Operator {
 public:
  PredictOperator(Execution& execution, PredictPlan plan)
      : Operator(execution), plan_(std::move(plan)) {}

 private:
  Status DoOpen(Frame& frame) override {
    predictor_.reset();
    rows_.clear();
    inputs_.clear();
    truths_.clear();
    row_ = asked_ = 0;
    at_once_ = kFirstInputs;
    const Status opened = OpenPredictor(frame);
    if (!opened.ok()) return execution().Failed(plan_.source->place, opened.error());
    return Ok();
  }

  Result<bool> DoNext(Frame& frame, List&) override {
    if (row_ == rows_.size() && predictor_ != nullptr && asked_ < inputs_.size()) {
      const Status answered = AnswerSome();
      if (!answered.ok()) return execution().Failed(plan_.source->place, answered.error());
    }
    if (row_ == rows_.size()) return false;
    frame[plan_.source->variable] = rows_[row_++];
    return true;
  }

  Status OpenPredictor(Frame& frame) {
    DLV_ASSIGN(subject_, plan_.subject->Evaluate(frame));
    DLV_ASSIGN(const auto subject, RunSubjectOf(execution(), subject_));
    if (!subject) return Ok();
    DLV_ASSIGN(const PredictionRequest request, RequestOf(frame));
    DLV_ASSIGN(predictor_, execution().context().OpenPredictor(*subject, request,
                                                               execution().input().operation));
    fetched_ = 0;
    Count();
    return ChooseInputs(frame);
  }

  Result<PredictionRequest> RequestOf(Frame& frame) {
    PredictionRequest request;
    request.heuristic = plan_.source->mode == PredictMode::kHeuristic;
    for (std::size_t i = 0; i < plan_.values.size(); ++i) {
      DLV_ASSIGN(const Value value, plan_.values[i]->Evaluate(frame));
      DLV_TRY(SetPrediction(plan_.source->settings[i], value, &request));
    }
    if (request.data.data.empty())
      return Error{ErrorCode::kInvalidArgument, "the data to predict on are NULL, want a path"};
    return request;
  }

  /// Finds the inputs that satisfy the conditions on them.
  Status ChooseInputs(Frame& frame) {
    const std::uint64_t examples = predictor_->examples();
    for (std::uint64_t first = 0; first < examples; first += kLabelsAtOnce) {
      DLV_TRY(execution().CheckCancelled());
      const std::uint64_t count = std::min(kLabelsAtOnce, examples - first);
      DLV_ASSIGN(const auto labels, predictor_->Labels(first, count));
      for (std::uint64_t i = 0; i < count; ++i) {
        const Value truth = labels.empty() ? Value() : Value(labels[i]);
        List row(kPredictionFields);
        Set(row, PredictionField::kInput, static_cast<std::int64_t>(first + i));
        Set(row, PredictionField::kTruth, truth);
        frame[plan_.source->variable] = Value::OfList(std::move(row));
        DLV_ASSIGN(const bool wanted, AllTrue(plan_.conditions, frame));
        if (!wanted) continue;
        inputs_.push_back(first + i);
        truths_.push_back(truth);
      }
    }
    return Ok();
  }

  Status AnswerSome() {
    const std::size_t count = std::min(at_once_, inputs_.size() - asked_);
    at_once_ = std::min(4 * at_once_, kMostInputs);
    DLV_ASSIGN(const auto answers, predictor_->Answer(std::span(inputs_).subspan(asked_, count)));
    Count();
    rows_.clear();
    row_ = 0;
    for (const Prediction& answer : answers) {
      rows_.push_back(RowOf(answer, inputs_[asked_], truths_[asked_]));
      ++asked_;
    }
    return Ok();
  }

  Value RowOf(const Prediction& answer, std::uint64_t input, const Value& truth) const {
    List row(kPredictionFields);
    const auto* label = truth.As<std::int64_t>();
    Set(row, PredictionField::kSubject, subject_);
    Set(row, PredictionField::kInput, static_cast<std::int64_t>(input));
    if (!answer.classes.empty()) Set(row, PredictionField::kLabel, answer.classes.front());
    Set(row, PredictionField::kLabels,
        Value::OfList(List(answer.classes.begin(), answer.classes.end())));
    Set(row, PredictionField::kTruth, truth);
    if (label != nullptr) {
      Set(row, PredictionField::kCorrect,
          std::ranges::find(answer.classes, *label) != answer.classes.end());
    }
    Set(row, PredictionField::kStatus, answer.status);
    if (!answer.reason.empty()) Set(row, PredictionField::kReason, answer.reason);
    if (answer.margin) Set(row, PredictionField::kMargin, *answer.margin);
    Set(row, PredictionField::kBits, answer.all_bits);
    Set(row, PredictionField::kPlaneBits, answer.plane_bits);
    return Value::OfList(std::move(row));
  }

  static void Set(List& row, PredictionField field, Value value) {
    row[static_cast<std::size_t>(field)] = std::move(value);
  }

  /// Adds what was read since the last time.
  void Count() {
    const std::uint64_t now = predictor_->fetched_bytes();
    execution().read_bytes += now - fetched_;
    fetched_ = now;
    execution().planes = std::max<std::uint64_t>(execution().planes, predictor_->planes());
  }

  PredictPlan plan_;
  Value subject_;
  std::unique_ptr<Predictor> predictor_;
  std::uint64_t fetched_ = 0;
  std::vector<std::uint64_t> inputs_;  ///< that are chosen
  std::vector<Value> truths_;          ///< theirs
  std::vector<Value> rows_;
  std::size_t row_ = 0, asked_ = 0, at_once_ = kFirstInputs;
};

}  // namespace

OperatorPtr MakePredict(Execution& execution, PredictPlan plan) {
  return std::make_unique<PredictOperator>(execution, std::move(plan));
}

}  // namespace dlv::query
