#pragma once
/// \file
/// The documents that --json and --jsonl print; docs/cli.md lists their keys. All text is escaped
/// to ASCII, bytes that are not UTF-8 become U+FFFD, and numbers that JSON has not (NaN, infinity)
/// become null.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/input_files.h"
#include "cli/output.h"
#include "dlv/repository.h"

namespace dlv {
struct Quantization;  // dlv/quantize.h
}

namespace dlv::cli {

struct NamedReports;  // cli/histograms.h

std::string ErrorDocument(const Error& error, int exit_status, OutputMode mode);
/// `topic` is empty for the help of dlv itself.
std::string HelpDocument(std::string_view topic, std::string_view text, OutputMode mode);
std::string VersionDocument(std::string_view version, OutputMode mode);
std::string InitDocument(const std::string& repository, OutputMode mode);
std::string StagedDocument(const std::vector<StagedFile>& staged, OutputMode mode);
std::string PlannedCommitDocument(const InputFiles& inputs, OutputMode mode);
std::string CommitDocument(const CommitResult& result, double seconds, OutputMode mode);
std::string StatusDocument(const StatusReport& report, OutputMode mode);
std::string ModelsDocument(const std::vector<ModelSummary>& models, OutputMode mode);
std::string VersionsDocument(const std::vector<VersionSummary>& versions, OutputMode mode);
/// With the digests of cli/diff_digest.h; --jsonl: a line for each comparison.
std::string DiffDocument(const std::vector<VersionDiff>& diffs, OutputMode mode);
/// Versions by name, each with its metrics.
std::string CurvesDocument(const std::vector<std::pair<std::string, std::vector<Metric>>>& versions,
                           OutputMode mode);
/// `storage` may be null.
std::string DetailsDocument(const VersionDetails& details, bool with_tensors,
                            const StorageReport* storage, OutputMode mode);
std::string CheckoutDocument(const std::string& reference, const CheckoutResult& result,
                             OutputMode mode);
std::string InspectDocument(const std::string& reference, const std::vector<TensorReport>& tensors,
                            OutputMode mode);
/// Versions with the statistics of some of their tensors.
std::string HistogramsDocument(const std::vector<NamedReports>& versions, OutputMode mode);
std::string CheckDocument(const CheckResult& result, OutputMode mode);
std::string AliasMoveDocument(const AliasMove& move, OutputMode mode);
std::string AliasLogDocument(const std::vector<AliasMove>& moves, OutputMode mode);
std::string AliasesDocument(const std::vector<VersionSummary>& versions, OutputMode mode);
std::string TagsDocument(const std::string& reference, const KeyValues& tags, OutputMode mode);
std::string RemoveDocument(const RemoveResult& result, bool executed, OutputMode mode);
std::string GcDocument(const GcResult& result, OutputMode mode);
std::string VerifyDocument(const VerifyResult& result, OutputMode mode);
std::string UsageDocument(const UsageReport& report, OutputMode mode);
std::string ArchiveDocument(const ArchiveResult& result, OutputMode mode);
std::string QuantizeDocument(const Quantization& quantization, const QuantizeResult& result,
                             OutputMode mode);  // json_quantize.cc

}  // namespace dlv::cli
