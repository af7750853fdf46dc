#pragma once
/// \file
/// Certificates of a progressive run, and proving them again (docs/progressive.md,
/// "Certificates").

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/api/progressive_run.h"
#include "storage/store/certificate_file.h"

namespace dlv::api {

/// What a header says beside the version.
struct CertificateParts {
  std::string preprocess, data, data_sha256;
  std::uint64_t first = 0, examples = 0;
  unsigned top_k = 1;
  ProgressiveMethod method = ProgressiveMethod::kNorms;
  ProgressiveStop stop = ProgressiveStop::kCertified;
};

/// The algorithm whose bounds and decisions certificates speak of; another one proves other things.
inline constexpr std::string_view kCertificateAlgorithm = "dlv-progressive-4";

class Certificates {
 public:
  /// `run` is prepared and outlives this.  Errors: kIo, kConflict.
  static Result<std::unique_ptr<Certificates>> Create(const std::string& path, ProgressiveRun& run,
                                                      const CertificateParts& parts);
  /// Answers for the rows of `inputs`; `first` is the number of the first.
  Status Add(const kernels::Value& inputs, const std::vector<progressive::Answer>& answers,
             std::uint64_t first);
  Status Finish();

 private:
  Certificates(std::unique_ptr<store::CertificateWriter> writer, ProgressiveRun& run)
      : writer_(std::move(writer)), run_(run) {}
  std::unique_ptr<store::CertificateWriter> writer_;
  ProgressiveRun& run_;
  std::uint64_t inputs_ = 0;
  std::set<std::size_t> steps_;  ///< at which an input was answered
};

/// Whether an answer was taken from the levels of its step: not where it was computed otherwise.
bool IsFromStep(std::string_view status);

/// What the levels of these steps give, each once, ordered by parameter and level.
/// Errors: kInvalidArgument (a parameter that the network does not have), those of reading.
Result<std::vector<store::CertificateSegment>> SegmentsOf(
    ProgressiveRun& run, const std::vector<std::vector<store::CertificateLevel>>& steps,
    const std::set<std::size_t>& used);

std::vector<store::CertificateRule> RulesOf(const ProgressiveRun& run);

/// What a certificate says was used: all but tables of profiles, of which no proof depends.
std::map<std::string, std::vector<double>, std::less<>> BoundsOf(const ProgressiveRun& run);

/// A table of profiles, which files of form 1 have among their bounds.
bool IsProfileKey(std::string_view key);

/// The tensors of the network's parameters, in order.
Result<std::vector<store::CertificateTensor>> TensorsOf(const OpenedVersion& version);

/// SHA-256 of the elements of one row, hexadecimal.
std::string HashOfRow(const kernels::Value& inputs, std::size_t row);

/// Body of Repository::VerifyCertificate.
Result<CertificateReport> VerifyCertificate(store::Store& store, const CertificateOptions& options,
                                            const Operation& operation);

}  // namespace dlv::api
