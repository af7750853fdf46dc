// TensorBoard's event files: records of (length, CRC, event, CRC), each event a protocol buffer
// message. Scalars become series, whether written as simple_value or as a tensor of one number; the
// hyper-parameters of its hparams plugin are taken too. Field numbers: event.proto, summary.proto,
// tensor.proto of TensorFlow, plugin_data.proto of TensorBoard.

#include <bit>
#include <cstring>

#include "storage/interchange/side_crc32c.h"
#include "storage/interchange/side_readers.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kMaxRecord = 64u << 20;
constexpr std::uint64_t kRecordHeadBytes = 12;  // length, CRC
constexpr std::uint64_t kTailBytes = 4;         // CRC
constexpr std::uint64_t kWindow = 1u << 20;

// One field of a message in memory; WireReader is for files, and an event has a few bytes.
struct Field {
  std::uint32_t number = 0;
  unsigned type = 0;
  std::uint64_t value = 0;  // varint, fixed
  std::string_view bytes;   // type 2
};

// Takes the fields off a message; false at its end, and for the rest of a broken one.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}
  bool broken() const { return broken_; }

  bool Next(Field& field) {
    std::uint64_t tag = 0;
    if (rest_.empty() || !Varint(tag)) return false;
    field.number = static_cast<std::uint32_t>(tag >> 3);
    field.type = static_cast<unsigned>(tag & 7);
    field.value = 0;
    field.bytes = {};
    if (field.type == 0) return Varint(field.value);
    if (field.type == 1) return Fixed(8, field.value);
    if (field.type == 5) return Fixed(4, field.value);
    std::uint64_t size = 0;
    if (field.type != 2 || !Varint(size) || size > rest_.size()) return Break();
    field.bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(field.bytes.size());
    return true;
  }

 private:
  bool Break() {
    broken_ = true;
    return false;
  }
  bool Varint(std::uint64_t& value) {
    value = 0;
    for (unsigned i = 0; i < 10 && i < rest_.size(); ++i) {
      const auto byte = static_cast<unsigned char>(rest_[i]);
      value |= std::uint64_t{byte & 0x7fu} << (7 * i);
      if (byte < 0x80) {
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return Break();
  }
  bool Fixed(std::size_t size, std::uint64_t& value) {
    if (rest_.size() < size) return Break();
    std::memcpy(&value, rest_.data(), size);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  bool broken_ = false;
};

double FloatOf(std::uint64_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
}

template <typename T>
std::optional<double> FirstOf(std::string_view bytes) {
  T value{};
  if (bytes.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return static_cast<double>(value);
}

// The number in a TensorProto that has one; nothing for larger ones and other types.
std::optional<double> ScalarOfTensor(std::string_view tensor) {
  constexpr std::uint64_t kFloat = 1, kDouble = 2, kInt32 = 3, kInt64 = 9;
  std::uint64_t dtype = 0;
  std::string_view content;
  std::optional<double> value;
  Fields fields(tensor);
  for (Field field; fields.Next(field);) {
    if (field.number == 1) dtype = field.value;
    if (field.number == 2 && field.bytes.find('\x12') != std::string_view::npos) {
      return std::nullopt;  // a shape with dimensions
    }
    if (field.number == 4) content = field.bytes;
    if (field.number == 5)
      value = field.type == 2 ? FirstOf<float>(field.bytes) : FloatOf(field.value);
    if (field.number == 6)
      value = field.type == 2 ? FirstOf<double>(field.bytes) : std::bit_cast<double>(field.value);
    if ((field.number == 7 || field.number == 10) && field.type == 0) {
      value = static_cast<double>(static_cast<std::int64_t>(field.value));
    }
  }
  if (fields.broken()) return std::nullopt;
  if (content.empty()) return value;
  switch (dtype) {
    case kFloat:
      return content.size() == 4 ? FirstOf<float>(content) : std::nullopt;
    case kDouble:
      return content.size() == 8 ? FirstOf<double>(content) : std::nullopt;
    case kInt32:
      return content.size() == 4 ? FirstOf<std::int32_t>(content) : std::nullopt;
    case kInt64:
      return content.size() == 8 ? FirstOf<std::int64_t>(content) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::string NumberText(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.15g", value);
  return buffer;
}

// google.protobuf.Value.
std::optional<std::string> TextOfValue(std::string_view message) {
  Fields fields(message);
  std::optional<std::string> text;
  for (Field field; fields.Next(field);) {
    if (field.number == 1) text = "null";
    if (field.number == 2) text = NumberText(std::bit_cast<double>(field.value));
    if (field.number == 3) text = std::string(field.bytes);
    if (field.number == 4) text = field.value != 0 ? "true" : "false";
  }
  return text;
}

std::string_view FieldOf(std::string_view message, std::uint32_t number) {
  Fields fields(message);
  for (Field field; fields.Next(field);) {
    if (field.number == number && field.type == 2) return field.bytes;
  }
  return {};
}

// SummaryMetadata of the plugin "hparams": session_start_info holds a map.
void AddPluginHparams(std::string_view metadata, SideCollector& out) {
  const std::string_view plugin = FieldOf(metadata, 1);
  if (FieldOf(plugin, 1) != "hparams") return;
  Fields start(FieldOf(FieldOf(plugin, 2), 3));
  for (Field entry; start.Next(entry);) {
    if (entry.number != 1 || entry.type != 2) continue;
    const auto value = TextOfValue(FieldOf(entry.bytes, 2));
    if (value) out.AddHparam(FieldOf(entry.bytes, 1), *value);
  }
}

void AddSummaryValue(std::string_view message, std::int64_t step, SideCollector& out) {
  std::string_view tag;
  std::optional<double> number;
  std::string_view metadata;
  Fields fields(message);
  for (Field field; fields.Next(field);) {
    if (field.number == 1 && field.type == 2) tag = field.bytes;
    if (field.number == 2 && field.type == 5) number = FloatOf(field.value);
    if (field.number == 8 && field.type == 2) number = ScalarOfTensor(field.bytes);
    if (field.number == 9 && field.type == 2) metadata = field.bytes;
  }
  if (fields.broken()) return;
  if (tag.starts_with("_hparams_/")) {
    AddPluginHparams(metadata, out);
  } else if (number && !tag.empty()) {
    out.AddPoint(tag, step, *number);
  }
}

bool AddEvent(std::string_view event, SideCollector& out) {
  std::int64_t step = 0;
  std::string_view summary;
  Fields fields(event);
  for (Field field; fields.Next(field);) {
    if (field.number == 2 && field.type == 0) step = static_cast<std::int64_t>(field.value);
    if (field.number == 5 && field.type == 2) summary = field.bytes;
  }
  if (fields.broken()) return false;
  Fields values(summary);
  for (Field field; values.Next(field);) {
    if (field.number == 1 && field.type == 2) AddSummaryValue(field.bytes, step, out);
  }
  return !values.broken();
}

// The records of a file, through a window.
class Records {
 public:
  explicit Records(const io::ByteSource& file) : file_(file) {}

  // Errors: kCorruption. `event` is empty at the end; a record that is not there whole is one that
  // is being written.
  Status Next(std::optional<std::string_view>& event) {
    event.reset();
    if (file_.size() - at_ < kRecordHeadBytes) return Ok();
    DLV_ASSIGN(const std::string_view head, Bytes(at_, kRecordHeadBytes));
    std::uint64_t size = 0;
    std::memcpy(&size, head.data(), 8);
    if (Stored(head.substr(8)) != MaskedCrc32c(head.substr(0, 8))) {
      return Bad("the checksum of a record's length is wrong");
    }
    if (size > kMaxRecord) return Bad("record of " + std::to_string(size) + " bytes");
    if (file_.size() - at_ - kRecordHeadBytes < size + kTailBytes) return Ok();
    DLV_ASSIGN(const std::string_view body, Bytes(at_ + kRecordHeadBytes, size + kTailBytes));
    const std::string_view data = body.substr(0, static_cast<std::size_t>(size));
    if (Stored(body.substr(data.size())) != MaskedCrc32c(data)) {
      return Bad("the checksum of a record is wrong");
    }
    begin_ = at_;
    at_ += kRecordHeadBytes + size + kTailBytes;
    event = data;
    return Ok();
  }
  std::uint64_t begin() const { return begin_; }

 private:
  static std::uint32_t Stored(std::string_view bytes) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  Error Bad(const std::string& why) const {
    return Error{ErrorCode::kCorruption, "events, offset " + std::to_string(at_) + ": " + why};
  }
  Result<std::string_view> Bytes(std::uint64_t offset, std::uint64_t size) {
    if (offset < window_begin_ || offset + size > window_begin_ + window_.size()) {
      window_.resize(
          static_cast<std::size_t>(std::min(file_.size() - offset, std::max(size, kWindow))));
      DLV_TRY(file_.ReadAt(offset, std::as_writable_bytes(std::span(window_))));
      window_begin_ = offset;
    }
    return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_begin_),
                                            static_cast<std::size_t>(size));
  }

  const io::ByteSource& file_;
  std::uint64_t at_ = 0;
  std::uint64_t begin_ = 0;
  std::string window_;
  std::uint64_t window_begin_ = 0;
};

}  // namespace

bool NamedEvents(std::string_view name, std::string_view) {
  return name.find("tfevents") != std::string_view::npos;
}

Status ReadEvents(const io::ByteSource& file, SideCollector& out) {
  Records records(file);
  while (true) {
    std::optional<std::string_view> event;
    const Status read = records.Next(event);
    if (!read.ok() && read.error().code == ErrorCode::kCorruption) {
      out.Warn(read.error().message + "; what comes before counts");
      return Ok();
    }
    DLV_TRY(read);
    if (!event) return Ok();
    if (!AddEvent(*event, out)) {
      out.Warn("events, offset " + std::to_string(records.begin()) + ": the event is malformed");
    }
  }
}

}  // namespace dlv::interchange
