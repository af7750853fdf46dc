#pragma once
/// \file
/// The documents of export and import; as json_output.h.

#include <string>

#include "cli/output.h"
#include "dlv/repository.h"

namespace dlv::cli {

std::string ExportDocument(const std::string& folder, const ExportResult& result, OutputMode mode);
std::string ImportDocument(const ImportResult& result, bool executed, OutputMode mode);

}  // namespace dlv::cli
