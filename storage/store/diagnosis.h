#pragma once
/// \file
/// Bodies of include/dlv/diagnosis.h.

#include <filesystem>

#include "dlv/diagnosis.h"
#include "dlv/result.h"
#include "storage/io/file_system.h"

namespace dlv::store {

/// All but `version`, which the layer above knows.
MachineFacts ExamineMachine();
Result<RepositoryFacts> ExamineRepository(io::FileSystem& files, const std::filesystem::path& root);

}  // namespace dlv::store
