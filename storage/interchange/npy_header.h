#pragma once
/// \file
/// The header of a .npy file.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/result.h"
#include "storage/interchange/file_format.h"

namespace dlv::interchange {

struct NpyHeader {
  std::uint64_t data_offset = 0;
  std::string descr;  ///< "<f4"; empty for structured types
  DType dtype = DType::kOpaque;
  std::uint64_t item_bytes = 0;
  bool big_endian = false;
  bool fortran_order = false;
  bool objects = false;  ///< of Python objects: the data are a pickle, as long as the file goes on
  std::vector<std::uint64_t> shape;
  std::uint64_t data_bytes = 0;  ///< product of shape times item_bytes
};

/// Reads the header of the array at the start of `file` (versions 1 to 3, header at most 64 KiB).
/// Errors: kCorruption (offset), kUnsafe: records with Python objects in them.
Result<NpyHeader> ReadNpyHeader(const io::ByteSource& file);

/// Reads only the text of the header: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}.
/// `base` is added to offsets in messages.
Result<NpyHeader> ParseNpyHeaderText(std::string_view text, std::uint64_t base);

/// Fills in dtype, item_bytes and big_endian from numpy's name of a type ("<f4", "|S10"); unknown
/// ones are opaque.  Errors: kCorruption, kUnsafe (objects).
Status ReadNumpyType(std::string_view descr, NpyHeader& header);

/// Returns numpy's name of the type, "<f4"; bf16 and f8 have none and get the integers of their
/// size.
std::string_view NumpyDescr(DType dtype);

/// Describes the array as a tensor called `name`. `file` outlives it or is shared.
DescribedTensor TensorOfNpy(const NpyHeader& header, std::shared_ptr<const io::ByteSource> file,
                            std::string name, std::shared_ptr<struct SlabCache> cache);

/// Returns the instruction that writes its data; nothing where there are none.
std::optional<TensorPart> InstructionOfNpy(const NpyHeader& header, const DescribedTensor& tensor,
                                           std::uint32_t index);

}  // namespace dlv::interchange
