#pragma once
/// \file
/// A progressive run over a version in the repository, and its report for the public API.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dlv/progress.h"
#include "dlv/progressive.h"
#include "engine/api/derived_data.h"
#include "engine/api/materialised_levels.h"
#include "engine/api/opened_version.h"
#include "engine/api/version_levels.h"
#include "engine/api/version_weights.h"
#include "engine/progressive/run.h"

namespace dlv::api {

/// Derived data that remembers what was asked for: what a certificate says was used.
class UsedBounds : public progressive::DerivedData {
 public:
  /// `kept` may be null: then nothing is found, and all is computed.
  explicit UsedBounds(progressive::DerivedData* kept) : kept_(kept) {}

  std::optional<std::vector<double>> Find(std::string_view key) override;
  Status Put(std::string_view key, const std::vector<double>& values) override;
  const std::map<std::string, std::vector<double>, std::less<>>& used() const { return used_; }

 private:
  progressive::DerivedData* kept_;
  std::map<std::string, std::vector<double>, std::less<>> used_;
};

class ProgressiveRun {
 public:
  /// Where weights come from, and what is kept of them.
  enum class Source {
    kKeeping,       ///< as stored; uses and fills the repository's derived data
    kAnew,          ///< as stored; everything is computed anew
    kMaterialised,  ///< as kKeeping, as if no tensor were stored as a difference
  };

  /// Errors: those of progressive::Run::Make, with the version's name; kInvalidArgument (more
  /// classes are to be named than the network has).
  static Result<std::unique_ptr<ProgressiveRun>> Open(store::Store& store,
                                                      std::unique_ptr<OpenedVersion> version,
                                                      const progressive::RunOptions& options,
                                                      Source source = Source::kKeeping);

  const OpenedVersion& version() const { return *version_; }
  VersionLevels& levels() { return levels_; }
  VersionWeights& weights() { return weights_; }
  progressive::Run& run() { return *run_; }
  const progressive::Run& run() const { return *run_; }
  progressive::LevelSource& source();
  const UsedBounds& bounds() const { return bounds_; }

  /// As the run's, with the bytes that were fetched since the version was opened.
  ProgressiveReport Report() const;

 private:
  ProgressiveRun(store::Store& store, std::unique_ptr<OpenedVersion> version, Source source);
  /// Adds up what the parameters of the network take.
  Status CountTensors();

  store::Store& store_;
  std::uint64_t full_plane_bytes_ = 0, stored_tensors_ = 0, delta_tensors_ = 0, opening_bytes_ = 0;
  std::unique_ptr<OpenedVersion> version_;
  RepositoryDerived derived_;
  UsedBounds bounds_;
  VersionLevels levels_;
  std::optional<MaterialisedLevels> materialised_;
  VersionWeights weights_;
  std::unique_ptr<progressive::Run> run_;  // after what it uses
};

/// Errors: kInvalidArgument (a tau that is not above 0, no plane).
Result<progressive::RunOptions> RunOptionsOf(const ProgressiveOptions& options, unsigned top_k,
                                             const Operation& operation);

AnswerStatus StatusOf(progressive::AnswerStatus status);

}  // namespace dlv::api
