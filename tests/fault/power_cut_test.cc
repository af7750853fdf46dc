// Every operation on the disk fails once, the disk dies at every one, and the power is cut at every
// one: afterwards the old state or the new one, fsck is clean, and the repository can be written
// to.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

#include "storage/store/archive_rewrite.h"
#include "storage/store/copy.h"
#include "storage/store/garbage.h"
#include "storage/store/import.h"
#include "storage/store/layout_rewrite.h"
#include "storage/store/note.h"
#include "storage/store/portable_export.h"
#include "storage/store/rebuild.h"
#include "storage/store/remove.h"
#include "storage/store/rename.h"
#include "storage/store/restore.h"
#include "storage/store/undo.h"
#include "tests/fault/small_repository.h"
#include "tests/fault/some_rates.h"

namespace dlv::testing {
namespace {

using Command = std::function<Status(store::Store&)>;

template <class T>
Status StatusOf(const Result<T>& result) {
  return result.ok() ? Ok() : Status(result.error());
}

Status CommitNext(store::Store& store) {
  SmallNet net(1, 80);
  net.Train(2);
  net.Train(3);
  return StatusOf(CommitNet(store, "m", net));
}

/// As a statement saves two networks: both versions are there, or none.
Status CommitTwo(store::Store& store) {
  SmallNet first(1, 80), second(1, 80);
  for (SmallNet* net : {&first, &second}) {
    net->Train(2);
    net->Train(3);
  }
  second.Train(4);
  std::vector<store::ExtendedRequest> requests(2);
  requests[0].request = RequestOf("m", first);
  requests[1].request = RequestOf("m", second);
  return StatusOf(store::CommitTogether(store, std::move(requests), {.threads = 1}));
}

Status CommitFiles(store::Store& store) {
  CommitRequest request;
  request.model = "files";
  request.message = "more";
  request.files = {{"/src/b.safetensors", "", {}}, {"/src/notes.txt", "", {}}};
  request.tags = {{"stage", "test"}};
  request.aliases = {"newest"};
  return StatusOf(store::Commit(store, request, {.threads = 1}));
}

Status Archive(store::Store& store) {
  return StatusOf(store::ArchiveRewrite(store, "echo", SettingsWithRates(), {.threads = 1}));
}

Status Alias(store::Store& store) { return StatusOf(store::SetAlias(store, "best", "m:v2")); }

Status Tag(store::Store& store) {
  return store::SetTags(store, "m:v1", {{"stage", "old"}, {"kept", ""}});
}

Status Untag(store::Store& store) { return store::DeleteTags(store, "m:v2", {"stage"}); }

Status RemoveFiles(store::Store& store) {
  return StatusOf(store::Remove(store, {"files:v1"}, true, false));
}

Status Add(store::Store& store) {
  return StatusOf(store::Stage(store, {{"/src/b.safetensors", "", 7}}));
}

Status GcToTrash(store::Store& store) {
  return StatusOf(store::CollectGarbage(store, {.execute = true}, {.threads = 1}));
}

Status GcWithoutTrash(store::Store& store) {
  return StatusOf(
      store::CollectGarbage(store, {.execute = true, .use_trash = false}, {.threads = 1}));
}

Status RestoreFiles(store::Store& store) { return StatusOf(store::Restore(store, {"files:v1"})); }

Status Note(store::Store& store) { return store::SetNote(store, "m:v1", "a note"); }

Status Rename(store::Store& store) { return store::RenameModel(store, "files", "papers"); }

Status CopyFiles(store::Store& store) {
  CopyRequest request;
  request.source = "files:v1";
  request.model = "twin";
  request.files = {{"/src/notes.txt", "more.txt", {}}};
  return StatusOf(store::Copy(store, request, {.threads = 1}));
}

Status UndoCommit(store::Store& store) { return StatusOf(store::Undo(store, 6, false)); }

/// One way to go through all operations of a command.
struct Trial {
  const char* name;
  FaultKind kind;
  bool count_reads;
  std::uint64_t seed;  ///< of what a power cut leaves; above 1 it differs for every operation
  std::uint64_t SeedAt(std::uint64_t n) const { return seed < 2 ? seed : seed + n; }
};

constexpr Trial kTrials[] = {
    {"changes failed", FaultKind::kFail, false, 300},
    {"operations failed, reads too", FaultKind::kFail, true, 300},
    {"times the disk died", FaultKind::kFailFrom, true, 300},
    {"power cuts that lost all", FaultKind::kPowerCut, false, 0},
    {"power cuts that kept all", FaultKind::kPowerCut, false, 1},
    {"power cuts that tore", FaultKind::kPowerCut, false, 100},
    {"power cuts that tore otherwise", FaultKind::kPowerCut, false, 7000},
};

/// DLV_FAULT_STEP=7 takes every seventh operation only, each trial from another one.
std::uint64_t Step() {
  const char* set = std::getenv("DLV_FAULT_STEP");
  return set == nullptr ? 1 : std::max<std::uint64_t>(1, std::strtoull(set, nullptr, 10));
}

class PowerCut : public ::testing::Test {
 protected:
  void SetUp() override {
    MakeSmallRepository(disk_);
    if (HasFatalFailure()) return;
    PutFile(disk_, "/src/b.safetensors", SafetensorsText(900, 4));
    Settle();
  }

