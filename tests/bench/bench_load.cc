// How long snapshots take to load from a disk of 500 MB/s (a token bucket around the reads of
// packs), against what the storage planner's cost model says, for chains of deltas of several
// depths, as a commit makes them, from two bases and in cold forms; and what the upper half of each
// value takes of that.
//
//     bench_load [--megabytes N] [--depth N] [--repeats N] [--threads N] [--rate BYTES_PER_SECOND]
//     [--folder DIR] [--slow-forms-only 1]
//
// DIR must not exist: it is made, and removed at the end.
//
// Makes its own checkpoints: bell-shaped weights in layers of 2^20 elements, each version a small
// step from the one before (f32), or such a step rounded to bf16; for two bases a step much like
// the one before. The median of the repeats counts,
// with fresh memory each time.

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "storage/archive/coding_counts.h"
#include "storage/io/parallel.h"
#include "storage/plan/cost_model.h"
#include "storage/store/commit.h"
#include "storage/store/form_writer.h"
#include "storage/store/load.h"
#include "storage/store/machine_rates.h"
#include "storage/store/store.h"
#include "tests/support/watched_file_system.h"

namespace dlv {
namespace {

constexpr std::size_t kLayerElements = std::size_t{1} << 20;

struct Settings {
  std::size_t megabytes = 96;
  int depth = 8;
  int repeats = 5;
  unsigned threads = 0;  ///< 0: as dlv chooses
  double rate = plan::CostModel::kDefaultReadRate;
  std::string folder;
  bool slow_forms_only = false;
};

/// Uniform numbers; sums of four are bell-shaped enough.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed * 2654435761U + 1) {}
  float Bell(float scale) {
    float sum = 0;
    for (int i = 0; i < 4; ++i) {
      state_ = state_ * 6364136223846793005U + 1442695040888963407U;
      sum += static_cast<float>(state_ >> 40) / static_cast<float>(1U << 24) - 0.5F;
    }
    return sum * 1.7320508F * scale;
  }

 private:
  std::uint64_t state_;
};

/// A checkpoint in memory that can take a step of training.
class Checkpoint : public TensorSource {
 public:
  Checkpoint(DType dtype, std::size_t bytes, bool steady) : dtype_(dtype), steady_(steady) {
    const std::size_t layers = std::max<std::size_t>(bytes / (kLayerElements * SizeOf(dtype)), 1);
    for (std::size_t i = 0; i < layers; ++i) {
      Noise noise(i + 1);
      std::vector<float>& layer = layers_.emplace_back(kLayerElements);
      for (float& value : layer) value = noise.Bell(0.03F);
    }
  }
  void Train(std::uint64_t step) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      Noise noise(1000 * step + i), direction(500 + i);
      for (float& value : layers_[i])
        value +=
            steady_ ? direction.Bell(kSteadyStep) + noise.Bell(kSteadyStep / 8) : noise.Bell(3e-5F);
    }
  }
  std::size_t size() const override { return layers_.size(); }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = "layer" + std::to_string(index) + ".weight";
    info.dtype = dtype_;
    info.shape = {1024, kLayerElements / 1024};
    return info;
  }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    const std::size_t width = SizeOf(dtype_);
    for (std::size_t at = 0; at < out.size(); at += width) {
      auto bits = std::bit_cast<std::uint32_t>(layers_[index][(offset + at) / width]);
      if (width == 2) bits = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
      std::memcpy(out.data() + at, &bits, width);
    }
    return Ok();
  }

 private:
  static constexpr float kSteadyStep = 1e-4F;
  DType dtype_;
  bool steady_;
  std::vector<std::vector<float>> layers_;
};

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "bench_load: %s\n", what.c_str());
  std::exit(1);
}

/// Pages that nobody has touched: what `new` returns after the first load has been.
class FreshMemory : public TensorSink {
 public:
  FreshMemory() = default;
  FreshMemory(const FreshMemory&) = delete;
  FreshMemory& operator=(const FreshMemory&) = delete;
  ~FreshMemory() override {
    for (const std::span<std::byte> block : blocks_) munmap(block.data(), block.size());
  }
  Result<std::span<std::byte>> Allocate(std::size_t, const TensorInfo& info) override {
    const std::size_t bytes = info.element_count() * SizeOf(info.dtype);
    void* const at =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) Fail("no memory for " + info.name);
    return blocks_.emplace_back(static_cast<std::byte*>(at), bytes);
  }

 private:
  std::vector<std::span<std::byte>> blocks_;
};

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) Fail(result.error().message);
  return std::move(result).value();
}

double ProcessorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Timing {
  double seconds = 0;    ///< median of the runs
  double processor = 0;  ///< processor time, median
  std::uint64_t read_bytes = 0;
};

class Bench {
 public:
  explicit Bench(const Settings& settings) : settings_(settings) {
    rates_ = Must(store::MeasureRates());
    std::printf("decoding on one of %u cores while all work, GB/s:\n%s\n", io::DefaultThreads(),
                RatesText().c_str());
  }

