#include "storage/store/file_pass.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <thread>

#include "storage/interchange/sources.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::store {
namespace {

using archive::Bytes;
using archive::kChunkElements;
using archive::Value;

/// A file of a head, tensors and gaps between them.
struct PassedFile {
  void Add(DType dtype, std::uint64_t count, std::size_t gap = 3) {
    bytes.resize(bytes.size() + gap, std::byte{0x5a});
    const Bytes values = archive::MakeValues(dtype, count, static_cast<unsigned>(offsets.size()));
    offsets.push_back(bytes.size());
    bytes.insert(bytes.end(), values.begin(), values.end());
    interchange::DescribedTensor tensor;
    tensor.dtype = dtype;
    tensor.shape = {static_cast<std::int64_t>(count)};
    description.tensors.push_back(std::move(tensor));
  }
  void Open() {
    source = io::MakeViewSource(bytes);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      interchange::DescribedTensor& tensor = description.tensors[i];
      const auto size = static_cast<std::uint64_t>(tensor.shape[0]) * SizeOf(tensor.dtype);
      tensor.source = interchange::MakeRange(*source, offsets[i], size);
    }
  }
  archive::TensorHash Hash(std::size_t i) const {
    const interchange::DescribedTensor& tensor = description.tensors[i];
    return Value(archive::HashTensorSource(*tensor.source, tensor.dtype,
                                           static_cast<std::uint64_t>(tensor.shape[0]), 1));
  }
  FileDigest Digest() const {
    io::Sha256 hash;
    hash.Update(bytes);
    return hash.Finish<FileDigest>();
  }

  Bytes bytes;
  std::vector<std::uint64_t> offsets;
  interchange::FileDescription description;
  std::unique_ptr<io::ByteSource> source;
};

PassedFile TwoLargeTensors() {
  PassedFile file;
  file.Add(DType::kF32, 2 * kChunkElements + 7);
  file.Add(DType::kF32, 100);
  file.Add(DType::kBF16, 3 * kChunkElements, 0);
  file.Open();
  return file;
}

TEST(FilePass, HashesLargeTensorsOnTheWay) {
  const PassedFile file = TwoLargeTensors();
  FilePass pass(*file.source);
  pass.TakeTensors(file.description);
  pass.Start(nullptr, std::make_shared<PassThreads>(1));
  std::size_t hashed = 0;
  for (const std::size_t number : {0, 2}) {
    const auto hash = pass.HashOf(number, true);
    if (!hash) continue;  // not on the way without instructions for it
    ++hashed;
    EXPECT_EQ(hash->id, file.Hash(number).id);
    EXPECT_EQ(hash->chunks, file.Hash(number).chunks);
    EXPECT_EQ(hash->checksums, file.Hash(number).checksums);
  }
  EXPECT_GE(hashed, io::HasJointSha256() ? 1u : 0u);
  EXPECT_FALSE(pass.HashOf(1, true).has_value()) << "a small one";
  EXPECT_EQ(Value(pass.Sha256()), file.Digest());
  ASSERT_EQ(pass.passed().size(), 2u);
  for (const std::size_t number : {0, 2}) {
    EXPECT_EQ(pass.passed().at(number).offset, file.offsets[number]);
    EXPECT_EQ(pass.passed().at(number).checksums, file.Hash(number).checksums);
  }
}

TEST(FilePass, HashesThatAreThereAreGivenAfterItsEnd) {
  const PassedFile file = TwoLargeTensors();
  FilePass pass(*file.source);
  pass.TakeTensors(file.description);
  pass.Start(nullptr, std::make_shared<PassThreads>(1));
  EXPECT_EQ(Value(pass.Sha256()), file.Digest());
  EXPECT_EQ(pass.HashOf(0, false).has_value(), io::HasJointSha256());
}

TEST(FilePass, LeavesTensorsWhereNobodyWillAskForThem) {
  const PassedFile file = TwoLargeTensors();
  FilePass pass(*file.source);
  pass.TakeTensors(file.description, false);
  pass.Start(nullptr, std::make_shared<PassThreads>(1));
  EXPECT_FALSE(pass.HashOf(0, true).has_value());
  EXPECT_EQ(Value(pass.Sha256()), file.Digest());
  ASSERT_EQ(pass.passed().size(), 2u);
  EXPECT_EQ(pass.passed().at(2).checksums, file.Hash(2).checksums)
      << "the file may be new after all";
}

TEST(FilePass, WithoutAThreadItHasTheDigestAlone) {
  const PassedFile file = TwoLargeTensors();
  FilePass pass(*file.source);
  pass.TakeTensors(file.description);
  EXPECT_FALSE(pass.HashOf(0, true).has_value()) << "nobody would come there";
  EXPECT_EQ(Value(pass.Sha256()), file.Digest());
  EXPECT_EQ(Value(pass.Sha256()), file.Digest()) << "again";
}

