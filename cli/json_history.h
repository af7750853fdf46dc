#pragma once
/// \file
/// The documents of op log, undo, restore, mv, copy and note; as json_output.h.

#include <string>
#include <vector>

#include "cli/output.h"
#include "dlv/repository.h"

namespace dlv::cli {

std::string OperationsDocument(const std::vector<OperationInfo>& operations, OutputMode mode);
std::string UndoDocument(const UndoResult& result, bool executed, OutputMode mode);
std::string RestoredDocument(const std::vector<std::string>& references, OutputMode mode);
std::string RemovedDocument(const std::vector<RemovedVersion>& removed, OutputMode mode);
std::string RenameDocument(const std::string& from, const std::string& to, OutputMode mode);
std::string CopyDocument(const std::string& source, const CommitResult& result, OutputMode mode);
std::string NoteDocument(const std::string& reference, const std::string& note, OutputMode mode);

}  // namespace dlv::cli
