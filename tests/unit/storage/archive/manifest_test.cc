#include "storage/archive/manifest.h"

#include <cmath>
#include <functional>

#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

template <class D>
D MakeId(std::uint8_t byte) {
  D id;
  id.bytes.fill(byte);
  return id;
}

Manifest SampleManifest() {
  Manifest manifest;
  manifest.model = "lenet";
  manifest.message = "first\nrun";
  manifest.parents = {
      {MakeId<VersionId>(9), Relation::kFinetune, {{"data", "mnist"}, {"note", ""}}, true},
      {MakeId<VersionId>(3), Relation::kMerge, {}, false}};
  manifest.snapshots = {
      {std::nullopt, MakeId<BlobId>(1), {}},
      {-5, MakeId<BlobId>(2), {MakeId<TensorId>(4), MakeId<TensorId>(5), MakeId<TensorId>(4)}}};
  ManifestFile file{
      "a/model.pt",      1000, MakeId<FileDigest>(7), 0644, "pytorch-zip", 1, FileForm::kRecipe,
      MakeId<BlobId>(8), ""};
  manifest.files.push_back(file);
  file = {"readme",   10,           MakeId<FileDigest>(1), 0755,
          "blob",     std::nullopt, FileForm::kBlob,       MakeId<BlobId>(9),
          "not known"};
  manifest.files.push_back(file);
  file = {"state.pt",      10,       MakeId<FileDigest>(2), 0600, "pytorch-zip", 0,
          FileForm::kNone, BlobId{}, "optimizer left out"};
  manifest.files.push_back(file);
  manifest.hparams = {{"lr", "0.1"}, {"momentum", "0.9"}};
  manifest.metrics = {{"accuracy", {{-1, 0.5}}},
                      {"loss", {{0, 2.3}, {100, std::nan("")}, {50, -0.0}}}};
  return manifest;
}

TEST(Manifest, ComesBack) {
  const Manifest manifest = SampleManifest();
  const Bytes bytes = Value(EncodeManifest(manifest));
  const Manifest again = Value(DecodeManifest(bytes));
  EXPECT_EQ(again.model, manifest.model);
  EXPECT_EQ(again.message, manifest.message);
  EXPECT_EQ(again.parents, manifest.parents);
  EXPECT_EQ(again.snapshots, manifest.snapshots);
  EXPECT_EQ(again.files, manifest.files);
  EXPECT_EQ(again.hparams, manifest.hparams);
  ASSERT_EQ(again.metrics.size(), 2u);
  EXPECT_EQ(again.metrics[1].points.size(), 3u);
  EXPECT_TRUE(std::isnan(again.metrics[1].points[1].value));
  EXPECT_EQ(Value(EncodeManifest(again)), bytes);
}

TEST(Manifest, SourcesComeBackAndAreAFeature) {
  constexpr std::size_t kFeatures = 12;  // magic, version, zero
  Manifest manifest = SampleManifest();
  const Bytes plain = Value(EncodeManifest(manifest));
  EXPECT_EQ(plain[kFeatures], std::byte{0});
  manifest.sources = {
      {{"lr", "params.yaml"}}, {{"loss", "../metrics.csv"}}, {{"license", "README"}}};
  const Bytes bytes = Value(EncodeManifest(manifest));
  EXPECT_EQ(bytes[kFeatures], std::byte{1});
  EXPECT_EQ(Value(DecodeManifest(bytes)).sources, manifest.sources);
  EXPECT_TRUE(std::equal(plain.begin() + 16, plain.end(), bytes.begin() + 16));

  Bytes empty = plain;  // the feature without a source
  empty[kFeatures] = std::byte{1};
  empty.insert(empty.end(), 3, std::byte{0});
  EXPECT_FALSE(DecodeManifest(empty).ok());
  Bytes unknown = plain;
  unknown[kFeatures] = std::byte{2};
  const auto refused = DecodeManifest(unknown);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  manifest.sources.hparams = {{"no such", "x"}};
  EXPECT_FALSE(EncodeManifest(manifest).ok());
  manifest.sources.hparams.clear();
  manifest.sources.metrics = {{"no such", "x"}};
  EXPECT_FALSE(EncodeManifest(manifest).ok());
}

TEST(Manifest, IdIsThatOfTheDocument) {
  const Bytes bytes = Value(EncodeManifest(SampleManifest()));
  Bytes domain;
  for (const char c : std::string_view("dlv-manifest\0", 13))
    domain.push_back(static_cast<std::byte>(c));
  domain.insert(domain.end(), bytes.begin(), bytes.end());
  io::Sha256 hash;
  hash.Update(domain);
  EXPECT_EQ(HashManifest(bytes), hash.Finish<VersionId>());
}

