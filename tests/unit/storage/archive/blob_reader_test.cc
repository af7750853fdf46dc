#include "storage/archive/blob_reader.h"

#include "storage/archive/blob_coder.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 40;

Bytes Text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>('a' + random() % 4);
  return bytes;
}

Bytes Noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

TEST(Blobs, ComeBackInEverySize) {
  TestArchive archive;
  SectionWriter writer = archive.NewWriter();
  std::vector<std::pair<BlobId, Bytes>> blobs;
  for (const std::size_t size :
       {0u, 1u, 63u, 64u, 65u, 5000u, 1u << 20, (1u << 20) + 1, (5u << 20) + 17}) {
    for (Bytes bytes : {Text(size, 1), Noise(size, 2)}) {
      const BlobId id = Value(writer.AddBlob(bytes));
      EXPECT_EQ(id, io::HashBlob(bytes));
      EXPECT_TRUE(writer.Has(id));
      blobs.emplace_back(id, std::move(bytes));
    }
  }
  const WriteResult result = archive.Finish(writer);
  EXPECT_EQ(result.objects.size(), blobs.size() - 1) << "the empty blob stands once";
  SectionSetLocator locator(archive.sections);
  BlobReader reader(locator);
  for (const auto& [id, bytes] : blobs) {
    EXPECT_EQ(Value(reader.ReadAll(id, kNoLimit)), bytes);
    const auto source = Value(reader.OpenSource(id));
    ASSERT_EQ(source->size(), bytes.size());
    if (bytes.size() < 100) continue;
    Bytes piece(99);
    const std::size_t at = bytes.size() / 2 - 40;
    ASSERT_OK(source->ReadAt(at, piece));
    EXPECT_TRUE(
        std::equal(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at)));
  }
  EXPECT_EQ(reader.ReadAll(blobs.back().first, 1000).error().code, ErrorCode::kUnsafe);
  EXPECT_EQ(reader.ReadAll(BlobId{}, kNoLimit).error().code, ErrorCode::kNotFound);
}

TEST(Blobs, PrefixMakesASimilarBlobSmall) {
  TestArchive archive;
  std::vector<Bytes> blobs{Noise(3'500'000, 1)};
  std::vector<BlobId> ids;
  for (unsigned i = 0; i < 8; ++i) {  // each has 1,000 bytes put in at the front and some changed
    Bytes next = Noise(1000, 100 + i);
    next.insert(next.end(), blobs.back().begin(), blobs.back().end());
    for (std::size_t at = 5000 * i; at < next.size(); at += 200'000) next[at] ^= std::byte{0x55};
    blobs.push_back(std::move(next));
  }
  std::uint64_t first_bytes = 0;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    SectionWriter writer = archive.NewWriter();
    const auto before = i == 0 ? nullptr : io::MakeViewSource(blobs[i - 1]);
    ids.push_back(Value(writer.AddBlob(*io::MakeViewSource(blobs[i]),
                                       i == 0 ? std::nullopt : std::optional<BlobId>(ids.back()),
                                       before.get())));
    const WriteResult result = archive.Finish(writer);
    if (i == 0)
      first_bytes = result.blob_coded_bytes;
    else
      EXPECT_LT(result.blob_coded_bytes * 20, first_bytes);
  }
  SectionSetLocator locator(archive.sections);
  BlobReader reader(locator);
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    EXPECT_EQ(Value(reader.PrefixChain(ids[i])), i);
    EXPECT_EQ(Value(reader.ReadAll(ids[i], kNoLimit)), blobs[i]);
  }
}

TEST(Blobs, RaggedPrefixesWork) {
  for (const std::size_t prefix_size : {0u, 1u, 700'000u, 2'000'000u}) {
    TestArchive archive;
    SectionWriter writer = archive.NewWriter();
    const Bytes prefix = Text(prefix_size, 1), blob = Text(3'000'000, 2);
    const BlobId prefix_id = Value(writer.AddBlob(prefix));
    const auto source = io::MakeViewSource(prefix);
    const BlobId id = Value(writer.AddBlob(*io::MakeViewSource(blob), prefix_id, source.get()));
    archive.Finish(writer);
    SectionSetLocator locator(archive.sections);
    EXPECT_EQ(Value(BlobReader(locator).ReadAll(id, kNoLimit)), blob);
  }
}

TEST(BlobCoder, RefusesOtherFrames) {
  BlobCoder coder;
  const Bytes raw = Text(10'000, 1);
  const Bytes coded = Value(coder.Encode(raw, {}));
  Bytes out(raw.size());
  EXPECT_TRUE(coder.Decode(coded, {}, out).ok());
  EXPECT_EQ(out, raw);
  Bytes shorter(raw.size() - 1);
  EXPECT_EQ(coder.Decode(coded, {}, shorter).error().code, ErrorCode::kCorruption);
  Bytes twice = coded;
  twice.insert(twice.end(), coded.begin(), coded.end());
  EXPECT_EQ(coder.Decode(twice, {}, out).error().code, ErrorCode::kCorruption);
  for (std::size_t length = 0; length < coded.size(); length += 7) {
    EXPECT_FALSE(coder.Decode(std::span(coded).first(length), {}, out).ok());
  }
  EXPECT_TRUE(Value(coder.Encode(Noise(10'000, 3), {})).empty()) << "noise is stored raw";
}

}  // namespace
}  // namespace dlv::archive
