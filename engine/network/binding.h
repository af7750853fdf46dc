#pragma once
/// \file
/// Joining a network with the tensors of a snapshot that came from another file.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dlv/ids.h"
#include "dlv/network.h"

namespace dlv::network {

/// A tensor, of the snapshot or of the file that the network came from.
struct TensorFact {
  std::string name;
  DType dtype = DType::kF32;
  NetworkShape shape;
  TensorId id;
};

struct BindingResult {
  std::vector<ParameterBinding> bindings;   ///< one a parameter, in their order
  std::vector<std::string> unused_tensors;  ///< of the snapshot, in its order
  /// Parameters that several tensors may be: nothing tells which.
  std::vector<std::string> ambiguous;
  std::vector<std::string> warnings;  ///< a name that matches, a shape that does not
  bool has_guesses() const {
    for (const ParameterBinding& binding : bindings) {
      if (binding.match == ParameterMatch::kGuess) return true;
    }
    return false;
  }
};

/// Gives the numbers of a tensor of one axis, or none where they are not at hand.
using VectorReader = std::function<std::vector<double>(const TensorFact&)>;

/// Finds a tensor for every parameter that has no initializer, each tensor for one parameter only
/// unless two have one name. Sizes that the network does not know fit every size.
/// 1. by name, where dtype (if known; a floating-point type fits all of them, for the engine widens
///    weights) and shape agree; prefixes of wrappers ("module.",
///    "_orig_mod.", "model.", "net.", "network.") do not count where that stays unique;
/// 2. by content: `own` holds the weights that the network's file brought, and one of the same id
///    and shape (or of the only one with the id) is in the snapshot;
/// 3. BatchNormalization folded into Conv: a Conv of the network with a bias and no normalisation
///    behind it, a weight of its shape in the snapshot followed by the four tensors of a
///    normalisation of its channels: weight and bias are derived from these. Where several have
///    one shape and no name, the bias in `own` decides (folded_norm.h), read with `values`;
/// 4. a guess: the only tensor left of that dtype and shape, for the only parameter of it. An order
///    is no reason: files list the parts of a block in the order in which they were written down,
///    networks in the order in which they run.
BindingResult BindParameters(const Network& network, std::span<const TensorFact> tensors,
                             std::span<const TensorFact> own = {}, const VectorReader& values = {});

/// Gives parameters that were joined by content or by a guess the names of their tensors, so that
/// the network finds them by name. One whose tensor's name something else has keeps its own.
void NameByTensors(std::span<const ParameterBinding> bindings, Network& network);

}  // namespace dlv::network
