#include "storage/store/derived_store.h"

#include <random>

#include "storage/io/byte_io.h"
#include "storage/io/hash.h"

namespace dlv::store {
namespace {

// On disk: docs/format/repository.md, "Derived data".
constexpr std::uint64_t kDerivedMagic = 0x31'56'52'44'56'4c'44'0a;  // "\nDLVDRV1"
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMacBytes = 32;
constexpr std::string_view kSecretName = "secret";
constexpr std::uint64_t kMostEntryBytes =
    DerivedStore::kMostValues * sizeof(double) + DerivedStore::kMostKeyBytes + 128;
constexpr std::int64_t kStaleNanoseconds = std::int64_t{3'600'000'000'000};

std::string TemporaryName(const std::string& path) { return path + ".new-" + RandomHex(8); }

bool IsTemporary(std::string_view name) { return name.find(".new-") != std::string_view::npos; }

/// Old or new after a crash of the program; after a power cut it may be neither, which its MAC
/// tells. Entries are not worth waiting for the disk.
Status ReplaceFile(io::FileSystem& files, const std::string& path, std::span<const std::byte> bytes,
                   io::WriteMode mode) {
  const std::string temporary = TemporaryName(path);
  DLV_ASSIGN(const auto file, files.OpenForWriting(temporary, mode));
  Status written = file->Append(bytes);
  if (written.ok()) written = file->Close();
  if (written.ok()) written = files.Rename(temporary, path);
  if (!written.ok()) (void)files.Remove(temporary);
  return written;
}

bool OnlyItsOwnerCanReadIt(io::FileSystem& files, const std::string& path) {
  const auto stat = files.Stat(path);
  return stat.ok() && stat->is_regular && (stat->mode & 077U) == 0;
}

}  // namespace

std::vector<std::byte> EncodeDerived(std::span<const std::byte> secret, std::string_view key,
                                     std::span<const double> values) {
  io::ByteWriter writer;
  writer.Put(kDerivedMagic);
  writer.PutString(key);
  writer.PutVarint(values.size());
  for (const double value : values) writer.Put(value);
  writer.PutDigest(io::HmacSha256(secret, writer.bytes()));
  return writer.Take();
}

Result<DerivedEntry> DecodeDerived(std::span<const std::byte> secret,
                                   std::span<const std::byte> bytes) {
  const Error foreign{ErrorCode::kCorruption, "damaged, or not computed by this repository"};
  if (bytes.size() < kMacBytes || bytes.size() > kMostEntryBytes) return foreign;
  const auto body = bytes.first(bytes.size() - kMacBytes);
  io::ByteReader tail(bytes.last(kMacBytes), "derived data");
  DLV_ASSIGN(const FileDigest mac, tail.GetDigest<FileDigest>());
  if (mac != io::HmacSha256(secret, body)) return foreign;
  io::ByteReader reader(body, "derived data");
  DLV_ASSIGN(const std::uint64_t magic, reader.Get<std::uint64_t>());
  if (magic != kDerivedMagic) return reader.Bad("not of this release");
  DLV_ASSIGN(const std::uint64_t length, reader.GetVarint());
  if (length > DerivedStore::kMostKeyBytes) return reader.Bad("a key beyond its limit");
  DLV_ASSIGN(const auto text, reader.GetBytes(length));
  DerivedEntry entry;
  entry.key.assign(reinterpret_cast<const char*>(text.data()), text.size());
  DLV_ASSIGN(const std::uint64_t count, reader.GetCount(sizeof(double)));
  for (std::uint64_t i = 0; i < count; ++i) {
    DLV_ASSIGN(const double value, reader.Get<double>());
    entry.values.push_back(value);
  }
  DLV_TRY(reader.ExpectEnd());
  return entry;
}

std::string DerivedStore::PathOf(std::string_view key) const {
  io::Sha256 hash;
  hash.Update(std::as_bytes(std::span(key.data(), key.size())));
  return Folder() + "/" + hash.Finish<FileDigest>().Hex();
}

std::uint64_t DerivedStore::read_bytes() const {
  const std::lock_guard lock(mutex_);
  return read_bytes_;
}

Status DerivedStore::MakeSecret() {
  std::random_device device;
  std::vector<std::byte> secret(kSecretBytes);
  for (std::byte& byte : secret) byte = static_cast<std::byte>(device() & 255U);
  DLV_TRY(store_.file_system().MakeDirectory(Folder()));
  return ReplaceFile(store_.file_system(), Folder() + "/" + std::string(kSecretName), secret,
                     io::WriteMode::kPrivate);
}

const std::vector<std::byte>* DerivedStore::Secret(bool make) {
  if (secret_) return &*secret_;
  io::FileSystem& files = store_.file_system();
  const std::string path = Folder() + "/" + std::string(kSecretName);
  const auto read = [&]() -> bool {
    auto bytes = io::ReadWholeFile(files, path, kSecretBytes);
    if (!bytes.ok() || bytes->size() != kSecretBytes || !OnlyItsOwnerCanReadIt(files, path))
      return false;
    secret_ = std::move(bytes).value();
    return true;
  };
  if (read()) return &*secret_;
  // Somebody else's is left alone: this process does without.
  const bool is_elsewhere = files.Stat(path).ok() && !files.OpenForReading(path).ok();
  if (!make || store_.read_only() || is_elsewhere || !MakeSecret().ok()) return nullptr;
  return read() ? &*secret_ : nullptr;  // another process may have been quicker: its is used
}

std::optional<std::vector<double>> DerivedStore::Find(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto* const secret = Secret(false);
  if (secret == nullptr || key.size() > kMostKeyBytes) return std::nullopt;
  const auto bytes = io::ReadWholeFile(store_.file_system(), PathOf(key), kMostEntryBytes);
  if (!bytes.ok()) return std::nullopt;
  auto entry = DecodeDerived(*secret, *bytes);
  if (!entry.ok() || entry->key != key) return std::nullopt;
  read_bytes_ += bytes->size();
  return std::move(entry->values);
}

Status DerivedStore::CountOnce() {
  if (held_bytes_) return Ok();
  io::FileSystem& files = store_.file_system();
  const std::int64_t now = Now() * 1'000'000'000;
  std::uint64_t bytes = 0;
  DLV_ASSIGN(const auto names, files.List(Folder()));
  for (const std::string& name : names) {
    const std::string path = Folder() + "/" + name;
    const auto stat = files.Stat(path);
    if (!stat.ok()) continue;
    if (IsTemporary(name) && stat->modified_ns < now - kStaleNanoseconds) {
      (void)files.Remove(path);  // left by a process that was stopped
    } else {
      bytes += stat->size_bytes;
    }
  }
  held_bytes_ = bytes;
  return Ok();
}

Status DerivedStore::Put(std::string_view key, std::span<const double> values) {
  if (key.empty() || key.size() > kMostKeyBytes || values.size() > kMostValues) {
    return Error{ErrorCode::kInvalidArgument,
                 "derived data: a key of " + std::to_string(key.size()) + " bytes with " +
                     std::to_string(values.size()) + " numbers is beyond the limits"};
  }
  if (store_.read_only()) return Ok();
  const std::lock_guard lock(mutex_);
  const auto* const secret = Secret(true);
  if (secret == nullptr) return Ok();
  DLV_TRY(CountOnce());
  const std::vector<std::byte> bytes = EncodeDerived(*secret, key, values);
  if (*held_bytes_ + bytes.size() > kMostBytes) return Ok();
  *held_bytes_ += bytes.size();
  return ReplaceFile(store_.file_system(), PathOf(key), bytes, io::WriteMode::kCreateNew);
}

void VerifyDerived(Store& store, const DerivedCheck& check, VerifyResult& result) {
  io::FileSystem& files = store.file_system();
  const std::string folder = store.paths().dlv + "/derived";
  const auto names = files.List(folder);
  if (!names.ok()) return;  // most repositories have none
  const auto secret =
      io::ReadWholeFile(files, folder + "/" + std::string(kSecretName), kSecretBytes);
  std::uint64_t foreign = 0;
  std::string example;
  for (const std::string& name : *names) {
    if (name == kSecretName || IsTemporary(name)) continue;
    const auto bytes = io::ReadWholeFile(files, folder + "/" + name, kMostEntryBytes);
    if (!bytes.ok() && bytes.error().code == ErrorCode::kNotFound) continue;
    Result<DerivedEntry> entry = Error{ErrorCode::kCorruption, "cannot be read"};
    if (bytes.ok() && secret.ok()) entry = DecodeDerived(*secret, *bytes);
    if (!entry.ok()) {
      if (foreign++ == 0) example = name;
      continue;
    }
    if (!check) continue;
    const Status checked = check(*entry);
    if (checked.ok()) continue;
    result.findings.push_back(
        {checked.error().code, "derived/" + name, checked.error().message, {}});
  }
  if (foreign == 0) return;
  result.notes.push_back(
      "derived/" + example +
      (foreign == 1 ? " is" : " and " + std::to_string(foreign - 1) + " others are") +
      " damaged or not computed by this repository: never used, may be deleted");
}

}  // namespace dlv::store
