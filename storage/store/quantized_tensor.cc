#include "storage/store/quantized_tensor.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "storage/archive/directory.h"
#include "storage/io/parallel.h"
#include "storage/statistics/widen.h"

namespace dlv::store {
namespace {

/// "[3, 17]": the place of an element in C order.
std::string PlaceText(const Shape& shape, std::uint64_t element) {
  std::vector<std::uint64_t> place(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    const auto extent = static_cast<std::uint64_t>(std::max<std::int64_t>(shape[axis], 1));
    place[axis] = element % extent;
    element /= extent;
  }
  std::string text = "[";
  for (const std::uint64_t index : place) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(index);
  }
  return text + "]";
}

Status CheckSurvey(const statistics::ValueSurvey& survey, const Quantization& quantization,
                   const TensorInfo& info) {
  const bool keeps_non_finite =
      quantization.scheme == QuantizeScheme::kF16 || quantization.scheme == QuantizeScheme::kBF16;
  if (survey.first_non_finite() && !keeps_non_finite) {
    return Error{ErrorCode::kInvalidArgument,
                 info.name + PlaceText(info.shape, *survey.first_non_finite()) +
                     " is NaN or infinite: " + ToText(quantization) + " has no such value",
                 "fp16 and bf16 keep it; or choose other tensors with --tensors"};
  }
  if (survey.first_too_large()) {
    return Error{ErrorCode::kInvalidArgument,
                 info.name + PlaceText(info.shape, *survey.first_too_large()) +
                     " is too large for " + ToText(quantization) + ": it would become infinite",
                 "bf16 has the range of f32; or choose other tensors with --tensors"};
  }
  return Ok();
}

RoundingError Compare(std::span<const double> before, std::span<const double> after) {
  RoundingError error;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!std::isfinite(before[i])) continue;
    const double difference = std::abs(after[i] - before[i]);
    error.changed += difference != 0 ? 1 : 0;
    error.max = std::max(error.max, difference);
    error.squares += difference * difference;
    error.value_squares += before[i] * before[i];
  }
  return error;
}

}  // namespace

void RoundingError::Add(const RoundingError& other) {
  changed += other.changed;
  max = std::max(max, other.max);
  squares += other.squares;
  value_squares += other.value_squares;
}

double RoundingError::relative() const {
  return squares == 0 ? 0 : std::sqrt(squares) / std::sqrt(value_squares);
}

Result<statistics::ValueSurvey> SurveyTensor(archive::TensorReader& reader,
                                             const archive::TensorHandle& tensor,
                                             const Quantization& quantization,
                                             const TensorInfo& info, const Operation& operation) {
  const unsigned threads = operation.threads != 0 ? operation.threads : io::DefaultThreads();
  const std::uint64_t count = archive::ChunkCount(tensor.element_count());
  const std::uint64_t window = std::min<std::uint64_t>(count, std::uint64_t{threads} * 2);
  std::vector<std::optional<statistics::ValueSurvey>> parts(static_cast<std::size_t>(window));
  statistics::ValueSurvey whole = statistics::MakeSurvey(quantization);
  const auto look = [&](std::uint64_t index, unsigned) -> Status {
    if (operation.cancel != nullptr && operation.cancel->cancelled()) {
      return Error{ErrorCode::kCancelled, "stopped"};
    }
    const auto length =
        static_cast<std::size_t>(archive::ChunkLength(tensor.element_count(), index));
    const std::uint64_t first = index * archive::kChunkElements;
    std::vector<std::byte> bytes(length * SizeOf(tensor.dtype()));
    std::vector<double> values(length);
    DLV_ASSIGN(const unsigned planes, reader.Read(tensor, first, bytes));
    static_cast<void>(planes);
    statistics::Widen(tensor.dtype(), bytes, values);
    auto& part = parts[static_cast<std::size_t>(index % window)];
    part.emplace(statistics::MakeSurvey(quantization));
    part->Add(values, first);
    return Ok();
  };
  const auto merge = [&](std::uint64_t index) -> Status {
    whole.Merge(*parts[static_cast<std::size_t>(index % window)]);
    return Ok();
  };
  DLV_TRY(io::ParallelOrdered(count, threads, window, look, merge));
  DLV_TRY(CheckSurvey(whole, quantization, info));
  return whole;
}

QuantizedBytes::QuantizedBytes(archive::TensorReader& reader,
                               std::shared_ptr<const archive::TensorHandle> tensor,
                               statistics::ValueRounding rounding)
    : reader_(reader),
      tensor_(std::move(tensor)),
      rounding_(std::move(rounding)),
      errors_(static_cast<std::size_t>(archive::ChunkCount(tensor_->element_count()))) {}

std::uint64_t QuantizedBytes::size() const {
  return tensor_->element_count() * SizeOf(rounding_.dtype_after());
}

Status QuantizedBytes::ReadAt(std::uint64_t offset, std::span<std::byte> out) const {
  const std::size_t width = SizeOf(rounding_.dtype_after());
  if (offset % width != 0 || out.size() % width != 0) {
    return Error{ErrorCode::kInternal, "a piece of a rounded tensor splits an element"};
  }
  std::uint64_t first = offset / width;
  while (!out.empty()) {
    const std::uint64_t chunk = first / archive::kChunkElements;
    const std::uint64_t end =
        std::min((chunk + 1) * archive::kChunkElements, first + out.size() / width);
    const auto count = static_cast<std::size_t>(end - first);
    std::vector<std::byte> bytes(count * SizeOf(tensor_->dtype()));
    std::vector<double> before(count);
    DLV_ASSIGN(const unsigned planes, reader_.Read(*tensor_, first, bytes));
    static_cast<void>(planes);
    statistics::Widen(tensor_->dtype(), bytes, before);
    std::vector<double> after = before;
    rounding_.Apply(after, out.first(count * width));
    if (count == archive::ChunkLength(tensor_->element_count(), chunk)) {
      const RoundingError error = Compare(before, after);
      const std::lock_guard guard(mutex_);
      errors_[static_cast<std::size_t>(chunk)] = error;
    }
    first = end;
    out = out.subspan(count * width);
  }
  return Ok();
}

RoundingError QuantizedBytes::error() const {
  const std::lock_guard guard(mutex_);
  RoundingError all;
  for (const RoundingError& error : errors_) all.Add(error);
  return all;
}

}  // namespace dlv::store