  /// What is there now is what every trial begins with.
  void Settle() {
    disk_.SyncAll();
    before_ = disk_.Snapshot();
  }

  void Prepare(const Command& command) {
    {
      const auto store = OpenOn(disk_);
      const Status done = command(*store);
      ASSERT_TRUE(done.ok()) << done.error().message;
    }
    Settle();
  }

  std::vector<std::string> State() {
    const auto store = OpenOn(disk_);
    return store ? StateOf(*store) : std::vector<std::string>{"cannot be opened"};
  }

  /// Opens the repository on the disk as it is and looks at it. Returns its state.
  std::vector<std::string> Look(const std::string& when) {
    const auto store = OpenOn(disk_);
    if (store == nullptr) {
      ADD_FAILURE() << when << ": cannot be opened";
      return {};
    }
    for (const std::string& finding : FindingsOf(*store)) ADD_FAILURE() << when << ": " << finding;
    return StateOf(*store);
  }

  void ExpectOldOrNew(bool acknowledged, const std::string& when) {
    const auto state = Look(when);
    EXPECT_TRUE(state == new_state_ || (!acknowledged && state == old_state_))
        << when << (acknowledged ? ", acknowledged" : "") << ":\n"
        << ::testing::PrintToString(state);
  }

  void FindStates(const Command& command) {
    disk_.Restore(before_);
    old_state_ = State();
    disk_.Restore(before_);
    {
      const auto store = OpenOn(disk_);
      const Status done = command(*store);
      ASSERT_TRUE(done.ok()) << done.error().message;
    }
    new_state_ = Look("without a fault");
  }

  /// One run with a fault at operation `n`; returns whether it came to that.
  bool RunWithFault(const Command& command, const Trial& trial, std::uint64_t n) {
    disk_.Restore(before_);
    const std::string when = std::string(trial.name) + ", operation " + std::to_string(n);
    bool acknowledged = false;
    bool reached = false;
    {
      const auto store = OpenOn(disk_);
      disk_.SetPlan({trial.kind, n, 0, trial.count_reads});
      acknowledged = command(*store).ok();
      reached = disk_.fault_reached();
      if (trial.kind == FaultKind::kPowerCut) disk_.DropUnsyncedBytes(trial.SeedAt(n));
      disk_.SetPlan({});
      if (trial.kind == FaultKind::kFail && !acknowledged) {
        ExpectOldOrNew(false, when);
        acknowledged = command(*store).ok();  // the same process tries again, then the power goes
        disk_.DropUnsyncedBytes(trial.SeedAt(n));
      }
    }
    ExpectOldOrNew(acknowledged, when);
    if (n % 5 == 0) ExpectWritable(when);
    return reached;
  }

