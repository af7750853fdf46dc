#include "tests/format/golden_packs.h"

#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "storage/archive/layout.h"
#include "storage/archive/section_sink.h"
#include "storage/archive/section_writer.h"
#include "storage/archive/strips.h"
#include "storage/io/hash.h"
#include "tests/format/golden_values.h"

namespace dlv::testing {
namespace {

using archive::SectionWriter;
using golden::Append;
using golden::Bytes;
using golden::Falling;
using golden::Moved;
using golden::Onward;
using golden::Rows;
using golden::TimesMask;
using golden::Weights;
using golden::WithZeros;

struct Golden {
  std::string name;
  DType dtype;
  Bytes bytes;
  archive::TensorHash hash = {};
};

std::string Sha256Of(std::span<const std::byte> bytes) {
  io::Sha256 hash;
  hash.Update(bytes);
  return hash.Finish<FileDigest>().Hex();
}

/// Gathers expected.json.
class GoldenList {
 public:
  void AddTensor(const Golden& tensor) {
    tensors_ += Comma(tensors_) + "{\"id\": \"" + tensor.hash.id.Hex() + "\", \"dtype\": \"" +
                std::string(NameOf(tensor.dtype)) +
                "\", \"elements\": " + std::to_string(tensor.bytes.size() / SizeOf(tensor.dtype)) +
                ", \"sha256\": \"" + Sha256Of(tensor.bytes) + "\"}";
  }
  void AddBlob(const BlobId& id, const Bytes& bytes) {
    blobs_ += Comma(blobs_) + "{\"id\": \"" + id.Hex() +
              "\", \"bytes\": " + std::to_string(bytes.size()) + ", \"sha256\": \"" +
              Sha256Of(bytes) + "\"}";
  }
  void AddVersion(const VersionId& id, const archive::Manifest& manifest,
                  std::size_t tensor_count) {
    versions_ += Comma(versions_) + "{\"id\": \"" + id.Hex() + "\", \"model\": \"" +
                 manifest.model + "\", \"tensors\": " + std::to_string(tensor_count) +
                 ", \"files\": [\"" + manifest.files[0].path + "\"]" + Sources(manifest.sources) +
                 "}";
  }
  /// A tensor in a strip.
  void AddMember(const Golden& tensor) {
    members_ += Comma(members_) + "{\"name\": \"" + tensor.name + "\", \"sha256\": \"" +
                Sha256Of(tensor.bytes) + "\"}";
  }
  std::string Json() const {
    return "{\n \"tensors\": [\n  " + tensors_ + "\n ],\n \"blobs\": [\n  " + blobs_ +
           "\n ],\n \"versions\": [\n  " + versions_ + "\n ]" +
           (members_.empty() ? "" : ",\n \"members\": [\n  " + members_ + "\n ]") + "\n}\n";
  }

