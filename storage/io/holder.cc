#include "storage/io/holder.h"

#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>
#include <fstream>
#include <mutex>
#include <unordered_set>

#include "storage/io/byte_io.h"

namespace dlv::io {
namespace {

constexpr std::string_view kMagic = "dlv-holder 1";

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string HostName() {
  std::array<char, HOST_NAME_MAX + 2> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

std::string PidNamespace() {
  std::array<char, 128> target{};
  const ssize_t length = readlink("/proc/self/ns/pid", target.data(), target.size() - 1);
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : std::string();
}

/// Field 22 of /proc/PID/stat, 0 where there is none. The second field may hold blanks and
/// parentheses: count from its end.
std::uint64_t StartTime(std::int64_t pid) {
  const std::string line = FirstLine("/proc/" + std::to_string(pid) + "/stat");
  std::size_t at = line.rfind(')');
  if (at == std::string::npos) return 0;
  for (int field = 2; field < 22; ++field) {
    at = line.find(' ', at + 1);
    if (at == std::string::npos) return 0;
  }
  return std::strtoull(line.c_str() + at + 1, nullptr, 10);
}

/// What does not change while the process runs, save for its number after a fork.
const Holder& ThisProcess() {
  static const Holder process = [] {
    Holder holder;
    holder.host = HostName();
    holder.machine = FirstLine("/etc/machine-id");
    holder.boot = FirstLine("/proc/sys/kernel/random/boot_id");
    holder.pid_namespace = PidNamespace();
    return holder;
  }();
  return process;
}

/// Tokens that this process holds. A file with this process's number and a token not among them was
/// left by an operation that failed to remove it.
struct HeldTokens {
  std::mutex mutex;
  std::unordered_set<std::uint64_t> tokens;
};

HeldTokens& Held() {
  static HeldTokens held;
  return held;
}

std::uint64_t RandomToken() {
  std::uint64_t token = 0;
  if (getrandom(&token, sizeof token, 0) != static_cast<ssize_t>(sizeof token)) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    token = static_cast<std::uint64_t>(now.tv_nsec) << 32 ^ static_cast<std::uint64_t>(getpid());
  }
  return token;
}

/// Holders are lines of text: what goes in must not end its line.
std::string OneLine(std::string_view text) {
  std::string line(text.substr(0, 200));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

bool ParseNumber(const std::string& text, std::uint64_t& value) {
  if (text.empty() || text[0] == '-') return false;
  char* end = nullptr;
  errno = 0;
  value = std::strtoull(text.c_str(), &end, 10);
  return *end == '\0' && errno == 0;
}

bool ParseNumber(const std::string& text, std::int64_t& value) {
  std::uint64_t wide = 0;
  if (!ParseNumber(text, wide) || wide > static_cast<std::uint64_t>(INT64_MAX)) return false;
  value = static_cast<std::int64_t>(wide);
  return true;
}

/// Stores one "name value" line; false where the value does not parse. Unknown names are for later
/// releases.
bool SetField(Holder& holder, const std::string& name, const std::string& value) {
  if (name == "host") holder.host = value;
  if (name == "machine") holder.machine = value;
  if (name == "boot") holder.boot = value;
  if (name == "namespace") holder.pid_namespace = value;
  if (name == "command") holder.command = value;
  if (name == "pid") return ParseNumber(value, holder.pid) && holder.pid > 0;
  if (name == "start") return ParseNumber(value, holder.start);
  if (name == "token") return ParseNumber(value, holder.token);
  if (name == "since") return ParseNumber(value, holder.since);
  return true;
}

std::string ClockText(std::int64_t since) {
  const auto then = static_cast<std::time_t>(since);
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  std::tm today{};
  localtime_r(&then, &local);
  localtime_r(&now, &today);
  const bool same_day = local.tm_year == today.tm_year && local.tm_yday == today.tm_yday;
  std::array<char, 64> text{};
  if (std::strftime(text.data(), text.size(), same_day ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S",
                    &local) == 0)
    return "?";
  return text.data();
}

}  // namespace

Holder MakeHolder(std::string_view command) {
  Holder holder = ThisProcess();
  holder.pid = getpid();
  holder.start = StartTime(holder.pid);
  holder.since = std::time(nullptr);
  holder.command = OneLine(command);
  holder.token = RandomToken();
  const std::lock_guard lock(Held().mutex);
  Held().tokens.insert(holder.token);
  return holder;
}

void ForgetHolder(const Holder& holder) {
  const std::lock_guard lock(Held().mutex);
  Held().tokens.erase(holder.token);
}

std::string EncodeHolder(const Holder& holder) {
  std::string text(kMagic);
  const auto add = [&text](std::string_view name, std::string_view value) {
    text.append("\n").append(name).append(" ").append(OneLine(value));
  };
  add("host", holder.host);
  add("machine", holder.machine);
  add("boot", holder.boot);
  add("namespace", holder.pid_namespace);
  add("pid", std::to_string(holder.pid));
  add("start", std::to_string(holder.start));
  add("token", std::to_string(holder.token));
  add("since", std::to_string(holder.since));
  add("command", holder.command);
  return text + "\nend\n";  // a file cut short is no holder
}

Result<Holder> DecodeHolder(std::span<const std::byte> bytes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const Error bad{ErrorCode::kCorruption, "lock or lease: has no readable holder"};
  if (!text.starts_with(kMagic) || !text.ends_with("\nend\n")) return bad;
  Holder holder;
  text.remove_prefix(kMagic.size() + 1);
  while (!text.empty()) {
    const std::size_t line_end = text.find('\n');
    const std::string_view line = text.substr(0, line_end);
    const std::size_t blank = line.find(' ');
    if (blank != std::string_view::npos && !SetField(holder, std::string(line.substr(0, blank)),
                                                     std::string(line.substr(blank + 1)))) {
      return bad;
    }
    text.remove_prefix(line_end + 1);
  }
  if (holder.pid == 0 || holder.host.empty()) return bad;
  return holder;
}

Liveness CheckLiveness(const Holder& holder) {
  const Holder& self = ThisProcess();
  if (holder.host != self.host || holder.machine != self.machine) return Liveness::kUnknown;
  if (holder.boot != self.boot) return Liveness::kGone;
  if (holder.pid_namespace != self.pid_namespace) return Liveness::kUnknown;
  const std::uint64_t start = StartTime(holder.pid);
  if (start == 0) {
    // Without /proc a signal tells whether the number is in use; that it is another process cannot
    // be told then.
    return kill(static_cast<pid_t>(holder.pid), 0) != 0 && errno == ESRCH ? Liveness::kGone
                                                                          : Liveness::kAlive;
  }
  if (holder.start != 0 && holder.start != start) return Liveness::kGone;
  if (holder.pid == getpid()) {
    const std::lock_guard lock(Held().mutex);
    return Held().tokens.contains(holder.token) ? Liveness::kAlive : Liveness::kGone;
  }
  return Liveness::kAlive;
}

std::string Describe(const Holder& holder) {
  std::string text = "pid " + std::to_string(holder.pid) + " on " + OneLine(holder.host) + " (" +
                     OneLine(holder.command) + ") since " + ClockText(holder.since);
  switch (CheckLiveness(holder)) {
    case Liveness::kAlive:
      return text + ", still alive";
    case Liveness::kGone:
      return text + ", no longer running";
    case Liveness::kUnknown:
      return text + ", on another host";
  }
  return text;
}

}  // namespace dlv::io