  void ExpectWritable(const std::string& when) {
    const auto store = OpenOn(disk_);
    ASSERT_NE(store, nullptr);
    const auto moved = store::SetAlias(*store, "other", "m:v1");
    ASSERT_TRUE(moved.ok()) << when << ": " << moved.error().message;
  }

  void SearchAll(const Command& command) {
    FindStates(command);
    std::uint64_t first = 0;
    for (const Trial& trial : kTrials) {
      std::uint64_t runs = 0;
      const std::uint64_t stride = Step() * (trial.count_reads ? read_stride_ : stride_);
      const std::uint64_t begin = 1 + first++ % stride;
      while (RunWithFault(command, trial, begin + runs * stride) && !HasFailure()) ++runs;
      if (HasFailure()) return;
      std::cout << "  " << runs << " " << trial.name << "\n";
    }
  }

  std::uint64_t PackBytes() const {
    std::uint64_t bytes = 0;
    for (const std::string& path : disk_.Files()) {
      if (path.starts_with("/repo/.dlv/packs/")) bytes += disk_.Content(path).size();
    }
    return bytes;
  }

  FaultyFileSystem disk_;
  std::shared_ptr<const FaultyFileSystem::State> before_;
  std::vector<std::string> old_state_, new_state_;
  /// Of commands with very many operations that take long not every one is tried.
  std::uint64_t stride_ = 1, read_stride_ = 1;
};

TEST_F(PowerCut, Commit) { SearchAll(CommitNext); }
TEST_F(PowerCut, TwoCommitsTogether) {
  stride_ = read_stride_ = 3;  // most of it is what a commit does
  SearchAll(CommitTwo);
}
TEST_F(PowerCut, CommitOfFiles) { SearchAll(CommitFiles); }
TEST_F(PowerCut, Add) { SearchAll(Add); }
TEST_F(PowerCut, Alias) { SearchAll(Alias); }
TEST_F(PowerCut, Tag) { SearchAll(Tag); }
TEST_F(PowerCut, Untag) { SearchAll(Untag); }
TEST_F(PowerCut, Remove) { SearchAll(RemoveFiles); }

TEST_F(PowerCut, Note) { SearchAll(Note); }
TEST_F(PowerCut, Rename) { SearchAll(Rename); }
TEST_F(PowerCut, Copy) { SearchAll(CopyFiles); }
TEST_F(PowerCut, Restore) {
  Prepare(RemoveFiles);
  SearchAll(RestoreFiles);
}
TEST_F(PowerCut, RestoreFromTheTrash) {
  Prepare(RemoveFiles);
  Prepare(GcToTrash);
  SearchAll(RestoreFiles);
}
TEST_F(PowerCut, UndoOfACommit) {
  Prepare(CommitFiles);
  SearchAll(UndoCommit);
}

Status ImportExported(store::Store& store) {
  return StatusOf(store::Import(store, {.source = "/export"}, {.threads = 1}));
}

/// Exports to the real disk, and takes that over into the one in memory.
void PutExport(FaultyFileSystem& disk) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "dlv-fault-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  {
    const auto store = OpenOn(disk);
    const auto exported = store::ExportAll(*store, {folder}, {.threads = 1});
    ASSERT_TRUE(exported.ok()) << exported.error().message;
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = "/export/" + fs::relative(entry.path(), folder).string();
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    ASSERT_TRUE(disk.MakeDirectory(path.substr(0, path.rfind('/'))).ok());
    PutFile(disk, path, std::string((std::istreambuf_iterator<char>(file)), {}));
  }
  fs::remove_all(folder);
}

TEST_F(PowerCut, Import) {
  PutExport(disk_);
  Prepare(RemoveFiles);
  Prepare(GcWithoutTrash);
  SearchAll(ImportExported);
}

