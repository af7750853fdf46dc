#include "storage/store/strip_work.h"

#include <algorithm>

#include "storage/archive/strips.h"

namespace dlv::store {
namespace {

/// Sources one after the other.
class JoinedSource : public io::ByteSource {
 public:
  explicit JoinedSource(std::vector<const io::ByteSource*> parts) : parts_(std::move(parts)) {
    for (const io::ByteSource* const part : parts_) ends_.push_back(size() + part->size());
  }

  std::uint64_t size() const override { return ends_.empty() ? 0 : ends_.back(); }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    auto at = static_cast<std::size_t>(std::ranges::upper_bound(ends_, offset) - ends_.begin());
    for (; !out.empty(); ++at) {
      if (at >= parts_.size()) {
        return Error{ErrorCode::kInternal,
                     "a read of " + std::to_string(out.size()) + " bytes leaves a strip"};
      }
      const std::uint64_t begin = ends_[at] - parts_[at]->size();
      const auto piece = out.first(
          static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), ends_[at] - offset)));
      DLV_TRY(parts_[at]->ReadAt(offset - begin, piece));
      out = out.subspan(piece.size());
      offset += piece.size();
    }
    return Ok();
  }

 private:
  std::vector<const io::ByteSource*> parts_;
  std::vector<std::uint64_t> ends_;
};

}  // namespace

std::vector<StripWork> StripsOf(std::span<const archive::LayoutTensor> tensors,
                                std::span<const io::ByteSource* const> sources) {
  const archive::StripMap map(tensors);
  std::vector<StripWork> strips;
  for (const archive::Strip& strip : map.strips()) {
    StripWork work;
    const archive::LayoutTensor& first = tensors[strip.members.front()];
    work.key = {first.role, first.name, strip.dtype, strip.element_count};
    work.members = strip.members;
    for (const std::uint32_t member : strip.members)
      work.first.push_back(map.place(member).first_element);
    work.first.push_back(strip.element_count);
    if (!sources.empty()) {
      std::vector<const io::ByteSource*> parts;
      for (const std::uint32_t member : strip.members) parts.push_back(sources[member]);
      work.source = std::make_unique<JoinedSource>(std::move(parts));
    }
    strips.push_back(std::move(work));
  }
  return strips;
}

}  // namespace dlv::store
