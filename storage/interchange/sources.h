#pragma once
/// \file
/// Byte sources made from others: a part, bytes swapped, a strided view put into C order.

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"

namespace dlv::interchange {

/// Bytes [offset, offset + size) of `base`, which must outlive it. The range must lie inside.
std::shared_ptr<const io::ByteSource> MakeRange(const io::ByteSource& base, std::uint64_t offset,
                                                std::uint64_t size);
/// As above, sharing `base` with whoever else reads parts of it.
std::shared_ptr<const io::ByteSource> MakeRange(std::shared_ptr<const io::ByteSource> base,
                                                std::uint64_t offset, std::uint64_t size);

/// `base` with every group of `group` bytes (2, 4, 8, 16) reversed; a group of 1 returns `base`.
std::shared_ptr<const io::ByteSource> MakeSwapped(std::shared_ptr<const io::ByteSource> base,
                                                  unsigned group);

/// Returns how many bytes are reversed together in a big-endian element (complex: in each half); 0
/// where none are.
std::uint8_t SwapSizeOf(DType dtype);

/// Reverses every group of `group` bytes in place; the size is a multiple of it.
void SwapGroups(std::span<std::byte> bytes, unsigned group);

/// The last slab of a large strided view, shared by the views of one file so that memory does not
/// grow with their number.
struct SlabCache {
  std::mutex mutex;
  std::uint64_t next_id = 1;
  std::uint64_t owner = 0;  ///< id of the view that the slab belongs to; 0: none
  std::uint64_t first = 0;  ///< element
  std::vector<std::byte> bytes;
};

/// A strided view: element (i0, i1, ...) of `shape` is element offset + i0 * strides[0] + ... of
/// `base`.
struct StridedView {
  std::uint64_t offset = 0;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> strides;
  unsigned element_size = 1;
};

/// Returns the number of elements of `shape`, or nothing on overflow of 2^63.
std::optional<std::uint64_t> ElementCount(std::span<const std::uint64_t> shape);

/// Returns one past the largest element of the base that the view touches (0: none), or nothing on
/// overflow.
std::optional<std::uint64_t> ViewEnd(const StridedView& view);

/// Returns the strides of C order.
std::vector<std::uint64_t> ContiguousStrides(std::span<const std::uint64_t> shape);

/// The elements of the view in C order. The view must lie inside `base` (ViewEnd).  Memory: at most
/// 64 MiB in the cache and 64 MiB a reader.
std::shared_ptr<const io::ByteSource> MakeStrided(std::shared_ptr<const io::ByteSource> base,
                                                  StridedView view,
                                                  std::shared_ptr<SlabCache> cache);

/// Reads the whole source.  Errors: kUnsafe where it is larger than `limit_bytes`.
Result<std::vector<std::byte>> ReadAll(const io::ByteSource& source, std::uint64_t limit_bytes,
                                       const char* what);

/// `source`, keeping `owner` alive as long as itself.
std::shared_ptr<const io::ByteSource> MakeKeeping(std::shared_ptr<const io::ByteSource> source,
                                                  std::shared_ptr<const io::ByteSource> owner);

/// Makes a buffer that is shared.
std::shared_ptr<const io::ByteSource> MakeSharedBuffer(std::vector<std::byte> bytes);

}  // namespace dlv::interchange
