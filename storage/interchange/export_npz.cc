#include "storage/interchange/export.h"
#include "storage/interchange/export_stream.h"
#include "storage/interchange/npy_header.h"
#include "storage/interchange/zip_directory.h"
#include "storage/interchange/zip_writer.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kNpyAlignment = 64;

std::string NpyText(const TensorInfo& info) {
  std::string text =
      "{'descr': '" + std::string(NumpyDescr(info.dtype)) + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t extent : info.shape) text += std::to_string(extent) + ", ";
  if (info.shape.size() > 1) text.resize(text.size() - 2);  // (2, 3), but (2,)
  if (info.shape.size() == 1) text.resize(text.size() - 1);
  text += "), }";
  while ((10 + text.size() + 1) % kNpyAlignment != 0) text += ' ';
  text += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(text.size() & 0xff);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

/// Members of a zip are paths: programs that unpack it would follow what a name says.
Status CheckNpzName(const std::string& tensor) {
  const std::string fault = FaultOfZipName(tensor + ".npy");
  if (fault.empty()) return Ok();
  return Error{ErrorCode::kInvalidArgument, "no member of an npz can hold this tensor: " + fault,
               "use --format safetensors or pt, or leave it out (--tensors)"};
}

Status WriteMember(TensorSource& source, const ExportItem& item, ZipWriter& zip) {
  const TensorInfo info = source.Info(item.index);
  const std::string header = NpyText(info);
  return zip.Member(info.name + ".npy", header.size() + item.size_bytes,
                    [&](io::ByteSink& sink) -> Status {
                      DLV_TRY(sink.Write(std::as_bytes(std::span(header.data(), header.size()))));
                      return CopyTensor(source, item, sink);
                    });
}

}  // namespace

Result<ExportReport> ExportNpz(TensorSource& source, const ExportOptions& options,
                               io::ByteSink& sink) {
  DLV_ASSIGN(const std::vector<ExportItem> items, PlanExport(source, options));
  for (const ExportItem& item : items) DLV_TRY(CheckNpzName(source.Info(item.index).name));
  ExportReport report;
  ZipWriter zip(sink);
  for (const ExportItem& item : items) {
    const TensorInfo info = source.Info(item.index);
    if (info.shape.size() > kMaxRank) {
      return Error{ErrorCode::kUnsupported,
                   "tensor '" + info.name + "' has more axes than numpy takes"};
    }
    const bool lossless_name = info.dtype != DType::kBF16 && info.dtype != DType::kF8E4M3 &&
                               info.dtype != DType::kF8E5M2 && info.dtype != DType::kOpaque;
    if (!lossless_name) {
      report.warnings.push_back(info.name + ": numpy has no " + std::string(NameOf(info.dtype)) +
                                "; its bits are written as " + std::string(NumpyDescr(info.dtype)));
    }
    DLV_TRY(WriteMember(source, item, zip));
  }
  DLV_ASSIGN(report.size_bytes, zip.Finish());
  return report;
}

}  // namespace dlv::interchange