TEST(Manifest, RefusesWhatNoReaderWouldTake) {
  const std::vector<std::pair<const char*, std::function<void(Manifest&)>>> cases = {
      {"no model", [](Manifest& m) { m.model = ""; }},
      {"control character", [](Manifest& m) { m.model = "a\nb"; }},
      {"model too long", [](Manifest& m) { m.model.assign(256, 'a'); }},
      {"parent twice", [](Manifest& m) { m.parents.push_back(m.parents[0]); }},
      {"relation", [](Manifest& m) { m.parents[0].relation = static_cast<Relation>(10); }},
      {"files out of order", [](Manifest& m) { std::swap(m.files[0], m.files[1]); }},
      {"file twice", [](Manifest& m) { m.files[1] = m.files[0]; }},
      {"absolute", [](Manifest& m) { m.files[0].path = "/etc/passwd"; }},
      {"dot dot", [](Manifest& m) { m.files[0].path = "a/../b"; }},
      {"dot", [](Manifest& m) { m.files[0].path = "."; }},
      {"double slash", [](Manifest& m) { m.files[0].path = "a//b"; }},
      {"final slash", [](Manifest& m) { m.files[0].path = "a/"; }},
      {"empty path", [](Manifest& m) { m.files[0].path = ""; }},
      {"zero byte", [](Manifest& m) { m.files[0].path = std::string("a\0b", 3); }},
      {"mode", [](Manifest& m) { m.files[0].mode = 010000; }},
      {"snapshot", [](Manifest& m) { m.files[0].snapshot = 2; }},
      {"form", [](Manifest& m) { m.files[0].form = static_cast<FileForm>(3); }},
      {"content of nothing", [](Manifest& m) { m.files[2].content = MakeId<BlobId>(1); }},
      {"recipe without snapshot", [](Manifest& m) { m.files[0].snapshot.reset(); }},
      {"metrics out of order", [](Manifest& m) { std::swap(m.metrics[0], m.metrics[1]); }},
      {"metric without points", [](Manifest& m) { m.metrics[0].points.clear(); }},
      {"huge message", [](Manifest& m) { m.message.assign(2u << 20, 'a'); }},
  };
  for (const auto& [name, spoil] : cases) {
    Manifest manifest = SampleManifest();
    spoil(manifest);
    const auto result = EncodeManifest(manifest);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument) << name;
  }
}

TEST(Manifest, EveryCutIsRefusedAndFlipsAreSafe) {
  const Bytes bytes = Value(EncodeManifest(SampleManifest()));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeManifest(std::span(bytes).first(length)).ok());
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {1, 0x80, 0xff}) {
      Bytes flipped = bytes;
      flipped[at] ^= static_cast<std::byte>(mask);
      const auto result = DecodeManifest(
          flipped);  // some flips give another manifest: its canonical bytes are these
      if (result.ok()) {
        EXPECT_EQ(Value(EncodeManifest(*result)), flipped);
      }
    }
  }
  Bytes newer = bytes;
  newer[8] = std::byte{2};
  EXPECT_EQ(DecodeManifest(newer).error().code, ErrorCode::kUnsupported);
  Bytes feature = bytes;
  feature[13] = std::byte{1};
  EXPECT_EQ(DecodeManifest(feature).error().code, ErrorCode::kUnsupported);
}

TEST(Envelope, ComesBackAndCutsAreRefused) {
  Envelope envelope{
      -1, "Ada <ada@example.org>", 7, {{"stage", "draft"}}, {"best", "latest"}, "dlv 0.1.0", 12345};
  const Bytes bytes = EncodeEnvelope(envelope);
  const Envelope again = Value(DecodeEnvelope(bytes));
  EXPECT_EQ(again.created, -1);
  EXPECT_EQ(again.author, envelope.author);
  EXPECT_EQ(again.number, 7u);
  EXPECT_EQ(again.tags, envelope.tags);
  EXPECT_EQ(again.aliases, envelope.aliases);
  EXPECT_EQ(again.tool, envelope.tool);
  EXPECT_EQ(again.raw_bytes, 12345u);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(DecodeEnvelope(std::span(bytes).first(length)).ok());
  }
}

TEST(Manifest, StandsInItsSection) {
  TestArchive archive;
  SectionWriter writer = archive.NewWriter();
  Manifest manifest = SampleManifest();
  for (int i = 0; i < 100; ++i)
    manifest.hparams["parameter " + std::to_string(i)] = "the same value again";
  const Bytes bytes = Value(EncodeManifest(manifest));
  writer.SetManifest(bytes, Envelope{5, "me", 1, {}, {}, "t", 0});
  archive.Finish(writer);
  ASSERT_EQ(archive.sections.size(), 1u);
  const SectionReader& section = *archive.sections[0];
  EXPECT_TRUE(section.has_manifest());
  EXPECT_LT(section.place().length, bytes.size()) << "compressed";
  EXPECT_EQ(Value(section.ReadManifestBytes()), bytes);
  EXPECT_EQ(Value(section.ReadManifest()).model, "lenet");
  EXPECT_EQ(Value(section.ReadEnvelope()).author, "me");
}

TEST(Manifest, SectionWithoutOneSaysSo) {
  TestArchive archive;
  SectionWriter writer = archive.NewWriter();
  (void)Value(writer.AddBlob(Bytes(10)));
  archive.Finish(writer);
  EXPECT_FALSE(archive.sections[0]->has_manifest());
  EXPECT_EQ(archive.sections[0]->ReadManifest().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(archive.sections[0]->ReadEnvelope().error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace dlv::archive
