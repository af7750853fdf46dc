#pragma once
/// \file
/// What is computed once for a network's weights: bounds, sketches and the table of profiles. All
/// of it is derived data, kept where the run has room for it.

#include <optional>
#include <vector>

#include "engine/progressive/profile.h"
#include "engine/progressive/run.h"

namespace dlv::progressive {

/// Most inputs that a calibration uses.
inline constexpr std::size_t kMostCalibration = 256;

/// The steps of a table with what each has read from cold, and the levels by parameter (each tensor
/// once, at the deepest level that a layer reads it at). `proves`: bounds count, too.
/// Errors: those of the source.
Result<std::vector<StepReport>> StepsOf(const LayerGraph& graph, const WeightLoader& loader,
                                        LevelSource& source, const std::vector<StepLevels>& table,
                                        bool proves);

class Preparation {
 public:
  /// All must outlive it; `derived` and `progress` may be null.
  Preparation(LayerGraph& graph, WeightLoader& loader, LevelSource& source, DerivedData* derived,
              const RunOptions& options, ProgressSink* progress)
      : graph_(graph),
        loader_(loader),
        source_(source),
        derived_(derived),
        options_(options),
        progress_(progress) {}

  /// Returns the table. `calibration`: [samples][elements]; without it what was prepared before,
  /// else random numbers take its place. The loader has bounds and sketches afterwards.
  Result<std::vector<StepLevels>> Run(std::optional<Values> calibration);

 private:
  using Table = std::vector<StepLevels>;
  Result<std::string> KeyOfNetwork() const;
  /// What a layer's inputs mostly lie along, used in one of two ways, or in none.
  struct LayerDirections {
    CoarseMatrix sketch;
    StretchForm stretch;
  };
  using Directions = std::vector<LayerDirections>;
  /// Sketches, as far as the options allow them, or stretches.
  bool UsesDirections() const { return !options_.keep_contrasts && options_.stretches; }
  /// What was kept: sets the sketches, returns the table.
  Result<std::optional<Table>> FindKept(const std::string& key,
                                        const std::optional<Values>& calibration);
  Status Keep(const std::string& key, const Values& calibration, const Table& table) const;
  /// What centres are computed in: as the options say, or as rounding in f32 allows.
  Status ChoosePrecision(const Values& calibration);
  /// What each layer that can be sketched reads, [samples][columns].
  Result<std::vector<Values>> ReadByLayers(const Values& calibration);
  /// Principal directions of that.
  std::vector<Values> FindDirections(const std::vector<Values>& read, std::int64_t rank) const;
  Directions SketchesOf(const std::vector<Values>& principal, std::int64_t rank, std::int64_t share,
                        unsigned bits) const;
  Directions StretchesOf(const std::vector<Values>& read, std::int64_t share, unsigned bits) const;
  Status SetDirections(const Directions& directions);
  struct Trial {
    Table table;
    double bits = 0;                         ///< mean of what the calibration inputs read
    std::vector<std::size_t> answered = {};  ///< the step that answers each, else the last
  };
  /// Bytes of planes that each step has read from cold, with sketches where it `proves`.
  Result<std::vector<double>> CostsOf(const Table& table, bool proves);
  /// A weight that several layers read is there as deep as the deepest of them wants it: all get
  /// that, so that a level a weight says what a step has read.
  void ShareLevels(Table& table) const;
  Result<Trial> Try(const Values& calibration);
  /// The table of a trial with the directions that are set, with steps more (RefineTable).
  Result<Table> Refine(const Trial& trial, const Values& calibration);
  /// The step at which each sample is proved; the table's size where it never is.
  Result<std::vector<std::size_t>> Answer(const Values& calibration, const Table& table);

  LayerGraph& graph_;
  WeightLoader& loader_;
  LevelSource& source_;
  DerivedData* derived_;
  const RunOptions& options_;
  ProgressSink* progress_;
  Directions directions_;  ///< of each layer
};

}  // namespace dlv::progressive