Status CommitEcho(store::Store& store) {
  // Smaller tensors have all tried at commit already.
  Echo echo(12'001);
  return StatusOf(CommitNet(store, "echo", echo));
}

TEST_F(PowerCut, Archive) {
  Prepare(CommitEcho);
  const std::size_t packs = disk_.List("/repo/.dlv/packs")->size();
  SearchAll(Archive);
  EXPECT_GT(disk_.List("/repo/.dlv/packs")->size(), packs) << "it did gain something";
}

/// Kin of m:v1 and m:v2 without a parent, which archive finds.
Status CommitKin(store::Store& store) {
  SmallNet net(1, 80);
  for (unsigned i = 0; i < 2; ++i) {
    SmallNet stray = net;
    net.Train(2);
    stray.Train(50 + i);
    CommitRequest request = RequestOf("stray" + std::to_string(i), stray);
    request.parent_choice = ParentChoice::kNone;
    DLV_TRY(StatusOf(store::Commit(store, request, {.threads = 1})));
  }
  return Ok();
}

/// Gives tensors other bases, and writes what depends on them again.
Status CarryOutAPlan(store::Store& store) {
  return StatusOf(store::ArchiveRewrite(store, "", SettingsWithRates(), {.threads = 1}));
}

/// What Look finds clean has been decoded and compared with its ids: every value is what it was.
TEST_F(PowerCut, ArchiveWithOtherBases) {
  Prepare(CommitKin);
  {
    const auto store = OpenOn(disk_);
    const auto plan = store::PlanArchive(*store, "", SettingsWithRates(), {.threads = 1});
    ASSERT_TRUE(plan.ok());
    ASSERT_FALSE(plan->changes.empty()) << "it does give other bases";
  }
  stride_ = 3;
  read_stride_ = 29;
  SearchAll(CarryOutAPlan);
}

/// Of a version on which another one rests.
Status LayOutBySignificance(store::Store& store) {
  return StatusOf(store::RewriteLayout(store, "m:v1", TensorLayout::kSignificance, {.threads = 1}));
}

TEST_F(PowerCut, ArchiveWithAnotherLayout) {
  const std::size_t packs = disk_.List("/repo/.dlv/packs")->size();
  stride_ = 2;
  read_stride_ = 11;
  SearchAll(LayOutBySignificance);
  EXPECT_GT(disk_.List("/repo/.dlv/packs")->size(), packs) << "it did lay out something";
}

TEST_F(PowerCut, CommitThatMergesSmallPacks) {
  Prepare([](store::Store& store) -> Status {
    for (unsigned i = 0; i < 12; ++i) {
      SmallNet net(i, 2);
      DLV_TRY(StatusOf(CommitNet(store, "small", net)));
    }
    return Ok();
  });
  const std::size_t packs = disk_.List("/repo/.dlv/packs")->size();
  stride_ = read_stride_ = 3;
  SearchAll(CommitNext);
  EXPECT_LT(disk_.List("/repo/.dlv/packs")->size(), packs) << "it did merge";
}

/// A wholly dead pack, and one that is mostly dead.
Status MakeGarbage(store::Store& store) {
  class OtherWeight : public SmallNet {
   public:
    OtherWeight() : SmallNet(11, 80) {}
    Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
      DLV_TRY(SmallNet::Read(index, offset, out));
      if (index == 0) std::fill(out.begin(), out.end(), std::byte{1});
      return Ok();
    }
  } heir;
  SmallNet big(11, 80);
  DLV_TRY(StatusOf(CommitNet(store, "big", big)));
  CommitRequest request = RequestOf("heir", heir);
  request.parent_choice = ParentChoice::kNone;
  DLV_TRY(StatusOf(store::Commit(store, request, {.threads = 1})));
  return StatusOf(store::Remove(store, {"big", "files:v1"}, true, false));
}

TEST_F(PowerCut, GarbageToTheTrash) {
  Prepare(MakeGarbage);
  SearchAll(GcToTrash);
  EXPECT_FALSE(disk_.List("/repo/.dlv/trash")->empty());
}

