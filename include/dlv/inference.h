#pragma once
/// \file
/// Running the network of a version from a program: whole, from a number of leading bits of its
/// weights, or progressively.
///
///     DLV_ASSIGN(auto session, dlv::Session::Open(repository, "lenet:best"));
///     dlv::FloatArray images{{8, 1, 28, 28}, pixels};
///     DLV_ASSIGN(const auto scores, session->Run({images}));      // scores[0].shape: {8, 10}
///     DLV_ASSIGN(const auto answers, session->Classify(images));  // 8 of them
///
/// Preprocessing (docs/evaluation.md) is the caller's: inputs are what the network takes.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/progress.h"
#include "dlv/progressive.h"
#include "dlv/result.h"
#include "dlv/tensor.h"

namespace dlv {

class Repository;

/// Numbers in C order: values.size() is the product of `shape`.
struct FloatArray {
  Shape shape;
  std::vector<float> values;
};

/// The same, of somebody else, who keeps the numbers for the call.
struct FloatView {
  FloatView() = default;
  FloatView(Shape sizes, std::span<const float> numbers)
      : shape(std::move(sizes)), values(numbers) {}
  FloatView(const FloatArray& array) : shape(array.shape), values(array.values) {}  // NOLINT
  Shape shape;
  std::span<const float> values;
};

/// An input or output of a network. Sizes that are not known before it runs are -1; that of the
/// first axis, the batch, may be given otherwise than said.
struct ValueDescription {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
};

struct InferenceOptions {
  /// Leading bits of every weight that are read, sign first (f32: 9 and more; what is unread counts
  /// as zero); 0: all. Each tensor takes the nearest level that is stored, at or above.
  unsigned planes = 0;
  /// Classify answers progressively, and the version is not read whole until an input needs it.
  bool progressive = false;
  ProgressiveOptions progressive_options;  ///< only `stop`, `tau`, `method` and `most_planes` count
  unsigned top_k = 1;                      ///< classes of an answer
  unsigned threads = 0;                    ///< 0: as many as the processor affinity allows
};

/// What the network says of one input.
struct Classified {
  std::vector<std::int64_t> classes;  ///< the k greatest scores, the greatest first
  /// Sessions that are not progressive: always kComputed.
  AnswerStatus status = AnswerStatus::kComputed;
  double margin = 0;       ///< between the least score of `classes` and the greatest outside
  double lower_bound = 0;  ///< that is proved of it; 0: nothing is
  unsigned step = 0;       ///< of the table of profiles at which it was answered; 0 is the first
  std::string reason;      ///< of kComputed in progressive sessions: "tie", "operator", ...
};

/// A version's network, ready to run. The repository must outlive it. One thread at a time.
class Session {
 public:
  /// Reads the network and, unless it is to answer progressively, the weights.
  /// Errors: kSyntax, kNotFound (a version, a network, a tensor of a parameter), kUnsupported (an
  /// operator, with its node), kInvalidArgument (options; planes beyond the largest element),
  /// kCorruption, kIo.
  static Result<std::unique_ptr<Session>> Open(const Repository& repository,
                                               std::string_view reference,
                                               const InferenceOptions& options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// In the order in which Run takes and returns them.
  const std::vector<ValueDescription>& inputs() const;
  const std::vector<ValueDescription>& outputs() const;

  /// Returns the outputs for one batch. A progressive session reads all weights for it, the first
  /// time. Real outputs only. What an input takes of whole numbers or truth values
  /// (ValueDescription::dtype) is given as floats that are such.
  /// Errors: kInvalidArgument (another number of inputs, a shape that does not fit with what was
  /// got and wanted, values that are not as many as the shape says or none of the type: "0.5 at 17,
  /// want whole numbers, i64"), kUnsupported (an output of whole numbers; more memory than 64 GiB),
  /// kCancelled.
  Result<std::vector<FloatArray>> Run(const std::vector<FloatArray>& inputs,
                                      const CancellationToken* cancel = nullptr);
  Result<std::vector<FloatArray>> RunViews(std::span<const FloatView> inputs,
                                           const CancellationToken* cancel = nullptr);

  /// Names the classes with the greatest scores of the first output, for each input of the batch.
  /// Equal scores go to the lower number. `top_k`: another number of classes than the options
  /// have, of a session that is not progressive; 0: theirs. Sizes of its input that the network
  /// leaves open are, in a progressive session, those of the first batch. An input with a NaN among
  /// its scores has no classes. Errors: as Run; kInvalidArgument (the network has several inputs;
  /// an output that is no list of scores; fewer classes than `top_k`), kCancelled.
  Result<std::vector<Classified>> Classify(const FloatView& batch,
                                           const CancellationToken* cancel = nullptr,
                                           unsigned top_k = 0);

  /// Of a progressive session, over all inputs so far; else nothing in it but `inputs`, `computed`
  /// and `peak_bytes`.
  ProgressiveReport report() const;

 private:
  class Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv
