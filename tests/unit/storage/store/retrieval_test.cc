// What getting several tensors back reads, counted where the packs are read.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "storage/store/checkout.h"
#include "storage/store/load.h"
#include "tests/support/watched_file_system.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::store {
namespace {

constexpr int kSteps = 5;

class Buffers : public TensorSink {
 public:
  Result<std::span<std::byte>> Allocate(std::size_t, const TensorInfo& info) override {
    buffers.emplace_back(info.element_count() * SizeOf(info.dtype));
    return std::span<std::byte>(buffers.back());
  }
  std::vector<std::vector<std::byte>> buffers;
};

/// A version with a series of snapshots, each against the one before.
class Retrieval : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto made = testing::InitOn(disk_);
    ASSERT_NE(made, nullptr);
    CommitRequest request;
    request.model = "m";
    request.author = "tester";
    for (int step = 0; step < kSteps; ++step) {
      nets_.push_back(std::make_unique<testing::SmallNet>(1));
      for (int i = 1; i <= step; ++i) nets_.back()->Train(static_cast<unsigned>(i));
      request.tensors.push_back({nets_.back().get(), step});
    }
    const auto committed = Commit(*made, request, {.threads = 2});
    ASSERT_TRUE(committed.ok()) << committed.error().message;
    StoreOptions options;
    options.file_system = &watched_;
    options.lock_timeout_ms = 0;
    auto opened = Store::Open(testing::kRoot, options);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(*opened);
    MustLoad("m/steps", {});  // directories are read once
    watched_.Reset();
  }

  /// What is said is what was read, but for manifests and layouts.
  static void ExpectCounted(std::uint64_t said, std::uint64_t read) {
    EXPECT_LE(said, read);
    EXPECT_LT(read - said, 8192U);
  }

  LoadResult MustLoad(const std::string& reference, const LoadOptions& options) {
    sink_.buffers.clear();
    auto result = Load(*store_, reference, options, sink_, {.threads = 2});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(*result) : LoadResult{};
  }

  CheckoutResult MustCheckout(CheckoutOptions options) {
    const std::filesystem::path folder = ::testing::TempDir() + "/dlv_retrieval_test";
    std::filesystem::remove_all(folder);
    options.output = folder;
    auto result = Checkout(*store_, "m", options, {.threads = 2});
    std::filesystem::remove_all(folder);
    EXPECT_TRUE(result.ok()) << result.error().message;
    return result.ok() ? std::move(*result) : CheckoutResult{};
  }

  testing::FaultyFileSystem disk_;
  testing::WatchedFileSystem watched_{disk_};
  std::vector<std::unique_ptr<testing::SmallNet>> nets_;
  std::unique_ptr<Store> store_;
  Buffers sink_;
};

TEST_F(Retrieval, AllSnapshotsComeBackAndTheirChainsAreReadOnce) {
  LoadOptions options;
  options.all_snapshots = true;
  const LoadResult all = MustLoad("m", options);
  const std::uint64_t read = watched_.read_bytes();
  ASSERT_EQ(all.snapshots.size(), std::size_t{kSteps});
  for (std::size_t i = 0; i < kSteps; ++i) {
    EXPECT_EQ(all.snapshots[i].step, static_cast<std::int64_t>(i));
    ASSERT_EQ(all.snapshots[i].count, nets_[i]->size());
    for (std::size_t k = 0; k < all.snapshots[i].count; ++k) {
      EXPECT_EQ(sink_.buffers[all.snapshots[i].first + k], nets_[i]->bytes(k)) << i << " " << k;
    }
  }
  ExpectCounted(all.read_bytes, read);
  std::uint64_t one_by_one = 0;
  for (int step = 0; step < kSteps; ++step) {
    one_by_one += MustLoad("m#" + std::to_string(step), {}).read_bytes;
  }
  EXPECT_LE(all.read_bytes, all.full_bytes + all.full_bytes / 100)
      << "small ones for their ids too";
  EXPECT_LT(all.read_bytes * 2, one_by_one) << "the sum over all chains";
}

