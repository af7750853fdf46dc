// Every byte of a small repository flipped, every file cut short: told, or harmless; never other
// values and never a crash.

#include <iostream>

#include "tests/fault/small_repository.h"
#include "tests/support/slow_build.h"

namespace dlv::testing {
namespace {

class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    MakeSmallRepository(disk_);
    if (HasFatalFailure()) return;
    {
      const auto store = OpenOn(disk_);
      ASSERT_TRUE(store::Stage(*store, {{"/src/a.safetensors", "run/a.safetensors", 5}}).ok());
    }
    disk_.SyncAll();
    before_ = disk_.Snapshot();
    const auto store = OpenOn(disk_);
    state_ = StateOf(*store);
    for (const char* reference : {"m:v1", "m:v2", "files:v1"}) {
      const auto details = store::Describe(*store, reference);
      ASSERT_TRUE(details.ok());
      for (const TensorInfo& info : details->tensors) {
        const std::string name = std::string(reference) + "/" + info.name;
        const auto tensor = store::ReadTensor(*store, name, 0);
        ASSERT_TRUE(tensor.ok());
        tensors_.emplace_back(name, tensor->bytes);
      }
    }
  }

  /// Opens, verifies, reads everything. Returns whether anything was told; wrong values fail.
  bool IsTold(const std::string& what) {
    store::StoreOptions options;
    options.file_system = &disk_;
    options.lock_timeout_ms = 0;
    options.read_only = true;
    const auto opened = store::Store::Open(kRoot, options);
    if (!opened.ok()) {
      EXPECT_TRUE(IsFair(opened.error().code)) << what << ": " << opened.error().message;
      return true;
    }
    store::Store& store = **opened;
    const auto verified = store::Verify(store, {.full = true}, {.threads = 1});
    bool told = !verified.ok() || !verified->findings.empty();
    const auto versions = store::ListVersions(store, {});
    if (!versions.ok()) {
      told = true;
    } else if (StateOf(store) != state_) {
      EXPECT_TRUE(told) << what << ": another state, and nothing was found";
    }
    for (const auto& [name, bytes] : tensors_) {
      const auto tensor = store::ReadTensor(store, name, 0);
      if (!tensor.ok()) {
        EXPECT_TRUE(told) << what << ": " << name
                          << " cannot be read, and nothing was found: " << tensor.error().message;
        continue;
      }
      EXPECT_EQ(tensor->bytes == bytes, true) << what << ": " << name << " has other values";
    }
    return told;
  }

  static bool IsFair(ErrorCode code) {
    return code == ErrorCode::kCorruption || code == ErrorCode::kUnsupported ||
           code == ErrorCode::kNotFound || code == ErrorCode::kIo || code == ErrorCode::kUnsafe;
  }

  static std::string KindOf(const std::string& path) {
    return path.ends_with(".pack") ? "packs" : path.substr(path.rfind('/') + 1);
  }

  std::vector<std::string> RepositoryFiles() const {
    std::vector<std::string> files;
    for (const std::string& path : disk_.Files()) {
      if (path.starts_with("/repo/.dlv/") && !path.ends_with(".lock")) files.push_back(path);
    }
    return files;
  }

  FaultyFileSystem disk_;
  std::shared_ptr<const FaultyFileSystem::State> before_;
  std::vector<std::string> state_;
  std::vector<std::pair<std::string, std::vector<std::byte>>> tensors_;
};

/// DLV_FAULT_STRIDE=1 takes every byte and every length (half an hour); the default takes every so
/// manieth, from a place that differs for every file.
std::uint64_t Stride(std::uint64_t size) {
  const char* set = std::getenv("DLV_FAULT_STRIDE");
  if (set != nullptr) return std::max<std::uint64_t>(1, std::strtoull(set, nullptr, 10));
  constexpr std::uint64_t fewer = kSlowBuild ? 6 : 1;
  return fewer * (size < 4096 ? 3 : size / 250);
}

/// How many changes of the files of one kind were told, and how many were harmless.
class Counts {
 public:
  void Add(const std::string& kind, bool told) {
    ++(told ? by_kind_[kind].first : by_kind_[kind].second);
  }
  void Print(const char* what) const {
    int told = 0, harmless = 0;
    for (const auto& [kind, count] : by_kind_) {
      std::cout << "  " << kind << ": " << count.first << " told, " << count.second
                << " harmless\n";
      told += count.first;
      harmless += count.second;
    }
    std::cout << "  " << told + harmless << " " << what << ": " << told << " told, " << harmless
              << " harmless, no other values\n";
  }

 private:
  std::map<std::string, std::pair<int, int>> by_kind_;
};

TEST_F(Damage, FlippedBytesAreToldOrHarmless) {
  Counts counts;
  for (const std::string& path : RepositoryFiles()) {
    const std::uint64_t size = disk_.Content(path).size();
    const std::uint64_t stride = Stride(size);
    for (std::uint64_t at = size % stride; at < size; at += stride) {
      disk_.Restore(before_);
      ASSERT_TRUE(disk_.Corrupt(path, at, static_cast<std::uint8_t>(1U << (at % 8))));
      counts.Add(KindOf(path), IsTold(path + ", byte " + std::to_string(at)));
      if (HasFailure()) return;
    }
  }
  counts.Print("flips");
}

TEST_F(Damage, ShortFilesAreToldOrHarmless) {
  Counts counts;
  for (const std::string& path : RepositoryFiles()) {
    const std::uint64_t size = disk_.Content(path).size();
    for (std::uint64_t length = 0; length < size; length += Stride(size)) {
      disk_.Restore(before_);
      ASSERT_TRUE(disk_.Truncate(path, length));
      counts.Add(KindOf(path), IsTold(path + ", cut to " + std::to_string(length)));
      if (HasFailure()) return;
    }
  }
  counts.Print("truncations");
}

TEST_F(Damage, MissingFilesAreTold) {
  for (const std::string& path : RepositoryFiles()) {
    if (path.ends_with("stage.json")) continue;  // without one nothing is staged
    disk_.Restore(before_);
    ASSERT_TRUE(disk_.Delete(path));
    const bool told = IsTold(path + " missing");
    if (path.ends_with(".pack") || path.ends_with("catalog.db") || path.ends_with("format")) {
      EXPECT_TRUE(told) << path;
    }
  }
}

}  // namespace
}  // namespace dlv::testing
