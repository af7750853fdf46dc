// PyTorch's format before 1.6: four pickles (magic number, protocol, system, object), the keys of
// the storages, then each storage as a count of elements and the raw bytes.

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "storage/interchange/formats.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/text.h"
#include "storage/interchange/torch_storage.h"

namespace dlv::interchange {
namespace {

// 0x1950a86a20f9469cfc6c as LONG1 writes it.
constexpr std::array<std::uint8_t, 12> kLegacyMagic = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                                       0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
constexpr std::size_t kMagicWithin = 16;  // PROTO and FRAME may stand before it
constexpr std::int64_t kProtocol = 1001;
constexpr std::uint64_t kCountBytes = 8;
constexpr std::string_view kLegacy = "object pickle";

Error BadLegacy(std::uint64_t offset, const std::string& why) {
  return Error{ErrorCode::kCorruption,
               "pytorch-legacy, offset " + std::to_string(offset) + ": " + why};
}

// The pickles at the front of the file, one after the other.
struct Front {
  std::vector<std::byte> bytes;
  std::uint64_t at = 0;  // behind the last one read

  Result<Pickle> Next(std::string_view what) {
    DLV_ASSIGN(Pickle pickle,
               ReadPickle(std::span(bytes).subspan(static_cast<std::size_t>(at)), what));
    at += pickle.size_bytes;
    return pickle;
  }
};

Result<bool> ReadSystem(Front& front) {
  DLV_TRY(front.Next("magic number"));
  const std::uint64_t protocol_offset = front.at;
  DLV_ASSIGN(const Pickle protocol, front.Next("protocol"));
  if (protocol.top().kind != NodeKind::kInteger || protocol.top().integer != kProtocol) {
    return BadLegacy(protocol_offset, "protocol is not 1001");
  }
  DLV_ASSIGN(const Pickle system, front.Next("system info"));
  const PickleNode* little = system.Find(system.top(), "little_endian");
  return little != nullptr && little->kind == NodeKind::kBool && little->integer == 0;
}

Result<std::vector<std::string>> ReadKeys(Front& front) {
  const std::uint64_t offset = front.at;
  DLV_ASSIGN(const Pickle keys, front.Next("storage keys"));
  if (keys.top().kind != NodeKind::kList) return BadLegacy(offset, "no list of storage keys");
  std::vector<std::string> names;
  for (const NodeIndex index : keys.top().items) {
    const PickleNode& key = keys.at(index);
    if (key.kind != NodeKind::kText && key.kind != NodeKind::kInteger)
      return BadLegacy(offset, "bad storage key");
    names.push_back(key.kind == NodeKind::kText ? std::string(key.text)
                                                : std::to_string(key.integer));
  }
  return names;
}

// Appends the storages, which follow the keys in their order.
class StorageReader {
 public:
  StorageReader(const io::ByteSource& file, const TorchCheckpoint& checkpoint, bool big_endian,
                FileDescription& description)
      : file_(file),
        checkpoint_(checkpoint),
        big_endian_(big_endian),
        map_(checkpoint, big_endian, file.size(), description) {
    for (std::uint32_t i = 0; i < checkpoint.storages.size(); ++i) {
      by_key_.emplace(checkpoint.storages[i].key, i);
    }
  }

  Status Run(const std::vector<std::string>& keys, std::uint64_t begin, RecipeBuilder& builder) {
    at_ = begin;
    for (const std::string& key : keys) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) {
        return BadLegacy(at_,
                         "storage '" + Printable(key) + "' belongs to no tensor or stands twice");
      }
      DLV_TRY(One(found->second, builder));
      by_key_.erase(found);
    }
    if (!by_key_.empty()) {
      return BadLegacy(at_,
                       "storage '" + Printable(by_key_.begin()->first) + "' is not in the file");
    }
    return Ok();
  }
  std::uint64_t at() const { return at_; }

