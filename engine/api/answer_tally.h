#pragma once
/// \file
/// How often the classes that were answered are the right ones.

#include <cstdint>
#include <string>
#include <vector>

#include "dlv/evaluation.h"
#include "dlv/result.h"
#include "engine/progressive/run.h"

namespace dlv::api {

class AnswerTally {
 public:
  AnswerTally(unsigned top_k, bool confusion) : top_k_(top_k), confusion_(confusion) {}

  /// Errors: kInvalidArgument naming the example whose label is no class.
  Status Add(const std::vector<progressive::Answer>& answers,
             const std::vector<std::int64_t>& labels);
  /// Fills in examples, metrics, classes and confusion.
  void Finish(const std::vector<std::string>& class_names, VersionEvaluation& result) const;

 private:
  unsigned top_k_;
  bool confusion_;
  std::uint64_t examples_ = 0, right_ = 0, undefined_ = 0;
  std::vector<ClassEvaluation> classes_;
  std::vector<std::uint64_t> counts_;  ///< classes squared, with confusion_
};

}  // namespace dlv::api
