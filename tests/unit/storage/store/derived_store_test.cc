#include "storage/store/derived_store.h"

#include <limits>

#include "storage/store/garbage.h"
#include "storage/store/usage.h"
#include "storage/store/verify.h"
#include "tests/unit/storage/store/small_repository_test.h"

namespace dlv::store {
namespace {

const std::vector<double> kValues = {1.5, -0.0, 0x1p-1074, std::numeric_limits<double>::infinity()};

class DerivedStoreTest : public SmallRepositoryTest {
 protected:
  std::string Folder() const { return store_->paths().dlv + "/derived"; }

  std::vector<std::string> Entries() {
    std::vector<std::string> entries;
    auto names = disk_.List(Folder());
    if (!names.ok()) return entries;
    for (const std::string& name : *names)
      if (name != "secret") entries.push_back(Folder() + "/" + name);
    return entries;
  }

  std::vector<std::byte> BytesAt(const std::string& path) {
    auto bytes = io::ReadWholeFile(disk_, path, 1u << 20);
    EXPECT_TRUE(bytes.ok());
    return bytes.ok() ? std::move(bytes).value() : std::vector<std::byte>();
  }

  void Overwrite(const std::string& path, std::span<const std::byte> bytes) {
    ASSERT_TRUE(io::WriteFileAtomically(disk_, path, bytes).ok());
  }
};

TEST_F(DerivedStoreTest, WhatWasPutIsFoundAgainAlsoLater) {
  DerivedStore derived(*store_);
  EXPECT_FALSE(derived.Find("norm a").has_value());
  ASSERT_TRUE(derived.Put("norm a", kValues).ok());
  ASSERT_TRUE(derived.Put("norm b", {}).ok());
  ASSERT_TRUE(derived.Put("norm b", std::vector<double>{2}).ok());
  Reopen();
  DerivedStore later(*store_);
  EXPECT_EQ(later.Find("norm a"), kValues);
  EXPECT_EQ(later.Find("norm b"), std::vector<double>{2});
  EXPECT_FALSE(later.Find("norm c").has_value());
  EXPECT_GT(later.read_bytes(), 2 * sizeof(double));
  ExpectClean();
}

TEST_F(DerivedStoreTest, AnyForgedBitIsNotFound) {
  DerivedStore derived(*store_);
  ASSERT_TRUE(derived.Put("norm a", kValues).ok());
  ASSERT_EQ(Entries().size(), 1U);
  const std::string path = Entries().front();
  const std::vector<std::byte> whole = BytesAt(path);
  for (std::size_t bit = 0; bit < 8 * whole.size(); bit += 3) {
    std::vector<std::byte> forged = whole;
    forged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    Overwrite(path, forged);
    EXPECT_FALSE(derived.Find("norm a").has_value()) << bit;
  }
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    Overwrite(path, std::span(whole).first(size));
    EXPECT_FALSE(derived.Find("norm a").has_value()) << size;
  }
  Overwrite(path, whole);
  EXPECT_EQ(derived.Find("norm a"), kValues);
}

TEST_F(DerivedStoreTest, EntryUnderTheNameOfAnotherIsNotFound) {
  DerivedStore derived(*store_);
  ASSERT_TRUE(derived.Put("of one tensor", kValues).ok());
  const std::string one = Entries().front();
  ASSERT_TRUE(derived.Put("of another", std::vector<double>{3}).ok());
  for (const std::string& path : Entries()) {
    if (path != one) Overwrite(path, BytesAt(one));
  }
  EXPECT_FALSE(derived.Find("of another").has_value()) << "stale metadata of another tensor";
  EXPECT_TRUE(derived.Find("of one tensor").has_value());
}

TEST_F(DerivedStoreTest, EntriesOfAnotherRepositoryAreNotFound) {
  DerivedStore derived(*store_);
  ASSERT_TRUE(derived.Put("norm a", kValues).ok());
  testing::FaultyFileSystem other_disk;
  const auto other = testing::InitOn(other_disk);
  ASSERT_NE(other, nullptr);
  DerivedStore elsewhere(*other);
  ASSERT_TRUE(elsewhere.Put("norm b", kValues).ok());
  const std::string from = Entries().front();
  ASSERT_TRUE(io::WriteFileAtomically(other_disk, from, BytesAt(from)).ok());
  EXPECT_FALSE(elsewhere.Find("norm a").has_value());
  EXPECT_TRUE(elsewhere.Find("norm b").has_value());
  VerifyResult result;
  VerifyDerived(*other, {}, result);
  EXPECT_TRUE(result.findings.empty());
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_NE(result.notes[0].find("not computed by this repository"), std::string::npos);
}

TEST_F(DerivedStoreTest, ReadOnlyFindsAndSavesNothing) {
  {
    const auto reader = OpenReader();
    DerivedStore derived(*reader);
    EXPECT_TRUE(derived.Put("norm a", kValues).ok());
    EXPECT_FALSE(disk_.Stat(Folder()).ok());
  }
  ASSERT_TRUE(DerivedStore(*store_).Put("norm a", kValues).ok());
  const auto reader = OpenReader();
  DerivedStore derived(*reader);
  EXPECT_EQ(derived.Find("norm a"), kValues);
  EXPECT_TRUE(derived.Put("norm b", kValues).ok());
  EXPECT_FALSE(derived.Find("norm b").has_value());
}

TEST_F(DerivedStoreTest, LimitsAreTold) {
  DerivedStore derived(*store_);
  const std::string key(DerivedStore::kMostKeyBytes + 1, 'k');
  EXPECT_EQ(derived.Put(key, kValues).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(derived.Find(key).has_value());
  EXPECT_EQ(derived.Put("", kValues).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(DerivedStoreTest, VerifyTellsWhatRecomputingFinds) {
  DerivedStore derived(*store_);
  ASSERT_TRUE(derived.Put("good", kValues).ok());
  ASSERT_TRUE(derived.Put("bad", kValues).ok());
  VerifyResult result;
  VerifyDerived(
      *store_,
      [](const DerivedEntry& entry) -> Status {
        if (entry.key == "good") return Ok();
        return Error{ErrorCode::kCorruption, "computed anew it is 2"};
      },
      result);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].what, "computed anew it is 2");
}

// Deleting the folder loses nothing, and housekeeping leaves it alone.
TEST_F(DerivedStoreTest, GarbageCollectionAndUsageCope) {
  DerivedStore derived(*store_);
  ASSERT_TRUE(derived.Put("norm a", kValues).ok());
  GcOptions options;
  options.execute = true;
  options.grace_seconds = 0;
  ASSERT_TRUE(CollectGarbage(*store_, options, {}).ok());
  EXPECT_EQ(derived.Find("norm a"), kValues);
  const auto usage = Usage(*store_, {});
  ASSERT_TRUE(usage.ok());
  EXPECT_GT(usage->derived_bytes, kValues.size() * sizeof(double));
  EXPECT_LE(usage->derived_bytes + usage->metadata_bytes, usage->total_bytes);
  ExpectClean();
}

}  // namespace
}  // namespace dlv::store
