#include "storage/store/snapshot_work.h"

namespace dlv::store {
namespace {

plan::TensorKey KeyOf(const archive::LayoutTensor& tensor) {
  std::uint64_t count = 1;
  for (const std::int64_t extent : tensor.shape) count *= static_cast<std::uint64_t>(extent);
  return {tensor.role, tensor.name, tensor.dtype, count};
}

class TensorByteSource : public io::ByteSource {
 public:
  TensorByteSource(TensorSource& source, std::size_t index, std::uint64_t size)
      : source_(source), index_(index), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (out.empty()) return Ok();
    return source_.Read(index_, offset, out);
  }

 private:
  TensorSource& source_;
  std::size_t index_;
  std::uint64_t size_;
};

}  // namespace

std::unique_ptr<io::ByteSource> MakeTensorSource(TensorSource& source, std::size_t index,
                                                 std::uint64_t size_bytes) {
  return std::make_unique<TensorByteSource>(source, index, size_bytes);
}

std::vector<plan::TensorKey> SnapshotWork::Keys() const {
  std::vector<plan::TensorKey> keys;
  for (const auto& file : files) {
    for (const archive::LayoutTensor& tensor : file->tensors) keys.push_back(KeyOf(tensor));
  }
  for (const archive::LayoutTensor& tensor : memory_tensors) keys.push_back(KeyOf(tensor));
  return keys;
}

BaseSet::BaseSet(const SnapshotWork& snapshot) : index_(snapshot.Keys()), work_(&snapshot) {
  for (const auto& file : snapshot.files) {
    const bool at_hand = !file->known.has_value();
    for (std::size_t i = 0; i < file->ids.size(); ++i) {
      ids_.push_back(file->ids[i]);
      sources_.push_back(at_hand ? file->input->description().tensors[i].source.get() : nullptr);
    }
  }
  for (std::size_t i = 0; i < snapshot.memory_ids.size(); ++i) {
    ids_.push_back(snapshot.memory_ids[i]);
    sources_.push_back(snapshot.memory_sources[i].get());
  }
  std::vector<plan::TensorKey> keys;
  for (const auto& file : snapshot.files) AddStrips(file->strips, keys);
  AddStrips(snapshot.memory_strips, keys);
  strip_index_.emplace(keys);
}

void BaseSet::AddStrips(const std::vector<StripWork>& strips, std::vector<plan::TensorKey>& keys) {
  for (const StripWork& strip : strips) {
    keys.push_back(strip.key);
    strips_.push_back({strip.id, strip.source.get()});
  }
}

BaseSet::BaseSet(const archive::Manifest& manifest, const SnapshotContent& content)
    : index_(KeysOf(content.layout)), ids_(content.ids), sources_(content.ids.size(), nullptr) {
  std::vector<StripWork> strips = StripsOf(content.layout.tensors, {});
  const std::size_t first = content.stored.size() - strips.size();
  for (std::size_t k = 0; k < strips.size(); ++k) strips[k].id = content.stored[first + k];
  std::vector<plan::TensorKey> keys;
  AddStrips(strips, keys);
  strip_index_.emplace(keys);
  for (const std::uint32_t file : content.files) stored_files_.push_back(manifest.files[file]);
  snapshot_files_ = stored_files_.size();
  for (const archive::ManifestFile& file : manifest.files) {
    if (!file.snapshot) stored_files_.push_back(file);
  }
}

std::optional<BaseSet::Base> BaseSet::Find(const plan::TensorKey& key) const {
  const std::size_t found = index_.Find(key);
  if (found == plan::BaseIndex::kNone) return std::nullopt;
  return Base{ids_[found], sources_[found]};
}

std::optional<BaseSet::Base> BaseSet::FindStrip(const plan::TensorKey& key) const {
  const std::size_t found = strip_index_->Find(key);
  if (found == plan::BaseIndex::kNone) return std::nullopt;
  return strips_[found];
}

const FileWork* BaseSet::FindWork(const std::string& path, std::size_t ordinal) const {
  if (work_ == nullptr) return nullptr;
  for (const auto& file : work_->files) {
    if (file->entry.path == path) return file.get();
  }
  return ordinal < work_->files.size() ? work_->files[ordinal].get() : nullptr;
}

const archive::ManifestFile* BaseSet::FindStored(const std::string& path,
                                                 std::size_t ordinal) const {
  for (const archive::ManifestFile& file : stored_files_) {
    if (file.path == path) return &file;
  }
  return ordinal < snapshot_files_ ? &stored_files_[ordinal] : nullptr;
}

}  // namespace dlv::store
