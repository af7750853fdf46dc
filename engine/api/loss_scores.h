#pragma once
/// \file
/// What a loss is computed from: of networks that end in Softmax the scores in front of it, because
/// a probability may round to 0, and its logarithm then says nothing.

#include "dlv/network.h"
#include "engine/evaluation/classification.h"
#include "engine/kernels/value.h"

namespace dlv::api {

/// What the first output of a network is.
evaluation::ScoreKind KindOfScores(const Network& network);

/// Appends what the Softmax or LogSoftmax at the first output reads to the outputs, and returns
/// true; false where that output is made by something else.
bool AddLogits(Network& network);

/// Whether the Softmax at the first output runs over all scores of each example and over nothing
/// else. `logits`: the shape of what AddLogits appended, for `rows` examples.
bool IsSoftmaxOfExamples(const Network& network, const kernels::Shape& logits, std::int64_t rows);

}  // namespace dlv::api
