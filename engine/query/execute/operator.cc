#include "engine/query/execute/operator.h"

#include <algorithm>

#include "engine/query/three_valued.h"

namespace dlv::query {

/// Adds what happens while it lives to a report, where the statement is analyzed.
class Operator::Meter {
 public:
  explicit Meter(Operator& of)
      : of_(of), on_(of.execution_.statement().explain == ExplainForm::kAnalyze) {
    if (!on_) return;
    begin_ = std::chrono::steady_clock::now();
    bytes_ = of.execution_.read_bytes;
    planes_ = of.execution_.planes;
    of.execution_.planes = 0;
  }
  ~Meter() {
    if (!on_) return;
    Execution& execution = of_.execution_;
    of_.report_.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    of_.report_.read_bytes += execution.read_bytes - bytes_;
    of_.report_.planes = std::max(of_.report_.planes, execution.planes);
    execution.planes = std::max(execution.planes, planes_);
  }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

 private:
  Operator& of_;
  bool on_;
  std::chrono::steady_clock::time_point begin_;
  std::uint64_t bytes_ = 0, planes_ = 0;
};

Status Operator::Open(Frame& frame) {
  const Meter meter(*this);
  return DoOpen(frame);
}

Result<bool> Operator::Next(Frame& frame, List& row) {
  const Meter meter(*this);
  DLV_TRY(execution_.CheckCancelled());
  DLV_ASSIGN(const bool found, DoNext(frame, row));
  report_.rows += found ? 1 : 0;
  return found;
}

Result<bool> AllTrue(const std::vector<EvaluatorPtr>& conditions, Frame& frame) {
  for (const EvaluatorPtr& condition : conditions) {
    DLV_ASSIGN(const Value value, condition->Evaluate(frame));
    if (TruthOf(value) != Truth::kTrue) return false;
  }
  return true;
}

}  // namespace dlv::query
