#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>

#include "storage/archive/directory.h"
#include "storage/codec/float_format.h"
#include "storage/io/parallel.h"
#include "storage/statistics/accumulator.h"
#include "storage/statistics/widen.h"
#include "storage/store/chosen_tensors.h"
#include "storage/store/inspect.h"
#include "storage/store/progress_meter.h"

namespace dlv::store {
namespace {

/// Planes that tell a finite element from another; 0: all of them are needed.
unsigned ExponentPlanes(DType dtype) {
  // f8_e4m3 has no infinities: all ones is NaN, and other elements share its exponent.
  if (dtype == DType::kF8E4M3) return 0;
  return 1 + codec::FormatOf(dtype).exponent_bits;
}

/// Returns whether any element's exponent is all ones. Bits below the exponent may be missing.
template <class Bits>
bool AnySpecial(std::span<const std::byte> bytes, Bits exponent) {
  bool found = false;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Bits)) {
    Bits bits;
    std::memcpy(&bits, bytes.data() + at, sizeof bits);
    found = found || static_cast<Bits>(bits & exponent) == exponent;
  }
  return found;
}

bool MayHoldNonFinite(DType dtype, std::span<const std::byte> bytes) {
  switch (dtype) {
    case DType::kF16:
      return AnySpecial<std::uint16_t>(bytes, 0x7c00);
    case DType::kBF16:
      return AnySpecial<std::uint16_t>(bytes, 0x7f80);
    case DType::kF32:
    case DType::kComplex64:
      return AnySpecial<std::uint32_t>(bytes, 0x7f800000);
    case DType::kF64:
    case DType::kComplex128:
      return AnySpecial<std::uint64_t>(bytes, 0x7ff0000000000000);
    case DType::kF8E5M2:
      return AnySpecial<std::uint8_t>(bytes, 0x7c);
    default:
      return true;
  }
}

struct ScanJob {
  std::size_t tensor = 0;
  std::uint64_t chunk = 0;
};

struct Counts {
  std::atomic<std::uint64_t> nan{0}, inf{0};
};

Status LookAtChunk(archive::TensorReader& reader, const archive::TensorHandle& handle,
                   std::uint64_t chunk, std::vector<std::byte>& buffer, Counts& counts) {
  const DType dtype = handle.dtype();
  const std::uint64_t first = chunk * archive::kChunkElements;
  const std::uint64_t count = archive::ChunkLength(handle.element_count(), chunk);
  buffer.resize(static_cast<std::size_t>(count * SizeOf(dtype)));
  const unsigned enough = ExponentPlanes(dtype);
  DLV_ASSIGN(unsigned planes, reader.Read(handle, first, buffer, enough));
  if (!MayHoldNonFinite(dtype, buffer)) return Ok();
  if (planes < 8 * SizeOf(dtype) / statistics::ComponentsOf(dtype)) {
    DLV_ASSIGN(planes, reader.Read(handle, first, buffer));
  }
  statistics::Accumulator accumulator(dtype);
  accumulator.Add(buffer);
  const TensorStatistics figures = accumulator.Finish();
  counts.nan += figures.nan_count;
  counts.inf += figures.inf_count;
  return Ok();
}

}  // namespace

Result<NonFiniteReport> FindNonFinite(Store& store, std::string_view reference,
                                      const Operation& operation) {
  DLV_ASSIGN(const ChosenTensors chosen, ChooseTensors(store, reference, true));
  archive::TensorReader reader(store.locator());  // one of its own, to count what it fetches
  std::map<TensorId, std::size_t> places;
  std::vector<std::size_t> place_of;  // by chosen tensor: the first with the same bytes
  std::vector<ScanJob> jobs;
  NonFiniteReport report;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < chosen.tensors.size(); ++i) {
    const ChosenTensor& tensor = chosen.tensors[i];
    const auto [place, fresh] = places.emplace(tensor.info.id, i);
    place_of.push_back(place->second);
    if (!fresh || !statistics::HasNonFinite(tensor.info.dtype)) continue;
    ++report.tensors_read;
    total += tensor.handle->size_bytes();
    const std::uint64_t chunks = archive::ChunkCount(tensor.handle->element_count());
    for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) jobs.push_back({i, chunk});
  }
  const auto counts = std::make_unique<Counts[]>(chosen.tensors.size());
  ProgressMeter meter(operation, "reading", total);
  const unsigned threads = operation.threads != 0 ? operation.threads : io::DefaultThreads();
  std::vector<std::vector<std::byte>> buffers(threads);
  const Status looked =
      io::ParallelFor(jobs.size(), threads, [&](std::uint64_t index, unsigned worker) -> Status {
        if (operation.cancel != nullptr && operation.cancel->cancelled()) {
          return Error{ErrorCode::kCancelled, "stopped"};
        }
        const ScanJob& job = jobs[index];
        DLV_TRY(LookAtChunk(reader, *chosen.tensors[job.tensor].handle, job.chunk, buffers[worker],
                            counts[job.tensor]));
        meter.Add(buffers[worker].size());
        return Ok();
      });
  DLV_TRY(looked);
  for (std::size_t i = 0; i < chosen.tensors.size(); ++i) {
    const Counts& found = counts[place_of[i]];
    if (found.nan == 0 && found.inf == 0) continue;
    report.tensors.push_back({chosen.tensors[i].info.name, found.nan, found.inf});
  }
  report.read_bytes = reader.fetched_bytes();
  return report;
}

}  // namespace dlv::store
