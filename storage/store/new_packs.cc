#include "storage/store/new_packs.h"

namespace dlv::store {
namespace {

constexpr unsigned kIdBytes = 8;

}  // namespace

Result<std::unique_ptr<NewPacks>> NewPacks::Begin(Store& store, std::string_view command) {
  std::unique_ptr<NewPacks> packs(new NewPacks(store));
  packs->id_ = RandomHex(kIdBytes);
  DLV_TRY(store.file_system().MakeDirectory(store.paths().tmp));
  DLV_ASSIGN(packs->lease_,
             io::Lease::Create(store.file_system(), store.paths().Temporary(packs->id_ + ".lease"),
                               command));
  return packs;
}

NewPacks::~NewPacks() {
  (void)syncs_.Wait();
  if (!kept_) RemoveAll();
}

std::string NewPacks::Name(std::uint32_t index) const {
  return id_ + "-" + std::to_string(index) + ".pack";
}

std::string NewPacks::Path(std::uint32_t index) const {
  return index < moved_ ? store_.paths().Pack(Name(index)) : store_.paths().Temporary(Name(index));
}

Result<archive::NewPack> NewPacks::MakePack() {
  archive::NewPack pack;
  pack.path = Path(count_);
  DLV_ASSIGN(pack.file, store_.file_system().OpenForWriting(pack.path, io::WriteMode::kCreateNew));
  pack.syncs = &syncs_;
  ++count_;
  return pack;
}

archive::PackFactory NewPacks::Factory() {
  return [this] { return MakePack(); };
}

Status NewPacks::MoveIntoPlace() {
  DLV_TRY(syncs_.Wait());
  io::FileSystem& files = store_.file_system();
  while (moved_ < count_) {
    DLV_TRY(
        files.Rename(store_.paths().Temporary(Name(moved_)), store_.paths().Pack(Name(moved_))));
    ++moved_;
  }
  return count_ == 0 ? Ok() : files.SyncDirectory(store_.paths().packs);
}

void NewPacks::RemoveAll() {
  // Errors do not matter: gc finds what is left over.
  for (std::uint32_t i = 0; i < count_; ++i) {
    [[maybe_unused]] const Status here = store_.file_system().Remove(Path(i));
    if (!here.ok() && i == moved_) {  // a rename that failed may have happened
      [[maybe_unused]] const Status there =
          store_.file_system().Remove(store_.paths().Pack(Name(i)));
    }
  }
}

std::string LeaseIdOf(std::string_view file_name) {
  const std::size_t end = file_name.find_first_of("-.");
  if (end != 2 * kIdBytes) return {};
  const std::string_view id = file_name.substr(0, end);
  if (id.find_first_not_of("0123456789abcdef") != std::string_view::npos) return {};
  return std::string(id);
}

}  // namespace dlv::store
