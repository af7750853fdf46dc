#pragma once
/// \file
/// The parameters of a version's network, for a session that runs it.

#include "dlv/network.h"
#include "engine/api/parameter_tensors.h"
#include "engine/infer/weight_source.h"
#include "storage/store/store.h"

namespace dlv::api {

class VersionWeights : public infer::WeightSource {
 public:
  /// Both must outlive it. `planes` as TensorReader has it, 0: all.
  VersionWeights(store::Store& store, const ParameterTensors& tensors, unsigned planes = 0)
      : store_(store), tensors_(tensors), planes_(planes) {}

  Result<kernels::Value> Read(const NetworkParameter& parameter, DType real,
                              kernels::Memory& memory) override;

 private:
  /// Sets what is below the level that `planes_` stands for to zero.
  Status Shorten(const TensorInfo& tensor, std::span<std::byte> bytes) const;

  store::Store& store_;
  const ParameterTensors& tensors_;
  unsigned planes_;
};

/// Reads a tensor to at least `planes` planes (0: all); `out` has its elements, in C order. Returns
/// the planes given.  Errors: kCorruption, kIo.
Result<unsigned> ReadBytes(store::Store& store, const TensorId& id, unsigned planes,
                           std::vector<std::byte>& out);

}  // namespace dlv::api
