#include "storage/store/converting_source.h"

#include "storage/statistics/widen.h"

namespace dlv::store {

DType ConvertedType(DType from, DType to) { return IsFloat(from) && IsFloat(to) ? to : from; }

TensorInfo ConvertingSource::Info(std::size_t index) const {
  TensorInfo info = source_.Info(index);
  info.dtype = ConvertedType(info.dtype, dtype_);
  return info;
}

Status ConvertingSource::Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) {
  const DType from = source_.Info(index).dtype;
  const DType to = ConvertedType(from, dtype_);
  if (from == to) return source_.Read(index, offset, out);
  const std::size_t count = out.size() / SizeOf(to);
  if (offset % SizeOf(to) != 0 || out.size() % SizeOf(to) != 0) {
    return Error{ErrorCode::kInternal, "a piece of a converted tensor splits an element"};
  }
  bytes_.resize(count * SizeOf(from));
  values_.resize(count);
  DLV_TRY(source_.Read(index, offset / SizeOf(to) * SizeOf(from), bytes_));
  statistics::Widen(from, bytes_, values_);
  statistics::Narrow(to, values_, out, report_);
  return Ok();
}

}  // namespace dlv::store
