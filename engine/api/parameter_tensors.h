#pragma once
/// \file
/// Which tensor of a snapshot belongs to a parameter of a version's network.

#include <map>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/tensor.h"
#include "storage/archive/manifest.h"
#include "storage/store/version_content.h"

namespace dlv::api {

class ParameterTensors {
 public:
  /// `report`: of the version (ReadNetwork); it must outlive this. `content`: its snapshot.
  ParameterTensors(const archive::Manifest& manifest, const store::SnapshotContent& content,
                   const NetworkReport& report);

  /// Errors: kNotFound (no tensor for it), kUnsupported (it would have to be computed).
  Result<const TensorInfo*> Find(const NetworkParameter& parameter) const;

  /// A parameter whose numbers are in no pack: a query made them. `bytes`: elements in C order.
  void AddMade(const std::string& parameter, DType dtype, Shape shape,
               std::vector<std::byte> bytes);
  /// The bytes of such a parameter; null: it has a stored tensor.
  const std::vector<std::byte>* MadeBytes(const NetworkParameter& parameter) const;

  /// All tensors that a parameter could have, by name.
  const std::map<std::string, TensorInfo, std::less<>>& all() const { return tensors_; }

  /// Sizes of the parameter where the network knows all of them, else those of its tensor. Caffe's
  /// older files write each shape with four axes, the first of them 1: of these as many as the
  /// network wants stay.
  static NetworkShape ShapeOf(const NetworkParameter& parameter, const TensorInfo& tensor);

 private:
  const NetworkReport& report_;
  std::map<std::string, TensorInfo, std::less<>> tensors_;                ///< by name
  std::map<std::string, const ParameterBinding*, std::less<>> bindings_;  ///< by parameter
  struct Made {
    TensorInfo info;
    std::vector<std::byte> bytes;
  };
  std::map<std::string, Made, std::less<>> made_;  ///< by parameter
};

}  // namespace dlv::api
