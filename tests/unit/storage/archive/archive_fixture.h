#pragma once
/// \file
/// What the tests of this folder share: values of every dtype, a repository of packs in memory.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "storage/archive/blob_reader.h"
#include "storage/archive/section_writer.h"
#include "storage/archive/tensor_reader.h"
#include "storage/io/hash.h"
#include "tests/support/faulty_file_system.h"

namespace dlv::archive {

using Bytes = std::vector<std::byte>;

#define ASSERT_OK(expression)                                               \
  do {                                                                      \
    const auto& assert_ok_result = (expression);                            \
    ASSERT_TRUE(assert_ok_result.ok()) << assert_ok_result.error().message; \
  } while (false)

template <class T>
T Value(Result<T> result) {
  if (!result.ok()) ADD_FAILURE() << result.error().message;
  return std::move(result).value();
}

/// `count` elements that look like weights where the dtype is a float, small numbers elsewhere.
inline Bytes MakeValues(DType dtype, std::uint64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> weights(0.0f, 0.05f);
  Bytes bytes(static_cast<std::size_t>(count) * SizeOf(dtype));
  const auto put = [&](std::size_t at, const auto& value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
  };
  for (std::size_t i = 0; i < bytes.size(); i += SizeOf(dtype)) {
    const float weight = weights(random);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &weight, 4);
    switch (dtype) {
      case DType::kF32:
        put(i, weight);
        break;
      case DType::kF64:
        put(i, double{weight} * 1.0000001);
        break;
      case DType::kBF16:
        put(i, static_cast<std::uint16_t>(bits >> 16));
        break;
      case DType::kF16:
        put(i, static_cast<std::uint16_t>(0x2c00 + (bits >> 13 & 0x83ff)));
        break;
      case DType::kComplex64:
        put(i, weight);
        put(i + 4, -weight);
        break;
      case DType::kComplex128:
        put(i, double{weight});
        put(i + 8, double{weight} / 3);
        break;
      case DType::kI64:
      case DType::kU64:
        put(i, std::uint64_t{random() % 1000});
        break;
      case DType::kI32:
      case DType::kU32:
        put(i, static_cast<std::uint32_t>(random() % 50000));
        break;
      case DType::kI16:
      case DType::kU16:
        put(i, static_cast<std::uint16_t>(random()));
        break;
      case DType::kBool:
        put(i, static_cast<std::uint8_t>(random() % 2));
        break;
      default:
        put(i, static_cast<std::uint8_t>(bits >> 24));
        break;
    }
  }
  return bytes;
}

/// A step of training: every float moves a little, some elements stay; other types change here and
/// there.
inline Bytes Step(DType dtype, const Bytes& before, unsigned seed) {
  std::mt19937 random(seed);
  Bytes after = before;
  const std::size_t size = SizeOf(dtype);
  for (std::size_t i = 0; i + size <= after.size(); i += size) {
    if (random() % 4 == 0) continue;
    if (dtype == DType::kF32) {
      float value = 0;
      std::memcpy(&value, after.data() + i, 4);
      value += 0.0003f * (static_cast<float>(random() % 2001) / 1000.0f - 1.0f);
      std::memcpy(after.data() + i, &value, 4);
    } else if (random() % 8 == 0) {
      after[i] ^= std::byte{1};
    }
  }
  return after;
}

/// A tensor in memory with its identity.
struct TestTensor {
  DType dtype = DType::kF32;
  Bytes bytes;
  TensorHash hash;
  std::uint64_t count() const { return bytes.size() / SizeOf(dtype); }
  const TensorId& id() const { return hash.id; }
};

inline TestTensor MakeTensor(DType dtype, Bytes bytes) {
  TestTensor tensor{dtype, std::move(bytes), {}};
  tensor.hash = Value(HashTensorSource(*io::MakeViewSource(tensor.bytes), dtype,
                                       tensor.bytes.size() / SizeOf(dtype), 1));
  return tensor;
}
inline TestTensor MakeTensor(DType dtype, std::uint64_t count, unsigned seed) {
  return MakeTensor(dtype, MakeValues(dtype, count, seed));
}

/// Packs on a disk in memory.
class TestArchive {
 public:
  testing::FaultyFileSystem disk;

  SectionWriter NewWriter(WriterOptions options = {}) {
    if (options.threads == 0) options.threads = 2;
    return SectionWriter(
        [this]() -> Result<NewPack> {
          const std::string path = "/p" + std::to_string(next_pack_++) + ".pack";
          DLV_ASSIGN(auto file, disk.OpenForWriting(path, io::WriteMode::kCreateNew));
          return NewPack{path, std::move(file)};
        },
        options);
  }

  static Status Add(SectionWriter& writer, const TestTensor& tensor,
                    const TestTensor* base = nullptr, unsigned base_depth = 0) {
    TensorPlan plan;
    plan.hash = tensor.hash;
    plan.dtype = tensor.dtype;
    plan.element_count = tensor.count();
    std::unique_ptr<io::ByteSource> base_source;
    if (base != nullptr) {
      base_source = io::MakeViewSource(base->bytes);
      plan.base = base->id();
      plan.base_bytes = base_source.get();
      plan.base_depth = base_depth;
    }
    return writer.AddTensor(plan, *io::MakeViewSource(tensor.bytes));
  }

  WriteResult Finish(SectionWriter& writer) {
    WriteResult result = Value(writer.Finish());
    for (const WrittenPack& pack : result.packs) Adopt(pack.path);
    return result;
  }

  /// Opens all sections of a pack for the locator.
  void Adopt(const std::string& path) {
    const PackReader pack = Value(PackReader::Open(Value(disk.OpenForReading(path))));
    for (std::size_t i = 0; i < pack.sections().size(); ++i)
      sections.push_back(Value(pack.OpenSection(i)));
  }

  std::vector<std::shared_ptr<const SectionReader>> sections;

 private:
  int next_pack_ = 0;
};

/// Reads a tensor whole.
inline Result<Bytes> ReadTensor(TensorReader& reader, const TensorId& id, unsigned planes = 0) {
  DLV_ASSIGN(const auto tensor, reader.Open(id));
  Bytes bytes(static_cast<std::size_t>(tensor->size_bytes()));
  DLV_TRY(reader.Read(*tensor, 0, bytes, planes));
  return bytes;
}

}  // namespace dlv::archive
