#pragma once
/// \file
/// Tensors in another floating-point type, for exporting with --dtype.

#include <vector>

#include "dlv/tensor.h"
#include "storage/statistics/narrow.h"

namespace dlv::store {

/// Gives the floating-point tensors of another source as `dtype` (round to nearest, ties to even);
/// integers, bools, complex numbers and opaque bytes pass unchanged. `source` must outlive it. Not
/// thread-safe.
class ConvertingSource : public TensorSource {
 public:
  ConvertingSource(TensorSource& source, DType dtype) : source_(source), dtype_(dtype) {}

  std::size_t size() const override { return source_.size(); }
  TensorInfo Info(std::size_t index) const override;
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override;
  /// What the conversions of all reads so far did.
  const statistics::NarrowReport& report() const { return report_; }

 private:
  TensorSource& source_;
  DType dtype_;
  statistics::NarrowReport report_;
  std::vector<std::byte> bytes_;
  std::vector<double> values_;
};

/// Returns the type that a tensor of `from` has when `to` is asked for.
DType ConvertedType(DType from, DType to);

}  // namespace dlv::store
