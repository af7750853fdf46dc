#include "storage/interchange/torch_archive.h"

#include <algorithm>
#include <map>

#include "storage/interchange/roles.h"
#include "storage/interchange/text.h"
#include "storage/interchange/torch_storage.h"

namespace dlv::interchange {
namespace {

Result<bool> IsBigEndian(const io::ByteSource& file, const ZipDirectory& directory,
                         const std::string& stem) {
  const ZipMember* member = FindZipMember(directory, stem + "byteorder");
  if (member == nullptr)
    return false;  // written before 1.13: the machine's order, little-endian in practice
  DLV_ASSIGN(const std::vector<std::byte> bytes,
             ReadAll(*MemberSource(file, *member), 64, "byteorder"));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text == "little") return false;
  if (text == "big") return true;
  return Error{ErrorCode::kCorruption, "member byteorder says '" + Printable(text) + "'"};
}

// Which member holds which storage.
Result<std::vector<std::size_t>> StorageMembers(const ZipDirectory& directory,
                                                const TorchCheckpoint& checkpoint,
                                                const std::vector<std::string>& names) {
  std::map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < directory.members.size(); ++i)
    by_name.emplace(directory.members[i].name, i);
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < checkpoint.storages.size(); ++i) {
    const TorchStorage& storage = checkpoint.storages[i];
    const auto found = by_name.find(names[i]);
    const std::string shown = "storage '" + Printable(storage.key) + "'";
    if (found == by_name.end()) return Error{ErrorCode::kCorruption, shown + " is not in the file"};
    const ZipMember& member = directory.members[found->second];
    if (member.size != storage.size_bytes()) {
      return Error{ErrorCode::kCorruption, "zip, offset " + std::to_string(member.data_offset) +
                                               ": " + shown + " has " +
                                               std::to_string(member.size) + " bytes, want " +
                                               std::to_string(storage.size_bytes())};
    }
    members.push_back(found->second);
  }
  return members;
}

}  // namespace

std::optional<std::string> TorchStemOf(const ZipDirectory& directory, std::string_view name) {
  std::optional<std::string> stem;
  for (const ZipMember& member : directory.members) {
    const std::size_t slash = member.name.find('/');
    const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
    if (std::string_view(member.name).substr(begin) != name) continue;
    if (stem) return std::nullopt;
    stem = member.name.substr(0, begin);
  }
  return stem;
}

const ZipMember* FindZipMember(const ZipDirectory& directory, const std::string& name) {
  for (const ZipMember& member : directory.members) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

Result<std::vector<std::byte>> ReadTorchPickle(const io::ByteSource& file,
                                               const ZipDirectory& directory,
                                               const std::string& name) {
  const ZipMember* member = FindZipMember(directory, name);
  if (member == nullptr) {
    return Error{ErrorCode::kCorruption, "zip: member " + Printable(name) + " is missing"};
  }
  return ReadAll(*MemberSource(file, *member), kMaxPickleBytes, "data.pkl");
}

Result<FileDescription> DescribeTorchArchive(const Probe& probe, const DescribeOptions& options,
                                             const std::string& stem,
                                             const TorchCheckpoint& checkpoint,
                                             const std::vector<std::string>& storage_members,
                                             const MakeAgain& make_again) {
  const io::ByteSource& file = *probe.file;
  const ZipDirectory& directory = **probe.zip;
  DLV_ASSIGN(const std::vector<std::size_t> members,
             StorageMembers(directory, checkpoint, storage_members));
  DLV_ASSIGN(const bool big_endian, IsBigEndian(file, directory, stem));

  FileDescription description;
  description.root = checkpoint.root;
  description.metadata = checkpoint.metadata;
  std::vector<std::uint32_t> storage_of(directory.members.size(), UINT32_MAX);
  for (std::uint32_t i = 0; i < members.size(); ++i) storage_of[members[i]] = i;
  const auto pool = MakeInflatePool();
  std::vector<bool> placed(checkpoint.storages.size(), false);
  TorchStorageMap map(checkpoint, big_endian, file.size(), description);
  RecipeBuilder builder;
  const MemberWriter write = [&](std::size_t i, RecipeBuilder& out) -> Status {
    const ZipMember& member = directory.members[i];
    const auto source = MemberSource(file, member, pool);
    if (storage_of[i] != UINT32_MAX) {
      placed[storage_of[i]] = true;
      return map.Place(storage_of[i], source, out);
    }
    // Small marks ("version", "byteorder") are structure; the pickle and anything else stand alone.
    constexpr std::uint64_t kSmall = 64;
    if (member.size <= kSmall) return out.FrameRange(*source, 0, source->size());
    out.Literal(source);
    return Ok();
  };
  DLV_TRY(BuildZipRecipe(file, directory, write, builder, description, make_again));
  RecipeBuilder unused;  // deflated storages that zlib does not make again: their tensors are
                         // stored all the same
  for (std::uint32_t i = 0; i < placed.size(); ++i) {
    if (!placed[i]) {
      DLV_TRY(map.Place(i, MemberSource(file, directory.members[members[i]], pool), unused));
    }
  }
  builder.Finish(description);
  DropOptimizer(options, description);
  return description;
}

}  // namespace dlv::interchange
