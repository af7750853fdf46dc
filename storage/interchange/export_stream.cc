#include "storage/interchange/export_stream.h"

#include <algorithm>
#include <map>
#include <string>

#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kPieceElements = 1u << 17;

}  // namespace

Result<std::vector<ExportItem>> PlanExport(const TensorSource& source,
                                           const ExportOptions& options) {
  std::vector<ExportItem> items;
  std::map<std::string, std::size_t> names;  // to places in `items`
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const TensorInfo info = source.Info(i);
    const std::string shown = "tensor '" + Printable(info.name) + "'";
    if (!IsTensorName(info.name)) {
      return Error{ErrorCode::kInvalidArgument, shown + " has a name that cannot be written"};
    }
    if (!names.emplace(info.name, i).second) {
      return Error{ErrorCode::kInvalidArgument,
                   "two tensors are named '" + Printable(info.name) + "'",
                   "export a part of them with --tensors"};
    }
    ExportItem item{i, info.dtype, 0};
    std::vector<std::uint64_t> shape;
    for (const std::int64_t extent : info.shape)
      shape.push_back(static_cast<std::uint64_t>(extent));
    const auto count = ElementCount(shape);
    if (!count ||
        __builtin_mul_overflow(*count, std::uint64_t{SizeOf(item.dtype)}, &item.size_bytes) ||
        __builtin_add_overflow(total, item.size_bytes, &total) || total > INT64_MAX) {
      return Error{ErrorCode::kInvalidArgument, shown + " has a shape that overflows"};
    }
    items.push_back(item);
  }
  if (!options.sort_by_name) return items;
  std::vector<ExportItem> sorted;
  for (const auto& [name, place] : names) sorted.push_back(items[place]);
  return sorted;
}

Status CopyTensor(TensorSource& source, const ExportItem& item, io::ByteSink& sink) {
  const std::uint64_t step = kPieceElements * SizeOf(item.dtype);
  std::vector<std::byte> buffer;
  for (std::uint64_t offset = 0; offset < item.size_bytes; offset += step) {
    buffer.resize(static_cast<std::size_t>(std::min(step, item.size_bytes - offset)));
    DLV_TRY(source.Read(item.index, offset, buffer));
    DLV_TRY(sink.Write(buffer));
  }
  return Ok();
}

}  // namespace dlv::interchange
