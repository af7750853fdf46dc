#include "storage/io/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <xxhash.h>

#include <array>
#include <string_view>

#include "dlv/result.h"

namespace dlv::io {
namespace {

/// Fetched once: an implicit fetch per digest costs more than hashing a small tensor.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return algorithm;
}

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

void Begin(EVP_MD_CTX* context) {
  DLV_CHECK(context != nullptr && EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1,
            "OpenSSL has SHA-256");
}

void Add(EVP_MD_CTX* context, const void* data, std::size_t size) {
  DLV_CHECK(EVP_DigestUpdate(context, data, size) == 1, "hashing memory cannot fail");
}

void End(EVP_MD_CTX* context, std::uint8_t* out) {
  DLV_CHECK(EVP_DigestFinal_ex(context, out, nullptr) == 1, "hashing memory cannot fail");
}

/// A context of this thread, ready for a new digest: no allocation per chunk.
EVP_MD_CTX* ThreadContext() {
  thread_local const Context context(EVP_MD_CTX_new());
  Begin(context.get());
  return context.get();
}

/// The fields before the content: domain with its final zero, dtype, element count; little-endian.
void AddPrefix(EVP_MD_CTX* context, std::string_view domain, DType dtype,
               std::uint64_t element_count) {
  std::array<std::uint8_t, 10> fields{};
  const auto type = static_cast<std::uint16_t>(dtype);
  fields[0] = static_cast<std::uint8_t>(type);
  fields[1] = static_cast<std::uint8_t>(type >> 8);
  for (std::size_t i = 0; i < 8; ++i)
    fields[2 + i] = static_cast<std::uint8_t>(element_count >> (8 * i));
  Add(context, domain.data(), domain.size());
  Add(context, fields.data(), fields.size());
}

using std::literals::operator""sv;

}  // namespace

struct Sha256::State {
  Context context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) { Begin(state_->context.get()); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(std::span<const std::byte> bytes) {
  Add(state_->context.get(), bytes.data(), bytes.size());
}
void Sha256::FinishInto(std::uint8_t* out) { End(state_->context.get(), out); }

ChunkId HashChunk(DType dtype, std::span<const std::byte> bytes) {
  EVP_MD_CTX* const context = ThreadContext();
  AddPrefix(context, "dlv-chunk\0"sv, dtype, bytes.size() / SizeOf(dtype));
  Add(context, bytes.data(), bytes.size());
  ChunkId id;
  End(context, id.bytes.data());
  return id;
}

TensorId HashTensor(DType dtype, std::uint64_t element_count, std::span<const ChunkId> chunks) {
  EVP_MD_CTX* const context = ThreadContext();
  AddPrefix(context, "dlv-tensor\0"sv, dtype, element_count);
  for (const ChunkId& chunk : chunks) Add(context, chunk.bytes.data(), chunk.bytes.size());
  TensorId id;
  End(context, id.bytes.data());
  return id;
}

BlobId HashBlob(std::span<const std::byte> bytes) {
  EVP_MD_CTX* const context = ThreadContext();
  constexpr std::string_view kDomain = "dlv-blob\0"sv;
  Add(context, kDomain.data(), kDomain.size());
  Add(context, bytes.data(), bytes.size());
  BlobId id;
  End(context, id.bytes.data());
  return id;
}

FileDigest HmacSha256(std::span<const std::byte> key, std::span<const std::byte> bytes) {
  FileDigest digest;
  unsigned size = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                          reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                          digest.bytes.data(), &size);
  DLV_CHECK(made != nullptr && size == digest.bytes.size(), "hashing memory cannot fail");
  return digest;
}

std::uint64_t Xxh3(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace dlv::io
