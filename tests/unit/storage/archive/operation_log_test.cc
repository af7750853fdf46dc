#include "storage/archive/operation_log.h"

#include "tests/support/slow_build.h"
#include "tests/unit/storage/archive/archive_fixture.h"

namespace dlv::archive {
namespace {

constexpr const char* kLogPath = "/operations.log";

constexpr std::size_t kKinds = std::variant_size_v<LogPayload>;

std::vector<LogPayload> OneOfEach() {
  VersionId id;
  id.bytes.fill(5);
  return {CommitRecord{id, "lenet", 3},
          RemoveRecord{id, "lenet", 2},
          AliasRecord{"lenet", "best", 1, 3},
          TagRecord{"lenet", 3, "stage", "draft", false},
          EvaluationRecord{id, "mnist", "accuracy", 0.75, {{"planes", "16"}}},
          QueryRecord{"good ones", "select m", true},
          SwitchRecord{"gc", {"a.pack", "b.pack"}},
          OperationRecord{"dlv undo", "hui", 7},
          RestoreRecord{id, "lenet", 2},
          RenameRecord{"lenet", "lenet5"},
          NoteRecord{"lenet5", 2, "# fine"}};
}

void Append(testing::FaultyFileSystem& disk, const std::vector<LogPayload>& payloads,
            std::int64_t time) {
  OperationLogWriter writer = Value(OperationLogWriter::Open(disk, kLogPath));
  ASSERT_OK(writer.Append(time, payloads));
}

TEST(OperationLog, ComesBack) {
  testing::FaultyFileSystem disk;
  Append(disk, OneOfEach(), 1000);
  Append(disk, {AliasRecord{"lenet", "best", 3, 0}}, 1001);
  const LogContent content = Value(ReadOperationLog(disk, kLogPath));
  EXPECT_EQ(content.finding, "");
  EXPECT_EQ(content.good_bytes, content.file_bytes);
  ASSERT_EQ(content.records.size(), 12u);
  for (std::size_t i = 0; i < content.records.size(); ++i)
    EXPECT_EQ(content.records[i].sequence, i + 1);
  EXPECT_EQ(content.last_sequence, 12u);
  EXPECT_EQ(content.operations, 2u);
  EXPECT_EQ(content.records[0].operation, 1u);
  EXPECT_EQ(content.records[11].operation, 2u);
  EXPECT_EQ(content.records[0].time, 1000);
  EXPECT_EQ(std::get<CommitRecord>(content.records[0].payload).number, 3u);
  EXPECT_EQ(std::get<RemoveRecord>(content.records[1].payload).model, "lenet");
  EXPECT_EQ(std::get<AliasRecord>(content.records[2].payload).to, 3u);
  EXPECT_EQ(std::get<TagRecord>(content.records[3].payload).value, "draft");
  EXPECT_EQ(std::get<EvaluationRecord>(content.records[4].payload).value, 0.75);
  EXPECT_EQ(std::get<EvaluationRecord>(content.records[4].payload).attributes.at("planes"), "16");
  EXPECT_TRUE(std::get<QueryRecord>(content.records[5].payload).removed);
  EXPECT_EQ(std::get<SwitchRecord>(content.records[6].payload).live_packs.size(), 2u);
  EXPECT_EQ(std::get<OperationRecord>(content.records[7].payload).undoes, 7u);
  EXPECT_EQ(std::get<RestoreRecord>(content.records[8].payload).number, 2u);
  EXPECT_EQ(std::get<RenameRecord>(content.records[9].payload).to, "lenet5");
  EXPECT_EQ(std::get<NoteRecord>(content.records[10].payload).text, "# fine");
  EXPECT_EQ(std::get<AliasRecord>(content.records[11].payload).to, 0u);
}

TEST(OperationLog, MissingFileIsAnEmptyLog) {
  testing::FaultyFileSystem disk;
  const LogContent content = Value(ReadOperationLog(disk, kLogPath));
  EXPECT_TRUE(content.records.empty());
  EXPECT_EQ(content.finding, "");
}

/// Three batches, and where each ends.
struct Filled {
  testing::FaultyFileSystem disk;
  std::vector<std::size_t> ends;
  Filled() {
    for (std::int64_t time = 0; time < 3; ++time) {
      Append(disk, OneOfEach(), time);
      ends.push_back(disk.Content(kLogPath).size());
    }
  }
};

TEST(OperationLog, EveryCutIsATornTailAndIsCutOff) {
  Filled filled;
  const Bytes whole = filled.disk.Content(kLogPath);
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const LogContent content = Value(ParseOperationLog(std::span(whole).first(length)));
    const auto batches = static_cast<std::size_t>(std::count_if(
        filled.ends.begin(), filled.ends.end(), [&](std::size_t end) { return end <= length; }));
    EXPECT_EQ(content.records.size(), batches * kKinds) << "cut at " << length;
    const bool at_border = length == 0 || length == LogHeader::kEncodedSize ||
                           (batches > 0 && filled.ends[batches - 1] == length);
    EXPECT_EQ(content.torn, !at_border) << "cut at " << length;
    EXPECT_EQ(content.finding.empty(), at_border);
    if (length % 13 != 0) continue;
    filled.disk.Replace(kLogPath,
                        Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    Append(filled.disk, {CommitRecord{}}, 9);
    const LogContent repaired = Value(ReadOperationLog(filled.disk, kLogPath));
    EXPECT_EQ(repaired.finding, "");
    EXPECT_EQ(repaired.records.size(), batches * kKinds + 1);
  }
}

TEST(OperationLog, EveryFlipIsFound) {
  Filled filled;
  const Bytes whole = filled.disk.Content(kLogPath);
  for (std::size_t at = 0; at < whole.size(); at += testing::kSlowBuild ? 3 : 1) {
    for (const int mask : {1, 0x80}) {
      Bytes flipped = whole;
      flipped[at] ^= static_cast<std::byte>(mask);
      const auto content = ParseOperationLog(flipped);
      if (at < LogHeader::kEncodedSize) {
        EXPECT_FALSE(content.ok()) << "flip at " << at;
        continue;
      }
      ASSERT_OK(content);
      EXPECT_FALSE(content->finding.empty()) << "flip at " << at;
      const auto batches = static_cast<std::size_t>(std::count_if(
          filled.ends.begin(), filled.ends.end(), [&](std::size_t end) { return end <= at; }));
      EXPECT_EQ(content->records.size(), batches * kKinds) << "flip at " << at;
      EXPECT_EQ(content->torn, batches == 2)
          << "flip at " << at << ": only the last batch may be a torn one";
    }
  }
}

TEST(OperationLog, WhatStandsBehindDamageCanBeRead) {
  Filled filled;
  ASSERT_TRUE(filled.disk.Corrupt(kLogPath, 60));
  const SalvagedLog salvaged = Value(SalvageOperationLog(filled.disk, kLogPath));
  EXPECT_TRUE(salvaged.content.records.empty());
  ASSERT_EQ(salvaged.later.size(), 3 * kKinds - 1) << "all but the record that is damaged";
  EXPECT_EQ(salvaged.later.front().sequence, 2U);
  EXPECT_EQ(salvaged.later.back().sequence, 3 * kKinds);
  ASSERT_TRUE(filled.disk.Corrupt(kLogPath, 3));
  const SalvagedLog headless = Value(SalvageOperationLog(filled.disk, kLogPath));
  EXPECT_FALSE(headless.content.finding.empty());
  EXPECT_EQ(headless.later.size(), 3 * kKinds - 1);
  EXPECT_TRUE(Value(SalvageOperationLog(filled.disk, "/none")).content.missing);
}

TEST(OperationLog, IsWrittenAtOnceAndGoesOn) {
  testing::FaultyFileSystem disk;
  std::vector<TimedPayload> records;
  for (const LogPayload& payload : OneOfEach())
    records.push_back({static_cast<std::int64_t>(records.size()), payload});
  ASSERT_OK(io::WriteFileAtomically(disk, kLogPath, Value(EncodeOperationLog(records))));
  Append(disk, OneOfEach(), 1000);
  const LogContent content = Value(ReadOperationLog(disk, kLogPath));
  EXPECT_EQ(content.finding, "");
  ASSERT_EQ(content.records.size(), 2 * kKinds);
  EXPECT_EQ(content.records[4].time, 4);
  EXPECT_EQ(content.operations, 2U);
}

TEST(OperationLog, ShorterThanWhatIsKnownItIsNotTouched) {
  Filled filled;
  ASSERT_TRUE(filled.disk.Truncate(kLogPath, filled.disk.Content(kLogPath).size() - 1));
  const Bytes before = filled.disk.Content(kLogPath);
  EXPECT_EQ(OperationLogWriter::Open(filled.disk, kLogPath, 3 * kKinds).error().code,
            ErrorCode::kCorruption);
  EXPECT_EQ(filled.disk.Content(kLogPath), before);
  EXPECT_TRUE(OperationLogWriter::Open(filled.disk, kLogPath, 2 * kKinds).ok());
  EXPECT_NE(filled.disk.Content(kLogPath), before) << "the torn tail is cut off";
}

TEST(OperationLog, DamageInTheMiddleIsNotAppendedTo) {
  Filled filled;
  ASSERT_TRUE(filled.disk.Corrupt(kLogPath, 60));
  const Bytes before = filled.disk.Content(kLogPath);
  EXPECT_EQ(OperationLogWriter::Open(filled.disk, kLogPath).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(filled.disk.Content(kLogPath), before);
}

TEST(OperationLog, RecordsCannotBeTakenOutOrExchanged) {
  Filled filled;
  const Bytes whole = filled.disk.Content(kLogPath);
  Bytes without(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(filled.ends[0]));
  without.insert(without.end(), whole.begin() + static_cast<std::ptrdiff_t>(filled.ends[1]),
                 whole.end());
  const LogContent content = Value(ParseOperationLog(without));
  EXPECT_EQ(content.records.size(), kKinds);
  EXPECT_FALSE(content.finding.empty());
  EXPECT_FALSE(content.torn);
}

TEST(OperationLog, UnknownTypesAreCountedAndPassed) {
  testing::FaultyFileSystem disk;
  Append(disk, {CommitRecord{}}, 1);
  Bytes log = disk.Content(kLogPath);
  const std::size_t record = LogHeader::kEncodedSize;
  log[record + 4] = std::byte{99};  // a type of the future
  const std::size_t covered = log.size() - 8 - record;
  const std::uint64_t sum = io::Xxh3(std::span(log).subspan(record, covered));
  std::memcpy(log.data() + log.size() - 8, &sum, 8);
  disk.Replace(kLogPath, log);
  Append(disk, {AliasRecord{"m", "a", 0, 1}}, 2);
  const LogContent content = Value(ReadOperationLog(disk, kLogPath));
  EXPECT_EQ(content.finding, "");
  EXPECT_EQ(content.unknown_records, 1u);
  EXPECT_EQ(content.records.size(), 1u);
  EXPECT_EQ(content.last_sequence, 2u);
}

TEST(OperationLog, NewerFormatIsRefused) {
  testing::FaultyFileSystem disk;
  Append(disk, {CommitRecord{}}, 1);
  Bytes log = disk.Content(kLogPath);
  log[8] = std::byte{2};
  const std::uint64_t sum = io::Xxh3(std::span(log).first(16));
  std::memcpy(log.data() + 16, &sum, 8);
  EXPECT_EQ(ParseOperationLog(log).error().code, ErrorCode::kUnsupported);
}

TEST(OperationLog, PowerCutLeavesTheOldOrTheNewBatch) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    for (std::uint64_t n = 1;; ++n) {
      testing::FaultyFileSystem disk;
      Append(disk, OneOfEach(), 1);
      disk.SyncAll();
      disk.SetPlan({.kind = testing::FaultKind::kPowerCut,
                    .at_operation = n,
                    .disk_bytes = 0,
                    .count_reads = false});
      bool acknowledged = false;
      if (auto writer = OperationLogWriter::Open(disk, kLogPath); writer.ok())
        acknowledged = writer->Append(2, OneOfEach()).ok();
      const bool reached = disk.fault_reached();
      disk.DropUnsyncedBytes(seed);
      const LogContent content = Value(ReadOperationLog(disk, kLogPath));
      EXPECT_TRUE(content.records.size() == 2 * kKinds ||
                  (!acknowledged && content.records.size() == kKinds))
          << "seed " << seed << " cut " << n;
      EXPECT_TRUE(content.finding.empty() || content.torn) << content.finding;
      if (!reached) break;
    }
  }
}

}  // namespace
}  // namespace dlv::archive
