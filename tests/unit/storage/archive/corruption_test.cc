#include "storage/archive/pack_merge.h"
#include "tests/support/slow_build.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

constexpr const char* kPackPath = "/p0.pack";

/// A pack of a few KB with every kind of thing in it.
struct SmallPack {
  TestArchive archive;
  std::vector<TestTensor> tensors;
  std::vector<std::pair<BlobId, Bytes>> blobs;
  Bytes manifest;
  Bytes content;

  SmallPack() {
    SectionWriter writer = archive.NewWriter();
    const auto add = [&](TestTensor tensor, const TestTensor* base) {
      EXPECT_TRUE(TestArchive::Add(writer, tensor, base).ok());
      tensors.push_back(std::move(tensor));
    };
    tensors.reserve(20);
    add(MakeTensor(DType::kF32, 300, 1), nullptr);
    add(MakeTensor(DType::kF32, 20, 2), nullptr);
    add(MakeTensor(DType::kF32, Step(DType::kF32, tensors[0].bytes, 1)), &tensors[0]);
    add(MakeTensor(DType::kF32, Step(DType::kF32, tensors[1].bytes, 1)), &tensors[1]);
    add(MakeTensor(DType::kBF16, 100, 3), nullptr);
    add(MakeTensor(DType::kI64, 1, 4), nullptr);
    add(MakeTensor(DType::kF32, 0, 5), nullptr);
    // Chunked although small in bytes: all ones.
    add(MakeTensor(DType::kU8, Bytes(40'000, std::byte{1})), nullptr);
    for (const Bytes& bytes : {Bytes(500, std::byte{7}), MakeValues(DType::kU8, 90, 1), Bytes()}) {
      blobs.emplace_back(Value(writer.AddBlob(bytes)), bytes);
    }
    Manifest record;
    record.model = "m";
    record.hparams = {{"lr", "0.1"}};
    manifest = Value(EncodeManifest(record));
    writer.SetManifest(manifest, Envelope{1, "me", 1, {}, {}, "t", 0});
    archive.Finish(writer);
    content = archive.disk.Content(kPackPath);
  }

  /// Reads everything. Returns whether all of it was there; what is read must be right.
  bool ReadAll() {
    auto file = archive.disk.OpenForReading(kPackPath);
    if (!file.ok()) return false;
    auto pack = PackReader::Open(std::move(*file));
    if (!pack.ok()) return false;
    bool all = true;
    std::vector<std::shared_ptr<const SectionReader>> sections;
    for (std::size_t i = 0; i < pack->sections().size(); ++i) {
      auto section = pack->OpenSection(i);
      if (section.ok())
        sections.push_back(*section);
      else
        all = false;
    }
    SectionSetLocator locator(sections);
    TensorReader tensor_reader(locator);
    for (const TestTensor& tensor : tensors) {
      const auto bytes = ReadTensor(tensor_reader, tensor.id());
      all = all && bytes.ok();
      if (bytes.ok()) {
        EXPECT_EQ(*bytes, tensor.bytes);
      }
    }
    BlobReader blob_reader(locator);
    for (const auto& [id, want] : blobs) {
      const auto bytes = blob_reader.ReadAll(id, 1u << 20);
      all = all && bytes.ok();
      if (bytes.ok()) {
        EXPECT_EQ(*bytes, want);
      }
    }
    for (const auto& section : sections) {
      const auto bytes = section->ReadManifestBytes();
      all = all && bytes.ok() && section->ReadEnvelope().ok();
      if (bytes.ok()) {
        EXPECT_EQ(*bytes, manifest);
      }
    }
    return all;
  }
};

TEST(Corruption, EveryFlippedByteIsFoundOrHarmless) {
  SmallPack pack;
  ASSERT_TRUE(pack.ReadAll());
  std::size_t found = 0, harmless = 0;
  for (std::size_t at = 0; at < pack.content.size(); at += testing::kSlowBuild ? 23 : 1) {
    if (at >= PackHeader::kEncodedSize && at < kSectionAlignment)
      at = kSectionAlignment;  // 4 KiB of padding: one flip is enough
    for (const std::uint8_t mask : std::vector<std::uint8_t>{0x01, 0x80, 0xff}) {
      pack.archive.disk.Replace(kPackPath, pack.content);
      ASSERT_TRUE(pack.archive.disk.Corrupt(kPackPath, at, mask));
      const bool all = pack.ReadAll();
      ++(all ? harmless : found);
      if (all) {
        EXPECT_EQ(pack.content[at], std::byte{0})
            << "unseen flip at " << at << ", which is no padding";
      }
    }
    if (HasFailure()) break;
  }
  EXPECT_GT(found, harmless * 3);
  RecordProperty("found", static_cast<int>(found));
}

TEST(Corruption, EveryTruncationIsFound) {
  SmallPack pack;
  for (std::size_t length = 0; length < pack.content.size(); ++length) {
    pack.archive.disk.Replace(kPackPath, pack.content);
    ASSERT_TRUE(pack.archive.disk.Truncate(kPackPath, length));
    EXPECT_FALSE(pack.ReadAll()) << "cut at " << length;
    const auto opened = PackReader::Open(Value(pack.archive.disk.OpenForReading(kPackPath)));
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::kCorruption) << opened.error().message;
  }
}

TEST(Corruption, ScanFindsSectionsWithoutTheFooter) {
  SmallPack pack;
  const PackReader whole =
      Value(PackReader::Open(Value(pack.archive.disk.OpenForReading(kPackPath))));
  ASSERT_EQ(whole.sections().size(), 1u);
  const std::uint64_t end = whole.sections()[0].offset + whole.sections()[0].length;
  for (std::uint64_t length = 0; length <= pack.content.size(); ++length) {
    pack.archive.disk.Replace(kPackPath, pack.content);
    pack.archive.disk.Truncate(kPackPath, length);
    const auto scanned = PackReader::Scan(Value(pack.archive.disk.OpenForReading(kPackPath)));
    EXPECT_EQ(scanned.ok(), length >= PackHeader::kEncodedSize);
    if (!scanned.ok()) continue;
    EXPECT_EQ(scanned->sections().size(), length >= end ? 1u : 0u) << "cut at " << length;
    if (length >= end) {
      EXPECT_EQ(scanned->sections(), whole.sections());
      EXPECT_TRUE(scanned->OpenSection(0).ok());
    } else if (length >= kSectionAlignment + SectionHeader::kEncodedSize) {
      EXPECT_FALSE(scanned->scan_finding().empty());
    }
  }
}

TEST(Corruption, NewerFormatIsUnsupportedNotCorrupt) {
  SmallPack pack;
  Bytes newer = pack.content;
  newer[8] = std::byte{2};
  const std::uint64_t sum = io::Xxh3(std::span(newer).first(16));
  std::memcpy(newer.data() + 16, &sum, 8);
  pack.archive.disk.Replace(kPackPath, newer);
  EXPECT_EQ(PackReader::Open(Value(pack.archive.disk.OpenForReading(kPackPath))).error().code,
            ErrorCode::kUnsupported);
  Bytes section = pack.content;
  section[4096 + 12] = std::byte{1};  // a feature bit
  const std::uint64_t section_sum = io::Xxh3(std::span(section).subspan(4096, 40));
  std::memcpy(section.data() + 4096 + 40, &section_sum, 8);
  pack.archive.disk.Replace(kPackPath, section);
  const PackReader reader =
      Value(PackReader::Open(Value(pack.archive.disk.OpenForReading(kPackPath))));
  EXPECT_EQ(reader.OpenSection(0).error().code, ErrorCode::kUnsupported);
}

TEST(Corruption, UnfinishedPackIsRecognised) {
  testing::FaultyFileSystem disk;
  PackFileWriter writer = Value(PackFileWriter::Create(
      {kPackPath, Value(disk.OpenForWriting(kPackPath, io::WriteMode::kCreateNew))}));
  ASSERT_OK(writer.BeginSection());
  for (int i = 0; i < 40; ++i) (void)Value(writer.AppendUnit(Bytes(100'000, std::byte{5})));
  const auto opened = PackReader::Open(Value(disk.OpenForReading(kPackPath)));
  EXPECT_NE(opened.error().message.find("cut off"), std::string::npos) << opened.error().message;
  const PackReader scanned = Value(PackReader::Scan(Value(disk.OpenForReading(kPackPath))));
  EXPECT_TRUE(scanned.sections().empty());
  EXPECT_NE(scanned.scan_finding().find("never finished"), std::string::npos)
      << scanned.scan_finding();
}

TEST(Corruption, CopyingRefusesDamagedUnits) {
  SmallPack pack;
  std::size_t refused = 0, copied = 0;
  const std::uint64_t units_end = pack.archive.sections[0]->units_end();
  for (std::uint64_t at = SectionHeader::kEncodedSize; at < units_end; at += 3) {
    pack.archive.disk.Replace(kPackPath, pack.content);
    pack.archive.disk.Corrupt(kPackPath, 4096 + at);
    const PackReader reader =
        Value(PackReader::Open(Value(pack.archive.disk.OpenForReading(kPackPath))));
    const auto section = Value(reader.OpenSection(0));
    PackMerger merger = Value(PackMerger::Create(
        {"/m", Value(pack.archive.disk.OpenForWriting("/m", io::WriteMode::kReplace))}));
    const auto moved = merger.CopySection(*section);
    ++(moved.ok() ? copied : refused);
    if (moved.ok()) {
      EXPECT_EQ(pack.content[4096 + at], std::byte{0}) << "at " << at;
    }
  }
  EXPECT_GT(refused, copied);
}

}  // namespace
}  // namespace dlv::archive
