#pragma once
/// \file
/// Foreign files: what tensors a file holds and how the file is made again from them.
///
/// Nothing in a file is ever executed, and every size in it is checked before memory is taken.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "dlv/tensor.h"
#include "storage/interchange/recipe.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// Elements of another tensor of the same file: element (i0, i1, ...) is element offset + i0 *
/// strides[0] + ... of `base` in C order. `base` has no view itself and the same dtype.
struct TensorView {
  std::uint32_t base = 0;
  std::uint64_t offset = 0;
  std::vector<std::uint64_t> strides;  ///< in elements, one an axis; 0 where an axis repeats
  bool operator==(const TensorView&) const = default;
};

enum class MemoryOrder : std::uint8_t { kC, kFortran, kOther };

/// A tensor of a file.
struct DescribedTensor {
  std::string name;  ///< path in the file joined by '.', e.g. "layer1.0.conv1.weight",
                     ///< "optimizer.state.0.exp_avg"
  TensorRole role = TensorRole::kParameter;
  DType dtype = DType::kF32;
  std::string foreign_dtype;            ///< kOpaque: what the file calls the type; else empty
  Shape shape;                          ///< kOpaque: one axis, the bytes
  MemoryOrder order = MemoryOrder::kC;  ///< in the file
  bool big_endian = false;              ///< in the file
  /// The file has no name for it: a storage that tensors are views of, or what none of them shows.
  bool unnamed = false;
  /// Where its elements lie inside another tensor (tied weights, overlapping views): then nothing
  /// needs to be stored, and the recipe does not name this tensor. `source` works all the same.
  std::optional<TensorView> view;
  /// Its canonical bytes: C order, little-endian. Thread-safe. Refers to the file, which must
  /// outlive it.
  std::shared_ptr<const io::ByteSource> source;
};

/// A tensor that this file names and that lies in another file of its folder (ONNX).
struct ExternalTensor {
  std::string location;  ///< of the file: a relative path that stays in the folder
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  DescribedTensor tensor;  ///< without a source
};

struct FileDescription {
  std::string format;  ///< a name of the table in format_table.cc, "onnx-data", or "blob"
  std::vector<DescribedTensor> tensors;  ///< (role, name) is unique
  /// How the file is made again; none where optimizer state was left out. Names only tensors
  /// without `view`.
  std::optional<Recipe> recipe;
  std::vector<std::shared_ptr<const io::ByteSource>>
      literals;  ///< each at most kMaxLiteralBytes; thread-safe
  std::vector<std::pair<std::string, std::string>>
      metadata;                          ///< what the file says besides: format, epoch, step, args
  std::vector<ExternalTensor> external;  ///< in the order of the file
  /// Arrays of Python objects in place of numbers (.npy, .npz), by name. Arrays of numbers inside
  /// them are among the tensors, called "NAME.PATH" in .npz.
  std::vector<std::string> objects;
  std::string root;  ///< key under which the parameters were found, e.g. "state_dict"; else empty
  std::vector<std::string> warnings;
  std::string note;  ///< why it is kept as a blob although its kind is known; else empty
};

struct DescribeOptions {
  bool include_optimizer =
      true;                 ///< false: no optimizer tensors, and no recipe where there were some
  bool has_values = true;   ///< false: PyTorch's files may have zeros for values and checksums
  std::string format = {};  ///< read the file as this; empty: find it from the content
};

/// Returns what is in the file. A file of no known format gets the format "blob" and one recipe of
/// literals. `name` is used in messages only; the format is found from the content. Errors:
/// kCorruption (a known format, but broken: what, at which offset), kUnsafe (would have to be
/// executed or trusted, or is two formats at once), kUnsupported, kInvalidArgument (a requested
/// format that there is not), and what the file says. The caller may then keep the file by
/// DescribeAsBlob. `file` must outlive the description.
Result<FileDescription> DescribeFile(const io::ByteSource& file, std::string_view name,
                                     const DescribeOptions& options = {});

/// Returns a description of the bytes alone, with `note` as the reason.
FileDescription DescribeAsBlob(const io::ByteSource& file, std::string note);

/// Replays the description from its own sources; for tests and for checks before anything is
/// stored. Errors: kInvalidArgument without a recipe; as Replay.
Status ReplayFromSources(const FileDescription& description, io::ByteSink& sink);

/// Returns whether the name and the first bytes (16 suffice) look like a checkpoint; for listings
/// of untracked files.
bool LooksLikeCheckpoint(std::string_view name, std::span<const std::byte> first_bytes);

}  // namespace dlv::interchange
