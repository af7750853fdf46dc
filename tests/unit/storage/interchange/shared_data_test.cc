// Every real file that the formats cover: described, and made again byte for byte.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> SharedData() {
  const char* folder = std::getenv("DLV_SHARED_DATA");
  if (folder == nullptr) return std::nullopt;
  return fs::path(folder);
}

Bytes ReadShared(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  Bytes bytes(fs::file_size(path));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

#define NEED_SHARED_DATA(folder)                       \
  const std::optional<fs::path> folder = SharedData(); \
  if (!folder) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED"

TEST(SharedData, EveryCheckpointDescribesAndReplays) {
  NEED_SHARED_DATA(folder);
  const std::map<std::string, std::string> refused = {
      {"crates_burn-import_data_mnist.pt", "needs code to load"}};
  std::size_t described = 0;
  for (const auto& entry : fs::recursive_directory_iterator(*folder)) {
    const std::string suffix = entry.path().extension();
    const std::set<std::string> suffixes = {".safetensors", ".npy",        ".npz",        ".pt",
                                            ".pth",         ".th",         ".zip",        ".jit",
                                            ".onnx",        ".caffemodel", ".solverstate"};
    if (!suffixes.contains(suffix)) continue;
    SCOPED_TRACE(entry.path());
    const Bytes bytes = ReadShared(entry.path());
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file, entry.path().filename().string());
    const auto want = refused.find(entry.path().filename());
    if (want != refused.end()) {
      ASSERT_FALSE(result.ok());
      EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
      EXPECT_NE(result.error().message.find(want->second), std::string::npos)
          << result.error().message;
      CheckDescription(DescribeAsBlob(*file, result.error().message), *file);
      continue;
    }
    ASSERT_TRUE(result.ok()) << TextOf(result);
    EXPECT_NE(result->format, "blob");
    const bool may_be_empty = suffix == ".onnx";  // cases of one operator without weights
    EXPECT_TRUE(may_be_empty || !result->tensors.empty());
    if (std::getenv("DLV_TEST_PRINT") != nullptr) {
      std::uint64_t literals = 0;
      for (const auto& literal : result->literals) literals += literal->size();
      std::printf("%s: %s, %zu tensors, root '%s', %zu literals of %llu bytes, recipe %zu bytes\n",
                  entry.path().c_str(), result->format.c_str(), result->tensors.size(),
                  result->root.c_str(), result->literals.size(),
                  static_cast<unsigned long long>(literals),
                  result->recipe ? EncodeRecipe(*result->recipe).size() : 0);
      for (const auto& tensor : result->tensors) {
        if (&tensor - result->tensors.data() > 3 && &tensor != &result->tensors.back()) continue;
        std::printf("   %s %s %s\n", tensor.name.c_str(), std::string(NameOf(tensor.role)).c_str(),
                    std::string(NameOf(tensor.dtype)).c_str());
      }
      for (const auto& [key, value] : result->metadata)
        std::printf("   %s = %s\n", key.c_str(), value.c_str());
      for (const auto& warning : result->warnings) std::printf("   ! %s\n", warning.c_str());
    }
    ++described;
  }
  EXPECT_GE(described, 150u);
}

TEST(SharedData, TrainingSeriesSharesOneRecipe) {
  NEED_SHARED_DATA(folder);
  std::optional<Bytes> first;
  for (const auto& entry : fs::directory_iterator(*folder / "linzaer_rfb_series")) {
    if (entry.path().extension() != ".pth") continue;
    const Bytes bytes = ReadShared(entry.path());
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeFile(*file, "series");
    ASSERT_TRUE(result.ok()) << TextOf(result);
    const Bytes recipe = EncodeRecipe(*result->recipe);
    if (!first) first = recipe;
    EXPECT_TRUE(*first == recipe) << entry.path();
  }
  EXPECT_TRUE(first.has_value());
}

}  // namespace
}  // namespace dlv::interchange