TEST_F(PowerCut, GarbageForGood) {
  Prepare(MakeGarbage);
  const std::uint64_t bytes = PackBytes();
  SearchAll(GcWithoutTrash);
  EXPECT_LT(PackBytes() + 100'000, bytes) << "the mostly dead pack was written anew";
  EXPECT_TRUE(disk_.List("/repo/.dlv/trash")->empty());
}

/// Until it is done the catalog is missing as before; then everything is there.
TEST_F(PowerCut, RebuildOfTheCatalog) {
  const auto want = State();
  ASSERT_TRUE(disk_.Delete("/repo/.dlv/catalog.db"));
  Settle();
  store::StoreOptions options;
  options.file_system = &disk_;
  options.lock_timeout_ms = 0;
  for (const Trial& trial : kTrials) {
    std::uint64_t runs = 0;
    for (bool reached = true; reached && !HasFailure(); ++runs) {
      const std::uint64_t n = 1 + runs * Step();
      const std::string when = std::string(trial.name) + ", operation " + std::to_string(n);
      disk_.Restore(before_);
      disk_.SetPlan({trial.kind, n, 0, trial.count_reads});
      const bool acknowledged = store::RebuildCatalog(kRoot, options, {}).ok();
      reached = disk_.fault_reached();
      if (trial.kind == FaultKind::kPowerCut) disk_.DropUnsyncedBytes(trial.SeedAt(n));
      disk_.SetPlan({});
      const auto opened = store::Store::Open(kRoot, options);
      EXPECT_TRUE(opened.ok() || !acknowledged) << when << ": acknowledged, then gone";
      if (!opened.ok()) {
        const auto again = store::RebuildCatalog(kRoot, options, {});
        EXPECT_TRUE(again.ok() && again->findings.empty()) << when;
      }
      EXPECT_EQ(Look(when), want) << when;
    }
    std::cout << "  " << runs - 1 << " " << trial.name << "\n";
  }
}

/// Runs `command` on disks with more and more room until it succeeds; before that it says what is
/// wrong, changes nothing and leaves nothing behind. Then there is room again, and it works.
class DiskFull : public PowerCut {
 protected:
  void Search(const Command& command) {
    FindStates(command);
    disk_.Restore(before_);
    const std::uint64_t used = disk_.UsedBytes();
    int refused = 0;
    for (std::uint64_t room = 0;; room += 512 * Step() * stride_) {
      disk_.Restore(before_);
      const auto store = OpenOn(disk_);
      disk_.SetPlan({.kind = FaultKind::kDiskFull, .disk_bytes = used + room});
      const Status done = command(*store);
      disk_.SetPlan({});
      const std::string when = std::to_string(room) + " bytes of room";
      if (done.ok()) {
        ExpectOldOrNew(true, when);
        break;
      }
      ++refused;
      ExpectTold(done.error(), when);
      EXPECT_EQ(Look(when), old_state_) << when;
      const Status again = command(*store);
      EXPECT_TRUE(again.ok()) << when << ", then enough: " << again.error().message;
      ExpectOldOrNew(true, when + ", then enough");
      if (HasFailure()) return;
    }
    std::cout << "  " << refused << " amounts of room that were too little\n";
    EXPECT_GT(refused, 0);
  }

  void ExpectTold(const Error& error, const std::string& when) {
    EXPECT_EQ(error.code, ErrorCode::kIo) << when << ": " << error.message;
    EXPECT_NE(error.message.find("no space left"), std::string::npos) << error.message;
    const auto left = disk_.List("/repo/.dlv/tmp");
    ASSERT_TRUE(left.ok());
    EXPECT_TRUE(left->empty()) << when << ": " << left->front() << " is left in tmp";
  }
};

TEST_F(DiskFull, Commit) { Search(CommitNext); }
TEST_F(DiskFull, CommitOfFiles) { Search(CommitFiles); }
TEST_F(DiskFull, Add) { Search(Add); }
TEST_F(DiskFull, Alias) { Search(Alias); }
TEST_F(DiskFull, Tag) { Search(Tag); }
TEST_F(DiskFull, Remove) { Search(RemoveFiles); }
TEST_F(DiskFull, ArchiveWithOtherBases) {
  Prepare(CommitKin);
  stride_ = 100;
  Search(CarryOutAPlan);
}
TEST_F(DiskFull, Archive) {
  Prepare(CommitEcho);
  Search(Archive);
}

}  // namespace
}  // namespace dlv::testing
