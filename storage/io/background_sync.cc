#include "storage/io/background_sync.h"

#include <utility>

namespace dlv::io {
namespace {

Status SyncAndClose(WritableFile& file) {
  DLV_TRY(file.Sync());
  return file.Close();
}

}  // namespace

BackgroundSync::~BackgroundSync() { (void)Wait(); }

Status BackgroundSync::Finish(std::unique_ptr<WritableFile> file, std::uint64_t size_bytes) {
  DLV_TRY(Wait());
  if (size_bytes < least_bytes_) {
    status_ = SyncAndClose(*file);
    return status_;
  }
  thread_ = std::thread([this, file = std::move(file)] { status_ = SyncAndClose(*file); });
  return Ok();
}

Status BackgroundSync::Wait() {
  if (thread_.joinable()) thread_.join();
  return status_;
}

}  // namespace dlv::io
