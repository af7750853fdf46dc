#pragma once
/// \file
/// Plain inference on the inputs of a progressive run, for its time and its answers.

#include <memory>
#include <vector>

#include "dlv/progressive.h"
#include "engine/infer/session.h"
#include "engine/infer/weight_source.h"
#include "engine/progressive/run.h"

namespace dlv::api {

class PlainComparison {
 public:
  static constexpr std::size_t kMostListed = 100;

  /// Reads all weights.  Errors: those of infer::Session::Make.
  static Result<std::unique_ptr<PlainComparison>> Make(const Network& network,
                                                       infer::WeightSource& weights,
                                                       const Operation& operation);
  /// Runs the inputs, f32 [N, ...], `batch` at a time on all threads. `first` is the number of the
  /// first one.  Errors: those of infer::Session::Run.
  Status Add(const kernels::Value& inputs, const std::vector<progressive::Answer>& answers,
             std::uint64_t first, std::uint64_t batch, bool fixed_batch);
  void Finish(ProgressiveReport& report) const;

 private:
  explicit PlainComparison(const Operation& operation) : operation_(operation) {}
  Result<std::vector<std::int64_t>> Named(const kernels::Value& inputs, std::size_t from,
                                          std::size_t count, std::size_t rows) const;

  Operation operation_;
  std::unique_ptr<infer::Session> session_;
  double seconds_ = 0;
  std::uint64_t different_ = 0;
  std::vector<PlainDifference> listed_;
};

}  // namespace dlv::api
