// State dicts written for PyTorch: read back by dlv's own reader, and by torch itself where it is
// installed (DLV_TEST_PYTHON names an interpreter).

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "storage/interchange/export.h"
#include "storage/interchange/zip_directory.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

namespace fs = std::filesystem;

class MemorySource final : public TensorSource {
 public:
  struct Item {
    TensorInfo info;
    Bytes bytes;
  };
  std::vector<Item> items;
  void Add(const std::string& name, DType dtype, Shape shape, std::size_t count) {
    TensorInfo info;
    info.name = name;
    info.dtype = dtype;
    info.shape = std::move(shape);
    Bytes bytes(count * SizeOf(dtype));
    for (std::size_t i = 0; i < bytes.size(); ++i) {  // no NaN: every byte is below 0x70
      bytes[i] = static_cast<std::byte>(dtype == DType::kBool ? i % 2 : (i * 37 + 11) % 0x70);
    }
    items.push_back({std::move(info), std::move(bytes)});
  }
  std::size_t size() const override { return items.size(); }
  TensorInfo Info(std::size_t index) const override { return items[index].info; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    std::memcpy(out.data(), items[index].bytes.data() + offset, out.size());
    return Ok();
  }
};

/// A tensor of every type, and of odd shapes.
MemorySource SampleTensors() {
  MemorySource source;
  for (std::uint16_t i = 1; i < kDTypeCount; ++i) {
    const auto dtype = static_cast<DType>(i);
    source.Add("t." + std::string(NameOf(dtype)), dtype, {2, 3}, 6);
  }
  source.Add("scalar", DType::kF32, {}, 1);
  source.Add("empty", DType::kF16, {0, 7}, 0);
  source.Add("big", DType::kF32, {300, 1000}, 300000);
  source.Add("caf\xc3\xa9 \"x\"", DType::kI64, {1}, 1);
  return source;
}

Bytes Write(MemorySource& source, const ExportOptions& options = {}) {
  VectorSink sink;
  const auto report = ExportPyTorch(source, options, sink);
  EXPECT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report.ok() ? report->size_bytes : 0, sink.bytes().size());
  return sink.bytes();
}

TEST(ExportPyTorch, IsReadBackWithEqualBytes) {
  MemorySource source = SampleTensors();
  const Bytes bytes = Write(source);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, "export.pt");
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "pytorch-zip");
  ASSERT_EQ(result->tensors.size(), source.items.size());
  for (std::size_t i = 0; i < source.items.size(); ++i) {
    const auto& want = source.items[i];
    const DescribedTensor* got = FindTensor(*result, want.info.name);
    ASSERT_NE(got, nullptr) << want.info.name;
    EXPECT_EQ(got->dtype, want.info.dtype) << want.info.name;
    EXPECT_EQ(got->shape, want.info.shape) << want.info.name;
    EXPECT_EQ(ReadTensor(*got), want.bytes) << want.info.name;
  }
  EXPECT_EQ(Write(source), bytes) << "equal tensors make equal files";
}

TEST(ExportPyTorch, DataBeginOnAMultipleOf64) {
  MemorySource source = SampleTensors();
  const Bytes bytes = Write(source);
  std::size_t found = 0;
  for (std::size_t at = 0; at + 30 < bytes.size(); ++at) {
    std::uint32_t magic = 0;
    std::memcpy(&magic, bytes.data() + at, sizeof magic);
    if (magic != 0x04034b50) continue;
    std::uint16_t name = 0, extra = 0;
    std::memcpy(&name, bytes.data() + at + 26, sizeof name);
    std::memcpy(&extra, bytes.data() + at + 28, sizeof extra);
    EXPECT_EQ((at + 30 + name + extra) % 64, 0u) << "local header at " << at;
    ++found;
  }
  EXPECT_EQ(found, source.items.size() + 5);
}

TEST(ExportPyTorch, TiedTensorsShareOneStorage) {
  MemorySource source;
  source.Add("embed.weight", DType::kF32, {100, 100}, 10000);
  source.Add("between", DType::kF32, {4}, 4);
  source.Add("head.weight", DType::kF32, {100, 100}, 10000);
  const Bytes apart = Write(source);
  const Bytes tied = Write(source, {.tied_to = {0, 1, 0}});
  EXPECT_LT(tied.size(), apart.size() - 39000);
  const auto file = io::MakeViewSource(tied);
  const auto result = DescribeBytes(*file, "tied.pt");
  ASSERT_TRUE(result.ok()) << TextOf(result);
  const DescribedTensor* head = FindTensor(*result, "head.weight");
  ASSERT_NE(head, nullptr);
  EXPECT_TRUE(head->view.has_value());
  EXPECT_EQ(ReadTensor(*head), source.items[0].bytes);
}

