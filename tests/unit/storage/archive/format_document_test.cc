// The documents and the golden packs against the code.

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "storage/archive/operation_log.h"
#include "tests/format/golden_packs.h"
#include "tests/support/source_root.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Takes the dump out of the document: "    00001000  44 4c ...   words"; "*" stands for zeros up
/// to the next line.
Bytes BytesOfDocument(const char* name) {
  std::istringstream document(ReadText(testing::SourceRoot() / "docs/format" / name));
  Bytes bytes;
  bool inside = false;
  for (std::string line; std::getline(document, line);) {
    if (line.rfind("    00000000  ", 0) == 0) inside = true;
    if (!inside || line.rfind("    ", 0) != 0 || line == "    *") continue;
    std::istringstream fields(line);
    std::size_t offset = 0;
    fields >> std::hex >> offset;
    bytes.resize(offset);
    for (std::string field; bytes.size() < offset + 16 && fields >> field && field.size() == 2;) {
      bytes.push_back(static_cast<std::byte>(std::stoul(field, nullptr, 16)));
    }
  }
  return bytes;
}

TEST(FormatDocument, DumpIsWhatTheWriterMakes) {
  testing::FaultyFileSystem disk;
  ASSERT_OK(testing::MakeTinyPack(disk, "/tiny.pack"));
  EXPECT_EQ(BytesOfDocument("archive.md"), disk.Content("/tiny.pack")) << "run make_golden --dump";
}

TEST(FormatDocument, DumpCanBeRead) {
  TestArchive archive;
  (void)Value(archive.disk.OpenForWriting("/tiny.pack", io::WriteMode::kCreateNew));
  ASSERT_TRUE(archive.disk.Replace("/tiny.pack", BytesOfDocument("archive.md")));
  archive.Adopt("/tiny.pack");
  SectionSetLocator locator(archive.sections);
  TensorReader reader(locator);
  Bytes answer(8);
  answer[0] = std::byte{42};
  EXPECT_EQ(Value(ReadTensor(reader, MakeTensor(DType::kI64, answer).id())), answer);
  const std::string text = "hello, pack\n";
  const auto bytes = std::as_bytes(std::span(text));
  EXPECT_EQ(Value(BlobReader(locator).ReadAll(io::HashBlob(bytes), 100)),
            Bytes(bytes.begin(), bytes.end()));
}

