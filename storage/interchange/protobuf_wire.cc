// The only file that knows protobuf: its CodedInputStream over our byte sources.

#include "storage/interchange/protobuf_wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream.h>

#include <algorithm>
#include <vector>

#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

namespace protobuf = google::protobuf::io;

constexpr std::uint64_t kMaxFileBytes = INT32_MAX;  // what the library, and the format, can address
constexpr std::size_t kWireWindowBytes = 64u << 10;

/// A window that moves over the file.
class SourceStream final : public protobuf::ZeroCopyInputStream {
 public:
  explicit SourceStream(const io::ByteSource& file) : file_(file) {}

  bool Next(const void** data, int* size) override {
    if (at_ >= file_.size() || !status_.ok()) return false;
    window_.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(kWireWindowBytes, file_.size() - at_)));
    status_ = file_.ReadAt(at_, window_);
    if (!status_.ok()) return false;
    *data = window_.data();
    *size = static_cast<int>(window_.size());
    at_ += window_.size();
    return true;
  }
  void BackUp(int count) override { at_ -= static_cast<std::uint64_t>(count); }
  bool Skip(int count) override {
    const std::uint64_t wanted = at_ + static_cast<std::uint64_t>(count);
    at_ = std::min(wanted, file_.size());
    return at_ == wanted;
  }
  std::int64_t ByteCount() const override { return static_cast<std::int64_t>(at_); }

  const Status& status() const { return status_; }

 private:
  const io::ByteSource& file_;
  std::vector<std::byte> window_;
  std::uint64_t at_ = 0;
  Status status_ = Ok();
};

struct OpenMessage {
  std::uint64_t end = 0;
  protobuf::CodedInputStream::Limit limit = 0;  // of the message around it
};

enum RawType : std::uint32_t { kStartGroup = 3, kEndGroup = 4 };

}  // namespace

class WireReader::Impl {
 public:
  Impl(const io::ByteSource& file, std::string_view what)
      : what_(what), size_(file.size()), stream_(file), coded_(&stream_) {
    open_.push_back({size_, 0});
  }

  Result<bool> Next(WireField& field) {
    if (size_ > kMaxFileBytes) {
      return Error{ErrorCode::kUnsupported, what_ + ": a file of " + std::to_string(size_) +
                                                " bytes, protocol buffers end at 2 GiB"};
    }
    DLV_TRY(PassOver());
    field = {};
    field.offset = At();
    if (field.offset == open_.back().end) return false;
    const std::uint32_t tag = coded_.ReadTag();
    if (tag >> 3 == 0) return Broken(field.offset, "no field begins here");
    field.number = tag >> 3;
    field.begin = At();
    DLV_TRY(ReadValue(tag & 7, field));
    if (field.type != WireType::kBytes) field.size = At() - field.begin;
    return true;
  }

  Status Enter(const WireField& field) {
    if (open_.size() == kMaxWireDepth) {
      Error error =
          Bad(field.offset, "messages nest more than " + std::to_string(kMaxWireDepth) + " deep");
      error.code = ErrorCode::kUnsafe;
      return error;
    }
    pending_ = 0;
    open_.push_back({field.end(), coded_.PushLimit(static_cast<int>(field.size))});
    return Ok();
  }

  Status Leave() {
    pending_ = open_.back().end;
    DLV_TRY(PassOver());
    coded_.PopLimit(open_.back().limit);
    open_.pop_back();
    return Ok();
  }

  Result<std::string> Text(const WireField& field, std::uint64_t limit) {
    if (field.size > limit) {
      Error error = Bad(field.offset, "a text of " + std::to_string(field.size) +
                                          " bytes, at most " + std::to_string(limit));
      error.code = ErrorCode::kUnsafe;
      return error;
    }
    pending_ = 0;
    std::string text;
    if (!coded_.ReadString(&text, static_cast<int>(field.size))) {
      return Broken(field.begin, "the file ends");
    }
    return text;
  }

  Result<bool> NextPacked(std::uint64_t& value) {
    const std::uint64_t at = At();
    if (at == open_.back().end) return false;
    if (!coded_.ReadVarint64(&value)) return Broken(at, "no number of at most 10 bytes");
    return true;
  }

  Error Bad(std::uint64_t offset, const std::string& why) const {
    return Error{ErrorCode::kCorruption, what_ + ", offset " + std::to_string(offset) + ": " + why};
  }
  unsigned depth() const { return static_cast<unsigned>(open_.size()); }

 private:
  std::uint64_t At() const { return static_cast<std::uint64_t>(coded_.CurrentPosition()); }

  /// What the file said if it could not be read, else that it is broken.
  Error Broken(std::uint64_t offset, const std::string& why) const {
    return stream_.status().ok() ? Bad(offset, why) : stream_.status().error();
  }

