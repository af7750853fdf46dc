#pragma once
/// \file
/// Data to evaluate networks on: examples of one shape, with labels where there are some.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "dlv/tensor.h"
#include "storage/io/file_system.h"
#include "storage/io/hash.h"

namespace dlv::dataset {

/// What the axes of an example mean. Images are turned to what a network wants by it.
enum class Layout : std::uint8_t {
  kNone,  ///< no image, or not known
  kHW,    ///< one channel
  kCHW,
  kHWC,
};

struct DataDescription {
  std::string format;  ///< "idx", "cifar-10", "cifar-100", "npy", "npz", "safetensors", "images"
  std::string path;    ///< as it was given
  DType dtype = DType::kU8;  ///< of the elements as they are kept
  Shape example;             ///< of one example, without a batch axis
  Layout layout = Layout::kNone;
  std::uint64_t count = 0;  ///< examples
  bool has_labels = false;
  std::string why_no_labels = "has no labels";          ///< for messages, where it has none
  std::string labels_hint = "name them with --labels";  ///< likewise, what is to be done
  std::vector<std::string> classes;  ///< names by label, where the data has names

  std::uint64_t example_elements() const;
  std::uint64_t example_bytes() const { return example_elements() * SizeOf(dtype); }
};

struct FittedData;
struct Preprocess;

/// Thread-safe.
class DataSource {
 public:
  virtual ~DataSource() = default;
  const DataDescription& description() const { return description_; }

  /// Fills `out` with examples [first, first + count), C order, little-endian; its size is count *
  /// example_bytes().  Errors: kCorruption, kIo; kInvalidArgument where there are fewer.
  virtual Status Read(std::uint64_t first, std::span<std::byte> out) const = 0;
  /// Fills `out` with labels, counted from 0.  Errors: as Read; kNotFound without labels.
  virtual Status ReadLabels(std::uint64_t first, std::span<std::int64_t> out) const = 0;
  /// Adds examples [first, first + count), whatever their sizes. Errors: as Read.
  virtual Status AddToHash(std::uint64_t first, std::uint64_t count, io::Sha256& hash) const;
  /// Of data whose examples may differ in size: what they are when the first of the steps have made
  /// them alike, which is done as they are read, and the steps that are left. The result must not
  /// outlive this. Nothing where the steps make nothing alike.
  /// Errors: as Preprocessor::Make.
  virtual Result<std::optional<FittedData>> Fitted(const Preprocess& steps) const;

 protected:
  /// Errors: kInvalidArgument "examples 990 to 1010, there are 1000".
  Status CheckRange(std::uint64_t first, std::uint64_t count) const;
  /// How many examples `bytes` are.
  Result<std::uint64_t> ExamplesIn(std::size_t bytes) const;

  DataDescription description_;
};

struct DataOptions {
  std::string labels;  ///< path of the labels; empty: found beside or inside the data
  std::string array;   ///< name of the array of examples in .npz and .safetensors; empty: found
  std::string label_array;  ///< likewise
};

/// Opens data by what it holds, whatever it is called:
/// - idx (LeCun), plain or in gzip: a file of images, or a folder with one pair of images and
///   labels; labels lie beside, "images" and "idx3" in the name being "labels" and "idx1";
/// - CIFAR-10 and CIFAR-100 in their binary form, a file or a folder of batches;
/// - .npy, .npz and .safetensors: arrays whose first axis counts examples; in files of several the
///   examples are called x, images, data, inputs or features, and labels y, labels, targets;
/// - PNG and JPEG images, of one size unless they are resized (Fitted): a folder of them, with
///   labels.csv ("name,label") or not, or a folder of one folder a class, classes in the order of
///   their names.
/// Errors: kNotFound; kInvalidArgument (of two readings, or none, with what there is); kCorruption
/// (what, where); kUnsupported (an array of Python objects among others).
Result<std::unique_ptr<DataSource>> OpenData(io::FileSystem& files, const std::string& path,
                                             const DataOptions& options = {});

}  // namespace dlv::dataset
