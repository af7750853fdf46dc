#pragma once
/// \file
/// The ways to store each unit, with what they take: estimated first, measured where it matters.

#include <cstdint>
#include <optional>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/coded_size.h"
#include "storage/plan/cost_model.h"
#include "storage/plan/delta_graph.h"
#include "storage/store/plan_units.h"
#include "storage/store/planner_notes.h"
#include "storage/store/store.h"

namespace dlv::store {

/// A way to store a unit.
struct UnitForm {
  std::uint32_t unit = 0;
  UnitBases bases;
  double bytes = 0;
  bool is_exact = false;
};

/// Each unit has the form that it has now, one without bases, one for each candidate, and where a
/// sample promises something the present one coded with more effort.
class UnitForms {
 public:
  /// All of them must outlive this object.
  UnitForms(Store& store, PlanTensors& input, const PlanUnits& units, PlannerNotes& notes,
            const Operation& operation)
      : store_(store), input_(input), units_(units), notes_(notes), operation_(operation) {}

  /// Estimates; what earlier plans have measured is exact at once.  Errors: as Measure.
  Status AddAll();

  std::size_t size() const { return forms_.size(); }
  const UnitForm& form(std::uint32_t number) const { return forms_[number]; }
  std::uint32_t present(std::uint32_t unit) const { return present_[unit]; }
  std::uint32_t whole(std::uint32_t unit) const { return whole_[unit]; }
  bool IsPresent(std::uint32_t number) const { return present_[forms_[number].unit] == number; }

  FormKey KeyOf(const UnitForm& form) const;
  /// Codes the unit in this form, as it would be written.  Errors: kCorruption naming the damaged
  /// tensor, kIo, kCancelled.
  Status Measure(std::uint32_t number);
  /// Edges by number of form, which is their tag. `for_solver`: what is not as it is now costs a
  /// little more, so that nothing moves for less; and forms whose size is only an estimate are left
  /// out where `exact_only` says so (but for those without bases, which must be there).
  /// `other_seconds` are by unit: what its present form waits for besides (OtherSeconds).
  std::vector<plan::Edge> Edges(const plan::CostModel& model,
                                const std::vector<double>& other_seconds, bool for_solver,
                                bool exact_only) const;
  /// How long the unit takes once all that it rests on is there.
  double Seconds(const plan::CostModel& model, std::uint32_t number) const;

  std::uint64_t candidates() const { return candidates_; }
  std::uint64_t measured() const { return measured_; }       ///< units coded
  double measured_bytes() const { return measured_bytes_; }  ///< before coding
  double measuring_seconds() const { return measuring_seconds_; }

 private:
  Status CheckCancelled() const;
  Status AddRecoded(std::uint32_t unit);
  Result<double> RecodedShare(std::uint32_t unit) const;
  void AddForm(std::uint32_t unit, UnitBases bases, double bytes, bool is_exact);
  void SetMeasured(UnitForm& form, const archive::CodedMeasure& measure);
  Result<archive::CodedMeasure> Code(const UnitForm& form) const;
  Result<archive::CodedMeasure> CodeCluster(const PlanUnit& unit, const UnitBases& bases) const;

  Store& store_;
  PlanTensors& input_;
  const PlanUnits& units_;
  PlannerNotes& notes_;
  const Operation& operation_;
  std::vector<UnitForm> forms_;
  std::vector<std::uint32_t> present_, whole_;  ///< by unit
  std::vector<double> correction_;              ///< by unit: real of estimated bytes
  std::uint64_t candidates_ = 0, measured_ = 0;
  double measured_bytes_ = 0, measuring_seconds_ = 0;
};

}  // namespace dlv::store
