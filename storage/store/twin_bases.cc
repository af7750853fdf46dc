#include "storage/store/twin_bases.h"

#include <limits>

#include "storage/archive/tensor_reader.h"

namespace dlv::store {
namespace {

/// In bits an element. A twin makes the chain longer by one in every version, so it has to be much
/// nearer than the tensor of that name in the version before.
constexpr double kClearlyNearer = 3;

Result<std::optional<plan::TwinSample>> SampleOf(DType dtype, std::uint64_t element_count,
                                                 const io::ByteSource& source) {
  const std::size_t width = SizeOf(dtype);
  std::vector<std::byte> bytes;
  for (const plan::SampleRun& run : plan::SampleRunsOf(element_count)) {
    const std::size_t at = bytes.size();
    bytes.resize(at + static_cast<std::size_t>(run.count) * width);
    if (run.count == 0) continue;
    DLV_TRY(source.ReadAt(run.first * width, std::span(bytes).subspan(at)));
  }
  return plan::TwinSample::Of(dtype, element_count, bytes);
}

}  // namespace

Result<double> TwinBases::DistanceToBase(const plan::TwinSample& sample, const BaseTensor& base) {
  std::unique_ptr<io::ByteSource> opened;
  if (base.bytes == nullptr) {
    DLV_ASSIGN(opened, store_->tensors().OpenSource(base.id));
  }
  const io::ByteSource& bytes = opened ? *opened : *base.bytes;
  DLV_ASSIGN(const auto theirs, SampleOf(sample.dtype(), sample.element_count(), bytes));
  // A base of one value everywhere, as layers start with, is near to nothing.
  return theirs ? sample.Distance(*theirs) : std::numeric_limits<double>::infinity();
}

Result<bool> TwinBases::Choose(const TensorId& id, DType dtype, std::uint64_t element_count,
                               const io::ByteSource& source, std::optional<BaseTensor>& base) {
  if (element_count == 0) return false;
  DLV_ASSIGN(const auto sample, SampleOf(dtype, element_count, source));
  if (!sample) return false;
  const bool unchanged = base && base->id == id;
  if (const auto twin = index_.Find(*sample); twin && !unchanged) {
    const BaseTensor& found = tensors_[twin->tag];
    if (found.id == id) return false;  // a tied copy: stored once
    bool nearer = !base;
    if (base) {
      DLV_ASSIGN(const double named, DistanceToBase(*sample, *base));
      nearer = named > twin->distance + kClearlyNearer;
    }
    if (nearer) {
      base = found;
      return true;
    }
  }
  index_.Add(*sample, tensors_.size());
  tensors_.push_back({id, &source});
  return false;
}

}  // namespace dlv::store
