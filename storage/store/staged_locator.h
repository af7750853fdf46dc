#pragma once
/// \file
/// Finding objects in packs that the catalog does not name yet.

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "storage/archive/tensor_reader.h"

namespace dlv::store {

/// Finds objects in given sections (of a commit that is not published, of packs from the trash),
/// then in the repository.
class StagedLocator : public archive::ObjectLocator {
 public:
  StagedLocator(std::vector<std::shared_ptr<const archive::SectionReader>> sections,
                archive::ObjectLocator& rest)
      : own_(std::move(sections)), rest_(rest) {}
  Result<std::vector<archive::ObjectPlace>> FindTensor(const TensorId& id) override {
    auto found = own_.FindTensor(id);
    if (found.ok() || found.error().code != ErrorCode::kNotFound) return found;
    return rest_.FindTensor(id);
  }
  Result<archive::ObjectPlace> FindBlob(const BlobId& id) override {
    auto found = own_.FindBlob(id);
    if (found.ok() || found.error().code != ErrorCode::kNotFound) return found;
    return rest_.FindBlob(id);
  }
  std::optional<archive::TensorSlice> FindSlice(const TensorId& id) override {
    return rest_.FindSlice(id);
  }

 private:
  archive::SectionSetLocator own_;
  archive::ObjectLocator& rest_;
};

}  // namespace dlv::store
