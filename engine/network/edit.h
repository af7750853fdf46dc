#pragma once
/// \file
/// `construct`: inserting and deleting nodes, all at once.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/network/families.h"
#include "engine/network/node_set.h"

namespace dlv::network {

/// Puts one node behind an output: all its consumers, and a graph output, move to the new node.
struct InsertAction {
  NodeIndex node = 0;
  std::optional<std::uint32_t> port;  ///< must be given where a node has several outputs
  NodeTemplate made;                  ///< what to insert
  std::string name;                   ///< captures already substituted
};

/// Bypasses a node: who read its output reads its data input instead. (`delete = T` is one of
/// these for every consumer that matches T.)
struct DeleteAction {
  NodeIndex node = 0;
  /// Which data input takes its place (`keep k`, from 0); must be given where there are several,
  /// and says that a shape may change.
  std::optional<std::uint32_t> keep;
};

using EditAction = std::variant<InsertAction, DeleteAction>;

struct EditResult {
  Network network;
  std::vector<std::string>
      notes;  ///< "deleted drop1 (Dropout)", "inserted relu1 (Relu) behind conv1"
};

/// Applies all actions to the one network: places mean the network as it was. Two inserts at one
/// place apply in the order given, the second behind the first; an action that is there twice
/// counts once. Parameters that nobody uses any more go. The result has shapes inferred.
/// Errors: kInvalidArgument: a node with several outputs and no port; a delete with several data
/// inputs and no `keep`, several outputs, or unequal shapes; a node both deleted and inserted
/// behind, or deleted with two different `keep`; a shape that no longer fits; a template that
/// cannot be made. kConflict: a name that is taken, by a node of the network or by another
/// insert. The message names both nodes.
Result<EditResult> ApplyEdits(const Network& network, const std::vector<EditAction>& actions);

}  // namespace dlv::network
