#pragma once
/// \file
/// Evaluating versions on data: body of Repository::Evaluate.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dlv/evaluation.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/api/opened_version.h"
#include "storage/dataset/data_source.h"
#include "storage/store/store.h"

namespace dlv::api {

Result<EvaluationReport> Evaluate(store::Store& store, const std::vector<std::string>& references,
                                  const EvaluationOptions& options, const Operation& operation);

/// Evaluates one network, and saves nothing.  Errors: as Evaluate.
Result<VersionEvaluation> EvaluateOpened(store::Store& store,
                                         std::unique_ptr<OpenedVersion> version,
                                         const EvaluationOptions& options,
                                         const Operation& operation);

/// The data as a name for the catalog: what a person would call it.
std::string NameOfData(const std::filesystem::path& path);

/// The examples that the options name.  Errors: those of dataset::OpenData; kInvalidArgument
/// without labels, where they are asked for.
Result<std::unique_ptr<dataset::DataSource>> OpenExamples(const EvaluationOptions& options,
                                                          bool labelled);

/// Writes the steps down with the version that `reference` (with a step or not) names.
Status RememberPreprocess(store::Store& store, const std::string& reference,
                          const std::string& steps);

}  // namespace dlv::api
