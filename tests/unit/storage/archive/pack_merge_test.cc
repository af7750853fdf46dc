#include "storage/archive/pack_merge.h"

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

/// Three packs: a base, its child, and blobs.
struct ThreePacks {
  TestArchive archive;
  std::vector<TestTensor> tensors;
  Bytes text = MakeValues(DType::kU8, 2'500'000, 9);
  BlobId blob;

  ThreePacks() {
    SectionWriter first = archive.NewWriter();
    tensors.push_back(MakeTensor(DType::kF32, 200'000, 1));
    for (unsigned i = 0; i < 5; ++i) tensors.push_back(MakeTensor(DType::kF32, 300 + i, 2 + i));
    for (const TestTensor& tensor : tensors) EXPECT_TRUE(TestArchive::Add(first, tensor).ok());
    archive.Finish(first);
    SectionWriter second = archive.NewWriter();
    for (std::size_t i = 0; i < 6; ++i) {
      tensors.push_back(MakeTensor(DType::kF32, Step(DType::kF32, tensors[i].bytes, 5)));
      EXPECT_TRUE(TestArchive::Add(second, tensors.back(), &tensors[i]).ok());
    }
    Manifest manifest;
    manifest.model = "m";
    second.SetManifest(Value(EncodeManifest(manifest)), Envelope{});
    archive.Finish(second);
    SectionWriter third = archive.NewWriter();
    blob = Value(third.AddBlob(text));
    tensors.push_back(MakeTensor(DType::kI64, 3, 1));
    EXPECT_TRUE(TestArchive::Add(third, tensors.back()).ok());
    archive.Finish(third);
  }

  PackMerger NewMerger() {
    return Value(PackMerger::Create(
        {"/merged", Value(archive.disk.OpenForWriting("/merged", io::WriteMode::kCreateNew))}));
  }
};

void ExpectAll(const ThreePacks& packs,
               const std::vector<std::shared_ptr<const SectionReader>>& sections) {
  SectionSetLocator locator(sections);
  TensorReader reader(locator);
  for (const TestTensor& tensor : packs.tensors)
    EXPECT_EQ(Value(ReadTensor(reader, tensor.id())), tensor.bytes);
  EXPECT_EQ(Value(BlobReader(locator).ReadAll(packs.blob, 1u << 30)), packs.text);
}

TEST(PackMerger, CopiesSectionsVerbatim) {
  ThreePacks packs;
  PackMerger merger = packs.NewMerger();
  for (const auto& section : packs.archive.sections) {
    const MovedSection moved = Value(merger.CopySection(*section));
    EXPECT_EQ(moved.place.id, section->place().id);
    EXPECT_EQ(moved.place.length, section->place().length);
    EXPECT_EQ(moved.place.offset % kSectionAlignment, 0u);
    EXPECT_TRUE(moved.entries.empty());
  }
  const WrittenPack written = Value(merger.Finish());
  EXPECT_EQ(written.size_bytes, packs.archive.disk.Content("/merged").size());
  const auto before = packs.archive.sections;
  packs.archive.sections.clear();
  packs.archive.Adopt("/merged");
  ASSERT_EQ(packs.archive.sections.size(), 3u);
  ExpectAll(packs, packs.archive.sections);
  for (std::size_t i = 0; i < 3; ++i) {
    Bytes old_bytes(before[i]->place().length), new_bytes(before[i]->place().length);
    ASSERT_OK(before[i]->ReadRange(0, old_bytes));
    ASSERT_OK(packs.archive.sections[i]->ReadRange(0, new_bytes));
    EXPECT_EQ(old_bytes, new_bytes);
  }
  EXPECT_EQ(Value(packs.archive.sections[1]->ReadManifest()).model, "m");
}

TEST(PackMerger, RewritesWhatIsAlive) {
  ThreePacks packs;
  PackMerger merger = packs.NewMerger();
  const auto everything = [](std::uint32_t) { return true; };
  (void)Value(merger.RewriteSection(*packs.archive.sections[0], everything, true));
  // Of the children only a member of the cluster is alive: the big tensor goes, the cluster stays
  // whole.
  const auto kept = packs.archive.sections[1];
  const SectionReader& second = *kept;
  const std::uint32_t member = *second.directory().Find(packs.tensors[8].id());
  const MovedSection moved = Value(merger.RewriteSection(
      second, [member](std::uint32_t entry) { return entry == member; }, false));
  EXPECT_EQ(moved.entries.size(), 5u);
  (void)Value(merger.RewriteSection(*packs.archive.sections[2], everything, true));
  (void)Value(merger.Finish());
  packs.archive.sections.clear();
  packs.archive.Adopt("/merged");
  const SectionReader& rewritten = *packs.archive.sections[1];
  EXPECT_FALSE(rewritten.has_manifest());
  EXPECT_FALSE(rewritten.directory().Find(packs.tensors[6].id()));
  for (const MovedEntry& entry : moved.entries) {
    EXPECT_EQ(Value(rewritten.directory().Tensor(entry.to)).id,
              Value(second.directory().Tensor(entry.from)).id);
  }
  packs.tensors.erase(packs.tensors.begin() + 6);
  ExpectAll(packs, packs.archive.sections);
}

TEST(PackMerger, KeepsTheManifestWhenAsked) {
  ThreePacks packs;
  PackMerger merger = packs.NewMerger();
  (void)Value(merger.RewriteSection(
      *packs.archive.sections[1], [](std::uint32_t) { return false; }, true));
  (void)Value(merger.Finish());
  packs.archive.sections.clear();
  packs.archive.Adopt("/merged");
  EXPECT_EQ(packs.archive.sections[0]->directory().entry_count(), 0u);
  EXPECT_EQ(Value(packs.archive.sections[0]->ReadManifest()).model, "m");
}

TEST(SectionCache, KeepsAndForgets) {
  ThreePacks packs;
  int opened = 0;
  SectionCache cache([&](const std::string& pack) {
    ++opened;
    return packs.archive.disk.OpenForReading("/" + pack);
  });
  const auto first = Value(cache.Get("p0.pack", 4096));
  EXPECT_EQ(Value(cache.Get("p0.pack", 4096)), first);
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(cache.Get("p9.pack", 4096).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(cache.Get("p0.pack", 8192).error().code, ErrorCode::kCorruption);
  cache.Clear();
  (void)Value(cache.Get("p0.pack", 4096));
  EXPECT_EQ(opened, 4);
  SectionCache tiny(
      [&](const std::string& pack) { return packs.archive.disk.OpenForReading("/" + pack); }, 1);
  (void)Value(tiny.Get("p0.pack", 4096));
  (void)Value(tiny.Get("p1.pack", 4096));
}

}  // namespace
}  // namespace dlv::archive
