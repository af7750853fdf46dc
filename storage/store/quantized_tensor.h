#pragma once
/// \file
/// One stored tensor with its values rounded, made anew whenever it is read.

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "dlv/progress.h"
#include "dlv/quantize.h"
#include "dlv/result.h"
#include "storage/archive/tensor_reader.h"
#include "storage/io/byte_source.h"
#include "storage/statistics/value_rounding.h"

namespace dlv::store {

/// The error of a part of the values.
struct RoundingError {
  std::uint64_t changed = 0;
  double max = 0;
  double squares = 0;        ///< sum of the errors' squares
  double value_squares = 0;  ///< sum of the finite values' squares

  void Add(const RoundingError& other);
  /// Norm of the errors over norm of the values; 0 where nothing changed.
  double relative() const;
};

/// Reads the tensor through once, on all cores.
/// Errors: kInvalidArgument naming the element where the scheme cannot hold a value.
Result<statistics::ValueSurvey> SurveyTensor(archive::TensorReader& reader,
                                             const archive::TensorHandle& tensor,
                                             const Quantization& quantization,
                                             const TensorInfo& info, const Operation& operation);

/// The bytes afterwards. Thread-safe. Reads of whole elements only.
class QuantizedBytes : public io::ByteSource {
 public:
  QuantizedBytes(archive::TensorReader& reader, std::shared_ptr<const archive::TensorHandle> tensor,
                 statistics::ValueRounding rounding);
  std::uint64_t size() const override;
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override;
  const statistics::ValueRounding& rounding() const { return rounding_; }
  /// Of all chunks that were read as a whole; the same whatever the order and the threads.
  RoundingError error() const;

 private:
  archive::TensorReader& reader_;
  std::shared_ptr<const archive::TensorHandle> tensor_;
  statistics::ValueRounding rounding_;
  mutable std::mutex mutex_;
  mutable std::vector<RoundingError> errors_;  ///< by chunk
};

}  // namespace dlv::store
