#pragma once
/// \file
/// A network with its weights, ready to run.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "engine/infer/weight_source.h"
#include "engine/kernels/memory.h"
#include "engine/kernels/value.h"

namespace dlv::infer {

/// The type of all real numbers of a session, weights and values.
enum class Precision : std::uint8_t {
  kF32,
  kF64,  ///< the reference of docs/inference.md, "Precision": activations stay double
};

struct SessionOptions {
  Precision precision = Precision::kF32;
  bool only_reference = false;  ///< plain kernels for every node, as DLV_KERNELS=reference
  /// Of weights and values together. Beyond it a call fails with kUnsupported.
  std::uint64_t memory_limit_bytes = kernels::kDefaultMemoryLimit;
  const CancellationToken* cancel = nullptr;  ///< of Make; may be null
  unsigned threads = 1;                       ///< that one run may use in its fast kernels
};

struct SessionReport {
  std::uint64_t weight_bytes = 0;  ///< weights and constants as they are kept
  std::uint64_t peak_bytes = 0;    ///< the most that all values ever took, weights included
  std::map<std::string, std::size_t> nodes_by_kernel;  ///< "reference", "cpu", "once"
};

class Session {
 public:
  /// Reads the weights, and computes once what depends on weights alone. `network` is normalised
  /// (network::Normalise); `weights` is not used afterwards.
  /// Errors: kUnsupported (an operator without a kernel, with node and operator; an operator set;
  /// the memory limit), kInvalidArgument (a tensor that does not fit its parameter), kCancelled,
  /// those of `weights`.
  static Result<std::unique_ptr<Session>> Make(Network network, WeightSource& weights,
                                               const SessionOptions& options = {});
  ~Session();

  const Network& network() const;
  /// Room for inputs.
  kernels::Memory& memory() const;

  /// Returns the network's outputs, in order. `inputs`: one an input of the network, of its type
  /// (real numbers of any) and shape; the first axis (the batch) may have another size than the
  /// network says. Real results are f32 or f64 after the precision. May run on several threads at
  /// once.
  /// Errors: kInvalidArgument (inputs that do not fit, with what was got and wanted; operands that
  /// do not fit at a node; a network that is made for one batch size), kUnsupported (the memory
  /// limit, what a kernel does not do), kCancelled.
  Result<std::vector<kernels::Value>> Run(const std::vector<kernels::Value>& inputs,
                                          const CancellationToken* cancel = nullptr) const;

  SessionReport report() const;

 private:
  class Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv::infer
