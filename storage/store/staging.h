#pragma once
/// \file
/// The staging list: files that wait for the next commit (.dlv/stage.json).

#include <string>
#include <vector>

#include "dlv/repository.h"
#include "dlv/result.h"
#include "storage/store/store.h"

namespace dlv::store {

Result<std::vector<StagedFile>> Stage(Store& store, const std::vector<FileInput>& files);
/// Errors: kNotFound where a path is not on the list.
Status Unstage(Store& store, const std::vector<std::string>& paths);
Result<std::vector<FileInput>> StagedInputs(Store& store);
/// Returns the list with what has changed since.
Result<std::vector<StagedFile>> ListStaged(Store& store);
/// Returns where the staged files are, for telling them from untracked ones.
Result<std::vector<std::string>> StagedSources(Store& store);

}  // namespace dlv::store
