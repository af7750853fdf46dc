#pragma once
/// \file
/// Examples of a data source as inputs of a version's network.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/example_shape.h"
#include "engine/api/opened_version.h"
#include "engine/kernels/memory.h"
#include "storage/dataset/data_source.h"
#include "storage/dataset/preprocess.h"

namespace dlv::api {

/// Returns the SHA-256, hexadecimal, of the examples [first, first + count) as they are kept.
Result<std::string> HashOfExamples(const dataset::DataSource& data, std::uint64_t first,
                                   std::uint64_t count);

/// Whether the network of a version can classify examples.
/// Errors: kInvalidArgument (other than one input, or no output).
Status CheckClassifies(const OpenedVersion& version);

/// What is to be told of how a version is evaluated: layers that were left out because they need
/// labels, which of several outputs is taken.
std::vector<std::string> WarningsOn(const OpenedVersion& version);

class ExampleInputs {
 public:
  /// `preprocess`: steps; nothing: those that were remembered with the version. `batch`: examples
  /// at a time, where the network does not say. `data` must outlive it.
  /// Errors: kInvalidArgument (the network has not one input and an output; data that do not fit,
  /// with what an example is and what the network takes), kSyntax (the steps), those of reading a
  /// mean image.
  static Result<ExampleInputs> Make(store::Store& store, const OpenedVersion& version,
                                    const dataset::DataSource& data,
                                    const std::optional<std::string>& preprocess,
                                    std::uint64_t batch);

  const std::string& preprocess() const { return preprocess_; }  ///< as carried out
  std::uint64_t batch() const { return batch_; }
  bool is_fixed_batch() const { return fixed_batch_; }  ///< the network allows no other
  /// Rows of a batch of `count` examples: what the network fixes, else `count`.
  std::uint64_t RowsOf(std::uint64_t count) const { return fixed_batch_ ? batch_ : count; }

  /// Of one example as the network gets it.
  const NetworkShape& shape() const { return form_.shape; }
  /// Elements of one example as the network gets it.
  std::uint64_t elements() const { return preprocessor_.output_elements(); }

  /// Returns `rows` rows, at least `count`: examples from `first` on, and zeros. They are f32; for
  /// a network that takes whole numbers, of its type.
  /// Errors: kInvalidArgument (an example that is no whole numbers, with what it has), reading.
  Result<kernels::Value> Read(std::uint64_t first, std::uint64_t count, std::uint64_t rows,
                              kernels::Memory& memory) const;
  Result<std::vector<std::int64_t>> ReadLabels(std::uint64_t first, std::uint64_t count) const;

 private:
  ExampleInputs(const dataset::DataSource& data, dataset::Preprocessor preprocessor)
      : data_(&data), preprocessor_(std::move(preprocessor)) {}
  Status SetShape(const OpenedVersion& version, std::uint64_t batch);
  /// Examples one by one, where their elements are put in another order or are no f32.
  Status Fill(std::uint64_t first, std::uint64_t count, std::span<const std::byte> raw,
              kernels::Value& input) const;

  std::shared_ptr<const dataset::DataSource> fitted_;  ///< owns what data_ is, or null
  const dataset::DataSource* data_;
  dataset::Preprocessor preprocessor_;
  std::string preprocess_;
  InputForm form_;
  DType dtype_ = DType::kF32;
  std::uint64_t batch_ = 1;
  bool fixed_batch_ = false;
};

}  // namespace dlv::api
