#pragma once
// A repository on a file system in memory, and networks to commit into it.

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dlv/commit.h"
#include "dlv/tensor.h"
#include "storage/store/commit.h"
#include "storage/store/store.h"
#include "tests/support/faulty_file_system.h"

namespace dlv::testing {

/// A few tensors in memory: one of chunk size and more, small ones for a cluster, integers, an
/// empty one.
class SmallNet : public TensorSource {
 public:
  explicit SmallNet(unsigned seed, std::int64_t rows = 300) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 0.02F);
    AddFloats("layer1.weight", {rows, 500}, [&] { return normal(random); });
    AddFloats("layer1.bias", {500}, [&] { return normal(random); });
    AddFloats("layer2.weight", {10, 500}, [&] { return normal(random); });
    AddFloats("scale", {}, [&] { return 1.0F; });
    AddFloats("shift", {7}, [&] { return normal(random); });  // with "scale" in a strip
    AddFloats("nothing", {0, 3}, [&] { return 0.0F; });
    TensorInfo steps;
    steps.name = "steps";
    steps.role = TensorRole::kBuffer;
    steps.dtype = DType::kI64;
    steps.shape = {1};
    const std::int64_t value = seed;
    std::vector<std::byte> bytes(8);
    std::memcpy(bytes.data(), &value, 8);
    tensors_.push_back({steps, bytes, 64});
  }

  /// A step of training: every weight moves a little.
  void Train(unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 0.0001F);
    for (Tensor& tensor : tensors_) {
      if (tensor.info.dtype != DType::kF32) continue;
      for (std::size_t i = 0; i + 4 <= tensor.bytes.size(); i += 4) {
        float value = 0;
        std::memcpy(&value, tensor.bytes.data() + i, 4);
        value += normal(random);
        std::memcpy(tensor.bytes.data() + i, &value, 4);
      }
    }
  }

  std::size_t size() const override { return tensors_.size(); }
  TensorInfo Info(std::size_t index) const override { return tensors_[index].info; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), tensors_[index].bytes.data() + offset, out.size());
    return Ok();
  }
  const std::vector<std::byte>& bytes(std::size_t index) const { return tensors_[index].bytes; }

 private:
  template <class F>
  void AddFloats(const char* name, Shape shape, F next) {
    TensorInfo info;
    info.name = name;
    info.shape = std::move(shape);
    std::vector<std::byte> bytes(info.element_count() * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      const float value = next();
      std::memcpy(bytes.data() + i, &value, 4);
    }
    tensors_.push_back({info, bytes, 32});
  }
  std::vector<Tensor> tensors_;
};

/// Noise that comes again after `period` values, and again, which only `archive` looks for.
class Echo : public TensorSource {
 public:
  explicit Echo(std::size_t period = 20'001) : values_(3 * period) {
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      values_[i] = i < period ? normal(random) : values_[i - period];
    }
  }
  std::size_t size() const override { return 1; }
  TensorInfo Info(std::size_t) const override {
    TensorInfo info;
    info.name = "echo";
    info.shape = {static_cast<std::int64_t>(values_.size())};
    return info;
  }
  Status Read(std::size_t, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), std::as_bytes(std::span(values_)).data() + offset, out.size());
    return Ok();
  }

 private:
  std::vector<float> values_;
};

inline const char* kRoot = "/repo";

inline std::unique_ptr<store::Store> OpenOn(FaultyFileSystem& disk) {
  store::StoreOptions options;
  options.file_system = &disk;
  options.lock_timeout_ms = 0;
  auto store = store::Store::Open(kRoot, options);
  EXPECT_TRUE(store.ok()) << store.error().message;
  return store.ok() ? std::move(store).value() : nullptr;
}

inline std::unique_ptr<store::Store> InitOn(FaultyFileSystem& disk) {
  store::StoreOptions options;
  options.file_system = &disk;
  options.lock_timeout_ms = 0;
  auto store = store::Store::Init(kRoot, options);
  EXPECT_TRUE(store.ok()) << store.error().message;
  return store.ok() ? std::move(store).value() : nullptr;
}

inline CommitRequest RequestOf(const std::string& model, TensorSource& net,
                               std::optional<std::int64_t> step = std::nullopt) {
  CommitRequest request;
  request.model = model;
  request.message = "test";
  request.author = "tester";
  request.tensors = {{&net, step}};
  return request;
}

inline Result<CommitResult> CommitNet(store::Store& store, const std::string& model,
                                      TensorSource& net) {
  return store::Commit(store, RequestOf(model, net), {.threads = 1});
}

/// Puts a file into the file system in memory.
inline void PutFile(FaultyFileSystem& disk, const std::string& path, std::string_view text) {
  auto file = disk.OpenForWriting(path, io::WriteMode::kReplace);
  ASSERT_TRUE(file.ok()) << file.error().message;
  ASSERT_TRUE((*file)->Append(std::as_bytes(std::span(text.data(), text.size()))).ok());
  ASSERT_TRUE((*file)->Close().ok());
}

/// The bytes of a safetensors file with one f32 tensor "w" of `count` elements.
inline std::string SafetensorsText(std::size_t count, unsigned seed) {
  std::string header = R"({"w":{"dtype":"F32","shape":[)" + std::to_string(count) +
                       R"(],"data_offsets":[0,)" + std::to_string(count * 4) + "]}}";
  while (header.size() % 8 != 0) header.push_back(' ');
  std::string text(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(text.data(), &length, 8);
  text += header;
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, 0.02F);
  for (std::size_t i = 0; i < count; ++i) {
    const float value = normal(random);
    text.append(reinterpret_cast<const char*>(&value), 4);
  }
  return text;
}

}  // namespace dlv::testing
