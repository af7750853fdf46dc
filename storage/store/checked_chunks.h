#pragma once
/// \file
/// For the proof before a commit: which chunks need not be decoded a second time.
///
/// When a chunk was coded, it was decoded against the base that it will be read with, and compared
/// with the file's bytes (SectionWriter). If the pack holds exactly that chunk, reading it will
/// give these bytes; so the proof reads the coded bytes back from the pack and compares checksums,
/// and takes the elements from the file, whose chunk must have the checksum that it had. One chunk
/// in kEveryDecoded, the first of each tensor among them, is decoded from the pack all the same,
/// through its whole chain of bases, and so are clusters of small tensors.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "storage/archive/section_writer.h"
#include "storage/archive/tensor_reader.h"
#include "storage/interchange/file_format.h"

namespace dlv::store {

class CheckedChunks {
 public:
  static constexpr std::uint64_t kEveryDecoded = 16;

  /// `written`: what the commit's writer found right; `description`: of the file, whose sources are
  /// read. Both must outlive this object.
  CheckedChunks(const archive::CheckedTensors& written,
                const interchange::FileDescription& description)
      : written_(written), description_(&description) {}
  /// For ReadBack alone.
  explicit CheckedChunks(const archive::CheckedTensors& written) : written_(written) {}

  /// Reads the coded bytes of chunk `index` back from the pack, and returns the checksum of the
  /// elements that they were found to give; nothing: it has to be decoded. `scratch` is
  /// overwritten. Thread-safe. Errors: as Read.
  Result<std::optional<std::uint64_t>> ReadBack(const archive::TensorHandle& tensor,
                                                std::uint64_t index,
                                                std::span<std::byte> scratch) const;

  /// Fills `out` with chunk `index` of the file's tensor `number`, or returns false: then it has to
  /// be decoded. Thread-safe. Errors: kCorruption (the pack has other bytes than were written),
  /// kIo.
  Result<bool> Read(std::uint32_t number, const archive::TensorHandle& tensor, std::uint64_t index,
                    std::span<std::byte> out) const;

 private:
  const archive::CheckedTensors& written_;
  const interchange::FileDescription* description_ = nullptr;
};

/// Returns whether reading the tensors of such a file again is quicker than decoding them: not
/// where they would have to be inflated.
bool IsQuickToRead(const interchange::FileDescription& description);

}  // namespace dlv::store
