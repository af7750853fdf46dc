#pragma once
/// \file
/// Which steps of a table of profiles are worth a pass, and which more would be: of the inputs that
/// a step answers some are answered by a flatter one before it (docs/progressive.md, "Profiles").

#include <functional>
#include <vector>

#include "dlv/result.h"
#include "engine/progressive/profile.h"

namespace dlv::progressive {

/// Returns which steps stay, of a table whose steps read `costs`: those that answer an input, and
/// those behind them, which are for inputs that are harder than any of these; between them, where a
/// step reads much more than the last one that stays. The last one reads everything and stays.
/// `proved`: the step that answers each input, their number where none does.
std::vector<bool> StepsToKeep(const std::vector<double>& costs,
                              const std::vector<std::size_t>& proved);

/// What a table is refined with. Both hand errors on.
struct TableProbe {
  /// What each step of a table has read from cold.
  std::function<Result<std::vector<double>>(const std::vector<StepLevels>&)> costs;
  /// Which of these samples are proved at these levels.
  std::function<Result<std::vector<bool>>(const StepLevels&, const std::vector<std::size_t>&)>
      prove;
};

/// Returns the table with steps more, each with one layer a level flatter than the step behind it,
/// as long as one makes the mean cost of the samples less by a share that is worth a step. The
/// first steps go which answer few, where the mean is less without them: nested, they are in the
/// way. `answered`: the step that answers each sample; where none does, the last. Levels stay
/// nested.
Result<std::vector<StepLevels>> RefineTable(std::vector<StepLevels> table,
                                            const std::vector<std::size_t>& answered,
                                            const TableProbe& probe);

}  // namespace dlv::progressive
