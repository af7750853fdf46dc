#pragma once
/// \file
/// A catalog on a file system in memory, and values to put into it.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "storage/catalog/catalog.h"
#include "tests/support/faulty_file_system.h"

namespace dlv::catalog {

#define ASSERT_OK(expression)                                               \
  do {                                                                      \
    const auto& assert_ok_status = (expression);                            \
    ASSERT_TRUE(assert_ok_status.ok()) << assert_ok_status.error().message; \
  } while (false)
#define EXPECT_OK(expression)                                               \
  do {                                                                      \
    const auto& expect_ok_status = (expression);                            \
    EXPECT_TRUE(expect_ok_status.ok()) << expect_ok_status.error().message; \
  } while (false)

inline const std::string kPath = "/repo/catalog.db";

/// Stops the test program where the result is an error: for what a test takes for granted.
template <class T>
T Must(Result<T> result) {
  if (!result.ok()) ADD_FAILURE() << result.error().message;
  return std::move(result).value();
}
inline void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.error().message; }

template <class D>
D DigestOf(std::uint64_t seed) {
  D digest;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    digest.bytes[i] = static_cast<std::uint8_t>(seed >> 56);
  }
  return digest;
}

inline NewVersion MakeVersion(const std::string& model, std::uint64_t seed) {
  NewVersion version;
  version.id = DigestOf<VersionId>(seed);
  version.model = model;
  version.created = 1'700'000'000 + static_cast<std::int64_t>(seed);
  version.author = "Ada";
  version.message = "epoch " + std::to_string(seed);
  version.parameter_count = 61'706;
  version.raw_bytes = 250'000;
  version.stored_bytes = 100'000;
  return version;
}

class CatalogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Must(disk_.MakeDirectory("/repo"));
    catalog_ = Must(Catalog::Create(disk_, kPath));
    disk_.SyncAll();
  }

  std::unique_ptr<Catalog> Reopen(OpenMode mode = OpenMode::kReadWrite) {
    return Must(Catalog::Open(disk_, kPath, mode));
  }

  /// Commits one version with a section of `tensors` new objects, one snapshot and one file.
  Row CommitVersion(const std::string& model, std::uint64_t seed, std::uint32_t tensors) {
    auto transaction = Must(catalog_->Begin());
    const Row version = AddVersion(*transaction, model, seed, tensors);
    Must(transaction->Commit());
    return version;
  }

  static Row AddVersion(Transaction& transaction, const std::string& model, std::uint64_t seed,
                        std::uint32_t tensors) {
    PackRow pack;
    pack.name = "pack-" + std::to_string(seed);
    pack.size_bytes = 100'000;
    SectionRow section;
    section.pack = Must(transaction.InsertPack(pack));
    section.length = 100'000;
    section.object_count = tensors + 2;
    const Row section_row = Must(transaction.InsertSection(section));

    SnapshotRow snapshot;
    for (std::uint32_t i = 0; i < tensors; ++i) {
      const auto id = DigestOf<TensorId>(seed * 1'000'003 + i + 1);
      snapshot.objects.push_back(
          Must(transaction.InsertObject(IdPrefix(id), ObjectKind::kTensor, section_row, i)));
    }
    const ObjectNumber layout_blob =
        Must(transaction.InsertObject(seed, ObjectKind::kBlob, section_row, tensors));
    const ObjectNumber recipe =
        Must(transaction.InsertObject(seed, ObjectKind::kBlob, section_row, tensors + 1));

    NewVersion version = MakeVersion(model, seed);
    version.snapshot_count = 1;
    version.file_count = 1;
    version.manifest_section = section_row;
    const Row row = Must(transaction.InsertVersion(version)).version;
    snapshot.version = row;
    snapshot.layout = Must(transaction.InsertLayout(DigestOf<BlobId>(7), layout_blob, tensors));
    snapshot.info.step = static_cast<std::int64_t>(seed);
    snapshot.info.tensor_count = tensors;
    Must(transaction.InsertSnapshot(snapshot));
    FileRow file;
    file.version = row;
    file.info.path = "model.safetensors";
    file.info.sha256 = DigestOf<FileDigest>(seed);
    file.info.format = "safetensors";
    file.recipe = recipe;
    Must(transaction.InsertFile(file));
    return row;
  }

  testing::FaultyFileSystem disk_;
  std::unique_ptr<Catalog> catalog_;
};

}  // namespace dlv::catalog
