#include "storage/io/machine.h"

#include <sched.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <thread>

#include "storage/io/posix_error.h"

namespace dlv::io {
namespace {

struct Kind {
  std::uint32_t type;
  const char* name;
};

// statfs(2) and linux/magic.h.
constexpr std::array<Kind, 22> kKinds = {
    {{0xef53, "ext4"},       {0x58465342, "xfs"},      {0x9123683e, "btrfs"},
     {0x2fc12fc1, "zfs"},    {0xca451a4e, "bcachefs"}, {0xf2f52010, "f2fs"},
     {0x01021994, "tmpfs"},  {0x794c7630, "overlay"},  {0x6969, "nfs"},
     {0x517b, "smb"},        {0xff534d42, "cifs"},     {0xfe534d42, "smb2"},
     {0x65735546, "fuse"},   {0x01021997, "9p"},       {0x00c36400, "ceph"},
     {0x0bd00bd0, "lustre"}, {0x47504653, "gpfs"},     {0x19830326, "beegfs"},
     {0x5346414f, "afs"},    {0x7461636f, "ocfs2"},    {0x01161970, "gfs2"},
     {0x4d44, "fat"}}};

}  // namespace

Result<std::string> FileSystemName(const std::string& path) {
  struct statfs found {};
  if (statfs(path.c_str(), &found) != 0) return PosixError(errno, "file system of", path);
  const auto type = static_cast<std::uint32_t>(found.f_type);
  for (const Kind& kind : kKinds) {
    if (kind.type == type) return std::string(kind.name);
  }
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", type);
  return std::string(text);
}

std::uint64_t MemoryBytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGE_SIZE);
  if (pages <= 0 || size <= 0) return 0;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size);
}

unsigned AllowedProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    const int count = CPU_COUNT(&set);
    if (count > 0) return static_cast<unsigned>(count);
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace dlv::io
