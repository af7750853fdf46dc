#pragma once
// A small repository with a bit of everything, and what can be seen of it.

#include <set>
#include <string>
#include <vector>

#include "storage/store/alias_tag.h"
#include "storage/store/checkout.h"
#include "storage/store/listing.h"
#include "storage/store/staging.h"
#include "storage/store/verify.h"
#include "tests/unit/storage/store/store_fixture.h"

namespace dlv::testing {

/// Two versions of one model (the second as deltas), an alias and a tag; everything durable.
inline void MakeSmallRepository(FaultyFileSystem& disk) {
  auto store = InitOn(disk);
  ASSERT_NE(store, nullptr);
  SmallNet net(1, 80);
  ASSERT_TRUE(CommitNet(*store, "m", net).ok());
  net.Train(2);
  ASSERT_TRUE(CommitNet(*store, "m", net).ok());
  ASSERT_TRUE(disk.MakeDirectory("/src").ok());
  PutFile(disk, "/src/a.safetensors", SafetensorsText(700, 3));
  PutFile(disk, "/src/notes.txt", "some notes\n");
  CommitRequest request;
  request.model = "files";
  request.files = {{"/src/a.safetensors", "", {}}, {"/src/notes.txt", "", {}}};
  request.metrics = {{"loss", {{1, 0.5}, {2, 0.25}}}};
  request.hparams = {{"lr", "0.1"}};
  ASSERT_TRUE(store::Commit(*store, request, {.threads = 1}).ok());
  ASSERT_TRUE(store::SetAlias(*store, "best", "m:v1").ok());
  ASSERT_TRUE(store::SetTags(*store, "m:v2", {{"stage", "prod"}}).ok());
  store.reset();
  disk.SyncAll();
}

/// What a user sees: versions with their ids, aliases, tags; the staging list.
inline std::vector<std::string> StateOf(store::Store& store) {
  std::vector<std::string> lines;
  const auto versions = store::ListVersions(store, {});
  if (!versions.ok()) return {"error: " + versions.error().message};
  for (const VersionSummary& version : *versions) {
    std::string line = version.reference() + " " + version.id.Hex(16);
    for (const std::string& alias : version.aliases) line += " " + alias;
    for (const auto& [key, value] : version.tags) line += " " + key + "=" + value;
    if (!version.note.empty()) line += " note " + version.note;
    lines.push_back(line);
  }
  const auto staged = store::ListStaged(store);
  if (!staged.ok()) return {"error: " + staged.error().message};
  for (const StagedFile& file : *staged) lines.push_back("staged " + file.path);
  return lines;
}

inline std::vector<std::string> FindingsOf(store::Store& store) {
  const auto result = store::Verify(store, {.full = true}, {.threads = 1});
  if (!result.ok()) return {"error: " + result.error().message};
  std::vector<std::string> lines;
  for (const Finding& finding : result->findings)
    lines.push_back(finding.where + ": " + finding.what);
  return lines;
}

}  // namespace dlv::testing
