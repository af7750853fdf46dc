#pragma once
/// \file
/// The parameters of a version's network as if no tensor were stored as a difference to another:
/// what progressive evaluation would read then.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/api/version_levels.h"
#include "engine/progressive/level_source.h"
#include "storage/archive/tensor_reader.h"

namespace dlv::api {

/// Differences are decoded and coded again in memory, each by itself as a commit would; all else is
/// as `stored` has it.
class MaterialisedLevels : public progressive::LevelSource {
 public:
  /// `stored` must outlive it.
  explicit MaterialisedLevels(VersionLevels& stored) : stored_(stored) {}

  Result<std::vector<progressive::Level>> Levels(const NetworkParameter& parameter) override;
  Result<progressive::LeveledTensor> Read(const NetworkParameter& parameter,
                                          unsigned planes) override;
  Result<std::string> ContentId(const NetworkParameter& parameter) override {
    return stored_.ContentId(parameter);
  }

 private:
  VersionLevels& stored_;
  std::mutex mutex_;
  std::map<std::string, std::vector<progressive::Level>> coded_;  ///< of differences, by content
};

}  // namespace dlv::api
