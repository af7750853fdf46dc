#pragma once
/// \file
/// How deep each layer is read at each step: the nested table of profiles (docs/progressive.md,
/// "Profiles"). A table decides what a run costs, never what it may claim.

#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/progressive/layer_graph.h"
#include "engine/progressive/weight_loader.h"

namespace dlv::progressive {

/// One step: the level (an index) of each linear layer.
using StepLevels = std::vector<std::size_t>;

/// All layers alike: the levels nearest to 9, 10, ... planes, then everything.
std::vector<StepLevels> UniformTable(const WeightLoader& loader);

/// The same by whole bytes: 16 and 24 planes, then everything, as ModelHub reads. (Its first byte
/// ends within the exponent and bounds nothing.)
std::vector<StepLevels> ByteTable(const WeightLoader& loader);

/// What reading one layer at one level, and all others whole, takes off the margin of the answer:
/// the geometric mean over the inputs of (margin - proved margin) / margin. [layer][level]
using Deficits = std::vector<std::vector<double>>;

/// `inputs`: [samples][elements]. The weights that the layers have change.
Result<Deficits> MeasureDeficits(const LayerGraph& graph, WeightLoader& loader,
                                 const Values& inputs, unsigned threads,
                                 const CancellationToken* cancel, ProgressSink* progress);

/// The same of reading everything: what rounding alone takes off, in the loader's precision.
Result<double> MeasureRounding(const LayerGraph& graph, WeightLoader& loader, const Values& inputs,
                               unsigned threads);

/// Chooses for a descending row of limits the levels with the fewest bytes whose deficits add up to
/// no more, makes them nested, and ends with everything.
std::vector<StepLevels> NestedTable(const WeightLoader& loader, const Deficits& deficits);

}  // namespace dlv::progressive