 private:
  static std::string Pairs(const KeyValues& pairs) {
    std::string text;
    for (const auto& [key, value] : pairs) {
      text += (text.empty() ? "" : ", ") + ("\"" + key + "\": \"" + value + "\"");
    }
    return "{" + text + "}";
  }
  static std::string Sources(const archive::ManifestSources& sources) {
    if (sources.empty()) return "";
    return ", \"sources\": {\"hparams\": " + Pairs(sources.hparams) +
           ", \"metrics\": " + Pairs(sources.metrics) + ", \"tags\": " + Pairs(sources.tags) + "}";
  }
  static std::string Comma(const std::string& list) { return list.empty() ? "" : ",\n  "; }
  std::string tensors_, blobs_, versions_, members_;
};

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

Status Add(SectionWriter& writer, Golden& tensor, const Golden* base, GoldenList& list,
           const Golden* second = nullptr) {
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

Bytes Text(std::string_view line, int times) {
  Bytes bytes;
  for (int i = 0; i < times; ++i) {
    for (const char c : line) bytes.push_back(static_cast<std::byte>(c));
  }
  return bytes;
}

/// Writes a manifest around a snapshot whose layout has `tensor_count` tensors.
Status WriteManifest(SectionWriter& writer, archive::ManifestSnapshot snapshot,
                     std::size_t tensor_count, std::optional<VersionId> parent, const BlobId& note,
                     std::uint64_t number, GoldenList& list, VersionId* id,
                     const archive::ManifestSources& sources) {
  archive::Manifest manifest;
  manifest.sources = sources;
  snapshot.step = static_cast<std::int64_t>(number) * 100;
  manifest.model = "golden";
  manifest.message = "version " + std::to_string(number);
  manifest.snapshots = {snapshot};
  archive::ManifestFile file;
  file.path = "notes/readme.txt";
  file.size_bytes = 900;
  file.format = "blob";
  file.content = note;
  manifest.files = {file};
  manifest.hparams = {{"lr", "0.1"}, {"optimizer", "sgd"}};
  manifest.metrics = {{"accuracy", {{-1, 0.5}}}, {"loss", {{0, 2.25}, {100, 1.125}}}};
  if (parent) manifest.parents = {{*parent, Relation::kFinetune, {{"data", "other"}}, true}};
  DLV_ASSIGN(const Bytes canonical, archive::EncodeManifest(manifest));
  *id = archive::HashManifest(canonical);
  list.AddVersion(*id, manifest, tensor_count);
  writer.SetManifest(
      canonical,
      archive::Envelope{
          1'700'000'000, "Ada", number, {{"stage", "draft"}}, {"latest"}, "dlv 0.1.0", 900});
  return Ok();
}

Status SetManifest(SectionWriter& writer, const std::vector<Golden>& tensors,
                   std::optional<VersionId> parent, const BlobId& note, std::uint64_t number,
                   GoldenList& list, VersionId* id, const archive::ManifestSources& sources = {}) {
  archive::Layout layout;
  archive::ManifestSnapshot snapshot;
  for (const Golden& tensor : tensors) {
    archive::LayoutTensor& entry = layout.tensors.emplace_back();
    entry.name = tensor.name;
    entry.dtype = tensor.dtype;
    if (tensor.name != "rank.zero")
      entry.shape = {static_cast<std::int64_t>(tensor.bytes.size() / SizeOf(tensor.dtype))};
    snapshot.tensors.push_back(tensor.hash.id);
  }
  DLV_ASSIGN(const Bytes layout_bytes, archive::EncodeLayout(layout));
  DLV_ASSIGN(snapshot.layout, writer.AddBlob(layout_bytes));
  list.AddBlob(snapshot.layout, layout_bytes);
  return WriteManifest(writer, snapshot, tensors.size(), parent, note, number, list, id, sources);
}

/// base.pack and delta.pack: clusters of many dtypes, blobs, manifests.
Status MakeVersions(io::FileSystem& file_system, const std::string& folder, GoldenList& list) {
  std::vector<Golden> first = {{"conv.weight", DType::kF32, Weights(DType::kF32, 300, 1)},
                               {"conv.bias", DType::kF32, Weights(DType::kF32, 20, 2)},
                               {"half.weight", DType::kBF16, Weights(DType::kBF16, 200, 3)},
                               {"f16.weight", DType::kF16, Weights(DType::kF16, 50, 4)},
                               {"f64.weight", DType::kF64, Weights(DType::kF64, 50, 5)},
                               {"steps", DType::kI64, Weights(DType::kI64, 3, 6)},
                               {"rank.zero", DType::kF32, Weights(DType::kF32, 1, 7)},
                               {"empty", DType::kF32, {}},
                               {"mask", DType::kBool, Weights(DType::kBool, 100, 8)},
                               {"complex", DType::kComplex64, Weights(DType::kComplex64, 30, 9)},
                               {"ones", DType::kU8, Bytes(140'000, std::byte{1})}};
  SectionWriter writer(OnePack(file_system, folder + "/base.pack"), OneThread());
  for (Golden& tensor : first) DLV_TRY(Add(writer, tensor, nullptr, list));
  const Bytes text = Text("every model is wrong, some are stored\n", 24);
  DLV_ASSIGN(const BlobId text_id, writer.AddBlob(text));
  list.AddBlob(text_id, text);
  const Bytes noise = Weights(DType::kF64, 10, 99);
  DLV_ASSIGN(const BlobId noise_id, writer.AddBlob(noise));
  list.AddBlob(noise_id, noise);
  DLV_ASSIGN(const BlobId empty_id, writer.AddBlob(Bytes()));
  list.AddBlob(empty_id, Bytes());
  VersionId id;
  DLV_TRY(SetManifest(writer, first, std::nullopt, text_id, 1, list, &id));
  DLV_TRY(writer.Finish());

  std::vector<Golden> second = {
      {"conv.weight", DType::kF32, Moved<std::uint32_t>(first[0].bytes, 1)},
      {"conv.bias", DType::kF32, Moved<std::uint32_t>(first[1].bytes, 2)},
      {"half.weight", DType::kBF16, Moved<std::uint16_t>(first[2].bytes, 3)}};
  SectionWriter next(OnePack(file_system, folder + "/delta.pack"), OneThread());
  for (std::size_t i = 0; i < second.size(); ++i) DLV_TRY(Add(next, second[i], &first[i], list));
  Bytes longer = Weights(DType::kF64, 40, 98);
  longer.insert(longer.end(), noise.begin(), noise.end());
  longer.insert(longer.end(), text.begin(), text.end());
  const auto prefix = io::MakeViewSource(text);
  DLV_ASSIGN(const BlobId longer_id,
             next.AddBlob(*io::MakeViewSource(longer), text_id, prefix.get()));
  list.AddBlob(longer_id, longer);
  DLV_TRY(SetManifest(next, second, id, longer_id, 2, list, &id));
  return next.Finish().ok() ? Ok()
                            : Status(Error{ErrorCode::kInternal, "delta.pack cannot be written"});
}

/// A chunk of its own although small: the writer would put it into a cluster, a reader takes both.
Status AddChunked(archive::SectionSink& sink, Golden& tensor, const Golden* base, unsigned depth,
                  GoldenList& list, codec::EncodeOptions options = {},
                  const Golden* second = nullptr) {
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

/// chunks.pack: tensors in chunks of their own and a chain of depth 3.
Status MakeChunks(io::FileSystem& file_system, const std::string& folder, GoldenList& list) {
  archive::SectionSink sink(OnePack(file_system, folder + "/chunks.pack"),
                            archive::kPackTargetBytes, 3);
  std::vector<Golden> chain = {{"chain.0", DType::kF32, Weights(DType::kF32, 6000, 20)}};
  for (std::uint64_t i = 1; i <= 3; ++i) {
    chain.push_back({"chain." + std::to_string(i), DType::kF32,
                     Moved<std::uint32_t>(chain.back().bytes, 20 + i)});
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    DLV_TRY(AddChunked(sink, chain[i], i == 0 ? nullptr : &chain[i - 1], static_cast<unsigned>(i),
                       list));
  }
  Golden half{"bf16.0", DType::kBF16, Weights(DType::kBF16, 5000, 30)};
  Golden half_next{"bf16.1", DType::kBF16, Moved<std::uint16_t>(half.bytes, 31)};
  DLV_TRY(AddChunked(sink, half, nullptr, 0, list));
  DLV_TRY(AddChunked(sink, half_next, &half, 1, list));
  return sink.Finish({}, {}).ok()
             ? Ok()
             : Status(Error{ErrorCode::kInternal, "chunks.pack cannot be written"});
}

/// Sets the XXH3 at `at` to that of the bytes from `begin` up to it.
void SumUp(Bytes& bytes, std::size_t begin, std::size_t at) {
  const std::uint64_t sum = io::Xxh3(std::span(bytes).subspan(begin, at - begin));
  std::memcpy(bytes.data() + at, &sum, sizeof sum);
}

/// Packs that every reader has to refuse, made out of the tiny one.
Status MakeRefused(io::FileSystem& file_system, const std::string& folder) {
  const std::string path = folder + "tiny.pack";
  DLV_TRY(MakeTinyPack(file_system, path));
  DLV_ASSIGN(const Bytes tiny, io::ReadWholeFile(file_system, path, 1u << 20));
  DLV_TRY(file_system.Remove(path));
  constexpr std::size_t kSection = archive::kSectionAlignment, kUnit = kSection + 64;
  Bytes newer = tiny;
  newer[8] = std::byte{2};
  SumUp(newer, 0, 16);
  DLV_TRY(io::WriteFileAtomically(file_system, folder + "newer_version.pack", newer));
  Bytes feature = tiny;
  feature[kSection + 12] = std::byte{1};
  SumUp(feature, kSection, kSection + 40);
  DLV_TRY(io::WriteFileAtomically(file_system, folder + "unknown_feature.pack", feature));
  Bytes unit = tiny;
  unit[kUnit + 3] ^= std::byte{1};
  DLV_TRY(io::WriteFileAtomically(file_system, folder + "damaged_unit.pack", unit));
  Bytes directory = tiny;
  directory[tiny.size() - 64 - archive::SectionFooter::kEncodedSize - 20] ^= std::byte{1};
  DLV_TRY(io::WriteFileAtomically(file_system, folder + "damaged_directory.pack", directory));
  return io::WriteFileAtomically(file_system, folder + "cut_off.pack",
                                 std::span(tiny).first(tiny.size() - 10));
}

}  // namespace

Status MakeGoldenPacks(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  DLV_TRY(MakeVersions(file_system, folder, list));
  DLV_TRY(MakeChunks(file_system, folder, list));
  const std::string json = list.Json();
  DLV_TRY(io::WriteFileAtomically(file_system, folder + "/expected.json",
                                  std::as_bytes(std::span(json))));
  DLV_TRY(file_system.MakeDirectory(folder + "/refuse"));
  return MakeRefused(file_system, folder + "/refuse/");
}

Status MakeStripsPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  std::vector<Golden> tensors = {{"conv.weight", DType::kF32, Weights(DType::kF32, 300, 60)},
                                 {"conv.bias", DType::kF32, Weights(DType::kF32, 20, 61)},
                                 {"steps", DType::kI64, Weights(DType::kI64, 3, 62)},
                                 {"norm.weight", DType::kF32, Weights(DType::kF32, 256, 63)},
                                 {"half", DType::kBF16, Weights(DType::kBF16, 10, 64)},
                                 {"tick", DType::kI64, Weights(DType::kI64, 1, 65)}};
  archive::Layout layout;
  for (const Golden& tensor : tensors) {
    const auto count = static_cast<std::int64_t>(tensor.bytes.size() / SizeOf(tensor.dtype));
    layout.tensors.push_back(
        {0, TensorRole::kParameter, tensor.name, tensor.dtype, "", {count}, false, false});
  }
  archive::ChooseStripMembers(layout.tensors);
  SectionWriter writer(OnePack(file_system, folder + "/strips.pack"), OneThread());
  archive::ManifestSnapshot snapshot;
  const archive::StripMap map(layout.tensors);
  snapshot.tensors.resize(map.stored_count());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (layout.tensors[i].in_strip) continue;
    DLV_TRY(Add(writer, tensors[i], nullptr, list));
    snapshot.tensors[map.place(i).stored] = tensors[i].hash.id;
  }
  for (std::size_t k = 0; k < map.strips().size(); ++k) {
    Golden strip{"", map.strips()[k].dtype, {}};
    for (const std::uint32_t member : map.strips()[k].members) {
      const Bytes& bytes = tensors[member].bytes;
      strip.bytes.insert(strip.bytes.end(), bytes.begin(), bytes.end());
      list.AddMember(tensors[member]);
    }
    DLV_TRY(Add(writer, strip, nullptr, list));
    snapshot.tensors[map.first_strip() + k] = strip.hash.id;
  }
  DLV_ASSIGN(const Bytes coded, archive::EncodeLayout(layout));
  DLV_ASSIGN(snapshot.layout, writer.AddBlob(coded));
  list.AddBlob(snapshot.layout, coded);
  const Bytes note = Text("stored side by side\n", 4);
  DLV_ASSIGN(const BlobId note_id, writer.AddBlob(note));
  list.AddBlob(note_id, note);
  VersionId id;
  DLV_TRY(WriteManifest(writer, snapshot, tensors.size(), std::nullopt, note_id, 1, list, &id, {}));
  DLV_TRY(writer.Finish());
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeValuesPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/values.pack"),
                            archive::kPackTargetBytes, 3);
  std::vector<Golden> tensors = {
      {"masked", DType::kF32, TimesMask<std::uint32_t>(Weights(DType::kF32, 5000, 40), 40)},
      {"masked.half", DType::kBF16, TimesMask<std::uint16_t>(Weights(DType::kBF16, 900, 41), 41)},
      {"rows", DType::kF32, Rows(4800, 42)},
      {"rows.few", DType::kF32, Rows(1200, 43)},
      {"rows.rough", DType::kF32, Rows(6000, 48, true)},
      {"f16", DType::kF16, Weights(DType::kF16, 4500, 44)},
      {"numbers", DType::kI64, Weights(DType::kI64, 4200, 45)},
      {"digits", DType::kU8, Weights(DType::kU8, 4200, 46)},
      {"mask", DType::kBool, Weights(DType::kBool, 2000, 47)}};
  for (Golden& tensor : tensors) {
    codec::EncodeOptions options;
    if (SizeOf(tensor.dtype) == 4 || tensor.dtype == DType::kF16)
      options.force_mode = codec::ChunkMode::kFloat;
    DLV_TRY(AddChunked(sink, tensor, nullptr, 0, list, options));
  }
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeTailsPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/tails.pack"), archive::kPackTargetBytes,
                            3);
  std::vector<Golden> tensors = {
      {"plain", DType::kF32, Weights(DType::kF32, 5000, 70)},
      {"masked", DType::kF32, TimesMask<std::uint32_t>(Weights(DType::kF32, 5000, 71), 71)},
      {"wide", DType::kF64, Weights(DType::kF64, 1100, 72)}};
  for (Golden& tensor : tensors) {
    const std::size_t width = SizeOf(tensor.dtype);
    for (std::size_t i = 0; i < tensor.bytes.size(); i += width) tensor.bytes[i] &= std::byte{0x5b};
    codec::EncodeOptions options;
    options.force_mode = codec::ChunkMode::kFloatTail;
    DLV_TRY(AddChunked(sink, tensor, nullptr, 0, list, options));
  }
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeCodedPlanesPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/planes.pack"),
                            archive::kPackTargetBytes, 3);
  std::vector<Golden> tensors = {
      {"large", DType::kBF16, Falling<std::uint16_t>(Weights(DType::kBF16, 70'000, 90), 7)},
      {"middle", DType::kBF16, Falling<std::uint16_t>(Weights(DType::kBF16, 33'000, 91), 7)},
      {"masked", DType::kF32, Falling<std::uint32_t>(Weights(DType::kF32, 5000, 92), 23)},
      {"tail", DType::kF32, Falling<std::uint32_t>(Weights(DType::kF32, 6000, 93), 23)},
      {"double", DType::kF64, Falling<std::uint64_t>(Weights(DType::kF64, 2100, 94), 52)}};
  tensors[2].bytes = TimesMask<std::uint32_t>(tensors[2].bytes, 92);
  for (std::size_t i = 0; i < tensors[3].bytes.size(); i += 4)
    tensors[3].bytes[i] = static_cast<std::byte>(golden::SplitMix(i) & 0x5b);
  for (Golden& tensor : tensors) {
    codec::EncodeOptions options;
    options.force_mode = codec::ChunkMode::kFloat;
    DLV_TRY(AddChunked(sink, tensor, nullptr, 0, list, options));
  }
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeSignificancePack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/significance.pack"),
                            archive::kPackTargetBytes, 3);
  std::vector<Golden> tensors = {
      {"plain", DType::kF32, Weights(DType::kF32, 5000, 80)},
      {"masked", DType::kF32, TimesMask<std::uint32_t>(Weights(DType::kF32, 3000, 81), 81)},
      {"half", DType::kBF16, Weights(DType::kBF16, 2000, 82)},
      {"double", DType::kF64, Weights(DType::kF64, 1100, 83)}};
  for (Golden& tensor : tensors) {
    codec::EncodeOptions options;
    options.force_mode = codec::ChunkMode::kSignificance;
    DLV_TRY(AddChunked(sink, tensor, nullptr, 0, list, options));
  }
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeSecondBasesPacks(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/chunks.pack"),
                            archive::kPackTargetBytes, 3);
  const auto add_chain = [&](const std::string& name, DType dtype, const Bytes& first,
                             Bytes (*onward)(Bytes, std::uint64_t)) -> Status {
    std::vector<Golden> chain = {{name + ".0", dtype, first}};
    for (std::uint64_t i = 1; i < 4; ++i)
      chain.push_back({name + "." + std::to_string(i), dtype, onward(chain.back().bytes, i)});
    for (std::size_t i = 0; i < chain.size(); ++i) {
      DLV_TRY(AddChunked(sink, chain[i], i > 0 ? &chain[i - 1] : nullptr, static_cast<unsigned>(i),
                         list, {}, i > 1 ? &chain[i - 2] : nullptr));
    }
    return Ok();
  };
  DLV_TRY(add_chain("f32", DType::kF32, Weights(DType::kF32, 5000, 80), Onward<std::uint32_t>));
  DLV_TRY(add_chain("bf16", DType::kBF16, Weights(DType::kBF16, 3000, 81), Onward<std::uint16_t>));
  DLV_TRY(add_chain("f64", DType::kF64, Weights(DType::kF64, 1000, 82), Onward<std::uint64_t>));
  DLV_TRY(sink.Finish({}, {}));

  // Clusters: of the last, one member has a second base and one has none.
  SectionWriter writer(OnePack(file_system, folder + "/clusters.pack"), OneThread());
  std::vector<Golden> before, now;
  for (std::uint64_t i = 0; i < 2; ++i)
    before.push_back({"", DType::kF32, Weights(DType::kF32, i == 0 ? 1500 : 100, 83 + i)});
  for (Golden& tensor : before) DLV_TRY(Add(writer, tensor, nullptr, list));
  std::vector<Golden> last = before;
  for (std::uint64_t version = 1; version < 4; ++version) {
    now = last;
    for (Golden& tensor : now) tensor.bytes = Onward<std::uint32_t>(tensor.bytes, version);
    for (std::size_t i = 0; i < now.size(); ++i) {
      const bool both = version > 1 && (version < 3 || i == 0);
      DLV_TRY(Add(writer, now[i], &last[i], list, both ? &before[i] : nullptr));
    }
    before = std::exchange(last, now);
  }
  DLV_TRY(writer.Finish());
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeColdPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/cold.pack"), archive::kPackTargetBytes,
                            3);
  codec::EncodeOptions wide;
  wide.cold = true;
  wide.force_mode = codec::ChunkMode::kFloat;
  codec::EncodeOptions second;
  second.force_mode = codec::ChunkMode::kDeltaSecond;
  std::vector<Golden> bases = {{"f32.0", DType::kF32, Weights(DType::kF32, 20'000, 80)},
                               {"bf16.0", DType::kBF16, Weights(DType::kBF16, 24'000, 81)},
                               {"f64.0", DType::kF64, Weights(DType::kF64, 1100, 82)}};
  std::vector<Golden> children = {
      {"f32.1", DType::kF32, Moved<std::uint32_t>(bases[0].bytes, 83)},
      {"bf16.1", DType::kBF16, Moved<std::uint16_t>(bases[1].bytes, 84)},
      {"f64.1", DType::kF64, Moved<std::uint64_t>(bases[2].bytes, 85)}};
  for (Golden& base : bases) DLV_TRY(AddChunked(sink, base, nullptr, 0, list, wide));
  for (std::size_t i = 0; i < children.size(); ++i)
    DLV_TRY(AddChunked(sink, children[i], &bases[i], 1, list, second));
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeNarrowPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/narrow.pack"),
                            archive::kPackTargetBytes, 3);
  struct Narrow {
    DType dtype;
    std::uint64_t count;
    unsigned zero_bits;
  };
  constexpr Narrow kAll[] = {{DType::kF32, 5000, 16}, {DType::kF32, 5000, 13},
                             {DType::kF32, 700, 4},   {DType::kF64, 1100, 29},
                             {DType::kF64, 500, 48},  {DType::kComplex64, 900, 16}};
  codec::EncodeOptions usual, second_bits;
  usual.force_mode = codec::ChunkMode::kDelta;
  second_bits.force_mode = codec::ChunkMode::kDeltaSecond;
  std::uint64_t seed = 110;
  for (const Narrow& one : kAll) {
    const bool is_wide = codec::FullPlanes(one.dtype) == 64;
    const auto moved = [&](const Bytes& from) {  // so far that little of the low levels is coded
      return is_wide ? Moved<std::uint64_t>(from, ++seed, 1ULL << (one.zero_bits + 9))
                     : Moved<std::uint32_t>(from, ++seed, 1ULL << (one.zero_bits + 3));
    };
    const std::string name = std::string(NameOf(one.dtype)) + "." + std::to_string(one.zero_bits);
    Golden base{name + ".0", one.dtype, Weights(one.dtype, one.count, ++seed)};
    Golden next{name + ".1", one.dtype, WithZeros(moved(base.bytes), one.dtype, one.zero_bits)};
    Golden last{name + ".2", one.dtype, WithZeros(moved(next.bytes), one.dtype, one.zero_bits)};
    DLV_TRY(AddChunked(sink, base, nullptr, 0, list));
    DLV_TRY(AddChunked(sink, next, &base, 1, list, usual));
    DLV_TRY(AddChunked(sink, last, &next, 2, list, second_bits));
  }
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeIntegersPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  archive::SectionSink sink(OnePack(file_system, folder + "/integers.pack"),
                            archive::kPackTargetBytes, 3);
  codec::EncodeOptions delta;
  delta.force_mode = codec::ChunkMode::kIntegerDelta;
  const auto add_pair = [&](const std::string& name, DType dtype, const Bytes& first,
                            const Bytes& next) -> Status {
    Golden base{name + ".0", dtype, first}, child{name + ".1", dtype, next};
    DLV_TRY(AddChunked(sink, base, nullptr, 0, list));
    return AddChunked(sink, child, &base, 1, list, delta);
  };
  const Bytes large = golden::Quantised(20'000, 90), small = golden::Quantised(700, 91);
  DLV_TRY(add_pair("scaled", DType::kI8, large, golden::Requantised(large, 90, 0)));
  DLV_TRY(add_pair("small", DType::kI8, small, golden::Requantised(small, 91, 0)));
  DLV_TRY(add_pair("unsigned", DType::kU8, large, golden::Requantised(large, 92, 3)));
  DLV_TRY(add_pair("packed", DType::kI32, large, golden::Requantised(large, 93, 0)));
  Bytes mask = Weights(DType::kBool, 9000, 94), pruned = mask;
  for (std::size_t i = 0; i < pruned.size(); i += 1 + golden::SplitMix(i) % 60)
    pruned[i] = std::byte{0};
  DLV_TRY(add_pair("mask", DType::kBool, mask, pruned));
  const Bytes wide = Weights(DType::kI32, 5000, 95);
  DLV_TRY(add_pair("wide", DType::kI32, wide, Moved<std::uint32_t>(wide, 95)));
  const Bytes counts = Weights(DType::kI64, 60, 96);
  Bytes later;
  for (std::size_t i = 0; i < counts.size(); i += 8) {
    std::int64_t count = 0;
    std::memcpy(&count, counts.data() + i, sizeof count);
    Append(later, count + 1000);
  }
  DLV_TRY(add_pair("steps", DType::kI64, counts, later));
  Bytes edited = Weights(DType::kI16, 6000, 97), rows = edited;
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] ^= std::byte{static_cast<std::uint8_t>(i % 96 / 2)};
  DLV_TRY(add_pair("rows", DType::kI16, edited, rows));
  for (std::size_t i = 3000; i < 3020; ++i) edited[i] ^= std::byte{1};
  DLV_TRY(add_pair("edited", DType::kU16, Weights(DType::kI16, 6000, 97), edited));
  DLV_TRY(sink.Finish({}, {}));
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeSourcesPack(io::FileSystem& file_system, const std::string& folder) {
  GoldenList list;
  SectionWriter writer(OnePack(file_system, folder + "/sources.pack"), OneThread());
  std::vector<Golden> tensors = {{"w", DType::kF32, Weights(DType::kF32, 20, 50)}};
  DLV_TRY(Add(writer, tensors[0], nullptr, list));
  const Bytes text = Text("license: mit\n", 1);
  DLV_ASSIGN(const BlobId id, writer.AddBlob(text));
  list.AddBlob(id, text);
  VersionId version;
  DLV_TRY(SetManifest(
      writer, tensors, std::nullopt, id, 1, list, &version,
      {{{"lr", "config.json"}}, {{"loss", "metrics.csv"}}, {{"license", "README.md"}}}));
  DLV_TRY(writer.Finish());
  const std::string json = list.Json();
  return io::WriteFileAtomically(file_system, folder + "/expected.json",
                                 std::as_bytes(std::span(json)));
}

Status MakeTinyPack(io::FileSystem& file_system, const std::string& path) {
  SectionWriter writer(OnePack(file_system, path), OneThread());
  GoldenList list;
  Golden tensor{"answer", DType::kI64, {}};
  Append(tensor.bytes, std::int64_t{42});
  DLV_TRY(Add(writer, tensor, nullptr, list));
  DLV_TRY(writer.AddBlob(Text("hello, pack\n", 1)));
  return writer.Finish().ok() ? Ok()
                              : Status(Error{ErrorCode::kInternal, "tiny pack cannot be written"});
}

}  // namespace dlv::testing
