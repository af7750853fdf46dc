// The binary form of CIFAR-10 and CIFAR-100 (Krizhevsky 2009,
// https://www.cs.toronto.edu/~kriz/cifar.html): records of one label byte (CIFAR-100: two, coarse
// and fine) and 3,072 bytes, the red, green and blue planes of 32 x 32 pixels.

#include <algorithm>

#include "storage/dataset/readers.h"

namespace dlv::dataset {
namespace {

constexpr std::uint64_t kPixelBytes = 3 * 32 * 32;

/// Label bytes of a record; 0: it is no such file.
std::uint64_t LabelBytes(const std::string& path, std::uint64_t size) {
  if (!path.ends_with(".bin") || size == 0) return 0;
  if (size % (kPixelBytes + 1) == 0) return 1;
  return size % (kPixelBytes + 2) == 0 ? 2 : 0;
}

class CifarData : public DataSource {
 public:
  CifarData(const std::string& path, std::vector<OpenFile> batches, std::uint64_t label_bytes)
      : batches_(std::move(batches)), label_bytes_(label_bytes) {
    description_.format = label_bytes == 1 ? "cifar-10" : "cifar-100";
    description_.path = path;
    description_.example = {3, 32, 32};
    description_.layout = Layout::kCHW;
    description_.has_labels = true;
    for (const OpenFile& batch : batches_) {
      begins_.push_back(description_.count);
      description_.count += batch.bytes->size() / record();
    }
  }

  Status Read(std::uint64_t first, std::span<std::byte> out) const override {
    DLV_ASSIGN(const std::uint64_t count, ExamplesIn(out.size()));
    DLV_TRY(CheckRange(first, count));
    for (std::uint64_t i = 0; i < count; ++i) {
      DLV_TRY(ReadPart(first + i, label_bytes_,
                       out.subspan(static_cast<std::size_t>(i * kPixelBytes), kPixelBytes)));
    }
    return Ok();
  }

  /// The fine one of two.
  Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const override {
    DLV_TRY(CheckRange(first, out.size()));
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::byte label{};
      DLV_TRY(ReadPart(first + i, label_bytes_ - 1, {&label, 1}));
      out[i] = std::to_integer<std::int64_t>(label);
    }
    return Ok();
  }

 private:
  std::uint64_t record() const { return label_bytes_ + kPixelBytes; }
  Status ReadPart(std::uint64_t example, std::uint64_t offset, std::span<std::byte> out) const {
    const auto after = std::ranges::upper_bound(begins_, example);
    const auto batch = static_cast<std::size_t>(after - begins_.begin() - 1);
    return batches_[batch].bytes->ReadAt((example - begins_[batch]) * record() + offset, out);
  }

  std::vector<OpenFile> batches_;
  std::uint64_t label_bytes_;
  std::vector<std::uint64_t> begins_;  ///< first example of each batch
};

}  // namespace

bool IsCifar(const std::string& path, std::uint64_t size) { return LabelBytes(path, size) != 0; }

Result<std::unique_ptr<DataSource>> OpenCifar(const std::string& path,
                                              std::vector<OpenFile> batches) {
  const std::uint64_t labels = LabelBytes(batches.front().path, batches.front().bytes->size());
  for (const OpenFile& batch : batches) {
    if (labels != 0 && LabelBytes(batch.path, batch.bytes->size()) == labels) continue;
    return Error{ErrorCode::kCorruption, batch.path + ": " + std::to_string(batch.bytes->size()) +
                                             " bytes, want a multiple of " +
                                             std::to_string(kPixelBytes + labels) +
                                             ", a CIFAR record"};
  }
  return std::unique_ptr<DataSource>(std::make_unique<CifarData>(path, std::move(batches), labels));
}

}  // namespace dlv::dataset
