#include "storage/store/piecewise_proof.h"

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::store {
namespace {

using archive::Bytes;
using archive::kChunkElements;
using archive::Value;

constexpr std::size_t kHead = 100;

/// A file of a literal and two tensors, stored with its recipe.
struct ProvedFile {
  ProvedFile() {
    tensors = {archive::MakeTensor(DType::kBF16, 18 * kChunkElements + 5, 1),
               archive::MakeTensor(DType::kF32, 500, 2)};
    Bytes head(kHead, std::byte{7});
    bytes = head;
    interchange::Recipe recipe;
    recipe.literal_sizes = {kHead};
    recipe.instructions.push_back({interchange::LiteralPart{0, 0, kHead}});
    for (std::uint32_t i = 0; i < 2; ++i) {
      recipe.instructions.push_back({PartOf(i)});
      bytes.insert(bytes.end(), tensors[i].bytes.begin(), tensors[i].bytes.end());
    }
    passed[0] = {kHead, tensors[0].hash.checksums};
    Store(head, recipe);
  }

  interchange::TensorPart PartOf(std::uint32_t i) const {
    interchange::TensorPart part;
    part.tensor = i;
    part.element_size = static_cast<std::uint8_t>(SizeOf(tensors[i].dtype));
    part.count = tensors[i].count();
    return part;
  }

  void Store(const Bytes& head, const interchange::Recipe& recipe) {
    archive::SectionWriter writer = packs.NewWriter();
    for (const auto& tensor : tensors) {
      EXPECT_TRUE(archive::TestArchive::Add(writer, tensor).ok());
    }
    Assembly assembly;
    assembly.literals = {Value(writer.AddBlob(head))};
    assembly.recipe = Value(writer.AddBlob(interchange::EncodeRecipe(recipe)));
    entry.path = "file";
    entry.form = archive::FileForm::kRecipe;
    entry.content = Value(writer.AddBlob(EncodeAssembly(assembly)));
    written = packs.Finish(writer).checked;
    locator.emplace(packs.sections);
    reader.emplace(*locator);
    blobs.emplace(*locator);
  }

  StoredFile Open() {
    return Value(StoredFile::Open({*reader, *blobs}, entry, {tensors[0].id(), tensors[1].id()}));
  }
  Result<bool> Holds(const Bytes& file) {
    const StoredFile stored = Open();
    const auto proof = PiecewiseProof::Plan(stored);
    EXPECT_TRUE(proof.has_value());
    const auto source = io::MakeViewSource(file);
    return proof->Holds(*source, {written, passed}, {});
  }
  /// The file with another byte at `at`.
  Bytes Changed(std::size_t at) const {
    Bytes changed = bytes;
    changed[at] ^= std::byte{1};
    return changed;
  }
  std::size_t ChunkAt(std::size_t index) const { return kHead + index * kChunkElements * 2; }

  archive::TestArchive packs;
  std::vector<archive::TestTensor> tensors;
  Bytes bytes;
  PassedTensors passed;
  archive::ManifestFile entry;
  archive::CheckedTensors written;
  std::optional<archive::SectionSetLocator> locator;
  std::optional<archive::TensorReader> reader;
  std::optional<archive::BlobReader> blobs;
};

TEST(PiecewiseProof, HoldsForTheFile) {
  ProvedFile file;
  EXPECT_TRUE(Value(file.Holds(file.bytes)));
  file.passed.clear();
  EXPECT_TRUE(Value(file.Holds(file.bytes))) << "by reading the file";
  file.written.clear();
  EXPECT_TRUE(Value(file.Holds(file.bytes))) << "by decoding all";
}

TEST(PiecewiseProof, FindsEveryOtherByte) {
  ProvedFile file;
  EXPECT_FALSE(Value(file.Holds(file.Changed(kHead - 1)))) << "literal";
  EXPECT_FALSE(Value(file.Holds(file.Changed(file.ChunkAt(0))))) << "first chunk, decoded";
  EXPECT_FALSE(Value(file.Holds(file.Changed(file.bytes.size() - 1)))) << "small tensor";
  file.passed.clear();
  EXPECT_FALSE(Value(file.Holds(file.Changed(file.ChunkAt(3) + 9))));
  file.written.clear();
  EXPECT_FALSE(Value(file.Holds(file.Changed(file.ChunkAt(3) + 9))));
}

TEST(PiecewiseProof, IsOfAllOfTheFile) {
  ProvedFile file;
  Bytes longer = file.bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(Value(file.Holds(longer)));
  longer.resize(file.bytes.size() - 1);
  EXPECT_FALSE(Value(file.Holds(longer)));
}

// What the pass saw counts in its place only, and only where it is what was coded.
TEST(PiecewiseProof, BelievesThePassWhereItWas) {
  ProvedFile file;
  const Bytes changed = file.Changed(file.ChunkAt(3) + 9);
  EXPECT_TRUE(Value(file.Holds(changed))) << "the pass saw the right bytes there, and nobody looks";
  file.passed[0].offset += 2;
  EXPECT_FALSE(Value(file.Holds(changed)));
  file.passed[0].offset -= 2;
  file.passed[0].checksums[3] ^= 1;
  EXPECT_FALSE(Value(file.Holds(changed)));
  EXPECT_TRUE(Value(file.Holds(file.bytes))) << "the file itself is right";
}

TEST(PiecewiseProof, DamageOfThePackIsFound) {
  ProvedFile file;
  const StoredFile stored = file.Open();
  const auto& part = stored.tensors()[0]->PartOfChunk(5);
  const std::uint64_t at = part.section->place().offset + part.entry.chunks[5].place.offset;
  ASSERT_TRUE(file.packs.disk.Corrupt(file.packs.disk.Files().front(), at + 200));
  const auto holds = file.Holds(file.bytes);
  ASSERT_FALSE(holds.ok());
  EXPECT_EQ(holds.error().code, ErrorCode::kCorruption);
}

TEST(PiecewiseProof, StopsOnRequest) {
  ProvedFile file;
  const StoredFile stored = file.Open();
  CancellationToken cancel;
  cancel.Cancel();
  Operation operation;
  operation.cancel = &cancel;
  const auto source = io::MakeViewSource(file.bytes);
  const auto holds =
      PiecewiseProof::Plan(stored)->Holds(*source, {file.written, file.passed}, operation);
  ASSERT_FALSE(holds.ok());
  EXPECT_EQ(holds.error().code, ErrorCode::kCancelled);
}

TEST(PiecewiseProof, LeavesOtherRecipesAlone) {
  ProvedFile file;
  const auto planned = [&](interchange::Instruction item) {
    interchange::Recipe recipe;
    recipe.literal_sizes = {kHead};
    recipe.instructions.push_back({interchange::LiteralPart{0, 0, kHead}});
    recipe.instructions.push_back(std::move(item));
    ProvedFile other;
    other.Store(Bytes(kHead, std::byte{7}), recipe);
    const StoredFile stored = other.Open();
    return PiecewiseProof::Plan(stored).has_value();
  };
  EXPECT_TRUE(planned({file.PartOf(1)}));
  interchange::TensorPart swapped = file.PartOf(1);
  swapped.swap_size = 4;
  EXPECT_FALSE(planned({swapped}));
  EXPECT_FALSE(planned({interchange::Crc32{0, 1, false}}));
}

}  // namespace
}  // namespace dlv::store
