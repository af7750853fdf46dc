#include "storage/store/retrieval.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "storage/io/parallel.h"

namespace dlv::store {

unsigned ReadingThreads(unsigned asked) {
  if (asked != 0) return asked;
  const unsigned processors = io::DefaultThreads();
  return processors == 1 ? 1 : processors + std::min(4 * processors, 24U);
}

Result<TensorId> ChainEnds::Of(const std::shared_ptr<const archive::TensorHandle>& tensor) {
  std::shared_ptr<const archive::TensorHandle> at = tensor;
  std::vector<TensorId> passed;
  std::optional<TensorId> end;
  while (!end) {
    const archive::TensorHandle& stored = at->strip() != nullptr ? *at->strip() : *at;
    const auto known = ends_.find(stored.id());
    if (known != ends_.end()) {
      end = known->second;
    } else if (!stored.base() || passed.size() > archive::kMaxDepth) {  // reading refuses a cycle
      end = stored.id();
      passed.push_back(stored.id());
    } else {
      passed.push_back(stored.id());
      DLV_ASSIGN(at, reader_.Open(*stored.base()));
    }
  }
  for (const TensorId& id : passed) ends_.emplace(id, *end);
  return *end;
}

void ExpectSnapshots(archive::TensorReader& reader, const archive::Manifest& manifest) {
  std::vector<std::shared_ptr<const archive::TensorHandle>> handles;
  for (const archive::ManifestSnapshot& snapshot : manifest.snapshots) {
    for (const TensorId& id : snapshot.tensors) {
      auto handle = reader.Open(id);
      if (handle.ok()) handles.push_back(std::move(*handle));
    }
  }
  reader.ExpectReads(handles);
}

}  // namespace dlv::store
