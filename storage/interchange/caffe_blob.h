#pragma once
/// \file
/// Caffe's BlobProto: an array with one of two kinds of shape and of two kinds of values. Field
/// numbers: docs/format/foreign_messages.md.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/interchange/placed_tensors.h"
#include "storage/interchange/wire_values.h"

namespace dlv::interchange {

inline constexpr std::string_view kCaffe = "caffe";

struct CaffeBlob {
  std::uint64_t offset = 0;                          ///< of its field in the file
  std::optional<std::vector<std::uint64_t>> shape;   ///< since 2014
  std::optional<std::vector<std::uint64_t>> legacy;  ///< num, channels, height, width
  WireValues data;                                   ///< f32
  WireValues diff;                                   ///< f32, gradients
  WireValues double_data;                            ///< f64
  WireValues double_diff;                            ///< f64
  bool has_unknown = false;                          ///< a field that no BlobProto has
};

/// Reads the message in `field`, which `wire` has just given.
Result<CaffeBlob> ReadCaffeBlob(WireReader& wire, const WireField& field);
/// Reads the fields of the open message: a file that is one blob.
Result<CaffeBlob> ReadCaffeBlobHere(WireReader& wire, std::uint64_t offset);

/// Adds the values as tensor `name`, gradients as `name`.diff with the role "other". A blob without
/// values adds nothing but a warning.
/// Errors: kCorruption: more or fewer values than the shape says.
Status AddCaffeBlob(const io::ByteSource& file, const CaffeBlob& blob, const std::string& name,
                    TensorRole role, FileDescription& description, std::vector<PlacedPart>& parts);

}  // namespace dlv::interchange
