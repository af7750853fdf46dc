#include "storage/store/checked_chunks.h"

#include <optional>

#include "storage/interchange/recipe.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::store {
namespace {

using archive::Value;

constexpr std::size_t kChunks = 18;  // the last one has five elements

/// One tensor in a pack, and the file that it came from.
struct StoredChunks {
  StoredChunks() {
    tensor = archive::MakeTensor(
        DType::kBF16,
        archive::MakeValues(DType::kBF16, (kChunks - 1) * archive::kChunkElements + 5, 7));
    archive::SectionWriter writer = packs.NewWriter();
    EXPECT_TRUE(archive::TestArchive::Add(writer, tensor).ok());
    written = packs.Finish(writer).checked;
    interchange::DescribedTensor described;
    described.dtype = tensor.dtype;
    described.source = io::MakeBufferSource(tensor.bytes);
    description.tensors.push_back(std::move(described));
  }

  std::span<const std::byte> Chunk(std::size_t index) const {
    const std::size_t bytes = archive::kChunkElements * SizeOf(tensor.dtype);
    const std::size_t at = index * bytes;
    return std::span(tensor.bytes).subspan(at, std::min(bytes, tensor.bytes.size() - at));
  }

  /// The chunk's bytes; nothing where it has to be decoded.
  Result<std::optional<archive::Bytes>> Read(std::size_t index, std::uint32_t number = 0) {
    archive::SectionSetLocator locator(packs.sections);
    archive::TensorReader reader(locator);
    DLV_ASSIGN(const auto handle, reader.Open(tensor.id()));
    archive::Bytes out(Chunk(index).size());
    DLV_ASSIGN(const bool given,
               CheckedChunks(written, description).Read(number, *handle, index, out));
    if (!given) return std::optional<archive::Bytes>();
    return std::optional(std::move(out));
  }

  archive::TestArchive packs;
  archive::TestTensor tensor;
  archive::CheckedTensors written;
  interchange::FileDescription description;
};

TEST(CheckedChunks, GivesTheFilesBytesButForEverySixteenth) {
  StoredChunks stored;
  ASSERT_EQ(stored.written.at(stored.tensor.id()).size(), kChunks);
  for (std::size_t index = 0; index < kChunks; ++index) {
    const auto got = Value(stored.Read(index));
    EXPECT_EQ(got.has_value(), index % CheckedChunks::kEveryDecoded != 0) << index;
    if (!got) continue;
    const auto want = stored.Chunk(index);
    EXPECT_TRUE(std::equal(got->begin(), got->end(), want.begin(), want.end())) << index;
  }
}

TEST(CheckedChunks, KnowsOnlyWhatWasWritten) {
  StoredChunks stored;
  EXPECT_FALSE(Value(stored.Read(1, 1)).has_value());  // no such tensor in the file
  archive::CheckedTensors none;
  std::swap(stored.written, none);
  EXPECT_FALSE(Value(stored.Read(1)).has_value());
}

TEST(CheckedChunks, AnotherChunkInThePackIsDecoded) {
  StoredChunks stored;
  auto& chunks = stored.written.at(stored.tensor.id());
  std::swap(chunks[1], chunks[2]);
  EXPECT_FALSE(Value(stored.Read(1)).has_value());
  EXPECT_FALSE(Value(stored.Read(2)).has_value());
  EXPECT_TRUE(Value(stored.Read(3)).has_value());
}

TEST(CheckedChunks, AnotherFileIsDecoded) {
  StoredChunks stored;
  archive::Bytes changed = stored.tensor.bytes;
  changed[stored.Chunk(0).size() + 100] ^= std::byte{1};
  stored.description.tensors[0].source = io::MakeBufferSource(changed);
  EXPECT_FALSE(Value(stored.Read(1)).has_value());
  EXPECT_TRUE(Value(stored.Read(2)).has_value());
  // A file that has become shorter.
  changed.resize(stored.Chunk(0).size());
  stored.description.tensors[0].source = io::MakeBufferSource(changed);
  EXPECT_FALSE(Value(stored.Read(2)).has_value());
}

TEST(CheckedChunks, DamageOfThePackIsFound) {
  StoredChunks stored;
  archive::SectionSetLocator locator(stored.packs.sections);
  archive::TensorReader reader(locator);
  const auto handle = Value(reader.Open(stored.tensor.id()));
  const auto& part = handle->PartOfChunk(5);
  const std::uint64_t at = part.section->place().offset + part.entry.chunks[5].place.offset;
  ASSERT_TRUE(stored.packs.disk.Corrupt(stored.packs.disk.Files().front(), at + 200));
  const auto got = stored.Read(5);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::kCorruption);
  EXPECT_TRUE(Value(stored.Read(6)).has_value());
}

TEST(CheckedChunks, CompressedFilesAreNotReadAgain) {
  interchange::FileDescription description;
  EXPECT_FALSE(IsQuickToRead(description));
  description.recipe.emplace();
  EXPECT_TRUE(IsQuickToRead(description));
  description.recipe->instructions.push_back({interchange::Deflate{}});
  EXPECT_FALSE(IsQuickToRead(description));
}

}  // namespace
}  // namespace dlv::store
