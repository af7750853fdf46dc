// Canned answers of verification and repair (fake_repository.cc has the others).

#include "dlv/dlv.h"

namespace dlv {

Result<VerifyResult> Repository::Verify(const VerifyOptions& options, const Operation&) const {
  VerifyResult result;
  result.versions = 87;
  result.tensors = 4102;
  result.packs = 12;
  result.bytes = 3'554'000'000;
  if (options.full) {
    result.findings = {{ErrorCode::kCorruption,
                        "packs/0003.pack, section 1, tensor layer3.0.conv1.weight of resnet18:v4",
                        "chunk 2: checksum 0x1b2f99c0, want 0x99c01b2f",
                        {"resnet18:v4", "resnet18:v5"}}};
  }
  return result;
}

Result<VerifyResult> Repository::RebuildCatalog(const std::filesystem::path&, const Operation&,
                                                const RebuildOptions&) {
  return VerifyResult{};
}

Result<VerifyResult> Repository::RepairLog(const std::filesystem::path&) {
  VerifyResult result;
  result.notes = {"operations.log is whole: there was nothing to repair"};
  return result;
}

Result<VerifyResult> Repository::VerifyWithoutCatalog(const std::filesystem::path&,
                                                      const Operation&) {
  return VerifyResult{};
}

MachineFacts ExamineMachine() {
  return {"0.1.0", {{"sqlite", "3.40.1"}, {"zstd", "1.5.4"}},
          2,       8'000'000'000,
          "avx2",  {"reference", "avx2"}};
}

Result<RepositoryFacts> ExamineRepository(const std::filesystem::path& root) {
  RepositoryFacts facts;
  facts.root = root;
  facts.file_system = {"nfs", false, true, 12'000'000'000, 3};
  facts.models = 4;
  facts.versions = 6;
  facts.packs = 6;
  facts.pack_bytes = 8'123'456;
  facts.holders = {{"lock", "pid 4242 on gpu03 (dlv commit) since 14:02:11, gone", true}};
  return facts;
}

}  // namespace dlv
