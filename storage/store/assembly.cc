#include "storage/store/assembly.h"

#include <algorithm>
#include <array>

#include "storage/io/byte_io.h"

namespace dlv::store {
namespace {

constexpr std::array<char, 8> kMagic = {'D', 'L', 'V', 'A', 'S', 'M', '\r', '\n'};
constexpr std::uint16_t kVersion = 1;

}  // namespace

std::vector<std::byte> EncodeAssembly(const Assembly& assembly) {
  io::ByteWriter writer;
  writer.PutBytes(std::as_bytes(std::span(kMagic)));
  writer.Put(kVersion);
  writer.Put(std::uint16_t{0});
  writer.Put(std::uint32_t{0});
  writer.PutDigest(assembly.recipe);
  writer.PutVarint(assembly.literals.size());
  for (const BlobId& literal : assembly.literals) writer.PutDigest(literal);
  return writer.Take();
}

Result<Assembly> DecodeAssembly(std::span<const std::byte> bytes) {
  io::ByteReader reader(bytes, "assembly");
  DLV_ASSIGN(const auto magic, reader.GetBytes(kMagic.size()));
  const auto want = std::as_bytes(std::span(kMagic));
  if (!std::equal(magic.begin(), magic.end(), want.begin())) return reader.Bad("wrong magic");
  DLV_ASSIGN(const auto version, reader.Get<std::uint16_t>());
  DLV_ASSIGN(const auto zero, reader.Get<std::uint16_t>());
  DLV_ASSIGN(const auto features, reader.Get<std::uint32_t>());
  if (version > kVersion || features != 0) {
    return Error{ErrorCode::kUnsupported, "assembly: version " + std::to_string(version) +
                                              ", features " + std::to_string(features) +
                                              ": newer than this release"};
  }
  if (version == 0 || zero != 0) return reader.Bad("malformed head");
  Assembly assembly;
  DLV_ASSIGN(assembly.recipe, reader.GetDigest<BlobId>());
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(32));
  assembly.literals.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(const BlobId literal, reader.GetDigest<BlobId>());
    assembly.literals.push_back(literal);
  }
  DLV_TRY(reader.ExpectEnd());
  return assembly;
}

}  // namespace dlv::store
