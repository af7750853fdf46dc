#include "tests/format/golden_list.h"

#include "storage/io/hash.h"

namespace dlv::testing::golden {
namespace {

std::string Sha256Of(std::span<const std::byte> bytes) {
  io::Sha256 hash;
  hash.Update(bytes);
  return hash.Finish<FileDigest>().Hex();
}

std::string Pairs(const KeyValues& pairs) {
  std::string text;
  for (const auto& [key, value] : pairs) {
    text += (text.empty() ? "" : ", ") + ("\"" + key + "\": \"" + value + "\"");
  }
  return "{" + text + "}";
}

std::string Sources(const archive::ManifestSources& sources) {
  if (sources.empty()) return "";
  return ", \"sources\": {\"hparams\": " + Pairs(sources.hparams) +
         ", \"metrics\": " + Pairs(sources.metrics) + ", \"tags\": " + Pairs(sources.tags) + "}";
}

std::string Comma(const std::string& list) { return list.empty() ? "" : ",\n  "; }

}  // namespace

void GoldenList::AddTensor(const Golden& tensor) {
  tensors_ += Comma(tensors_) + "{\"id\": \"" + tensor.hash.id.Hex() + "\", \"dtype\": \"" +
              std::string(NameOf(tensor.dtype)) +
              "\", \"elements\": " + std::to_string(tensor.bytes.size() / SizeOf(tensor.dtype)) +
              ", \"sha256\": \"" + Sha256Of(tensor.bytes) + "\"}";
}

void GoldenList::AddBlob(const BlobId& id, const Bytes& bytes) {
  blobs_ += Comma(blobs_) + "{\"id\": \"" + id.Hex() +
            "\", \"bytes\": " + std::to_string(bytes.size()) + ", \"sha256\": \"" +
            Sha256Of(bytes) + "\"}";
}

void GoldenList::AddVersion(const VersionId& id, const archive::Manifest& manifest,
                            std::size_t tensor_count) {
  versions_ += Comma(versions_) + "{\"id\": \"" + id.Hex() + "\", \"model\": \"" + manifest.model +
               "\", \"tensors\": " + std::to_string(tensor_count) + ", \"files\": [\"" +
               manifest.files[0].path + "\"]" + Sources(manifest.sources) + "}";
}

void GoldenList::AddMember(const Golden& tensor) {
  members_ += Comma(members_) + "{\"name\": \"" + tensor.name + "\", \"sha256\": \"" +
              Sha256Of(tensor.bytes) + "\"}";
}

std::string GoldenList::Json() const {
  return "{\n \"tensors\": [\n  " + tensors_ + "\n ],\n \"blobs\": [\n  " + blobs_ +
         "\n ],\n \"versions\": [\n  " + versions_ + "\n ]" +
         (members_.empty() ? "" : ",\n \"members\": [\n  " + members_ + "\n ]") + "\n}\n";
}

Result<archive::TensorHash> Hash(const Golden& tensor) {
  return archive::HashTensorSource(*io::MakeViewSource(tensor.bytes), tensor.dtype,
                                   tensor.bytes.size() / SizeOf(tensor.dtype), 1);
}

archive::PackFactory OnePack(io::FileSystem& file_system, const std::string& path) {
  return [&file_system, path]() -> Result<archive::NewPack> {
    DLV_ASSIGN(auto file, file_system.OpenForWriting(path, io::WriteMode::kReplace));
    return archive::NewPack{path, std::move(file)};
  };
}

Status AddChunked(archive::SectionSink& sink, Golden& tensor, const Golden* base, unsigned depth,
                  GoldenList& list, codec::EncodeOptions options, const Golden* second) {
  DLV_ASSIGN(tensor.hash, Hash(tensor));
  archive::TensorEntry entry;
  entry.id = tensor.hash.id;
  entry.dtype = tensor.dtype;
  entry.element_count = tensor.bytes.size() / SizeOf(tensor.dtype);
  if (base != nullptr) entry.base = base->hash.id;
  if (second != nullptr) entry.second_base = second->hash.id;
  if (second != nullptr) options.second_base = second->bytes;
  entry.depth = static_cast<std::uint8_t>(depth);
  list.AddTensor(tensor);
  DLV_TRY(sink.BeginTensor(entry));
  codec::ChunkEncoder encoder;
  codec::EncodedChunk coded;
  DLV_TRY(encoder.Encode(
      tensor.dtype, tensor.bytes,
      base != nullptr ? std::span<const std::byte>(base->bytes) : std::span<const std::byte>(),
      options, coded));
  DLV_TRY(sink.WriteChunk(coded.bytes, io::Xxh3(coded.bytes), coded.header, tensor.hash.chunks[0]));
  return sink.EndTensor().ok() ? Ok()
                               : Status(Error{ErrorCode::kInternal, "tensor cannot be closed"});
}

Status Add(archive::SectionWriter& writer, Golden& tensor, const Golden* base, GoldenList& list,
           const Golden* second) {
  DLV_ASSIGN(tensor.hash, Hash(tensor));
  archive::TensorPlan plan;
  plan.hash = tensor.hash;
  plan.dtype = tensor.dtype;
  plan.element_count = tensor.bytes.size() / SizeOf(tensor.dtype);
  std::unique_ptr<io::ByteSource> source, second_source;
  if (base != nullptr) {
    source = io::MakeViewSource(base->bytes);
    plan.base = base->hash.id;
    plan.base_bytes = source.get();
  }
  if (second != nullptr) {
    second_source = io::MakeViewSource(second->bytes);
    plan.second_base = second->hash.id;
    plan.second_base_bytes = second_source.get();
  }
  list.AddTensor(tensor);
  return writer.AddTensor(plan, *io::MakeViewSource(tensor.bytes));
}

archive::WriterOptions OneThread() {
  archive::WriterOptions options;
  options.threads = 1;
  return options;
}

Status WriteExpected(io::FileSystem& file_system, const std::string& folder,
                     const GoldenList& list) {
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

}  // namespace dlv::testing::golden
