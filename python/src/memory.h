#pragma once
/// \file
/// Arrays of Python as sources and sinks of tensors, through the buffer protocol: no copy is made.

#include <pybind11/pybind11.h>

#include <vector>

#include "dlv/load.h"
#include "dlv/tensor.h"
#include "python/src/long_call.h"

namespace dlv::python {

/// Reads tensors from a list of (name, role, dtype, shape, buffer). The buffers are C-contiguous
/// and little-endian; they are held until the source goes.
class BufferSource : public TensorSource {
 public:
  /// Raises TypeError or ValueError where an entry is not what it should be.
  explicit BufferSource(const pybind11::list& entries);
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override;

 private:
  std::vector<TensorInfo> infos_;
  std::vector<pybind11::buffer_info> buffers_;
};

/// Asks `allocate(name, role, dtype, shape)` for a writable buffer of the tensor's size.
class CallbackSink : public TensorSink {
 public:
  CallbackSink(pybind11::object allocate, PendingError& pending)
      : allocate_(std::move(allocate)), pending_(pending) {}
  Result<std::span<std::byte>> Allocate(std::size_t index, const TensorInfo& info) override;

 private:
  pybind11::object allocate_;
  PendingError& pending_;
  std::vector<pybind11::buffer_info> buffers_;  ///< held so that no array goes or moves meanwhile
};

/// Returns a shape as a tuple of integers.
pybind11::tuple ShapeTuple(const Shape& shape);

}  // namespace dlv::python
