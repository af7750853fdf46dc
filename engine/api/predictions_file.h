#pragma once
/// \file
/// What --predictions writes: scores and classes of all examples, as .npz.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dlv/result.h"

namespace dlv::api {

struct Predictions {
  std::size_t classes = 0;
  std::vector<float> scores;                    ///< examples times classes
  std::vector<std::int64_t> predicted, labels;  ///< -1 in `predicted`: a score is NaN
  std::vector<std::uint8_t> status;             ///< AnswerStatus, of progressive runs; else empty
};

/// Replaces the file.  Errors: kIo.
Status WritePredictions(const std::filesystem::path& path, const Predictions& predictions);

}  // namespace dlv::api