  Status PassOver() {
    const std::uint64_t at = At();
    if (pending_ > at && !coded_.Skip(static_cast<int>(pending_ - at))) {
      return Broken(at, "the file ends");
    }
    pending_ = 0;
    return Ok();
  }

  Status ReadValue(std::uint32_t type, WireField& field) {
    std::uint32_t fixed32 = 0;
    switch (type) {
      case static_cast<std::uint32_t>(WireType::kVarint):
        field.type = WireType::kVarint;
        if (!coded_.ReadVarint64(&field.value)) {
          return Broken(field.begin, "no number of at most 10 bytes");
        }
        return Ok();
      case static_cast<std::uint32_t>(WireType::kFixed64):
        field.type = WireType::kFixed64;
        if (!coded_.ReadLittleEndian64(&field.value)) return Broken(field.begin, "8 bytes wanted");
        return Ok();
      case static_cast<std::uint32_t>(WireType::kFixed32):
        field.type = WireType::kFixed32;
        if (!coded_.ReadLittleEndian32(&fixed32)) return Broken(field.begin, "4 bytes wanted");
        field.value = fixed32;
        return Ok();
      case static_cast<std::uint32_t>(WireType::kBytes):
        return ReadLength(field);
      case kStartGroup:
        return PassGroup(field);
      default:
        return Bad(field.offset, "wire type " + std::to_string(type) + " of field " +
                                     std::to_string(field.number) + " is not known");
    }
  }

  Status ReadLength(WireField& field) {
    field.type = WireType::kBytes;
    std::uint64_t size = 0;
    if (!coded_.ReadVarint64(&size)) return Broken(field.begin, "no length of at most 10 bytes");
    field.begin = At();
    const std::uint64_t left = open_.back().end - field.begin;
    if (size > left) {
      return Bad(field.offset, "field " + std::to_string(field.number) + " has " +
                                   std::to_string(size) + " bytes, " + std::to_string(left) +
                                   " are left");
    }
    field.size = size;
    pending_ = field.end();
    return Ok();
  }

  // Groups went out of use before any of our formats began: they are passed over as one field.
  Status PassGroup(WireField& field) {
    std::vector<std::uint32_t> groups = {field.number};
    while (!groups.empty()) {
      const std::uint64_t at = At();
      const std::uint32_t tag = coded_.ReadTag();
      if (tag >> 3 == 0) return Broken(at, "a group does not end");
      if ((tag & 7) == kEndGroup) {
        if (groups.back() != tag >> 3) return Bad(at, "the end of another group");
        groups.pop_back();
      } else if ((tag & 7) == kStartGroup) {
        if (groups.size() + open_.size() >= kMaxWireDepth) return Bad(at, "groups nest too deep");
        groups.push_back(tag >> 3);
      } else {
        WireField inner;
        inner.number = tag >> 3;
        inner.offset = at;
        inner.begin = At();
        DLV_TRY(ReadValue(tag & 7, inner));
        DLV_TRY(PassOver());
      }
    }
    field.type = WireType::kBytes;
    field.size = At() - field.begin;
    field.number = 0;  // whatever it is, it is no field that anybody looks for
    return Ok();
  }

  std::string what_;
  std::uint64_t size_;
  SourceStream stream_;
  protobuf::CodedInputStream coded_;
  std::vector<OpenMessage> open_;
  std::uint64_t pending_ = 0;  // end of a field that is to be passed over; 0: none
};

WireField FirstWireField(std::span<const std::byte> head) {
  protobuf::CodedInputStream coded(reinterpret_cast<const std::uint8_t*>(head.data()),
                                   static_cast<int>(std::min(head.size(), kWireWindowBytes)));
  const std::uint32_t tag = coded.ReadTag();
  WireField field;
  field.number = tag >> 3;
  field.type = static_cast<WireType>(tag & 7);
  return field;
}

WireReader::WireReader(const io::ByteSource& file, std::string_view what)
    : impl_(std::make_unique<Impl>(file, what)) {}
WireReader::~WireReader() = default;
Result<bool> WireReader::Next(WireField& field) { return impl_->Next(field); }
Status WireReader::Enter(const WireField& field) { return impl_->Enter(field); }
Status WireReader::Leave() { return impl_->Leave(); }
unsigned WireReader::depth() const { return impl_->depth(); }
Result<std::string> WireReader::Text(const WireField& field, std::uint64_t limit) {
  return impl_->Text(field, limit);
}
Result<bool> WireReader::NextPacked(std::uint64_t& value) { return impl_->NextPacked(value); }
Error WireReader::Bad(std::uint64_t offset, const std::string& why) const {
  return impl_->Bad(offset, why);
}

}  // namespace dlv::interchange