TEST(FilePass, TakesOnlyWhatLiesInTheFileAsItIs) {
  PassedFile file = TwoLargeTensors();
  // One from elsewhere, and one that overlaps the first.
  const Bytes other = archive::MakeValues(DType::kF32, 2 * kChunkElements, 9);
  interchange::DescribedTensor elsewhere = file.description.tensors[0];
  elsewhere.shape = {2 * static_cast<std::int64_t>(kChunkElements)};
  elsewhere.source = io::MakeBufferSource(other);
  interchange::DescribedTensor overlapping = elsewhere;
  overlapping.source =
      interchange::MakeRange(*file.source, file.offsets[0] + 4, 8 * kChunkElements);
  file.description.tensors.push_back(elsewhere);
  file.description.tensors.push_back(overlapping);
  FilePass pass(*file.source);
  pass.TakeTensors(file.description);
  pass.Start(nullptr, std::make_shared<PassThreads>(1));
  EXPECT_FALSE(pass.HashOf(3, true).has_value());
  EXPECT_FALSE(pass.HashOf(4, true).has_value());
  EXPECT_EQ(Value(pass.Sha256()), file.Digest());
  EXPECT_FALSE(pass.passed().contains(3));
  EXPECT_FALSE(pass.passed().contains(4));
}

/// Ends before it says.
class ShortSource : public io::ByteSource {
 public:
  explicit ShortSource(const io::ByteSource& whole) : whole_(whole) {}
  std::uint64_t size() const override { return whole_.size(); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset + out.size() > 2 * whole_.size() / 3)
      return Error{ErrorCode::kCorruption, "ends at byte 5, want more"};
    return whole_.ReadAt(offset, out);
  }

 private:
  const io::ByteSource& whole_;
};

TEST(FilePass, AnErrorEndsItForEverybody) {
  PassedFile file = TwoLargeTensors();
  const ShortSource cut(*file.source);
  for (std::size_t i = 0; i < file.offsets.size(); ++i) {
    interchange::DescribedTensor& tensor = file.description.tensors[i];
    tensor.source = interchange::MakeRange(cut, file.offsets[i], tensor.source->size());
  }
  FilePass pass(cut);
  pass.TakeTensors(file.description);
  pass.Start(nullptr, std::make_shared<PassThreads>(1));
  EXPECT_FALSE(pass.HashOf(2, true).has_value());
  const auto digest = pass.Sha256();
  ASSERT_FALSE(digest.ok());
  EXPECT_EQ(digest.error().code, ErrorCode::kCorruption);
}

/// Counts who reads at a time, and in which order readers came.
class CountingSource : public io::ByteSource {
 public:
  struct Readers {
    std::atomic<int> now{0}, most{0};
    std::mutex mutex;
    std::vector<int> order;
  };
  CountingSource(const io::ByteSource& whole, int number, Readers& readers)
      : whole_(whole), number_(number), readers_(readers) {}
  std::uint64_t size() const override { return whole_.size(); }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    const int now = ++readers_.now;
    for (int most = readers_.most; most < now && !readers_.most.compare_exchange_weak(most, now);) {
    }
    if (offset == 0) {
      const std::lock_guard lock(readers_.mutex);
      readers_.order.push_back(number_);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Status read = whole_.ReadAt(offset, out);
    --readers_.now;
    return read;
  }

 private:
  const io::ByteSource& whole_;
  int number_;
  Readers& readers_;
};

struct ManyPasses {
  ManyPasses(const PassedFile& file, int count, unsigned at_once)
      : threads(std::make_shared<PassThreads>(at_once)) {
    for (int i = 0; i < count; ++i) {
      sources.push_back(std::make_unique<CountingSource>(*file.source, i, readers));
      passes.push_back(std::make_unique<FilePass>(*sources.back()));
      passes.back()->Start(nullptr, threads);
    }
  }
  CountingSource::Readers readers;
  std::shared_ptr<PassThreads> threads;
  std::vector<std::unique_ptr<CountingSource>> sources;
  std::vector<std::unique_ptr<FilePass>> passes;
};

TEST(PassThreads, ReadFewFilesAtATimeInTheirOrder) {
  const PassedFile file = TwoLargeTensors();
  ManyPasses many(file, 12, 1);
  const auto all_begun = [&] {
    const std::lock_guard lock(many.readers.mutex);
    return many.readers.order.size() == 12;
  };
  for (int wait = 0; wait < 10'000 && !all_begun(); ++wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (auto& pass : many.passes) EXPECT_EQ(Value(pass->Sha256()), file.Digest());
  std::vector<int> order(12);
  std::iota(order.begin(), order.end(), 0);
  EXPECT_EQ(many.readers.order, order) << "each once";
  EXPECT_EQ(many.readers.most, 1);
}

TEST(PassThreads, ADroppedPassIsNotBegun) {
  const PassedFile file = TwoLargeTensors();
  ManyPasses many(file, 12, 1);
  for (int i = 11; i > 0; --i) many.passes.pop_back();
  EXPECT_EQ(Value(many.passes[0]->Sha256()), file.Digest());
  EXPECT_LT(many.readers.order.size(), 12u);
}

}  // namespace
}  // namespace dlv::store
