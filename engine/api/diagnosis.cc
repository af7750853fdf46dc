#include "dlv/diagnosis.h"

#include "dlv/repository.h"
#include "storage/store/diagnosis.h"

namespace dlv {

MachineFacts ExamineMachine() {
  MachineFacts facts = store::ExamineMachine();
  facts.version = LibraryVersion();
  return facts;
}

Result<RepositoryFacts> ExamineRepository(const std::filesystem::path& root) {
  return store::ExamineRepository(io::PosixFileSystem(), root.empty() ? "." : root);
}

}  // namespace dlv