  void Run() {
    std::printf("**Loading at %.0f MB/s, predicted and measured**\n\n", settings_.rate * 1e-6);
    std::printf(
        "| | depth | MB | MB read | cold | two bases | predicted s | measured s | ratio | "
        "unthrottled s | processor s, predicted | measured | ratio |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    if (!settings_.slow_forms_only) {
      Commit(DType::kF32, "f32", false);
      Commit(DType::kBF16, "bf16", false);
      for (const char* model : {"f32", "bf16"}) PredictAll(model, model);
    }
    Commit(DType::kF32, "f32-steady", true);
    Commit(DType::kBF16, "bf16-steady", true);
    WriteAgain(false);
    for (const char* model : {"f32", "bf16"})
      PredictAll(std::string(model) + "-steady", std::string(model) + ", two bases");
    WriteAgain(true);
    for (const char* model : {"f32", "bf16"})
      PredictAll(std::string(model) + "-steady", std::string(model) + ", cold");
    if (settings_.slow_forms_only) return;
    std::printf("\n**The upper 16 bits of f32, against all of it**\n\n");
    std::printf(
        "| depth | MB read | of | s | of | share | unthrottled s | of | share |\n"
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (int depth = 0; depth <= settings_.depth; depth = depth == 0 ? 1 : depth * 2) Half(depth);
  }

 private:
  std::string RatesText() const {
    constexpr const char* kNames[] = {"f32",
                                      "bf16",
                                      "f32 against a base",
                                      "bf16 against a base",
                                      "integers",
                                      "f32, base near",
                                      "f32, base very near",
                                      "bf16, base near",
                                      "integers against a base"};
    std::string text;
    for (std::size_t kind = 0; kind < plan::kDecodeKinds; ++kind) {
      char line[64];
      std::snprintf(line, sizeof line, "%s%s %.2f", kind == 0 ? "" : "; ", kNames[kind],
                    1e-9 / rates_.seconds_per_byte[kind]);
      text += line;
    }
    char fetched[64];
    std::snprintf(fetched, sizeof fetched, "; fetched %.2f",
                  1e-9 / rates_.seconds_per_fetched_byte);
    text += fetched;
    constexpr const char* kSlowNames[] = {"f32",         "bf16",           "f32 deltas",
                                          "bf16 deltas", "f32, two bases", "bf16, two bases"};
    text += "\ntimes as long, cold: ";
    for (std::size_t form = 0; form < plan::kSlowForms; ++form) {
      char line[64];
      std::snprintf(line, sizeof line, "%s%s %.2f", form == 0 ? "" : "; ", kSlowNames[form],
                    rates_.times_as_long[form]);
      text += line;
    }
    return text + "\n";
  }

  void Commit(DType dtype, const char* model, bool steady) {
    auto store = Open();
    Checkpoint checkpoint(dtype, settings_.megabytes << 20, steady);
    raw_bytes_ = checkpoint.size() * kLayerElements * SizeOf(dtype);
    for (int version = 0; version <= settings_.depth; ++version) {
      if (version > 0) checkpoint.Train(static_cast<std::uint64_t>(version));
      CommitRequest request;
      request.model = model;
      request.tensors = {{&checkpoint, {}}};
      Must(store::Commit(*store, request, {}));
    }
  }

  /// Stores what goes on steadily as an archive would, on the bases that it has: from two bases, or
  /// in cold forms from one.
  void WriteAgain(bool cold) {
    const auto store = Open();
    const auto forms = Must(store::StoredForms::Load(*store));
    std::vector<TensorId> ids;
    for (const char* model : {"f32-steady", "bf16-steady"}) {
      for (int depth = 0; depth <= settings_.depth; ++depth) {
        FreshMemory memory;
        for (const TensorInfo& info :
             Must(store::Load(*store, Version(model, depth), {}, memory, {})).tensors)
          ids.push_back(info.id);
      }
    }
    auto rewrites = Must(store::MakeRewriteSet(forms, {}, ids, 255));
    for (store::Rewrite& rewrite : rewrites) {
      rewrite.is_cold = cold;
      if (cold) rewrite.second_base.reset();
    }
    store::FormWriter writer(*store, forms, rewrites, {});
    for (const Status& done : {writer.Write(), writer.Prove(), writer.Switch("bench_load")})
      if (!done.ok()) Fail(done.error().message);
  }

  std::unique_ptr<store::Store> Open() {
    store::StoreOptions options;
    options.file_system = &watched_;
    auto opened = store::Store::Open(settings_.folder, options);
    if (!opened.ok()) opened = store::Store::Init(settings_.folder, options);
    return Must(std::move(opened));
  }

  /// The median of several loads; directories are read before, as a repository that is open has.
  Timing Load(const std::string& reference, unsigned planes, double rate) {
    const auto store = Open();
    LoadOptions options;
    options.planes = planes;
    Timing timing;
    std::vector<double> seconds, processor;
    for (int run = 0; run <= settings_.repeats; ++run) {
      watched_.SetRate(run == 0 ? 0 : rate);
      FreshMemory memory;
      const auto start = std::chrono::steady_clock::now();
      const double before = ProcessorSeconds();
      const LoadResult loaded =
          Must(store::Load(*store, reference, options, memory, {.threads = settings_.threads}));
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
      if (run == 0) continue;
      seconds.push_back(elapsed.count());
      processor.push_back(ProcessorSeconds() - before);
      timing.read_bytes = loaded.read_bytes;
    }
    watched_.SetRate(0);
    timing.seconds = Median(std::move(seconds));
    timing.processor = Median(std::move(processor));
    return timing;
  }

  static std::string Version(const std::string& model, int depth) {
    return model + ":v" + std::to_string(depth + 1);
  }

  /// What a load consists of, and how it is coded.
  struct Parts {
    plan::LoadParts parts;
    archive::CodingCounts coding;
  };

  /// Adds up the chains of all tensors.
  Parts PartsOf(const std::string& reference, const plan::CostModel& model) {
    const auto store = Open();
    FreshMemory memory;
    const LoadResult loaded = Must(store::Load(*store, reference, {}, memory, {}));
    Parts load;
    for (const TensorInfo& info : loaded.tensors) {
      auto at = Must(store->tensors().Open(info.id));
      while (true) {
        const bool is_delta = at->base().has_value();
        const auto cost = Must(store->tensors().Cost(*at));
        const auto coding = Must(archive::SampleCoding(*at));
        load.coding += coding;
        load.parts += model.PartsOf(at->dtype(), at->element_count(),
                                    {is_delta, coding.ColdShare(), coding.TwoBasesShare()},
                                    static_cast<double>(cost.coded_bytes));
        if (!is_delta) break;
        at = Must(store->tensors().Open(*at->base()));
      }
    }
    return load;
  }

  void PredictAll(const std::string& model, const std::string& name) {
    for (int depth = 0; depth <= settings_.depth; depth = depth == 0 ? 1 : depth * 2)
      Predict(Version(model, depth), name, depth);
  }

  /// Rates measured just before and just after count: a machine that others work on is another one
  /// from minute to minute.
  void Predict(const std::string& reference, const std::string& name, int depth) {
    rates_ = Must(store::MeasureRates());
    const Timing slow = Load(reference, 0, settings_.rate);
    const Timing fast = Load(reference, 0, 0);
    const plan::MachineRates after = Must(store::MeasureRates());
    for (std::size_t kind = 0; kind < plan::kDecodeKinds; ++kind)
      rates_.seconds_per_byte[kind] =
          (rates_.seconds_per_byte[kind] + after.seconds_per_byte[kind]) / 2;
    for (std::size_t form = 0; form < plan::kSlowForms; ++form)
      rates_.times_as_long[form] = (rates_.times_as_long[form] + after.times_as_long[form]) / 2;
    rates_.seconds_per_fetched_byte =
        (rates_.seconds_per_fetched_byte + after.seconds_per_fetched_byte) / 2;
    const plan::CostModel model(rates_, io::DefaultThreads(), settings_.rate);
    const auto [parts, coding] = PartsOf(reference, model);
    const double predicted = model.Seconds(parts);
    std::printf(
        "| %s | %d | %.0f | %.1f | %.0f %% | %.0f %% | %.3f | %.3f | %.2f | %.3f | %.3f | %.3f | "
        "%.2f |\n",
        name.c_str(), depth, static_cast<double>(raw_bytes_) * 1e-6,
        static_cast<double>(slow.read_bytes) * 1e-6, 100 * coding.ColdShare(),
        100 * coding.TwoBasesShare(), predicted, slow.seconds, predicted / slow.seconds,
        fast.seconds, parts.decode_seconds, fast.processor, parts.decode_seconds / fast.processor);
    std::fflush(stdout);
  }

  void Half(int depth) {
    const std::string reference = Version("f32", depth);
    const Timing half = Load(reference, 16, settings_.rate),
                 all = Load(reference, 0, settings_.rate);
    const Timing fast_half = Load(reference, 16, 0), fast_all = Load(reference, 0, 0);
    std::printf("| %d | %.1f | %.1f | %.3f | %.3f | %.2f | %.3f | %.3f | %.2f |\n", depth,
                static_cast<double>(half.read_bytes) * 1e-6,
                static_cast<double>(all.read_bytes) * 1e-6, half.seconds, all.seconds,
                half.seconds / all.seconds, fast_half.seconds, fast_all.seconds,
                fast_half.seconds / fast_all.seconds);
    std::fflush(stdout);
  }

  const Settings& settings_;
  testing::WatchedFileSystem watched_{io::PosixFileSystem()};
  plan::MachineRates rates_;
  std::uint64_t raw_bytes_ = 0;
};

Settings Parse(int argc, char** argv) {
  Settings settings;
  settings.folder = (std::filesystem::temp_directory_path() / "dlv_bench_load").string();
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (i + 1 == argc) Fail("no value after " + name);
    if (name == "--megabytes") {
      settings.megabytes = std::strtoul(argv[i + 1], nullptr, 10);
    } else if (name == "--depth") {
      settings.depth = std::atoi(argv[i + 1]);
    } else if (name == "--repeats") {
      settings.repeats = std::max(std::atoi(argv[i + 1]), 1);
    } else if (name == "--threads") {
      settings.threads = static_cast<unsigned>(std::atoi(argv[i + 1]));
    } else if (name == "--rate") {
      settings.rate = std::strtod(argv[i + 1], nullptr);
    } else if (name == "--slow-forms-only") {
      settings.slow_forms_only = std::string_view(argv[i + 1]) == "1";
    } else if (name == "--folder") {
      settings.folder = argv[i + 1];
    } else {
      Fail("unknown option " + name);
    }
  }
  if (std::filesystem::exists(settings.folder)) {
    Fail(settings.folder + " exists; want a folder to make and to remove");
  }
  return settings;
}

}  // namespace
}  // namespace dlv

int main(int argc, char** argv) {
  const dlv::Settings settings = dlv::Parse(argc, argv);
  std::filesystem::create_directories(settings.folder);
  dlv::Bench(settings).Run();
  std::filesystem::remove_all(settings.folder);
  return 0;
}
