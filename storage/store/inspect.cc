#include "storage/store/inspect.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

#include "storage/archive/directory.h"
#include "storage/io/parallel.h"
#include "storage/statistics/accumulator.h"
#include "storage/statistics/histogram.h"
#include "storage/store/chosen_tensors.h"
#include "storage/store/element_text.h"
#include "storage/store/progress_meter.h"
#include "storage/store/tensor_slice.h"
#include "storage/store/tensor_storage.h"

namespace dlv::store {
namespace {

using statistics::Accumulator;
using statistics::HistogramCounter;

constexpr std::size_t kMaxHead = 65536;
constexpr std::uint64_t kChunksOfJob = 4;
constexpr std::uint64_t kElementsOfJob = kChunksOfJob * archive::kChunkElements;

/// Some chunks of one tensor.
struct InspectJob {
  std::size_t tensor = 0;
  std::uint64_t first = 0;  ///< element
  std::uint64_t count = 0;
  bool whole = false;  ///< all of the tensor: its histogram can be made at once
};

/// Takes statistics and histograms of whole tensors, by chunk on all cores.
class WholeTensors {
 public:
  WholeTensors(Store& store, const std::vector<ChosenTensor>& tensors,
               const InspectOptions& options, const Operation& operation,
               std::vector<TensorReport>& reports)
      : store_(store),
        tensors_(tensors),
        options_(options),
        operation_(operation),
        reports_(reports) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const std::uint64_t elements = tensors[i].handle->element_count();
      for (std::uint64_t first = 0; first < elements; first += kElementsOfJob) {
        const std::uint64_t count = std::min(kElementsOfJob, elements - first);
        jobs_.push_back({i, first, count, count == elements});
      }
      bytes_ += tensors[i].handle->size_bytes();
    }
    for (const InspectJob& job : jobs_) parts_.emplace_back(tensors_[job.tensor].info.dtype);
  }

  Status Run() {
    const bool wants_histogram = options_.histogram_bins != 0;
    std::uint64_t again = 0;
    for (const InspectJob& job : jobs_) again += wants_histogram && !job.whole ? JobBytes(job) : 0;
    ProgressMeter meter(operation_, "reading", bytes_ + again);
    DLV_TRY(ForJobs(meter, false, [&](std::size_t index, std::span<const std::byte> bytes) {
      const InspectJob& job = jobs_[index];
      parts_[index].Add(bytes);
      if (wants_histogram && job.whole) {
        TensorReport& report = reports_[job.tensor];
        HistogramCounter counter = Counter(job.tensor, parts_[index].Finish());
        counter.Add(bytes);
        report.statistics.histogram = counter.histogram();
      }
    }));
    Merge();
    if (!wants_histogram) return Ok();
    std::map<std::size_t, HistogramCounter> counters;
    for (const InspectJob& job : jobs_) {
      if (!job.whole && !counters.contains(job.tensor)) {
        counters.emplace(job.tensor, Counter(job.tensor, reports_[job.tensor].statistics));
      }
    }
    std::mutex mutex;
    DLV_TRY(ForJobs(meter, true, [&](std::size_t index, std::span<const std::byte> bytes) {
      HistogramCounter& all = counters.at(jobs_[index].tensor);
      HistogramCounter part(tensors_[jobs_[index].tensor].info.dtype, options_.histogram_scale,
                            all.histogram().edges);
      part.Add(bytes);
      const std::lock_guard guard(mutex);
      all.Merge(part);
    }));
    for (auto& [tensor, counter] : counters) {
      reports_[tensor].statistics.histogram = counter.histogram();
    }
    return Ok();
  }

 private:
  std::uint64_t JobBytes(const InspectJob& job) const {
    return job.count * SizeOf(tensors_[job.tensor].info.dtype);
  }

  HistogramCounter Counter(std::size_t tensor, const TensorStatistics& figures) const {
    return HistogramCounter(
        tensors_[tensor].info.dtype, options_.histogram_scale,
        statistics::HistogramEdges(figures, options_.histogram_scale, options_.histogram_bins));
  }

