#pragma once
/// \file
/// A version whose network is to run: the network, and the tensors of the snapshot.

#include <memory>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "engine/api/parameter_tensors.h"
#include "engine/query/context.h"
#include "storage/store/resolve.h"
#include "storage/store/store.h"

namespace dlv::api {

class OpenedVersion {
 public:
  /// Reads manifest, layout and network.  Errors: kSyntax, kNotFound, kCorruption, kIo.
  static Result<std::unique_ptr<OpenedVersion>> Open(store::Store& store,
                                                     const std::string& reference);

  /// A network that a query made, with the weights of its source.
  /// Errors: as Open; kNotFound (the source was removed).
  static Result<std::unique_ptr<OpenedVersion>> OpenMade(store::Store& store,
                                                         const query::NewVersion& made,
                                                         std::string name);

  const std::string& reference() const { return reference_; }  ///< "lenet:v3", "lenet:v3#400"
  const catalog::VersionRow& row() const { return row_; }
  const VersionId& id() const { return row_.summary.id; }
  /// Its network is without the layers that compare scores with labels.
  const NetworkReport& report() const { return report_; }
  /// Those layers, "loss (SoftmaxWithLoss)".
  const std::vector<std::string>& label_layers() const { return label_layers_; }
  const ParameterTensors& tensors() const { return *tensors_; }
  /// Coded bytes that the store had fetched before: opening decodes small tensors.
  std::uint64_t fetched_before() const { return fetched_before_; }

  /// Fills in what the network does not say of its one input's sizes: `example` are those of an
  /// input, without the batch. All other sizes follow.
  /// Errors: kInvalidArgument (sizes that do not fit a node, with its name), with the version's
  /// name.
  Status SizeInput(const NetworkShape& example);
  /// Whether all sizes of the input but the batch are known.
  bool has_input_sizes() const;

  /// "lenet:v3: `what`", kInvalidArgument.
  Error Unfit(const std::string& what) const;
  /// The same error with the version's name before its message.
  Error Named(Error error) const;

 private:
  static Result<std::unique_ptr<OpenedVersion>> OpenWith(store::Store& store,
                                                         const std::string& reference,
                                                         const query::NewVersion* made);
  /// Takes sizes that the network leaves open of a parameter from its tensor.
  void SizeParameters();

  std::string reference_;
  catalog::VersionRow row_;
  NetworkReport report_;
  std::vector<std::string> label_layers_;
  std::uint64_t fetched_before_ = 0;
  std::unique_ptr<ParameterTensors> tensors_;
};

}  // namespace dlv::api
