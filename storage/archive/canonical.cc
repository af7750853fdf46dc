#include "storage/archive/canonical.h"

#include <cstring>

namespace dlv::archive {

Status CheckPreamble(io::ByteReader& in, const Magic& magic, const char* what) {
  DLV_TRY(GetPreamble(in, magic, what, 0));
  return Ok();
}

Result<std::uint32_t> GetPreamble(io::ByteReader& in, const Magic& magic, const char* what,
                                  std::uint32_t known) {
  DLV_ASSIGN(const auto found, in.GetBytes(magic.size()));
  if (std::memcmp(found.data(), magic.data(), magic.size()) != 0) return in.Bad("wrong magic");
  DLV_ASSIGN(const std::uint16_t version, in.Get<std::uint16_t>());
  DLV_ASSIGN(const std::uint16_t zero, in.Get<std::uint16_t>());
  DLV_ASSIGN(const std::uint32_t features, in.Get<std::uint32_t>());
  if (version == 0) return in.Bad("format version 0");
  if (version > kFormatVersion) {
    return Error{ErrorCode::kUnsupported,
                 std::string(what) + ": format version " + std::to_string(version) +
                     ", this release reads up to " + std::to_string(kFormatVersion),
                 "use a newer dlv"};
  }
  const std::uint32_t unknown = features & ~(kKnownFeatures | known);
  if (unknown != 0) {
    return Error{ErrorCode::kUnsupported,
                 std::string(what) + ": unknown feature bits " + std::to_string(unknown),
                 "use a newer dlv"};
  }
  if (zero != 0) return in.Bad("reserved field is not zero");
  return features;
}

void PutPairs(io::ByteWriter& out, const KeyValues& pairs) {
  out.PutVarint(pairs.size());
  for (const auto& [key, value] : pairs) {
    out.PutString(key);
    out.PutString(value);
  }
}

Result<KeyValues> GetPairs(io::ByteReader& in) {
  DLV_ASSIGN(const std::uint64_t count, in.GetCount(2));
  KeyValues pairs;
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(std::string key, in.GetString());
    DLV_ASSIGN(std::string value, in.GetString());
    if (!pairs.empty() && key <= pairs.rbegin()->first) return in.Bad("keys are not ascending");
    pairs.emplace_hint(pairs.end(), std::move(key), std::move(value));
  }
  return pairs;
}

Result<bool> GetFlag(io::ByteReader& in) {
  DLV_ASSIGN(const std::uint8_t value, in.Get<std::uint8_t>());
  if (value > 1) return in.Bad("flag is neither 0 nor 1");
  return value == 1;
}

}  // namespace dlv::archive