  /// Reads each job's elements and calls body(index, bytes); only those of several jobs for one
  /// tensor where `only_cut`.
  template <class Body>
  Status ForJobs(ProgressMeter& meter, bool only_cut, const Body& body) {
    const unsigned threads = operation_.threads != 0 ? operation_.threads : io::DefaultThreads();
    std::vector<std::vector<std::byte>> buffers(threads);
    return io::ParallelFor(
        jobs_.size(), threads, [&](std::uint64_t index, unsigned worker) -> Status {
          const InspectJob& job = jobs_[index];
          if (only_cut && job.whole) return Ok();
          if (operation_.cancel != nullptr && operation_.cancel->cancelled()) {
            return Error{ErrorCode::kCancelled, "stopped"};
          }
          std::vector<std::byte>& buffer = buffers[worker];
          buffer.resize(static_cast<std::size_t>(JobBytes(job)));
          const archive::TensorHandle& handle = *tensors_[job.tensor].handle;
          const std::uint64_t step = archive::kChunkElements;
          const std::size_t size = SizeOf(handle.dtype());
          for (std::uint64_t at = 0; at < job.count; at += step) {
            const std::uint64_t count = std::min(step, job.count - at);
            DLV_ASSIGN(const unsigned planes,
                       store_.tensors().Read(handle, job.first + at,
                                             std::span(buffer).subspan(at * size, count * size)));
            static_cast<void>(planes);
          }
          body(index, std::span<const std::byte>(buffer));
          meter.Add(buffer.size());
          return Ok();
        });
  }

  /// Merges the parts in order, so that the figures do not depend on the threads.
  void Merge() {
    std::size_t next = 0;
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      Accumulator whole(tensors_[i].info.dtype);
      for (; next < jobs_.size() && jobs_[next].tensor == i; ++next) whole.Merge(parts_[next]);
      Histogram histogram = std::move(reports_[i].statistics.histogram);
      reports_[i].statistics = whole.Finish();
      reports_[i].statistics.histogram = std::move(histogram);
    }
  }

  Store& store_;
  const std::vector<ChosenTensor>& tensors_;
  const InspectOptions& options_;
  const Operation& operation_;
  std::vector<TensorReport>& reports_;
  std::vector<InspectJob> jobs_;
  std::vector<Accumulator> parts_;
  std::uint64_t bytes_ = 0;
};

/// Calls sink(bytes) with the elements of a slice, in pieces of whole elements.
Status ReadSlice(Store& store, const ChosenTensor& tensor, const TensorSlice& slice,
                 const std::function<Status(std::span<const std::byte>)>& sink) {
  DLV_ASSIGN(const auto source, store.tensors().OpenSource(tensor.info.id));
  const std::size_t size = SizeOf(tensor.info.dtype);
  std::vector<std::byte> out, row;
  const std::size_t full = archive::kChunkElements * size;
  const auto take = [&](std::uint64_t first, std::uint64_t count, std::uint64_t step) -> Status {
    for (std::uint64_t done = 0; done < count;) {
      // Of a long row, as much as a chunk holds at a time.
      const std::uint64_t most = std::max<std::uint64_t>(archive::kChunkElements / step, 1);
      const std::uint64_t now = std::min(count - done, most);
      row.resize(static_cast<std::size_t>(((now - 1) * step + 1) * size));
      DLV_TRY(source->ReadAt((first + done * step) * size, row));
      for (std::uint64_t k = 0; k < now; ++k) {
        const auto element = std::span(row).subspan(k * step * size, size);
        out.insert(out.end(), element.begin(), element.end());
      }
      done += now;
      if (out.size() < full) continue;
      DLV_TRY(sink(out));
      out.clear();
    }
    return Ok();
  };
  DLV_TRY(slice.ForEachRow(tensor.info.shape, take));
  return out.empty() ? Ok() : sink(out);
}

