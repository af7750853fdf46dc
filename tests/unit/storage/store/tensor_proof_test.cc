#include "storage/store/tensor_proof.h"

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::store {
namespace {

using archive::Value;

/// Tensors of several types: of some chunks, of one, and small ones that share a cluster.
struct StoredProof {
  StoredProof() {
    archive::SectionWriter writer = packs.NewWriter();
    const auto add = [&](DType dtype, std::size_t count, unsigned seed) {
      tensors.push_back(archive::MakeTensor(dtype, archive::MakeValues(dtype, count, seed)));
      EXPECT_TRUE(archive::TestArchive::Add(writer, tensors.back()).ok());
    };
    add(DType::kBF16, 35 * archive::kChunkElements + 5, 1);
    add(DType::kF32, 20'000, 2);
    add(DType::kF32, 10, 3);
    add(DType::kF32, 10, 4);
    (void)packs.Finish(writer);
    locator.emplace(packs.sections);
    reader.emplace(*locator);
    for (const auto& tensor : tensors) handles.push_back(Value(reader->Open(tensor.id())));
  }

  archive::Bytes Chunk(const ChunkNumber& number) const {
    const archive::TestTensor& tensor = tensors[number.tensor];
    const std::size_t whole = archive::kChunkElements * SizeOf(tensor.dtype);
    const std::size_t at = number.chunk * whole;
    const auto bytes =
        std::span(tensor.bytes).subspan(at, std::min(whole, tensor.bytes.size() - at));
    return {bytes.begin(), bytes.end()};
  }

  void AddAll(TensorProof& proof, std::uint32_t tensor) const {
    const auto chunks =
        static_cast<std::uint32_t>(archive::ChunkCount(handles[tensor]->element_count()));
    for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
      const ChunkNumber number{tensor, chunk};
      proof.Add(number, std::make_shared<const archive::Bytes>(Chunk(number)));
    }
  }

  archive::TestArchive packs;
  std::vector<archive::TestTensor> tensors;
  std::optional<archive::SectionSetLocator> locator;
  std::optional<archive::TensorReader> reader;
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles;
};

TEST(TensorProof, HoldsForWhatIsStored) {
  StoredProof stored;
  TensorProof proof(stored.handles);
  for (std::uint32_t tensor = 0; tensor < stored.tensors.size(); ++tensor)
    stored.AddAll(proof, tensor);
  const Status proved = proof.Finish(*stored.reader);
  EXPECT_TRUE(proved.ok()) << proved.error().message;
}

TEST(TensorProof, ChunksMayComeInAnyOrderTwiceOrNotAtAll) {
  StoredProof stored;
  TensorProof proof(stored.handles);
  for (const std::uint32_t chunk : {35U, 3U, 0U, 3U, 20U}) {
    const ChunkNumber number{0, chunk};
    proof.Add(number, std::make_shared<const archive::Bytes>(stored.Chunk(number)));
  }
  EXPECT_TRUE(proof.Finish(*stored.reader).ok());  // the others are read for it
}

TEST(TensorProof, AnyOtherBitIsFound) {
  StoredProof stored;
  for (const ChunkNumber number : {ChunkNumber{0, 0}, ChunkNumber{0, 17}, ChunkNumber{0, 35},
                                   ChunkNumber{1, 0}, ChunkNumber{3, 0}}) {
    TensorProof proof(stored.handles);
    archive::Bytes changed = stored.Chunk(number);
    changed.back() ^= std::byte{1};
    proof.Add(number, std::make_shared<const archive::Bytes>(changed));
    const Status proved = proof.Finish(*stored.reader);
    ASSERT_FALSE(proved.ok());
    EXPECT_EQ(proved.error().code, ErrorCode::kCorruption);
    EXPECT_NE(proved.error().message.find(stored.handles[number.tensor]->id().Hex(16)),
              std::string::npos)
        << proved.error().message;
  }
}

TEST(TensorProof, AChunkThatWasWrongOnceIsNotForgiven) {
  StoredProof stored;
  TensorProof proof(stored.handles);
  const ChunkNumber number{0, 2};
  archive::Bytes changed = stored.Chunk(number);
  changed.front() ^= std::byte{1};
  proof.Add(number, std::make_shared<const archive::Bytes>(changed));
  stored.AddAll(proof, 0);
  EXPECT_FALSE(proof.Finish(*stored.reader).ok());
}

}  // namespace
}  // namespace dlv::store
