#include "engine/api/plain_comparison.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "engine/evaluation/classification.h"
#include "storage/io/parallel.h"

namespace dlv::api {
namespace {

using Clock = std::chrono::steady_clock;

double Since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

Result<std::unique_ptr<PlainComparison>> PlainComparison::Make(const Network& network,
                                                               infer::WeightSource& weights,
                                                               const Operation& operation) {
  std::unique_ptr<PlainComparison> made(new PlainComparison(operation));
  const auto begin = Clock::now();
  DLV_ASSIGN(made->session_, infer::Session::Make(network, weights));
  made->seconds_ = Since(begin);
  return made;
}

Result<std::vector<std::int64_t>> PlainComparison::Named(const kernels::Value& inputs,
                                                         std::size_t from, std::size_t count,
                                                         std::size_t rows) const {
  kernels::Shape shape = inputs.shape();
  const auto all = static_cast<std::size_t>(shape[0]);
  const std::size_t bytes = all == 0 ? 0 : inputs.size_bytes() / all;
  shape[0] = static_cast<std::int64_t>(rows);
  DLV_ASSIGN(kernels::Value batch, session_->memory().Make(inputs.dtype(), shape));
  const std::span<std::byte> target(batch.data(), batch.size_bytes());
  std::copy_n(inputs.data() + from * bytes, count * bytes, target.begin());
  std::ranges::fill(target.subspan(count * bytes), std::byte{0});
  DLV_ASSIGN(const auto outputs, session_->Run({std::move(batch)}, operation_.cancel));
  const kernels::Value& scores = outputs.front();
  if (scores.dtype() != DType::kF32 || scores.count() % static_cast<std::int64_t>(rows) != 0) {
    return Error{ErrorCode::kInvalidArgument, "the network's output is no list of scores"};
  }
  const std::size_t classes = static_cast<std::size_t>(scores.count()) / rows;
  std::vector<std::int64_t> named;
  for (std::size_t i = 0; i < count; ++i) {
    named.push_back(evaluation::PredictedClass(scores.As<float>().subspan(i * classes, classes)));
  }
  return named;
}

Status PlainComparison::Add(const kernels::Value& inputs,
                            const std::vector<progressive::Answer>& answers, std::uint64_t first,
                            std::uint64_t batch, bool fixed_batch) {
  const auto begin = Clock::now();
  const std::uint64_t batches = (answers.size() + batch - 1) / batch;
  std::vector<std::vector<std::int64_t>> named(static_cast<std::size_t>(batches));
  DLV_TRY(io::ParallelFor(batches, operation_.threads, [&](std::uint64_t index, unsigned) {
    const std::uint64_t from = index * batch;
    const std::uint64_t count = std::min<std::uint64_t>(batch, answers.size() - from);
    auto row = Named(inputs, from, count, fixed_batch ? batch : count);
    if (!row.ok()) return Status(row.error());
    named[index] = std::move(row).value();
    return Ok();
  }));
  seconds_ += Since(begin);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::int64_t plain = named[i / batch][i % batch];
    const auto& classes = answers[i].classes;
    const std::int64_t answer = classes.empty() ? -1 : classes.front();
    if (std::ranges::find(classes, plain) != classes.end() || (classes.empty() && plain < 0))
      continue;
    ++different_;
    if (listed_.size() < kMostListed)
      listed_.push_back({first + i, answer, plain, answers[i].margin});
  }
  return Ok();
}

void PlainComparison::Finish(ProgressiveReport& report) const {
  report.plain_seconds = seconds_;
  report.plain_differences = different_;
  report.differences = listed_;
}

}  // namespace dlv::api
