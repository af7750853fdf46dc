#include "storage/io/lease.h"

#include <vector>

namespace dlv::io {
namespace {

std::span<const std::byte> LeaseBytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Not synced: after a loss of power no holder lives. Renamed, so that nobody sees half of it.
Status WriteLease(FileSystem& file_system, const std::string& path, const Holder& holder) {
  const std::string temporary = path + "." + std::to_string(holder.token);
  DLV_ASSIGN(const auto file, file_system.OpenForWriting(temporary, WriteMode::kCreateNew));
  const std::string content = EncodeHolder(holder);
  Status status = file->Append(LeaseBytes(content));
  if (status.ok()) status = file->Close();
  if (status.ok()) status = file_system.Rename(temporary, path);
  if (!status.ok()) (void)file_system.Remove(temporary);
  return status;
}

}  // namespace

Result<std::unique_ptr<Lease>> Lease::Create(FileSystem& file_system, const std::string& path,
                                             std::string_view command) {
  Holder holder = MakeHolder(command);
  if (Status status = WriteLease(file_system, path, holder); !status.ok()) {
    ForgetHolder(holder);
    return std::move(status).error();
  }
  return std::unique_ptr<Lease>(new Lease(file_system, path, std::move(holder)));
}

Lease::~Lease() { (void)Release(); }

Status Lease::Release() {
  if (!held_) return Ok();
  held_ = false;
  ForgetHolder(holder_);
  return file_system_.Remove(path_);
}

bool IsHolderAlive(std::span<const std::byte> lease) {
  const Result<Holder> holder = DecodeHolder(lease);
  return holder.ok() && CheckLiveness(*holder) != Liveness::kGone;
}

Result<bool> IsLeaseAlive(FileSystem& file_system, const std::string& path) {
  const Result<std::vector<std::byte>> content =
      ReadWholeFile(file_system, path, kHolderLimitBytes);
  if (content.ok()) return IsHolderAlive(*content);
  if (content.error().code == ErrorCode::kNotFound || content.error().code == ErrorCode::kUnsafe)
    return false;
  return content.error();
}

}  // namespace dlv::io
