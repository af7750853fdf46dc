#include "dlv/diagnosis.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "dlv/inspect.h"
#include "dlv/repository.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "dlv-diagnosis-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  void Write(const char* name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
  }
  fs::path path;
};

TEST(ExamineMachine, KnowsWhatRuns) {
  const MachineFacts facts = ExamineMachine();
  EXPECT_EQ(facts.version, LibraryVersion());
  EXPECT_GE(facts.libraries.size(), 5u);
  for (const auto& [name, version] : facts.libraries) EXPECT_FALSE(version.empty()) << name;
  EXPECT_GE(facts.processors, 1u);
  EXPECT_FALSE(facts.kernels.empty());
  EXPECT_EQ(facts.kernels_possible.front(), "reference");
}

TEST(ExamineRepository, AHealthyOneHasNoProblems) {
  const Folder folder;
  { ASSERT_TRUE(Repository::Init(folder.path).ok()); }
  const RepositoryFacts facts = ExamineRepository(folder.path).value();
  EXPECT_TRUE(facts.problems.empty()) << facts.problems[0].message;
  EXPECT_TRUE(facts.holders.empty());
  EXPECT_TRUE(facts.file_system.writable);
  EXPECT_FALSE(facts.file_system.kind.empty());
  EXPECT_GT(facts.file_system.free_bytes, 0u);
  EXPECT_LE(std::abs(facts.file_system.clock_skew_seconds), 10);
  EXPECT_TRUE(fs::is_empty(folder.path / ".dlv/tmp"));
}

TEST(ExamineRepository, NamesWhatIsWrongAndWhatWasLeft) {
  const Folder folder;
  { ASSERT_TRUE(Repository::Init(folder.path).ok()); }
  folder.Write(".dlv/lock", "nonsense");
  fs::remove(folder.path / ".dlv/catalog.db");
  const RepositoryFacts facts = ExamineRepository(folder.path).value();
  ASSERT_EQ(facts.problems.size(), 1u);
  EXPECT_EQ(facts.problems[0].code, ErrorCode::kCorruption);
  ASSERT_EQ(facts.holders.size(), 1u);
  EXPECT_EQ(facts.holders[0].file, "lock");
  EXPECT_TRUE(facts.holders[0].gone);
}

TEST(ExamineRepository, ThereMustBeOne) {
  const Folder folder;
  EXPECT_EQ(ExamineRepository(folder.path).error().code, ErrorCode::kNotFound);
}

std::string Safetensors(std::size_t data_bytes) {
  const std::string header = R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})";
  std::string text(8, '\0');
  text[0] = static_cast<char>(header.size());
  return text + header + std::string(data_bytes, '\1');
}

TEST(InspectFile, TellsTheWholeFromTheHalfWritten) {
  const Folder folder;
  folder.Write("whole.safetensors", Safetensors(16));
  folder.Write("half.safetensors", Safetensors(9));
  folder.Write("head.safetensors", Safetensors(0).substr(0, 30));
  folder.Write("empty.pt", "");
  folder.Write("text.txt", "no weights");
  const auto inspect = [&](const char* name) { return InspectFile(folder.path / name); };
  ASSERT_TRUE(inspect("whole.safetensors").ok());
  EXPECT_EQ(inspect("whole.safetensors")->format, "safetensors");
  EXPECT_EQ(inspect("whole.safetensors")->tensor_count, 1u);
  EXPECT_EQ(inspect("half.safetensors").error().code, ErrorCode::kCorruption);
  const auto head = inspect("head.safetensors");
  EXPECT_TRUE(!head.ok() || head->tensor_count == 0);
  EXPECT_EQ(inspect("empty.pt")->format, "blob");
  EXPECT_EQ(inspect("text.txt")->format, "blob");
  EXPECT_EQ(inspect("nothing").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(InspectFile(folder.path).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv
