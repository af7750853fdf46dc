#pragma once
/// \file
/// The names of the rules that bound what layers compute: certificates say them.

#include <vector>

#include "engine/progressive/layer_graph.h"
#include "engine/progressive/run.h"

namespace dlv::progressive {

/// Returns the rule of each layer, in order (docs/progressive.md, "The file").
std::vector<AppliedRule> RulesOf(const LayerGraph& graph);

}  // namespace dlv::progressive
