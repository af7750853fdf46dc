// Speed of comparing two versions that share half their tensors, beside reading what differs once.
//
//     bench_diff FOLDER [MEGABYTES=1024] [REPEAT=3]
//
// Makes a repository in FOLDER (which must not have one), commits f32 weights (normal, 0.02) of
// that size, trains every second tensor a step (relative change about 1e-3), commits again as
// deltas. Then, alternating: the summary (exact, and from the high half), and reading what differs
// once: each tensor that differs, of the later version, through its chain, which decodes the
// earlier one on the way. Figures are medians, of wall time and of processor time; the ratio is
// what counts.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "dlv/dlv.h"

namespace {

constexpr std::size_t kElements = 4U << 20U;  // of a tensor: 16 MiB

// Sums of four uniform numbers are near enough to normal ones.
class Weights : public dlv::TensorSource {
 public:
  Weights(std::size_t tensors, bool trained) : tensors_(tensors), trained_(trained) {}
  std::size_t size() const override { return tensors_; }
  dlv::TensorInfo Info(std::size_t index) const override {
    dlv::TensorInfo info;
    info.name = "layer" + std::to_string(index) + ".weight";
    info.shape = {2048, static_cast<std::int64_t>(kElements / 2048)};
    return info;
  }
  dlv::Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const std::uint64_t first = offset / sizeof(float);
    for (std::size_t i = 0; i * sizeof(float) < out.size(); ++i) {
      const std::uint64_t place = index * kElements + first + i;
      float value = 0.02F * Normal(place);
      if (trained_ && index % 2 == 1) value += 2e-5F * Normal(~place);
      std::memcpy(out.data() + i * sizeof value, &value, sizeof value);
    }
    return dlv::Ok();
  }

 private:
  static float Normal(std::uint64_t seed) {
    seed += 0x9e3779b97f4a7c15U;
    seed = (seed ^ (seed >> 30U)) * 0xbf58476d1ce4e5b9U;
    seed = (seed ^ (seed >> 27U)) * 0x94d049bb133111ebU;
    seed ^= seed >> 31U;
    float sum = -2;
    for (int k = 0; k < 4; ++k) sum += static_cast<float>(seed >> (16U * k) & 0xffffU) / 65536.0F;
    return sum * 1.732F;
  }
  std::size_t tensors_;
  bool trained_;
};

struct Times {
  double wall = 0, processor = 0;
};

double ProcessorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Times Measure(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const double before = ProcessorSeconds();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), ProcessorSeconds() - before};
}

Times Median(std::vector<Times> times) {
  Times median;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end(),
                   [](const Times& a, const Times& b) { return a.wall < b.wall; });
  median.wall = middle->wall;
  std::nth_element(times.begin(), middle, times.end(),
                   [](const Times& a, const Times& b) { return a.processor < b.processor; });
  median.processor = middle->processor;
  return median;
}

template <class T>
T Want(dlv::Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "bench_diff: %s\n", result.error().message.c_str());
  std::exit(1);
}

void Commit(dlv::Repository& repository, std::size_t tensors, bool trained) {
  Weights weights(tensors, trained);
  dlv::CommitRequest request;
  request.model = "m";
  request.tensors = {{&weights, std::nullopt}};
  Want(repository.Commit(request));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_diff FOLDER [MEGABYTES] [REPEAT]\n");
    return 2;
  }
  const std::size_t megabytes = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1024;
  const std::size_t repeat = std::max(1UL, argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 3);
  const std::size_t tensors = std::max<std::size_t>(2, megabytes / 16);
  const auto repository = Want(dlv::Repository::Init(argv[1]));
  Commit(*repository, tensors, false);
  Commit(*repository, tensors, true);

  const auto compare = [&](dlv::DiffDepth depth) {
    dlv::DiffOptions options;
    options.depth = depth;
    return Want(repository->Diff("m:v1", "m:v2", options));
  };
  const dlv::VersionDiff ids = compare(dlv::DiffDepth::kIds);
  std::vector<std::string> differing;
  for (const dlv::TensorChange& change : ids.tensors) {
    if (change.kind == dlv::TensorChange::Kind::kChanged) differing.push_back(change.name);
  }
  std::uint64_t exact_bytes = 0, estimate_bytes = 0;
  std::vector<Times> exact, estimate, reading;
  for (std::size_t round = 0; round < repeat; ++round) {
    reading.push_back(Measure([&] {
      for (const std::string& name : differing)
        Want(repository->ReadTensor("m:v2/\"" + name + "\""));
    }));
    exact.push_back(Measure([&] { exact_bytes = compare(dlv::DiffDepth::kExact).read_bytes; }));
    estimate.push_back(
        Measure([&] { estimate_bytes = compare(dlv::DiffDepth::kEstimate).read_bytes; }));
  }
  const Times base = Median(reading);
  const auto print = [&](const char* name, const Times& times, std::uint64_t bytes) {
    std::printf(
        "%-22s %8.3f s  %8.3f s processor  %5.2f x wall  %5.2f x processor  %8.1f MB read\n", name,
        times.wall, times.processor, times.wall / base.wall, times.processor / base.processor,
        static_cast<double>(bytes) * 1e-6);
  };
  std::printf("%zu tensors of 16 MiB, %zu differ, %zu rounds\n", tensors, differing.size(), repeat);
  print("reading what differs", base, exact_bytes);
  print("diff", Median(exact), exact_bytes);
  print("diff --fast", Median(estimate), estimate_bytes);
  return 0;
}
