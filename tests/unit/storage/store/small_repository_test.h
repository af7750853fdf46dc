#pragma once
// What the tests of the store's commands begin with: a small repository in memory (m:v1, m:v2 as
// deltas of it, files:v1; alias m:best at v1, tag stage=prod at m:v2).

#include <set>
#include <string>
#include <vector>

#include "tests/fault/small_repository.h"

namespace dlv::store {

/// The code of an error; kInternal, which nothing here gives, where there is none.
template <class T>
ErrorCode CodeOf(const T& result) {
  return result.ok() ? ErrorCode::kInternal : result.error().code;
}

class SmallRepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::MakeSmallRepository(disk_);
    if (HasFatalFailure()) return;
    Reopen();
  }

  void Reopen() {
    store_.reset();
    store_ = testing::OpenOn(disk_);
    ASSERT_NE(store_, nullptr);
  }

  /// Path of a file in the work tree.
  static std::string InRoot(const std::string& name) {
    return std::string(testing::kRoot) + "/" + name;
  }

  StoreOptions Options(bool read_only = false) {
    StoreOptions options;
    options.file_system = &disk_;
    options.lock_timeout_ms = 0;
    options.read_only = read_only;
    return options;
  }

  /// Opens the repository a second time, for reading only.
  std::unique_ptr<Store> OpenReader() {
    auto opened = Store::Open(testing::kRoot, Options(true));
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(opened).value() : nullptr;
  }

  void ExpectClean() { EXPECT_EQ(testing::FindingsOf(*store_), std::vector<std::string>{}); }

  /// The bytes of a tensor; empty, and a failure, where it cannot be read.
  std::vector<std::byte> Bytes(const std::string& reference) {
    auto tensor = ReadTensor(*store_, reference, 0);
    EXPECT_TRUE(tensor.ok()) << reference << ": " << tensor.error().message;
    return tensor.ok() ? std::move(tensor->bytes) : std::vector<std::byte>();
  }

  std::vector<std::string> Packs() {
    auto names = disk_.List("/repo/.dlv/packs");
    EXPECT_TRUE(names.ok());
    return names.ok() ? std::move(names).value() : std::vector<std::string>();
  }

  std::vector<std::string> References() {
    std::vector<std::string> references;
    const auto versions = ListVersions(*store_, {});
    EXPECT_TRUE(versions.ok());
    if (!versions.ok()) return references;
    for (const VersionSummary& version : *versions) references.push_back(version.reference());
    return references;
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Store> store_;
};

}  // namespace dlv::store
