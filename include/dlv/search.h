#pragma once
/// \file
/// Finding versions: by words, by architecture, by likeness.

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/version_info.h"

namespace dlv {

/// What to look for. What is given must all hold; `like` orders what is left.
struct SearchRequest {
  /// Words that must occur in the model's name, message, note, tags, hyper-parameters, aliases,
  /// file names or operator names; case does not matter. Better places count more.
  std::vector<std::string> words = {};
  /// A chain of operators or families that the network must contain, e.g. "Conv->Relu->MaxPool";
  /// "->*" stands between two that are any number of nodes apart.
  std::string architecture = {};
  /// A version: the nearest by architecture first, then by weights.
  std::string like = {};
  std::size_t limit = 20;  ///< 0: all
};

/// A version that was found, the best first.
struct SearchHit {
  VersionSummary version;
  double score = 0;  ///< of words: their weight; of `like`: 1 for the same network and weights
  /// Why: "name: lenet", "Conv conv1 -> Relu relu1 -> MaxPool pool1", "same network; 12 of 14
  /// tensors alike".
  std::vector<std::string> reasons;
};

}  // namespace dlv