 private:
  Status One(std::uint32_t index, RecipeBuilder& builder) {
    const TorchStorage& storage = checkpoint_.storages[index];
    if (file_.size() - at_ < kCountBytes) return BadLegacy(at_, "the file ends before a storage");
    std::uint64_t count = 0;
    DLV_TRY(file_.ReadAt(at_, std::as_writable_bytes(std::span(&count, 1))));
    if (big_endian_) count = __builtin_bswap64(count);
    const std::uint64_t size = storage.size_bytes();
    if (count != storage.count) {
      return BadLegacy(at_, "storage '" + Printable(storage.key) + "' has " +
                                std::to_string(count) + " elements, its tensors want " +
                                std::to_string(storage.count));
    }
    DLV_TRY(builder.FrameRange(file_, at_, at_ + kCountBytes));
    at_ += kCountBytes;
    if (size > file_.size() - at_)
      return BadLegacy(at_, "the file ends inside storage '" + Printable(storage.key) + "'");
    DLV_TRY(map_.Place(index, MakeRange(file_, at_, size), builder));
    at_ += size;
    return Ok();
  }

  const io::ByteSource& file_;
  const TorchCheckpoint& checkpoint_;
  bool big_endian_;
  TorchStorageMap map_;
  std::map<std::string, std::uint32_t> by_key_;
  std::uint64_t at_ = 0;
};

}  // namespace

bool SniffTorchLegacy(const Probe& probe) {
  const std::size_t have = std::min(probe.head.size(), kMagicWithin + kLegacyMagic.size());
  if (have < 2 || probe.head[0] != std::byte{0x80}) return false;
  const auto* begin = reinterpret_cast<const std::uint8_t*>(probe.head.data());
  return std::search(begin, begin + have, kLegacyMagic.begin(), kLegacyMagic.end()) != begin + have;
}

Result<FileDescription> DescribeTorchLegacy(const Probe& probe, const DescribeOptions& options) {
  const io::ByteSource& file = *probe.file;
  Front front;
  front.bytes.resize(static_cast<std::size_t>(std::min(file.size(), kMaxPickleBytes)));
  DLV_TRY(file.ReadAt(0, front.bytes));
  DLV_ASSIGN(const bool big_endian, ReadSystem(front));
  const std::uint64_t object_begin = front.at;
  DLV_ASSIGN(const Pickle pickle, front.Next(kLegacy));
  DLV_ASSIGN(const TorchCheckpoint checkpoint, ReadTorchCheckpoint(pickle, kLegacy));
  DLV_ASSIGN(const std::vector<std::string> keys, ReadKeys(front));

  FileDescription description;
  description.format = "pytorch-legacy";
  description.root = checkpoint.root;
  description.metadata = checkpoint.metadata;
  RecipeBuilder builder;
  DLV_TRY(builder.FrameRange(file, 0, object_begin));
  // The object and the keys in one: the keys are numbers that stand in the object already and
  // compress to little beside it.
  builder.LiteralRange(file, object_begin, front.at);
  StorageReader reader(file, checkpoint, big_endian, description);
  DLV_TRY(reader.Run(keys, front.at, builder));
  builder.LiteralRange(file, reader.at(), file.size());
  if (reader.at() != file.size()) {
    description.warnings.push_back(std::to_string(file.size() - reader.at()) +
                                   " bytes after the last storage are kept as they are");
  }
  builder.Finish(description);
  DropOptimizer(options, description);
  return description;
}

bool SniffTorchTar(const Probe& probe) {
  constexpr std::size_t kMagicOffset = 257;
  if (probe.head.size() < 512) return false;
  const auto* text = reinterpret_cast<const char*>(probe.head.data());
  const std::string_view name(text, strnlen(text, 100));
  return std::string_view(text + kMagicOffset, 5) == "ustar" &&
         (name == "storages" || name == "tensors" || name == "sys_info" || name == "pickle");
}

Result<FileDescription> DescribeTorchTar(const Probe& probe, const DescribeOptions&) {
  FileDescription description = DescribeAsBlob(*probe.file,
                                               "PyTorch's oldest format (tar) is kept whole; load "
                                               "and save it again to have its tensors seen");
  description.format = "pytorch-tar";
  return description;
}

}  // namespace dlv::interchange
