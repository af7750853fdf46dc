#include "storage/interchange/zip_recipe.h"

#include <algorithm>

#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/io/parallel.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kLocalCrcOffset = 14;  // in the local header
constexpr std::uint64_t kCrcBytes = 4;

// Which instructions make a member's contents.
struct Place {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool inflated = false;
  bool known = false;  // false: the compressed bytes are a literal, and the CRC-32 stay literal too
};

class ZipRecipe {
 public:
  ZipRecipe(const io::ByteSource& file, const ZipDirectory& directory, RecipeBuilder& builder,
            const MakeAgain& make_again)
      : file_(file),
        directory_(directory),
        builder_(builder),
        make_again_(make_again),
        places_(directory.members.size()) {}

  Status Run(const MemberWriter& write, FileDescription& description) {
    for (std::size_t i = 0; i < directory_.members.size(); ++i) {
      DLV_TRY(Member(i, write, description));
    }
    return Directory();
  }

 private:
  Status Member(std::size_t index, const MemberWriter& write, FileDescription& description) {
    const ZipMember& member = directory_.members[index];
    DLV_ASSIGN(std::optional<Deflate> settings, SettingsOf(index));
    Place& place = places_[index];
    place.known = member.method == ZipMethod::kStored || settings.has_value();
    place.inflated = settings.has_value();

    // Contents first, into a list of their own: the header counts their instructions.
    builder_.OpenList();
    if (place.known) DLV_TRY(write(index, builder_));
    std::vector<Instruction> contents = builder_.CloseList();
    if (settings) {
      settings->inner = std::move(contents);
      contents.clear();
      contents.push_back({std::move(*settings)});
    }
    place.count = static_cast<std::uint32_t>(contents.size());
    DLV_TRY(Header(member, place));
    for (Instruction& instruction : contents) builder_.Append(std::move(instruction));
    if (!place.known) {
      builder_.LiteralRange(file_, member.data_offset, member.data_offset + member.compressed_size);
      if (IsMadeAgain(index)) {
        description.warnings.push_back("member " + Printable(member.name) +
                                       " was not deflated by zlib; its " +
                                       std::to_string(member.compressed_size) +
                                       " compressed bytes are kept beside its tensors");
      }
    }
    at_ = member.data_offset + member.compressed_size;
    if (member.descriptor_crc != 0) DLV_TRY(CrcAt(member.descriptor_crc, place));
    return FrameTo(member.end_offset);
  }

  Status Header(const ZipMember& member, Place& place) {
    if (member.local_crc && place.known && place.count != 0) {
      DLV_TRY(FrameTo(member.header_offset + kLocalCrcOffset));
      const std::uint32_t crc_index = builder_.NextIndex();
      place.first = crc_index + 2;  // the CRC-32, the rest of the header, the contents
      builder_.Crc(place.first, place.count, place.inflated);
      at_ += kCrcBytes;
      DLV_TRY(FrameTo(member.data_offset));
      DLV_CHECK(builder_.NextIndex() == place.first, "the rest of a header is one instruction");
      return Ok();
    }
    DLV_TRY(FrameTo(member.data_offset));
    place.first = builder_.NextIndex();
    return Ok();
  }

  // Places of equal order in directory and file are usual but not promised.
  Status Directory() {
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < directory_.members.size(); ++i) {
      order.emplace_back(directory_.members[i].directory_crc, i);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [offset, index] : order) DLV_TRY(CrcAt(offset, places_[index]));
    return FrameTo(file_.size());
  }

  Status CrcAt(std::uint64_t offset, const Place& place) {
    if (!place.known || place.count == 0) return Ok();
    DLV_TRY(FrameTo(offset));
    builder_.Crc(place.first, place.count, place.inflated);
    at_ = offset + kCrcBytes;
    return Ok();
  }

  bool IsMadeAgain(std::size_t index) const { return !make_again_ || make_again_(index); }

  Result<std::optional<Deflate>> SettingsOf(std::size_t index) {
    const ZipMember& member = directory_.members[index];
    if (member.method == ZipMethod::kStored || !IsMadeAgain(index)) {
      return std::optional<Deflate>();
    }
    const auto packed = MakeRange(file_, member.data_offset, member.compressed_size);
    return FindDeflateSettings(*MakeInflated(packed, member.size), *packed);
  }

  Status FrameTo(std::uint64_t end) {
    DLV_TRY(builder_.FrameRange(file_, at_, end));
    at_ = end;
    return Ok();
  }

  const io::ByteSource& file_;
  const ZipDirectory& directory_;
  RecipeBuilder& builder_;
  const MakeAgain& make_again_;
  std::vector<Place> places_;
  std::uint64_t at_ = 0;  // of the file, up to which the recipe goes
};

}  // namespace

Status BuildZipRecipe(const io::ByteSource& file, const ZipDirectory& directory,
                      const MemberWriter& write, RecipeBuilder& builder,
                      FileDescription& description, const MakeAgain& make_again) {
  return ZipRecipe(file, directory, builder, make_again).Run(write, description);
}

std::shared_ptr<const io::ByteSource> MemberSource(const io::ByteSource& file,
                                                   const ZipMember& member,
                                                   std::shared_ptr<InflatePool> pool) {
  auto data = MakeRange(file, member.data_offset, member.compressed_size);
  if (member.method == ZipMethod::kStored) return data;
  return MakeInflated(std::move(data), member.size, std::move(pool));
}

Status CheckZipMembers(const io::ByteSource& file, const ZipDirectory& directory) {
  constexpr std::uint64_t kWorthThreads = 16u << 20;
  const unsigned threads = file.size() >= kWorthThreads ? 0 : 1;
  return io::ParallelFor(directory.members.size(), threads, [&](std::uint64_t index, unsigned) {
    return CheckZipMember(file, directory.members[static_cast<std::size_t>(index)]);
  });
}

}  // namespace dlv::interchange
