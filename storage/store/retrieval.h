#pragma once
/// \file
/// What getting several tensors back at once has in common, whatever they are made into.

#include <map>
#include <memory>

#include "dlv/result.h"
#include "storage/archive/manifest.h"
#include "storage/archive/tensor_reader.h"

namespace dlv::store {

/// Returns how many threads read and decode, for `asked` (0: all processors). Five times the
/// processors (24 more at most), so that there is always somebody who has read while all processors
/// decode: whoever comes back from the disk waits for a processor first, once for each unit of a
/// chain.
unsigned ReadingThreads(unsigned asked);

/// Finds the tensor without a base that a chain ends at. Not thread-safe.
class ChainEnds {
 public:
  explicit ChainEnds(archive::TensorReader& reader) : reader_(reader) {}
  /// Errors: those of opening a base.
  Result<TensorId> Of(const std::shared_ptr<const archive::TensorHandle>& tensor);

 private:
  archive::TensorReader& reader_;
  std::map<TensorId, TensorId> ends_;
};

/// Says that everything which the snapshots of a version name is read now
/// (TensorReader::ExpectReads); what cannot be opened is left to the read itself.
void ExpectSnapshots(archive::TensorReader& reader, const archive::Manifest& manifest);

}  // namespace dlv::store
