#pragma once
/// \file
/// The weights of linear layers at each level, with the bounds of what is not read yet.

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/progressive/layer_graph.h"
#include "engine/progressive/sketch.h"

namespace dlv::progressive {

/// Bounds of one layer's weights at one level, all rounded up. Derived data: computed from the
/// whole tensor once, and kept.
struct ResidualNorms {
  double residual = 0;           ///< ||D||_2
  double operator_residual = 0;  ///< of the map by D
  double frobenius = 0;          ///< of D
  double along = 0;              ///< ||D P||_2 where there is a sketch, ||D B||_2 with a stretch
  double rounding = 0;       ///< of the folded factor, in the Frobenius norm; in the others, too
  std::vector<double> rows;  ///< norms of the rows of D
};
struct WholeNorms {
  double whole = 0, absolute = 0, operator_whole = 0;  ///< ||W||_2, || |W| ||_2, of the map by W
};

class WeightLoader {
 public:
  /// All must outlive it; `derived` may be null. At most `kept_bytes` of weights are kept.
  WeightLoader(const LayerGraph& graph, LevelSource& source, DerivedData* derived,
               std::uint64_t kept_bytes);

  /// Reads the levels of all tensors. Errors: those of the source; kUnsupported.
  Status Open();
  std::size_t size() const { return graph_.linears.size(); }
  const std::vector<Level>& LevelsOf(std::size_t linear) const { return layers_[linear].levels; }
  std::size_t ElementsOf(std::size_t linear) const { return layers_[linear].elements; }

  /// Gives a fully connected layer directions to sketch along, before bounds are computed; none
  /// (rank 0) takes them away. [columns][rank].
  Status SetSketch(std::size_t linear, const CoarseMatrix& directions);
  /// The same for a stretch of its inputs, in place of a sketch; without shifts: none.
  Status SetStretch(std::size_t linear, const StretchForm& form);
  bool CanSketch(std::size_t linear) const;  ///< or stretch

  /// Computes the bounds of all levels that are not known yet.
  Status ComputeBounds(const CancellationToken* cancel, ProgressSink* progress);
  /// What layers compute in with the weights that are taken from now on; f64 until this is called.
  void SetPrecision(Precision precision);
  Precision precision() const { return precision_; }
  /// Returns the weights at a level, with the kept bounds; where there are none, with what follows
  /// from the unread bits alone.  Errors: those of the source; kUnsupported (`has_special`).
  Result<std::shared_ptr<const LinearWeights>> At(std::size_t linear, std::size_t level);
  /// Gives every layer its weights of `levels` (an index a layer). Returns the first layer that
  /// has others than before, or the number of layers.
  Result<std::size_t> Use(const std::vector<std::size_t>& levels);

  /// Bytes of the sketches and stretches that a run uses which has read these levels, one after
  /// another.
  std::uint64_t SketchBytes(const std::vector<std::vector<std::size_t>>& steps) const;
  /// Bytes of the bounds that a run at these levels uses.
  std::uint64_t BoundBytes(const std::vector<std::size_t>& levels) const;
  /// Whether a weight is not finite: then nothing can be proved.
  bool has_special() const { return has_special_; }

 private:
  struct LayerState {
    std::vector<Level> levels;
    std::size_t elements = 0;
    std::string key;  ///< of its bounds
    std::shared_ptr<const WholeNorms> whole;
    std::vector<std::shared_ptr<const ResidualNorms>> residuals;  ///< one a level; null: unknown
    std::shared_ptr<const Sketch> sketch;                         ///< null: none
    std::shared_ptr<const Stretch> stretch;                       ///< null: none; never both
    std::string sketch_key;                                       ///< of either
    std::uint64_t direction_bytes = 0;
    unsigned sketch_bits = 8;
    std::vector<std::shared_ptr<const CoarseMatrix>> parts;  ///< U, one a level
  };
  using CacheKey = std::pair<std::size_t, std::size_t>;
  struct Cached {
    CacheKey key;
    std::shared_ptr<const LinearWeights> weights;
    std::uint64_t bytes = 0;
  };

  Result<LeveledTensor> ReadLevel(std::size_t linear, std::size_t level);
  /// The matrix of a tensor's elements: in order, times the folded factor.
  std::vector<double> Arrange(const LinearPlan& plan, const std::vector<double>& elements) const;
  Result<std::string> KeyOf(const LinearPlan& plan) const;
  Status FindKept(std::size_t linear);
  std::string KeyAt(std::size_t linear, std::size_t level) const;
  /// Adds U P^T to a centre matrix, [rows][columns].
  static void AddSketch(const Sketch& sketch, const CoarseMatrix& part,
                        std::vector<double>& centre);
  Status Keep(const std::string& key, const std::vector<double>& values);
  Status ComputeLevels(std::size_t linear, const CancellationToken* cancel);
  Status ComputeBlock(ResidualBound& block);
  std::string KeyOf(const ResidualBound& block) const;
  /// The true matrix of a layer as far as doubles have it, and the norm of what that is off by.
  struct WholeMatrix {
    std::vector<double> numbers;
    double off = 0;
  };
  Result<WholeMatrix> ReadWhole(std::size_t linear);
  WholeNorms NormsOfWhole(const LinearPlan& plan, const std::vector<double>& whole) const;
  ResidualNorms NormsOfResidual(const LinearPlan& plan, const std::vector<double>& whole,
                                const std::vector<double>& centre) const;
  static CoarseMatrix PartOf(const Sketch& sketch, unsigned bits, const LinearPlan& plan,
                             const std::vector<double>& whole, const std::vector<double>& centre);
  static std::vector<double> Along(const std::vector<double>& directions, const LinearPlan& plan,
                                   const std::vector<double>& whole,
                                   const std::vector<double>& centre);
  static double StretchedNorm(const LinearPlan& plan, const Stretch& stretch,
                              const std::vector<double>& whole, const std::vector<double>& centre,
                              double rounding);
  static void AddSketchNorms(const LinearPlan& plan, const Sketch& sketch, const CoarseMatrix& part,
                             const std::vector<double>& whole, const std::vector<double>& centre,
                             ResidualNorms& norms);
  /// Takes sketch and stretch away, and all bounds.
  void ForgetDirections(LayerState& state);
  void ForgetLoaded();
  /// Rounds centre and bias to f32 and adds what that does to the bounds of what is not read.
  void RoundToSingle(const LinearForm& form, LinearWeights& weights) const;
  Result<std::shared_ptr<const LinearWeights>> Load(std::size_t linear, std::size_t level);
  bool IsLast(const LinearPlan& plan) const;

  const LayerGraph& graph_;
  LevelSource& source_;
  DerivedData* derived_;
  std::uint64_t kept_bytes_;
  bool has_special_ = false;
  Precision precision_ = Precision::kF64;
  std::vector<LayerState> layers_;
  std::vector<std::size_t> used_;  ///< levels that the layers have
  std::list<Cached> cache_;        ///< the latest first
  std::map<CacheKey, std::list<Cached>::iterator> places_;
  std::uint64_t cached_bytes_ = 0;
};

}  // namespace dlv::progressive
