#include "storage/catalog/encoding.h"

#include <limits>
#include <random>

#include "storage/catalog/connection.h"
#include "storage/catalog/object_runs.h"
#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

TEST(Encoding, NeighbouringNumbersCostAByteEach) {
  std::vector<ObjectNumber> numbers(300);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 1'000'000 + i;
  const auto bytes = EncodeNumbers(numbers);
  EXPECT_LT(bytes.size(), 306u);
  EXPECT_EQ(Must(DecodeNumbers(bytes)), numbers);
}

TEST(Encoding, AnyNumbersComeBack) {
  constexpr unsigned kSeed = 7;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  std::vector<ObjectNumber> numbers = {0, ~std::uint64_t{0}, 1, 1, std::uint64_t{1} << 63};
  for (int i = 0; i < 100; ++i) numbers.push_back(random() >> (random() % 64));
  EXPECT_EQ(Must(DecodeNumbers(EncodeNumbers(numbers))), numbers);
  EXPECT_TRUE(Must(DecodeNumbers(EncodeNumbers({}))).empty());
}

TEST(Encoding, PointsAndAttributesComeBack) {
  const std::vector<MetricPoint> points = {{std::numeric_limits<std::int64_t>::min(), -0.0},
                                           {std::numeric_limits<std::int64_t>::max(), 1e300},
                                           {5, 0.1}};
  const auto decoded = Must(DecodePoints(EncodePoints(points)));
  ASSERT_EQ(decoded.size(), points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(decoded[i].step, points[i].step);
    EXPECT_EQ(decoded[i].value, points[i].value);
  }
  const KeyValues values = {{"", "empty key"}, {"a", std::string("nul \0 inside", 12)}, {"b", ""}};
  EXPECT_EQ(Must(DecodeKeyValues(EncodeKeyValues(values))), values);
}

TEST(Encoding, EveryPrefixAndEveryExtraByteIsRefused) {
  const std::vector<ObjectNumber> numbers = {5, 900, 901, 12};
  const std::vector<MetricPoint> points = {{1, 2.0}, {3, 4.0}};
  const auto refuses = [](std::vector<std::byte> bytes, const auto& decode) {
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const auto result = decode(std::span<const std::byte>(bytes).first(length));
      ASSERT_FALSE(result.ok()) << length;
      EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
    }
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(decode(bytes).ok());
  };
  refuses(EncodeNumbers(numbers), DecodeNumbers);
  refuses(EncodePoints(points), DecodePoints);
  refuses(EncodeKeyValues({{"a", "b"}, {"c", "d"}}), DecodeKeyValues);
}

class NonsenseRows : public CatalogTest {
 protected:
  void Damage(const char* sql) {
    catalog_ = nullptr;
    const auto connection = Must(Connection::Open(disk_, kPath, false, false));
    ASSERT_OK(connection->Execute(sql));
  }
};

TEST_F(NonsenseRows, RunsBeyondAllBoundsAreRefusedAtOnce) {
  CommitVersion("m", 1, 10);
  for (const char* const sql : {"UPDATE object_run SET count = 1 << 60 WHERE first = 1",
                                "UPDATE object_run SET count = 0 WHERE first = 1",
                                "UPDATE object_run SET count = 10, kind = 9 WHERE first = 1",
                                "UPDATE object_run SET kind = 0, entry = -1 WHERE first = 1"}) {
    Damage(sql);
    const auto catalog = Reopen(OpenMode::kRead);
    EXPECT_EQ(catalog->GetObject(1).error().code, ErrorCode::kCorruption) << sql;
    EXPECT_EQ(catalog->ForEachObject([](const ObjectPlace&) { return Ok(); }).error().code,
              ErrorCode::kCorruption);
    EXPECT_FALSE(Must(catalog->CheckIntegrity()).empty()) << sql;
  }
}

TEST_F(NonsenseRows, CrossReferencesAreChecked) {
  CommitVersion("m", 1, 10);
  for (const char* const sql :
       {"DELETE FROM object_id WHERE object = 3", "UPDATE version SET snapshot_count = 5",
        "PRAGMA foreign_keys = OFF; UPDATE snapshot SET layout = 77",
        "UPDATE file SET recipe = 4711", "UPDATE object_run SET section = 9",
        "UPDATE version SET manifest_section = 9", "UPDATE version SET vid = x'00'",
        "UPDATE object_run SET count = 11 WHERE first = 1"}) {
    const auto before = disk_.Snapshot();
    Damage(sql);
    EXPECT_EQ(Must(Reopen(OpenMode::kRead)->CheckIntegrity()).empty(), false) << sql;
    disk_.Restore(before);
    EXPECT_TRUE(Must(Reopen(OpenMode::kRead)->CheckIntegrity()).empty());
  }
}

TEST_F(NonsenseRows, UnknownRelationIsRefused) {
  auto transaction = Must(catalog_->Begin());
  NewVersion version = MakeVersion("m", 1);
  version.parents = {{DigestOf<VersionId>(2), "m", Relation::kCopy, {}, false}};
  ASSERT_OK(transaction->InsertVersion(version));
  ASSERT_OK(transaction->Commit());
  Damage("UPDATE parent SET relation = 200");
  EXPECT_EQ(Reopen(OpenMode::kRead)->ListVersions().error().code, ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv::catalog
