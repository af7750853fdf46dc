#include "cli/folder_events.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "dlv/progress.h"

namespace dlv::cli {
namespace {

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE;
constexpr std::int64_t kSliceMs =
    200;  // a signal may come just before poll: then this is the delay

}  // namespace

FolderEvents::FolderEvents() : descriptor_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

FolderEvents::~FolderEvents() {
  if (descriptor_ >= 0) close(descriptor_);
}

void FolderEvents::Add(const std::filesystem::path& folder) {
  if (descriptor_ < 0) return;
  inotify_add_watch(descriptor_, folder.c_str(), kEvents);  // adding twice changes nothing
  std::error_code error;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && ++count <= 256)
      inotify_add_watch(descriptor_, it->path().c_str(), kEvents);
  }
}

bool FolderEvents::Drain() const {
  std::array<char, 4096> buffer;
  bool any = false;
  while (read(descriptor_, buffer.data(), buffer.size()) > 0) any = true;
  return any;
}

bool FolderEvents::Wait(std::int64_t timeout_ms, const CancellationToken& cancel) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
  while (!cancel.cancelled()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{descriptor_, POLLIN, 0};
    const int ready = poll(&waiting, descriptor_ < 0 ? 0 : 1,
                           static_cast<int>(std::min<std::int64_t>(left, kSliceMs)));
    if (ready > 0 && Drain()) return true;
  }
  return false;
}

}  // namespace dlv::cli
