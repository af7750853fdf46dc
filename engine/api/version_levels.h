#pragma once
/// \file
/// The parameters of a version's network, a few leading bits at a time, for a progressive run.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/api/parameter_tensors.h"
#include "engine/progressive/level_source.h"
#include "storage/store/store.h"

namespace dlv::api {

/// Coded bytes that were fetched for one level are kept while it lives, within `kept_bytes`: the
/// next level fetches only what it adds. What is known of a tensor is truncation to its leading
/// bits, whatever it is coded as (docs/format/codec.md); levels that leave a part of the exponent
/// out bound nothing and are not offered, nor are inexact ones of types other than f64, f32, f16
/// and bf16, and of tensors in strips, which are decoded whole when a snapshot is read. So is the
/// cluster that a strip lies in: other tensors of it have their levels, and each counts with all of
/// its share in Level::all_bytes.
class VersionLevels : public progressive::LevelSource {
 public:
  static constexpr std::uint64_t kKeptBytes = std::uint64_t{2} << 30;

  /// Both must outlive it. One at a time may keep bytes for a store; a second one only fetches
  /// more.
  VersionLevels(store::Store& store, const ParameterTensors& tensors,
                std::uint64_t kept_bytes = kKeptBytes);
  ~VersionLevels() override;
  VersionLevels(const VersionLevels&) = delete;
  VersionLevels& operator=(const VersionLevels&) = delete;

  Result<std::vector<progressive::Level>> Levels(const NetworkParameter& parameter) override;
  Result<progressive::LeveledTensor> Read(const NetworkParameter& parameter,
                                          unsigned planes) override;
  Result<std::string> ContentId(const NetworkParameter& parameter) override;
  /// Whether the tensor is stored as a difference to another; not where a query made it.
  Result<bool> IsDelta(const NetworkParameter& parameter);

 private:
  using ClusterKey = std::pair<archive::SectionId, std::uint32_t>;
  Result<progressive::LeveledTensor> ReadLevel(const NetworkParameter& parameter, unsigned planes);
  Result<progressive::LeveledTensor> ReadBySignificance(const TensorId& id,
                                                        progressive::LeveledTensor read);
  Result<const std::vector<progressive::Level>*> LevelsOf(const TensorInfo& tensor);
  /// Finds the clusters that opening the snapshot has read.
  Status FindReadClusters();
  bool IsReadAlready(const archive::TensorHandle& tensor) const;

  store::Store& store_;
  const ParameterTensors& tensors_;
  std::mutex mutex_;
  std::map<TensorId, std::vector<progressive::Level>> levels_;
  std::optional<std::set<ClusterKey>> read_clusters_;
};

/// Sign and exponent: with fewer leading bits nothing is known of an element. 0: the type has no
/// levels that bound it.
unsigned LeastPlanes(DType dtype);

/// Sets all bits of each element below its `planes` leading ones to zero. Elements of `size` bytes.
void KeepLeadingBits(std::span<std::byte> elements, std::size_t size, unsigned planes);

}  // namespace dlv::api