TEST(ExportPyTorch, MetadataBecomeExtraMembers) {
  MemorySource source;
  source.Add("w", DType::kF32, {1}, 1);
  const Bytes bytes = Write(source, {.metadata = {{"format", "pt"}, {"dlv.version", "abc"}}});
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_NE(text.find("archive/extra/dlv.version"), std::string::npos);
  EXPECT_EQ(text.find("extra/format"), std::string::npos);
}

std::string TorchPython() {
  const char* named = std::getenv("DLV_TEST_PYTHON");
  for (const std::string& python :
       {std::string(named != nullptr ? named : "python3"), std::string("/usr/bin/python3")}) {
    const std::string command = python + " -c 'import torch' > /dev/null 2>&1";
    if (std::system(command.c_str()) == 0) return python;  // NOLINT: a test's own command
  }
  return {};
}

constexpr const char* kCompareTorch = R"PY(
import sys
import torch
folder = sys.argv[1]
try:
    got = torch.load(folder + "/export.pt", weights_only=True)
except Exception as error:                       # an old torch without the youngest types
    if not hasattr(torch, "uint64"):
        got = torch.load(folder + "/old.pt", weights_only=True)
    else:
        raise
for line in open(folder + "/want.txt", encoding="utf-8"):
    name, shape, data = line.rstrip("\n").split("\t")
    if name not in got:
        assert not hasattr(torch, "uint64"), name
        continue
    tensor = got[name]
    assert str(list(tensor.shape)) == shape, (name, tensor.shape, shape)
    raw = bytes(tensor.contiguous().reshape(-1).untyped_storage()) if hasattr(tensor, "untyped_storage") else \
        tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    assert raw[: len(data) // 2].hex() == data, name
tied = torch.load(folder + "/tied.pt", weights_only=True)
assert tied["a"].data_ptr() == tied["b"].data_ptr() != tied["c"].data_ptr()
mapped = torch.load(folder + "/tied.pt", weights_only=True, mmap=True) if hasattr(torch, "uint64") else tied
assert torch.equal(mapped["a"], tied["a"])
print("torch", torch.__version__, "opens", len(got), "tensors")
)PY";

void WriteFile(const fs::path& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

std::string ListShape(const Shape& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) {
    text += (text.size() == 1 ? "" : ", ") + std::to_string(extent);
  }
  return text + "]";
}

TEST(ExportPyTorch, TorchItselfOpensIt) {
  const std::string python = TorchPython();
  if (python.empty()) {
    GTEST_SKIP() << "torch is not installed: STATE DICTS ARE NOT OPENED BY TORCH";
  }
  const fs::path folder = fs::temp_directory_path() / ("dlv-torch-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  MemorySource source = SampleTensors();
  std::ofstream want(folder / "want.txt");
  for (const auto& item : source.items) {
    want << item.info.name << '\t' << ListShape(item.info.shape) << '\t';
    for (const std::byte byte : item.bytes) {
      constexpr char kDigits[] = "0123456789abcdef";
      want << kDigits[std::to_integer<int>(byte) >> 4] << kDigits[std::to_integer<int>(byte) & 15];
    }
    want << '\n';
  }
  want.close();
  WriteFile(folder / "export.pt", Write(source));
  std::erase_if(source.items, [](const MemorySource::Item& item) {
    const DType dtype = item.info.dtype;
    return dtype == DType::kU16 || dtype == DType::kU32 || dtype == DType::kU64 ||
           dtype == DType::kF8E4M3 || dtype == DType::kF8E5M2;
  });
  WriteFile(folder / "old.pt", Write(source));
  MemorySource tied;
  for (const char* name : {"a", "b", "c"}) tied.Add(name, DType::kF32, {5, 5}, 25);
  WriteFile(folder / "tied.pt", Write(tied, {.tied_to = {0, 0, 2}}));
  std::ofstream(folder / "compare.py") << kCompareTorch;
  const std::string command =
      python + " " + (folder / "compare.py").string() + " " + folder.string() + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: a test's own command
  fs::remove_all(folder);
}

}  // namespace
}  // namespace dlv::interchange
