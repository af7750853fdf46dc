// What a tensor would take by itself is what it takes where it is stored so.

#include "storage/archive/whole_levels.h"

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

void ExpectAsStored(DType dtype, std::uint64_t count) {
  SCOPED_TRACE(std::string(NameOf(dtype)) + " " + std::to_string(count));
  TestArchive archive;
  const TestTensor tensor = MakeTensor(dtype, count, 7);
  SectionWriter writer = archive.NewWriter();
  ASSERT_OK(TestArchive::Add(writer, tensor));
  archive.Finish(writer);
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  const auto stored = Value(reader.LevelsOf(*Value(reader.Open(tensor.id()))));
  const auto whole = Value(WholeLevels(dtype, tensor.bytes));
  ASSERT_EQ(whole.size(), stored.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].planes, stored[i].planes);
    EXPECT_EQ(whole[i].plane_bytes, stored[i].plane_bytes);
    EXPECT_EQ(whole[i].all_bytes, stored[i].all_bytes);
  }
}

TEST(WholeLevels, AreThoseOfTensorsThatAreStoredAlone) {
  ExpectAsStored(DType::kF32, 140'000);  // two chunks
  ExpectAsStored(DType::kF16, 70'000);
  ExpectAsStored(DType::kI32, 40'000);
}

TEST(WholeLevels, OfAPartOfAnElementAreRefused) {
  const std::vector<std::byte> odd(7);
  EXPECT_EQ(WholeLevels(DType::kF32, odd).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::archive
