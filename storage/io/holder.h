#pragma once
/// \file
/// Who holds a lock or a lease, written so that another process can name the holder and, on the
/// same host, prove that it is gone.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "dlv/result.h"

namespace dlv::io {

/// The content of a lock or lease file.
struct Holder {
  std::string host;           ///< host name
  std::string machine;        ///< /etc/machine-id: two machines may have one name
  std::string boot;           ///< boot id: a process number means nothing after a restart
  std::string pid_namespace;  ///< a container does not see the processes of another
  std::int64_t pid = 0;
  std::uint64_t start =
      0;  ///< start time of the process in clock ticks after boot: process numbers are used again
  std::uint64_t token = 0;  ///< random; tells apart what one process holds, or held
  std::int64_t since = 0;   ///< seconds since 1970-01-01 UTC
  std::string command;      ///< e.g. "dlv commit"

  bool operator==(const Holder&) const = default;
};

enum class Liveness : std::uint8_t {
  kAlive,
  kGone,     ///< proved: same host, and the process or the token is no more
  kUnknown,  ///< another host or container
};

/// Returns a holder for this process with a new token, and counts the token as held until
/// `ForgetHolder`.
Holder MakeHolder(std::string_view command);
/// Says that this process holds the token no longer, whatever the file says.
void ForgetHolder(const Holder& holder);

std::string EncodeHolder(const Holder& holder);
/// Errors: kCorruption.
Result<Holder> DecodeHolder(std::span<const std::byte> bytes);

Liveness CheckLiveness(const Holder& holder);

/// Returns "pid 4242 on gpu03 (dlv commit) since 14:02:11, still alive" (local time; with the date
/// if not today).
std::string Describe(const Holder& holder);

/// Files of this size or more are no lock files.
inline constexpr std::uint64_t kHolderLimitBytes = 16 * 1024;

}  // namespace dlv::io