TEST(FormatDocument, LogDumpIsWhatTheWriterMakes) {
  testing::FaultyFileSystem disk;
  OperationLogWriter writer = Value(OperationLogWriter::Open(disk, "/operations.log"));
  ASSERT_OK(writer.Append(1'700'000'000, {AliasRecord{"lenet", "best", 1, 3}}));
  const Bytes document = BytesOfDocument("oplog.md");
  EXPECT_EQ(document, disk.Content("/operations.log"));
  const LogContent content = Value(ParseOperationLog(document));
  ASSERT_EQ(content.records.size(), 1u);
  EXPECT_EQ(std::get<AliasRecord>(content.records[0].payload).alias, "best");
}

std::vector<std::shared_ptr<const SectionReader>> OpenSections(const std::filesystem::path& path,
                                                               std::string* why) {
  std::vector<std::shared_ptr<const SectionReader>> sections;
  const auto pack = PackReader::Open(Value(io::PosixFileSystem().OpenForReading(path.string())));
  if (!pack.ok()) {
    *why = pack.error().message;
    return sections;
  }
  for (std::size_t i = 0; i < pack->sections().size(); ++i) {
    auto section = pack->OpenSection(i);
    if (section.ok()) {
      sections.push_back(*section);
    } else {
      *why = section.error().message;
    }
  }
  return sections;
}

std::filesystem::path GoldenFolder() { return testing::SourceRoot() / "tests/format/golden/v1"; }

TEST(GoldenPacks, Version1StaysReadable) {
  std::vector<std::shared_ptr<const SectionReader>> sections;
  std::set<std::string> versions;
  for (const char* name : {"base.pack", "delta.pack", "chunks.pack"}) {
    std::string why;
    for (auto& section : OpenSections(GoldenFolder() / name, &why)) sections.push_back(section);
    EXPECT_EQ(why, "");
  }
  for (const auto& section : sections) {
    if (!section->has_manifest()) continue;
    EXPECT_EQ(Value(section->ReadManifest()).model, "golden");
    EXPECT_EQ(Value(section->ReadEnvelope()).author, "Ada");
    versions.insert(HashManifest(Value(section->ReadManifestBytes())).Hex());
  }
  SectionSetLocator locator(sections);
  TensorReader tensors(locator);
  BlobReader blobs(locator);
  const auto expected = nlohmann::json::parse(ReadText(GoldenFolder() / "expected.json"));
  std::size_t deltas = 0;
  for (const auto& item : expected["tensors"]) {
    const auto tensor = Value(tensors.Open(*TensorId::FromHex(item["id"].get<std::string>())));
    EXPECT_EQ(NameOf(tensor->dtype()), item["dtype"].get<std::string>());
    EXPECT_EQ(tensor->element_count(), item["elements"].get<std::uint64_t>());
    EXPECT_TRUE(tensors.Verify(*tensor, 1).ok()) << item;
    deltas += tensor->depth() != 0 ? 1 : 0;
  }
  EXPECT_GE(deltas, 5u);
  for (const auto& item : expected["blobs"]) {
    const Bytes bytes =
        Value(blobs.ReadAll(*BlobId::FromHex(item["id"].get<std::string>()), 1u << 20));
    EXPECT_EQ(bytes.size(), item["bytes"].get<std::uint64_t>());
  }
  for (const auto& item : expected["versions"])
    EXPECT_EQ(versions.count(item["id"].get<std::string>()), 1u);
}

void ExpectReadable(const std::string& name, const std::string& pack, std::size_t count) {
  const auto folder = testing::SourceRoot() / "tests/format/golden" / name;
  std::string why;
  SectionSetLocator locator(OpenSections(folder / pack, &why));
  EXPECT_EQ(why, "");
  TensorReader tensors(locator);
  const auto expected = nlohmann::json::parse(ReadText(folder / "expected.json"));
  EXPECT_EQ(expected["tensors"].size(), count);
  for (const auto& item : expected["tensors"]) {
    const auto tensor = Value(tensors.Open(*TensorId::FromHex(item["id"].get<std::string>())));
    EXPECT_EQ(tensor->element_count(), item["elements"].get<std::uint64_t>());
    EXPECT_TRUE(tensors.Verify(*tensor, 1).ok()) << item;
  }
}

TEST(GoldenPacks, LaterFormsStayReadable) {
  ExpectReadable("v1-values", "values.pack", 9);
  ExpectReadable("v1-tails", "tails.pack", 3);
  ExpectReadable("v1-coded-planes", "planes.pack", 5);
  ExpectReadable("v1-significance", "significance.pack", 4);
  ExpectReadable("v1-cold", "cold.pack", 6);
  ExpectReadable("v1-narrow", "narrow.pack", 18);
}

TEST(GoldenPacks, SecondBasesStayReadable) {
  const auto folder = testing::SourceRoot() / "tests/format/golden/v1-second-bases";
  std::string why;
  std::size_t with_two = 0;
  std::vector<std::shared_ptr<const SectionReader>> sections;
  for (const char* pack : {"chunks.pack", "clusters.pack"})
    for (const auto& section : OpenSections(folder / pack, &why)) sections.push_back(section);
  EXPECT_EQ(why, "");
  SectionSetLocator locator(sections);
  TensorReader tensors(locator);
  const auto expected = nlohmann::json::parse(ReadText(folder / "expected.json"));
  EXPECT_EQ(expected["tensors"].size(), 20u);
  for (const auto& item : expected["tensors"]) {
    const auto tensor = Value(tensors.Open(*TensorId::FromHex(item["id"].get<std::string>())));
    with_two += tensor->second_base() ? 1 : 0;
    EXPECT_TRUE(tensors.Verify(*tensor, 1).ok()) << item;
  }
  EXPECT_EQ(with_two, 9u);
}

TEST(GoldenPacks, ManifestsWithSourcesStayReadable) {
  const auto folder = testing::SourceRoot() / "tests/format/golden/v1-sources";
  std::string why;
  const auto sections = OpenSections(folder / "sources.pack", &why);
  ASSERT_EQ(sections.size(), 1u) << why;
  const auto expected = nlohmann::json::parse(ReadText(folder / "expected.json"));
  const nlohmann::json& version = expected["versions"].at(0);
  const auto bytes = Value(sections[0]->ReadManifestBytes());
  EXPECT_EQ(HashManifest(bytes).Hex(), version["id"].get<std::string>());
  const Manifest manifest = Value(DecodeManifest(bytes));
  EXPECT_EQ(manifest.sources.hparams, version["sources"]["hparams"].get<KeyValues>());
  EXPECT_EQ(manifest.sources.metrics, version["sources"]["metrics"].get<KeyValues>());
  EXPECT_EQ(manifest.sources.tags, version["sources"]["tags"].get<KeyValues>());
}

TEST(GoldenPacks, WhatMustBeRefusedIs) {
  std::size_t refused = 0;
  for (const auto& file : std::filesystem::directory_iterator(GoldenFolder() / "refuse")) {
    std::string why;
    for (const auto& section : OpenSections(file.path(), &why)) {
      SectionSetLocator locator({section});
      TensorReader tensors(locator);
      BlobReader blobs(locator);
      for (std::uint32_t i = 0; i < section->directory().entry_count(); ++i) {
        Status read;
        if (Value(section->directory().Kind(i)) == EntryKind::kTensor) {
          read = tensors.Verify(*Value(tensors.Open(Value(section->directory().Tensor(i)).id)), 1);
        } else if (const auto blob =
                       blobs.ReadAll(Value(section->directory().Blob(i)).id, 1u << 20);
                   !blob.ok()) {
          read = blob.error();
        }
        if (!read.ok()) why = read.error().message;
      }
    }
    EXPECT_NE(why, "") << file.path() << " was read";
    ++refused;
  }
  EXPECT_GE(refused, 5u);
}

}  // namespace
}  // namespace dlv::archive