TEST_F(Retrieval, StepAndAllSnapshotsContradict) {
  LoadOptions options;
  options.all_snapshots = true;
  const auto result = Load(*store_, "m#1", options, sink_, {});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(Retrieval, PlanesReadWhatTheySayAndLess) {
  LoadOptions options;
  options.planes = 16;
  const LoadResult part = MustLoad("m", options);
  ExpectCounted(part.read_bytes, watched_.read_bytes());
  EXPECT_EQ(part.planes, 16U);
  EXPECT_LT(part.read_bytes * 10, part.full_bytes * 6);
  watched_.Reset();
  const LoadResult whole = MustLoad("m", {});
  ExpectCounted(whole.read_bytes, watched_.read_bytes());
  EXPECT_EQ(whole.full_bytes, part.full_bytes);
}

TEST_F(Retrieval, CheckoutSaysHowMuchOfAllItReads) {
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  const CheckoutResult whole = MustCheckout(options);
  ExpectCounted(whole.read_bytes, watched_.read_bytes());
  EXPECT_EQ(whole.full_bytes, 0U) << "nothing to say of";
  watched_.Reset();
  options.planes = 9;
  const CheckoutResult planes = MustCheckout(options);
  ExpectCounted(planes.read_bytes, watched_.read_bytes());
  EXPECT_NEAR(static_cast<double>(planes.full_bytes), static_cast<double>(whole.read_bytes),
              0.01 * static_cast<double>(whole.read_bytes));
  EXPECT_LT(planes.read_bytes * 10, planes.full_bytes * 6);
  watched_.Reset();
  options.planes = 0;
  options.tensor_glob = "layer2.*";
  const CheckoutResult chosen = MustCheckout(options);
  ExpectCounted(chosen.read_bytes, watched_.read_bytes());
  EXPECT_EQ(chosen.full_bytes, planes.full_bytes);
  EXPECT_LT(chosen.read_bytes * 10, chosen.full_bytes);
}

/// Tensors that share clusters.
class SmallTensorsOnly : public TensorSource {
 public:
  static constexpr std::size_t kCount = 60, kElements = 500;
  explicit SmallTensorsOnly(float size) : size_(size) {}
  std::size_t size() const override { return kCount; }
  TensorInfo Info(std::size_t index) const override {
    TensorInfo info;
    info.name = "t" + std::to_string(index);
    info.shape = {kElements};
    return info;
  }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::mt19937 random(static_cast<unsigned>(index));
    std::vector<float> values(kElements);
    for (float& value : values) value = size_ * static_cast<float>(random() % 100'000);
    std::memcpy(out.data(), std::as_bytes(std::span(values)).data() + offset, out.size());
    return Ok();
  }

 private:
  float size_;
};

// Many threads ask for members of one cluster at once, whose chains rest on another one.
TEST_F(Retrieval, NeighboursInAClusterAreFetchedOnce) {
  for (const float size : {1e-5F, 1.001e-5F, 1.002e-5F}) {
    SmallTensorsOnly net(size);
    ASSERT_TRUE(Commit(*store_, testing::RequestOf("small", net), {.threads = 2}).ok());
  }
  store_->ForgetPacks();
  watched_.SetRate(20e6);  // while one waits for the disk, all others come
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  options.tensor_glob = "t*[0-8]";
  options.output = ::testing::TempDir() + "/dlv_neighbours_test";
  std::filesystem::remove_all(options.output);
  const auto chosen = Checkout(*store_, "small", options, {.threads = 6});
  std::filesystem::remove_all(options.output);
  ASSERT_TRUE(chosen.ok()) << chosen.error().message;
  EXPECT_GT(chosen->full_bytes, 0U);
  EXPECT_LE(chosen->read_bytes, chosen->full_bytes);
}

// Their ids are stored nowhere: who wants the upper half only must not read all of them for that.
TEST_F(Retrieval, UpperHalvesOfSmallTensorsAreReadAlone) {
  SmallTensorsOnly net(1e-5F);
  ASSERT_TRUE(Commit(*store_, testing::RequestOf("small", net), {.threads = 2}).ok());
  CheckoutOptions options;
  options.format = CheckoutFormat::kSafetensors;
  options.planes = 16;
  options.output = ::testing::TempDir() + "/dlv_upper_halves_test";
  std::filesystem::remove_all(options.output);
  const auto halves = Checkout(*store_, "small", options, {.threads = 2});
  ASSERT_TRUE(halves.ok()) << halves.error().message;
  EXPECT_LE(halves->read_bytes * 100, halves->full_bytes * 45);
  std::ifstream file(std::filesystem::path(options.output) / "small.safetensors", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  std::filesystem::remove_all(options.output);
  constexpr std::size_t kBytes = SmallTensorsOnly::kElements * 4;
  ASSERT_GT(text.size(), SmallTensorsOnly::kCount * kBytes);
  const std::size_t start = text.size() - SmallTensorsOnly::kCount * kBytes;
  std::set<std::string> wanted, got;
  for (std::size_t i = 0; i < SmallTensorsOnly::kCount; ++i) {
    std::vector<std::uint32_t> values(SmallTensorsOnly::kElements);
    ASSERT_TRUE(net.Read(i, 0, std::as_writable_bytes(std::span(values))).ok());
    for (std::uint32_t& value : values) value &= 0xffff0000U;
    wanted.emplace(reinterpret_cast<const char*>(values.data()), kBytes);
    got.insert(text.substr(start + i * kBytes, kBytes));
  }
  EXPECT_EQ(wanted, got);
}

/// Original files of a series, in steps.
class FileSeries : public ::testing::Test {
 protected:
  void SetUp() override {
    store_ = testing::InitOn(disk_);
    ASSERT_NE(store_, nullptr);
    ASSERT_TRUE(disk_.MakeDirectory("/src").ok());
    std::string text = testing::SafetensorsText(140'000, 1);
    CommitRequest request;
    request.model = "m";
    for (int step = 0; step < kSteps; ++step) {
      const std::string name = "step_" + std::to_string(step) + ".safetensors";
      testing::PutFile(disk_, "/src/" + name, text);
      FileInput input;
      input.source = "/src/" + name;
      input.step = step;
      request.files.push_back(input);
      texts_.push_back(text);
      for (std::size_t at = text.size() - 4 * 140'000; at < text.size(); at += 12) {
        text[at] = static_cast<char>(text[at] ^ 5);  // a low byte of the mantissa
      }
    }
    const auto committed = Commit(*store_, request, {.threads = 2});
    ASSERT_TRUE(committed.ok()) << committed.error().message;
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
  std::vector<std::string> texts_;
};

TEST_F(FileSeries, CheckoutOfAllReadsEachChunkOnce) {
  const std::filesystem::path folder = ::testing::TempDir() + "/dlv_file_series_test";
  std::filesystem::remove_all(folder);
  CheckoutOptions options;
  options.output = folder;
  options.all_snapshots = true;
  const auto all = Checkout(*store_, "m", options, {.threads = 2});
  ASSERT_TRUE(all.ok()) << all.error().message;
  ASSERT_EQ(all->files.size(), texts_.size());
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    EXPECT_EQ(all->files[i].path.filename(), "step_" + std::to_string(i) + ".safetensors");
    std::ifstream file(all->files[i].path, std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), texts_[i]) << i;
  }
  std::filesystem::remove_all(folder);
  std::uint64_t stored = 0;
  Buffers sink;
  LoadOptions everything;
  everything.all_snapshots = true;
  const auto loaded = Load(*store_, "m", everything, sink, {.threads = 1});
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  stored = loaded->full_bytes;
  EXPECT_EQ(all->read_bytes, stored);
}

}  // namespace
}  // namespace dlv::store
