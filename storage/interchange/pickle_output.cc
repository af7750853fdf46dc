#include "storage/interchange/pickle_output.h"

#include <limits>

#include "dlv/result.h"

namespace dlv::interchange {

PickleOutput::PickleOutput() : bytes_("\x80\x02", 2) {}  // PROTO 2

void PickleOutput::Put32(std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(value >> shift & 0xff);
}

void PickleOutput::Text(std::string_view utf8) {
  bytes_ += 'X';  // BINUNICODE
  Put32(static_cast<std::uint32_t>(utf8.size()));
  bytes_ += utf8;
}

void PickleOutput::Integer(std::int64_t value) {
  if (value >= 0 && value < 256) {
    bytes_ += 'K';  // BININT1
    bytes_ += static_cast<char>(value);
  } else if (value >= std::numeric_limits<std::int32_t>::min() &&
             value <= std::numeric_limits<std::int32_t>::max()) {
    bytes_ += 'J';  // BININT
    Put32(static_cast<std::uint32_t>(value));
  } else {
    bytes_ += "\x8a\x08";  // LONG1 of eight bytes
    Put32(static_cast<std::uint32_t>(value));
    Put32(static_cast<std::uint32_t>(value >> 32));
  }
}

void PickleOutput::False() { bytes_ += '\x89'; }
void PickleOutput::EmptyTuple() { bytes_ += ')'; }
void PickleOutput::Mark() { bytes_ += '('; }
void PickleOutput::TupleFromMark() { bytes_ += 't'; }
void PickleOutput::Reduce() { bytes_ += 'R'; }
void PickleOutput::PersistentId() { bytes_ += 'Q'; }
void PickleOutput::SetItems() { bytes_ += 'u'; }

void PickleOutput::Global(std::string_view module, std::string_view name) {
  std::pair<std::string, std::string> key(module, name);
  const auto known = globals_.find(key);
  if (known != globals_.end()) {
    bytes_ += 'h';  // BINGET
    bytes_ += static_cast<char>(known->second);
    return;
  }
  DLV_CHECK(globals_.size() < 256, "a file of tensors names few globals");
  const auto place = static_cast<std::uint8_t>(globals_.size());
  bytes_ += 'c';
  bytes_ += key.first + '\n' + key.second + '\n';
  bytes_ += 'q';  // BINPUT
  bytes_ += static_cast<char>(place);
  globals_.emplace(std::move(key), place);
}

std::string PickleOutput::Finish() {
  bytes_ += '.';
  return std::move(bytes_);
}

}  // namespace dlv::interchange
