#pragma once
/// \file
/// The parameters of a version's network, for a session that runs it.

#include <map>
#include <string>

#include "dlv/network.h"
#include "engine/infer/weight_source.h"
#include "storage/archive/manifest.h"
#include "storage/store/store.h"
#include "storage/store/version_content.h"

namespace dlv::api {

class VersionWeights : public infer::WeightSource {
 public:
  /// `report`: of the version (ReadNetwork); `content`: its snapshot. All must outlive it. `planes`
  /// as TensorReader has it, 0: all.
  VersionWeights(store::Store& store, const archive::Manifest& manifest,
                 const store::SnapshotContent& content, const NetworkReport& report,
                 unsigned planes = 0);

  Result<kernels::Value> Read(const NetworkParameter& parameter, DType real,
                              kernels::Memory& memory) override;

 private:
  store::Store& store_;
  const NetworkReport& report_;
  unsigned planes_;
  std::map<std::string, TensorInfo, std::less<>> tensors_;                ///< by name
  std::map<std::string, const ParameterBinding*, std::less<>> bindings_;  ///< by parameter
};

}  // namespace dlv::api
