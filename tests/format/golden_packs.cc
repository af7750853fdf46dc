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
#include "tests/format/golden_list.h"

namespace dlv::testing {
namespace {

using archive::SectionWriter;
using golden::Add;
using golden::AddChunked;
using golden::Append;
using golden::Bytes;
using golden::Falling;
using golden::Golden;
using golden::GoldenList;
using golden::Moved;
using golden::OnePack;
using golden::OneThread;
using golden::Rows;
using golden::TimesMask;
using golden::Weights;

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
  return golden::WriteExpected(file_system, folder, list);
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
  return golden::WriteExpected(file_system, folder, list);
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
  return golden::WriteExpected(file_system, folder, list);
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
  return golden::WriteExpected(file_system, folder, list);
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
  return golden::WriteExpected(file_system, folder, list);
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
  return golden::WriteExpected(file_system, folder, list);
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