Status InspectSlice(Store& store, const ChosenTensor& tensor, const TensorSlice& slice,
                    const InspectOptions& options, const Operation& operation,
                    TensorReport& report) {
  const auto stopped = [&]() -> Status {
    if (operation.cancel == nullptr || !operation.cancel->cancelled()) return Ok();
    return Error{ErrorCode::kCancelled, "stopped"};
  };
  const DType dtype = tensor.info.dtype;
  Accumulator accumulator(dtype);
  DLV_TRY(ReadSlice(store, tensor, slice, [&](std::span<const std::byte> bytes) -> Status {
    accumulator.Add(bytes);
    for (std::size_t at = 0; at < bytes.size() && report.head.size() < options.head;
         at += SizeOf(dtype)) {
      report.head.push_back(ElementText(dtype, bytes.subspan(at, SizeOf(dtype))));
    }
    return stopped();
  }));
  if (options.statistics) report.statistics = accumulator.Finish();
  if (options.histogram_bins == 0) return Ok();
  HistogramCounter counter(dtype, options.histogram_scale,
                           statistics::HistogramEdges(accumulator.Finish(), options.histogram_scale,
                                                      options.histogram_bins));
  DLV_TRY(ReadSlice(store, tensor, slice, [&](std::span<const std::byte> bytes) -> Status {
    counter.Add(bytes);
    return stopped();
  }));
  report.statistics.histogram = counter.histogram();
  return Ok();
}

Status ReadHead(Store& store, const ChosenTensor& tensor, std::size_t head, TensorReport& report) {
  const std::size_t size = SizeOf(tensor.info.dtype);
  const auto count = std::min<std::uint64_t>(head, tensor.handle->element_count());
  if (count == 0) return Ok();
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * size);
  DLV_ASSIGN(const unsigned planes, store.tensors().Read(*tensor.handle, 0, bytes));
  static_cast<void>(planes);
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    report.head.push_back(
        ElementText(tensor.info.dtype, std::span<const std::byte>(bytes).subspan(at, size)));
  }
  return Ok();
}

/// What is known without reading the elements.
Result<TensorReport> BeginReport(Store& store, const ChosenTensor& tensor) {
  TensorReport report;
  report.info = tensor.info;
  report.file = tensor.file;
  report.slice_shape = tensor.info.shape;
  PlaneGroupCounter groups;
  DLV_TRY(groups.Add(*tensor.handle));
  report.groups = groups.Groups();
  DLV_ASSIGN(report.chain, TraceChain(store, *tensor.handle));
  report.stored_bytes = report.chain.front().coded_bytes;
  for (const ChainLink& link : report.chain) report.read_bytes += link.coded_bytes;
  return report;
}

}  // namespace

Result<std::vector<TensorReport>> Inspect(Store& store, std::string_view reference,
                                          const InspectOptions& options,
                                          const Operation& operation) {
  if (options.histogram_bins > statistics::kMaxBins || options.head > kMaxHead) {
    return Error{ErrorCode::kInvalidArgument, "at most " + std::to_string(statistics::kMaxBins) +
                                                  " bins and " + std::to_string(kMaxHead) +
                                                  " values are given"};
  }
  DLV_ASSIGN(const ChosenTensors chosen, ChooseTensors(store, reference, false));
  std::vector<TensorReport> reports;
  std::vector<std::optional<TensorSlice>> slices;
  for (const ChosenTensor& tensor : chosen.tensors) {
    DLV_ASSIGN(TensorReport report, BeginReport(store, tensor));
    slices.emplace_back();
    if (chosen.has_slice) {
      auto slice = ParseSlice(chosen.slice, tensor.info.shape);
      if (!slice.ok()) {
        Error error = std::move(slice).error();
        error.message = tensor.info.name + ": " + error.message;
        return error;
      }
      report.slice = chosen.slice;
      report.slice_shape = slice->shape;
      slices.back() = std::move(*slice);
    }
    reports.push_back(std::move(report));
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (slices[i]) {
      DLV_TRY(InspectSlice(store, chosen.tensors[i], *slices[i], options, operation, reports[i]));
    } else {
      DLV_TRY(ReadHead(store, chosen.tensors[i], options.head, reports[i]));
    }
  }
  if (!chosen.has_slice && (options.statistics || options.histogram_bins != 0)) {
    DLV_TRY(WholeTensors(store, chosen.tensors, options, operation, reports).Run());
  }
  return reports;
}

}  // namespace dlv::store
