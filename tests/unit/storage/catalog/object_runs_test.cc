#include "storage/catalog/object_runs.h"

#include <map>
#include <random>

#include "tests/unit/storage/catalog/catalog_fixture.h"

namespace dlv::catalog {
namespace {

class ObjectRuns : public CatalogTest {
 protected:
  Row AddSection(Transaction& transaction) {
    PackRow pack;
    pack.name = "p" + std::to_string(++packs_);
    SectionRow section;
    section.pack = Must(transaction.InsertPack(pack));
    return Must(transaction.InsertSection(section));
  }
  std::uint64_t packs_ = 0;
};

TEST_F(ObjectRuns, NeighboursShareARow) {
  auto transaction = Must(catalog_->Begin());
  const Row section = AddSection(*transaction);
  for (std::uint32_t i = 0; i < 300; ++i) {
    Must(transaction->InsertObject(i * 77, ObjectKind::kTensor, section, i));
  }
  ASSERT_OK(transaction->Commit());
  EXPECT_EQ(Must(catalog_->DumpCounts())["object_run"], 1u);
  EXPECT_EQ(Must(catalog_->DumpCounts())["object_id"], 300u);
  const auto found = Must(catalog_->FindObjects(77 * 123));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], (ObjectPlace{124, ObjectKind::kTensor, section, 123}));
}

TEST_F(ObjectRuns, EqualPrefixesAreAllFound) {
  auto transaction = Must(catalog_->Begin());
  const Row section = AddSection(*transaction);
  const std::uint64_t prefix = 0xffff'ffff'ffff'fff0;  // negative as SQLite sees it
  Must(transaction->InsertObject(prefix, ObjectKind::kTensor, section, 4));
  Must(transaction->InsertObject(prefix, ObjectKind::kBlob, section, 9));
  EXPECT_EQ(Must(catalog_->FindObjects(prefix)).size(), 2u);
  EXPECT_TRUE(Must(catalog_->FindObjects(prefix + 1)).empty());
}

TEST_F(ObjectRuns, RandomMovesAndDeletionsMatchAPlainMap) {
  constexpr unsigned kSeed = 20260;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  std::map<ObjectNumber, ObjectPlace> expected;
  auto transaction = Must(catalog_->Begin());
  const std::vector<Row> sections = {AddSection(*transaction), AddSection(*transaction)};
  for (int step = 0; step < 3000; ++step) {
    const unsigned choice = static_cast<unsigned>(random() % 10);
    const Row section = sections[random() % 2];
    const auto entry = static_cast<std::uint32_t>(random() % 50);
    if (choice < 5 || expected.empty()) {
      const auto kind = static_cast<ObjectKind>(random() % 2);
      const ObjectNumber number = Must(transaction->InsertObject(random(), kind, section, entry));
      expected[number] = {number, kind, section, entry};
      continue;
    }
    auto place =
        std::next(expected.begin(), static_cast<std::ptrdiff_t>(random() % expected.size()));
    if (choice < 9) {
      place->second.section = section;
      place->second.entry = entry;
      ASSERT_OK(transaction->UpdateObject(place->first, section, entry));
    } else {
      ASSERT_OK(transaction->DeleteObjects(std::vector{place->first}));
      expected.erase(place);
    }
  }
  ASSERT_OK(transaction->Commit());
  std::map<ObjectNumber, ObjectPlace> found;
  ASSERT_OK(catalog_->ForEachObject([&found](const ObjectPlace& place) {
    found[place.number] = place;
    return Ok();
  }));
  EXPECT_EQ(found, expected);
  EXPECT_EQ(Must(catalog_->DumpCounts())["object_id"], expected.size());
  EXPECT_TRUE(Must(catalog_->CheckIntegrity()).empty());
}

TEST_F(ObjectRuns, MovingAWholeSectionInOrderGivesOneRunAgain) {
  auto transaction = Must(catalog_->Begin());
  const Row from = AddSection(*transaction);
  const Row to = AddSection(*transaction);
  for (std::uint32_t i = 0; i < 100; ++i) {
    Must(transaction->InsertObject(i, ObjectKind::kTensor, from, i));
  }
  for (std::uint32_t i = 0; i < 100; ++i) ASSERT_OK(transaction->UpdateObject(i + 1, to, i + 7));
  ASSERT_OK(transaction->DeleteSection(from));
  ASSERT_OK(transaction->Commit());
  EXPECT_EQ(Must(catalog_->DumpCounts())["object_run"], 1u);
  EXPECT_EQ(Must(catalog_->GetObject(50)), (ObjectPlace{50, ObjectKind::kTensor, to, 56}));
}

TEST_F(ObjectRuns, MissingObjectsAreRefused) {
  auto transaction = Must(catalog_->Begin());
  const Row section = AddSection(*transaction);
  Must(transaction->InsertObject(1, ObjectKind::kTensor, section, 0));
  EXPECT_EQ(transaction->UpdateObject(2, section, 0).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(transaction->DeleteObjects(std::vector<ObjectNumber>{1, 2}).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(Must(catalog_->GetObject(1)).has_value()) << "a refused deletion deletes nothing";
  EXPECT_FALSE(Must(catalog_->GetObject(2)).has_value());
  EXPECT_EQ(catalog_->GetObjects(std::vector<ObjectNumber>{1, 2}).error().code,
            ErrorCode::kCorruption);
}

}  // namespace
}  // namespace dlv::catalog
