#pragma once
/// \file
/// The ways to store each unit, with what they take: estimated first, measured where it matters.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/coded_size.h"
#include "storage/archive/coding_counts.h"
#include "storage/plan/cost_model.h"
#include "storage/plan/delta_graph.h"
#include "storage/store/plan_units.h"
#include "storage/store/planner_notes.h"
#include "storage/store/store.h"

namespace dlv::store {

/// By member, what its base is itself stored against, which then serves as a second base: tensor
/// numbers. Empty: no member has one.
using SecondBaseList = std::vector<std::optional<std::uint32_t>>;

/// A way to store a unit.
struct UnitForm {
  std::uint32_t unit = 0;
  UnitBases bases;
  double bytes = 0;
  bool is_exact = false;
  double estimate = 0;  ///< what samples say, whatever is known since
  /// Those with which the size was measured, in the plan of that time.
  SecondBaseList second_bases = {};
  double cold_share = 0, two_bases_share = 0;  ///< of the elements (plan::Coding)
};

/// Each unit has the form that it has now, one without bases, one for each candidate, and where a
/// sample promises something the present one coded with more effort.
class UnitForms {
 public:
  /// All of them must outlive this object. `cold`: by unit, whether new forms are cold ones
  /// (ColdUnits). A unit that is not cold gets no base that is.
  UnitForms(Store& store, PlanTensors& input, const PlanUnits& units, std::vector<bool> cold,
            PlannerNotes& notes, const Operation& operation)
      : store_(store),
        input_(input),
        units_(units),
        cold_(std::move(cold)),
        notes_(notes),
        operation_(operation),
        estimator_(input, notes) {}

  /// Estimates; what earlier plans have measured is exact at once. First the forms as they are and
  /// those without bases, then those that are sought: of units that are `searched` (by unit), and
  /// of others against those.  Errors: as Measure.
  Status AddPresent();
  Status AddCandidates(const std::vector<bool>& searched);

  std::size_t size() const { return forms_.size(); }
  const UnitForm& form(std::uint32_t number) const { return forms_[number]; }
  std::uint32_t present(std::uint32_t unit) const { return present_[unit]; }
  std::uint32_t whole(std::uint32_t unit) const { return whole_[unit]; }
  bool IsPresent(std::uint32_t number) const { return present_[forms_[number].unit] == number; }

  /// Second bases included: what a form takes with some says nothing of what it takes with others.
  FormKey KeyOf(const UnitForm& form) const;
  struct FormToMeasure {
    std::uint32_t number = 0;
    SecondBaseList second_bases = {};
  };
  /// Codes units in these forms, one each, as they would be written, unless an earlier plan has.
  /// Returns whether any size is another one then. Errors: kCorruption naming the damaged tensor,
  /// kIo, kCancelled.
  Result<bool> Measure(std::vector<FormToMeasure> wanted);
  /// Where a plan gives the bases of the present form other bases than they have, the unit coded
  /// anew on the same bases is a form of its own: offered where that promises to gain, and in any
  /// case where it has to be done (MustRecode). Returns whether anything is known that was not.
  /// Errors: as Measure.
  Result<bool> Reconsider(std::uint32_t unit, SecondBaseList second_bases);
  /// Whether the present form is coded against second bases other than these.
  bool MustRecode(std::uint32_t unit, const SecondBaseList& second_bases) const;
  std::optional<std::uint32_t> recoded(std::uint32_t unit) const { return recoded_[unit]; }
  /// Edges by number of form, which is their tag. `for_solver`: what is not as it is now costs a
  /// little more, so that nothing moves for less; and forms whose size is only an estimate are left
  /// out where `exact_only` says so (but for those without bases, which must be there). What was
  /// not searched for can only be stored whole, and that saves nothing.
  /// `other_seconds` are by unit: what its present form waits for besides (OtherSeconds).
  std::vector<plan::Edge> Edges(const plan::CostModel& model,
                                const std::vector<double>& other_seconds, bool for_solver,
                                bool exact_only) const;
  /// How long the unit takes once all that it rests on is there.
  double Seconds(const plan::CostModel& model, std::uint32_t number) const;

  std::uint64_t candidates() const { return candidates_; }
  /// What there is of the units for which other forms were sought.
  double weighed_bytes() const { return weighed_bytes_; }
  /// What a plan has to save to be worth anything.
  double least_gain_bytes() const { return least_gain_bytes_; }
  bool is_cold(std::uint32_t unit) const { return cold_[unit]; }
  bool has_cold() const { return std::ranges::find(cold_, true) != cold_.end(); }
  /// Finds out, from a chunk each, what cold forms among `chosen` that are not there yet save
  /// against usual ones.  Errors: as Measure.
  Status MeasureColdGains(const std::vector<std::uint32_t>& chosen);
  double cold_gain(std::uint32_t unit) const { return cold_gains_[unit]; }  ///< bytes
  std::uint64_t measured() const { return measured_; }                      ///< units coded
  double measured_bytes() const { return measured_bytes_; }                 ///< before coding
  double measuring_seconds() const { return measuring_seconds_; }

 private:
  Status CheckCancelled() const;
  /// Whether a member was stored by significance, on request: with a base, or coded anew for its
  /// size, it would not be. Such a unit stays as it is.
  bool KeepsLayout(std::uint32_t unit);
  Status AddRecoded(const std::vector<bool>& searched);
  void AddRecoded(UnitForm again, bool always, double share);
  plan::CandidateOptions SearchFor(const std::vector<bool>& searched);
  Result<double> RecodedShare(const UnitForm& again) const;
  SecondBaseList PresentSecondBases(const UnitForm& form) const;
  bool Recall(UnitForm& form, SecondBaseList second_bases);
  archive::CodingCounts PresentCoding(const PlanUnit& unit) const;
  Result<archive::CodedMeasure> CodeMiddle(const UnitForm& form, bool cold) const;
  void AddForm(std::uint32_t unit, UnitBases bases, double bytes, bool is_exact);
  void LearnFrom(const UnitForm& form);
  void SetMeasured(UnitForm& form, const archive::CodedMeasure& measure);
  Status CodeAll(std::vector<FormToMeasure> wanted);
  Result<archive::CodedMeasure> Code(const UnitForm& form, const Operation& operation) const;
  Result<archive::CodedMeasure> CodeCluster(const UnitForm& form, bool cold,
                                            unsigned threads) const;

  Store& store_;
  PlanTensors& input_;
  const PlanUnits& units_;
  std::vector<bool> cold_;  ///< by unit
  PlannerNotes& notes_;
  const Operation& operation_;
  SizeEstimator estimator_;
  std::vector<UnitForm> forms_;
  std::vector<std::uint32_t> present_, whole_;         ///< by unit
  std::vector<std::optional<std::uint32_t>> recoded_;  ///< by unit
  std::vector<double> correction_;                     ///< by unit: real of estimated bytes
  std::vector<std::optional<bool>> keeps_layout_;      ///< by unit, as far as it was asked
  struct Learned {
    std::vector<std::uint32_t> deltas;  ///< forms with bases that are not the present one
    double real = 0, estimated = 0;     ///< bytes of those that were coded
  };
  std::vector<Learned> learned_;    ///< by unit
  std::vector<bool> weighed_;       ///< by unit: there is more than one form to choose
  std::vector<double> cold_gains_;  ///< by unit
  double weighed_bytes_ = 0, least_gain_bytes_ = 0;
  std::uint64_t candidates_ = 0, measured_ = 0;
  double measured_bytes_ = 0, measuring_seconds_ = 0;
};

}  // namespace dlv::store
