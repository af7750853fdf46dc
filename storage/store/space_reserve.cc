#include "storage/store/space_reserve.h"

#include <random>
#include <span>
#include <vector>

namespace dlv::store {
namespace {

/// Room that the reserve leaves to others when it is made.
constexpr std::uint64_t kLeftBytes = 8 * kReserveBytes;

Result<bool> PacksAreLarge(Store& store) {
  DLV_ASSIGN(const auto packs,
             store.Read([](const catalog::Catalog& catalog) { return catalog.Packs(); }));
  std::uint64_t bytes = 0;
  for (const catalog::PackRow& pack : packs) bytes += pack.size_bytes;
  return bytes >= kReservedFromBytes;
}

/// Numbers that look random: a file system that compresses would give zeros no room.
std::vector<std::byte> ReserveContent() {
  std::vector<std::byte> bytes(kReserveBytes);
  std::minstd_rand random(1);  // NOLINT(cert-msc51-cpp): any numbers will do
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() >> 16);
  return bytes;
}

Status WriteReserve(io::FileSystem& files, const std::string& path) {
  DLV_ASSIGN(const auto file, files.OpenForWriting(path, io::WriteMode::kReplace));
  DLV_TRY(file->Append(ReserveContent()));
  DLV_TRY(file->Sync());  // only then the room is really taken
  return file->Close();
}

Status MakeIfMissing(Store& store) {
  io::FileSystem& files = store.file_system();
  const std::string path = ReservePath(store.paths());
  const auto stat = files.Stat(path);
  if (stat.ok() && stat->size_bytes == kReserveBytes) return Ok();
  DLV_ASSIGN(const bool large, PacksAreLarge(store));
  if (!large) return Ok();
  DLV_ASSIGN(const std::uint64_t room, files.FreeBytes(store.paths().dlv));
  if (room < kReserveBytes + kLeftBytes) return Ok();
  Status written = WriteReserve(files, path);
  if (!written.ok()) (void)files.Remove(path);
  return written;
}

}  // namespace

std::string ReservePath(const RepositoryPaths& paths) { return paths.dlv + "/reserve"; }

void KeepReserve(Store& store) { (void)MakeIfMissing(store); }

void SpendReserve(Store& store) {
  io::FileSystem& files = store.file_system();
  const auto room = files.FreeBytes(store.paths().dlv);
  if (!room.ok() || *room >= kReserveBytes) return;
  if (!files.Remove(ReservePath(store.paths())).ok()) return;
  (void)files.SyncDirectory(store.paths().dlv);  // file systems give room back late otherwise
}

}  // namespace dlv::store
