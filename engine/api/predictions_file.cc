#include "engine/api/predictions_file.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "dlv/tensor.h"
#include "storage/interchange/export.h"
#include "storage/io/output_folder.h"

namespace dlv::api {
namespace {

class PredictionSource : public TensorSource {
 public:
  explicit PredictionSource(const Predictions& from) {
    const auto examples = static_cast<std::int64_t>(from.labels.size());
    Add("scores", DType::kF32, {examples, static_cast<std::int64_t>(from.classes)},
        std::as_bytes(std::span(from.scores)));
    Add("predicted", DType::kI64, {examples}, std::as_bytes(std::span(from.predicted)));
    Add("labels", DType::kI64, {examples}, std::as_bytes(std::span(from.labels)));
    if (!from.status.empty())
      Add("status", DType::kU8, {examples}, std::as_bytes(std::span(from.status)));
  }
  std::size_t size() const override { return tensors_.size(); }
  TensorInfo Info(std::size_t index) const override { return tensors_[index].first; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const auto from = tensors_[index].second.subspan(static_cast<std::size_t>(offset), out.size());
    std::copy(from.begin(), from.end(), out.begin());
    return Ok();
  }

 private:
  void Add(const char* name, DType dtype, Shape shape, std::span<const std::byte> bytes) {
    TensorInfo info;
    info.name = name;
    info.dtype = dtype;
    info.shape = std::move(shape);
    tensors_.emplace_back(std::move(info), bytes);
  }
  std::vector<std::pair<TensorInfo, std::span<const std::byte>>> tensors_;
};

}  // namespace

Status WritePredictions(const std::filesystem::path& path, const Predictions& predictions) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  DLV_ASSIGN(const auto output, io::OutputFolder::Open(folder.string()));
  DLV_ASSIGN(const auto file, output.Create(path.filename().string()));
  PredictionSource source(predictions);
  DLV_TRY(interchange::ExportNpz(source, {}, *file));
  return file->Commit(0644);
}

}  // namespace dlv::api
