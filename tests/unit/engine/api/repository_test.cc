// The public API as a program uses it: through include/dlv alone, on the real file system. Every
// error code that a function names there is provoked here.

#include "dlv/repository.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <thread>

#include "storage/io/repository_lock.h"
#include "storage/store/machine_rates.h"
#include "tests/fault/some_rates.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

template <class T>
ErrorCode CodeOf(const T& result) {
  return result.ok() ? ErrorCode::kInternal : result.error().code;
}

/// A network in memory. `on_read` is asked before every read.
class RandomNet : public TensorSource {
 public:
  explicit RandomNet(unsigned seed, std::int64_t rows = 400) {
    Add("layer1.weight", {rows, 700}, seed);
    Add("layer1.bias", {700}, seed + 1);
    Add("layer2.weight", {3, 5, 7}, seed + 2);
  }
  void Add(const std::string& name, Shape shape, unsigned seed) {
    TensorInfo info;
    info.name = name;
    info.shape = std::move(shape);
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 0.1F);
    // Drawn once, then with other low bits each time: a tenth of the time without optimisation.
    std::array<std::uint32_t, 1024> drawn;
    for (std::uint32_t& bits : drawn) bits = std::bit_cast<std::uint32_t>(normal(random));
    std::vector<std::byte> bytes(info.element_count() * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      const auto number = static_cast<std::uint32_t>(random());
      const std::uint32_t bits = drawn[number % drawn.size()] ^ (number >> 20);
      std::memcpy(bytes.data() + i, &bits, 4);
    }
    infos.push_back(std::move(info));
    values.push_back(std::move(bytes));
  }
  std::size_t size() const override { return infos.size(); }
  TensorInfo Info(std::size_t index) const override { return infos[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    if (on_read) DLV_TRY(on_read(index));
    largest_read = std::max<std::size_t>(largest_read, out.size());
    std::memcpy(out.data(), values[index].data() + offset, out.size());
    return Ok();
  }

  std::vector<TensorInfo> infos;
  std::vector<std::vector<std::byte>> values;
  std::function<Status(std::size_t)> on_read;
  std::atomic<std::size_t> largest_read{0};
};

CommitRequest RequestOf(const std::string& model, TensorSource& source) {
  CommitRequest request;
  request.model = model;
  request.message = "test";
  request.tensors = {{&source, std::nullopt}};
  return request;
}

class RepositoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "dlv-api-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    auto made = Repository::Init(root_);
    ASSERT_TRUE(made.ok()) << made.error().message;
    repository_ = std::move(made).value();
  }
  void TearDown() override { fs::remove_all(root_); }

  /// As if they had been measured, which takes seconds with sanitizers.
  void KeepSomeRates() {
    plan::MachineRates rates = testing::SomeRates();
    rates.machine = store::MachineName();
    std::ofstream(root_ / ".dlv/rates") << plan::ToText(rates);
  }

  std::unique_ptr<Repository> MustOpen(const OpenOptions& options = {}) {
    auto opened = Repository::Open(root_, options);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return opened.ok() ? std::move(opened).value() : nullptr;
  }
  std::unique_ptr<Repository> MustOpenForReading() {
    OpenOptions options;
    options.read_only = true;
    return MustOpen(options);
  }
  void MustCommit(const std::string& model, TensorSource& source) {
    const auto result = repository_->Commit(RequestOf(model, source));
    ASSERT_TRUE(result.ok()) << result.error().message;
  }
  fs::path Write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
    return root_ / name;
  }
  CommitRequest FileRequest(const fs::path& source) {
    CommitRequest request;
    request.model = "files";
    request.files = {{source, "", {}}};
    return request;
  }
  std::vector<fs::path> Packs() {
    std::vector<fs::path> packs;
    for (const auto& entry : fs::directory_iterator(root_ / ".dlv/packs")) {
      packs.push_back(entry.path());
    }
    return packs;
  }
  /// Puts a folder where the packs are: opening it works, reading it does not.
  void MakePacksUnreadable() {
    for (const fs::path& pack : Packs()) {
      fs::remove(pack);
      fs::create_directory(pack);
    }
  }

  fs::path root_;
  std::unique_ptr<Repository> repository_;
};

// ---- Making and opening -------------------------------------------------------------------------

TEST_F(RepositoryTest, InitErrors) {
  EXPECT_EQ(CodeOf(Repository::Init(root_)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(Repository::Init(root_ / std::string(300, 'x'))), ErrorCode::kIo);
}

TEST_F(RepositoryTest, OpenErrors) {
  EXPECT_EQ(CodeOf(Repository::Open(root_ / "nowhere")), ErrorCode::kNotFound);
  const fs::path format = root_ / ".dlv/format";
  Write(".dlv/format", "dlv repository\nversion 9\nfeatures 0\ncheck 0\n");
  EXPECT_EQ(CodeOf(Repository::Open(root_)), ErrorCode::kCorruption);
  // XXH3-64 of the three lines before, from the xxhsum tool: a newer format with a right checksum.
  Write(".dlv/format", "dlv repository\nversion 9\nfeatures 0\ncheck b723ac250b3565ac\n");
  EXPECT_EQ(CodeOf(Repository::Open(root_)), ErrorCode::kUnsupported);
  fs::remove(format);
  fs::create_directory(format);
  EXPECT_EQ(CodeOf(Repository::Open(root_)), ErrorCode::kIo);
}

TEST_F(RepositoryTest, FindLooksUpwards) {
  fs::create_directories(root_ / "a/b");
  const auto found = Repository::Find(root_ / "a/b");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(fs::canonical(*found), fs::canonical(root_));
  EXPECT_EQ(CodeOf(Repository::Find("/proc")), ErrorCode::kNotFound);
}

// ---- Adding -------------------------------------------------------------------------------------

TEST_F(RepositoryTest, CommitFromMemoryComesBackExactlyAndInPieces) {
  RandomNet net(1);
  MustCommit("m", net);
  EXPECT_LE(net.largest_read, std::size_t{4} << 20) << "a tensor is asked for piece by piece";
  const auto reader = MustOpenForReading();
  for (std::size_t i = 0; i < net.size(); ++i) {
    const auto tensor = reader->ReadTensor("m/" + net.infos[i].name);
    ASSERT_TRUE(tensor.ok()) << tensor.error().message;
    EXPECT_EQ(tensor->bytes, net.values[i]);
    EXPECT_EQ(tensor->info.shape, net.infos[i].shape);
    EXPECT_EQ(tensor->planes, 32U);
  }
}

TEST_F(RepositoryTest, OddNamesCanBeAskedFor) {
  RandomNet net(1, 2);
  net.infos[0].name = "a/b *[x]? \"q\"";
  net.infos[1].name = "";
  MustCommit("m", net);
  const auto odd = repository_->ReadTensor("m/\"" + net.infos[0].name + "\"");
  ASSERT_TRUE(odd.ok()) << odd.error().message;
  EXPECT_EQ(odd->bytes, net.values[0]);
  const auto nameless = repository_->ReadTensor("m/\"\"");
  ASSERT_TRUE(nameless.ok()) << nameless.error().message;
  EXPECT_EQ(nameless->bytes, net.values[1]);
}

TEST_F(RepositoryTest, ErrorsOfASourceArePassedUp) {
  RandomNet net(1);
  net.on_read = [](std::size_t index) -> Status {
    if (index == 1) return Error{ErrorCode::kRemote, "the other machine is gone"};
    return Ok();
  };
  const auto result = repository_->Commit(RequestOf("m", net));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kRemote);
  EXPECT_NE(result.error().message.find("the other machine is gone"), std::string::npos);
  EXPECT_TRUE(repository_->ListVersions()->empty());
}

TEST_F(RepositoryTest, ImpossibleSourcesAreInvalid) {
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  for (const Shape& shape : std::vector<Shape>{{-1}, {kHuge, kHuge}, {3, -2}, {kHuge}}) {
    RandomNet net(1, 2);
    net.infos[1].shape = shape;
    EXPECT_EQ(CodeOf(repository_->Commit(RequestOf("m", net))), ErrorCode::kInvalidArgument)
        << shape[0];
  }
  RandomNet twins(1, 2);
  twins.infos[1].name = twins.infos[0].name;
  EXPECT_EQ(CodeOf(repository_->Commit(RequestOf("m", twins))), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(repository_->ListVersions()->empty());
}

/// torch.save's old format with os.system("true") as the object.
std::string UnsafePickle() {
  using namespace std::string_literals;
  return "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19."s
         "\x80\x02M\xe9\x03."s
         "\x80\x02}q\x00(X\x10\x00\x00\x00protocol_versionq\x01M\xe9\x03X\x0d\x00\x00\x00little_"
         "endianq"
         "\x02\x88X\x0a\x00\x00\x00type_sizesq\x03}q\x04u."s
         "\x80\x02"
         "cposix\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02Rq\x03."s
         "\x80\x02]q\x00."s;
}

TEST_F(RepositoryTest, CommitErrors) {
  RandomNet net(1, 2);
  EXPECT_EQ(CodeOf(repository_->Commit(RequestOf("a b", net))), ErrorCode::kInvalidArgument);
  CommitRequest request = RequestOf("m", net);
  request.parent_choice = ParentChoice::kGiven;
  request.parents = {"nobody"};
  EXPECT_EQ(CodeOf(repository_->Commit(request)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Commit(FileRequest(root_ / "missing"))), ErrorCode::kNotFound);
  const fs::path unsafe = Write("evil.pt", UnsafePickle());
  EXPECT_EQ(CodeOf(repository_->Commit(FileRequest(unsafe))), ErrorCode::kUnsafe);
  fs::remove(root_ / ".dlv/operations.log");
  fs::create_directory(root_ / ".dlv/operations.log");
  EXPECT_EQ(CodeOf(repository_->Commit(RequestOf("m", net))), ErrorCode::kIo);
}

TEST_F(RepositoryTest, AnotherWriterIsAConflictThatNamesIt) {
  RandomNet net(1, 2);
  std::string told;
  OpenOptions options;
  options.lock_timeout_ms = 30;
  options.on_lock_wait = [&](const std::string& holder) { told = holder; };
  const auto hasty = MustOpen(options);
  {
    const auto lock = io::RepositoryLock::Acquire(io::PosixFileSystem(), root_ / ".dlv/lock",
                                                  {.command = "dlv archive"});
    ASSERT_TRUE(lock.ok());
    const auto refused = hasty->Commit(RequestOf("m", net));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    const std::string pid = "pid " + std::to_string(::getpid());
    EXPECT_NE(refused.error().message.find(pid), std::string::npos) << refused.error().message;
    EXPECT_NE(told.find("(dlv archive)"), std::string::npos) << told;
    EXPECT_TRUE(hasty->ListVersions().ok()) << "readers do not wait";
  }
  EXPECT_TRUE(hasty->Commit(RequestOf("m", net)).ok());
}

TEST_F(RepositoryTest, AFileThatChangesMeanwhileIsAConflict) {
  const fs::path file = Write("notes.txt", "before");
  RandomNet net(1, 2);
  net.on_read = [&](std::size_t) {
    Write("notes.txt", "meanwhile " + std::to_string(std::rand()));
    return Ok();
  };
  CommitRequest request = RequestOf("m", net);
  request.files = {{file, "", {}}};
  EXPECT_EQ(CodeOf(repository_->Commit(request)), ErrorCode::kConflict);
}

TEST_F(RepositoryTest, StagingErrors) {
  const fs::path unsafe = Write("evil.pt", UnsafePickle());
  EXPECT_EQ(CodeOf(repository_->Stage({{root_ / "missing", "", {}}})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Stage({{unsafe, "", {}}})), ErrorCode::kUnsafe);
  EXPECT_EQ(CodeOf(repository_->Stage({{root_ / ".dlv", "x", {}}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(repository_->Stage({{root_ / std::string(300, 'x'), "x", {}}})), ErrorCode::kIo);
  EXPECT_EQ(CodeOf(repository_->Unstage({"missing"})), ErrorCode::kNotFound);
  FileInput blob{unsafe, "", {}};
  blob.as_blob = true;
  const auto staged = repository_->Stage({blob});
  ASSERT_TRUE(staged.ok()) << staged.error().message;
  EXPECT_EQ(staged->at(0).format, "blob");
  EXPECT_EQ(repository_->StagedInputs()->size(), 1U);
  EXPECT_EQ(repository_->GetStatus()->staged.size(), 1U);
}

// ---- Reading ------------------------------------------------------------------------------------

TEST_F(RepositoryTest, ResolveErrors) {
  RandomNet net(1, 2);
  MustCommit("m", net);
  const auto resolved = repository_->Resolve("m:v1/layer1.*");
  ASSERT_TRUE(resolved.ok());
  EXPECT_EQ(resolved->number, 1U);
  EXPECT_EQ(resolved->tensor_pattern, "layer1.*");
  EXPECT_EQ(CodeOf(repository_->Resolve("m:")), ErrorCode::kSyntax);
  EXPECT_EQ(CodeOf(repository_->Resolve("n")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Log("n")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Describe("n")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Diff("m", "n")), ErrorCode::kNotFound);
}

TEST_F(RepositoryTest, ReadTensorErrors) {
  RandomNet net(1, 50);
  MustCommit("m", net);
  EXPECT_EQ(CodeOf(repository_->ReadTensor("m/other")), ErrorCode::kNotFound);
  const auto several = repository_->ReadTensor("m/layer1.*");
  ASSERT_FALSE(several.ok());
  EXPECT_EQ(several.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(several.error().message.find("layer1.weight"), std::string::npos);
  EXPECT_NE(several.error().message.find("layer1.bias"), std::string::npos);
  EXPECT_EQ(CodeOf(repository_->ReadTensor("m")), ErrorCode::kInvalidArgument);
  {
    std::fstream pack(Packs().at(0), std::ios::in | std::ios::out | std::ios::binary);
    pack.seekp(4096 + 1000);
    pack.write("damage", 6);
  }
  EXPECT_EQ(CodeOf(MustOpen()->ReadTensor("m/layer1.weight")), ErrorCode::kCorruption);
  MakePacksUnreadable();
  EXPECT_EQ(CodeOf(MustOpen()->ReadTensor("m/layer1.weight")), ErrorCode::kIo);
}

TEST_F(RepositoryTest, CheckoutErrorsAndFiles) {
  RandomNet net(1, 50);
  MustCommit("m", net);
  const fs::path file = Write("notes.txt", "notes");
  ASSERT_TRUE(repository_->Commit(FileRequest(file)).ok());
  CheckoutOptions options;
  EXPECT_EQ(CodeOf(repository_->Checkout("files", options)), ErrorCode::kInvalidArgument);
  options.output = root_ / "out";
  EXPECT_EQ(CodeOf(repository_->Checkout("n", options)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Checkout("m:", options)), ErrorCode::kSyntax);
  EXPECT_EQ(CodeOf(repository_->Checkout("m", options)), ErrorCode::kInvalidArgument)
      << "from memory there are no originals";
  const auto out = repository_->Checkout("files", options);
  ASSERT_TRUE(out.ok()) << out.error().message;
  EXPECT_TRUE(out->files.at(0).identical);
  std::ofstream(root_ / "out/notes.txt") << "other";
  EXPECT_EQ(CodeOf(repository_->Checkout("files", options)), ErrorCode::kConflict);
  options.output = root_ / std::string(300, 'x');
  EXPECT_EQ(CodeOf(repository_->Checkout("files", options)), ErrorCode::kIo);
  CancellationToken token;
  token.Cancel();
  options.output = root_ / "out2";
  EXPECT_EQ(CodeOf(repository_->Checkout("files", options, {.cancel = &token})),
            ErrorCode::kCancelled);
}

// ---- Names and housekeeping ---------------------------------------------------------------------

TEST_F(RepositoryTest, NameErrors) {
  RandomNet net(1, 2);
  MustCommit("m", net);
  EXPECT_EQ(CodeOf(repository_->SetAlias("latest", "m")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(repository_->SetAlias("best", "n")), ErrorCode::kNotFound);
  ASSERT_TRUE(repository_->SetAlias("best", "m").ok());
  EXPECT_EQ(repository_->AliasLog("m")->size(), 1U);
  EXPECT_EQ(CodeOf(repository_->AliasLog("n")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Remove({"m:v1"}, false)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(repository_->DeleteAlias("m", "worst")), ErrorCode::kNotFound);
  ASSERT_TRUE(repository_->DeleteAlias("m", "best").ok());
  EXPECT_EQ(CodeOf(repository_->SetTags("m", {{"", "x"}})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(repository_->DeleteTags("m", {"x"})), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(repository_->Remove({"m:v2"}, false)), ErrorCode::kNotFound);
}

TEST_F(RepositoryTest, RemoveGcArchiveVerifyAndUsage) {
  KeepSomeRates();
  RandomNet first(1), second(2);
  MustCommit("a", first);
  MustCommit("b", second);
  const auto archived = repository_->Archive("");
  ASSERT_TRUE(archived.ok()) << archived.error().message;
  EXPECT_EQ(archived->tensors, 6U);
  EXPECT_EQ(CodeOf(repository_->Archive("n")), ErrorCode::kNotFound);
  ASSERT_TRUE(repository_->Remove({"a"}, false).ok());
  const auto garbage =
      repository_->Usage({.by = UsageBy::kVersion, .references = {}})->garbage_bytes;
  EXPECT_GT(garbage, std::uint64_t{500} << 10);
  const auto freed = repository_->CollectGarbage({.execute = true, .use_trash = false});
  ASSERT_TRUE(freed.ok()) << freed.error().message;
  EXPECT_GE(freed->freed_bytes, garbage);
  EXPECT_EQ(CodeOf(repository_->CollectGarbage({.grace_seconds = -1})),
            ErrorCode::kInvalidArgument);
  const auto verified = repository_->Verify({.full = true});
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->findings.empty());
  EXPECT_EQ(verified->versions, 1U);
}

TEST_F(RepositoryTest, RebuildCatalogErrors) {
  RandomNet net(1, 2);
  MustCommit("m", net);
  repository_.reset();
  EXPECT_EQ(CodeOf(Repository::RebuildCatalog(root_ / "nowhere")), ErrorCode::kNotFound);
  fs::remove(root_ / ".dlv/catalog.db");
  EXPECT_EQ(CodeOf(Repository::Open(root_)), ErrorCode::kCorruption);
  const auto rebuilt = Repository::RebuildCatalog(root_);
  ASSERT_TRUE(rebuilt.ok()) << rebuilt.error().message;
  EXPECT_TRUE(MustOpen()->Resolve("m:v1").ok());
  {
    std::fstream log(root_ / ".dlv/operations.log", std::ios::in | std::ios::out);
    log << "no log at all";
  }
  EXPECT_TRUE(Repository::RepairLog(root_).ok());
  EXPECT_TRUE(Repository::RebuildCatalog(root_).ok());
  EXPECT_TRUE(MustOpen()->Resolve("m:v1").ok()) << "what was there is there";
  fs::remove(root_ / ".dlv/operations.log");
  MakePacksUnreadable();
  EXPECT_EQ(CodeOf(Repository::RebuildCatalog(root_)), ErrorCode::kIo);
}

// ---- Long calls ---------------------------------------------------------------------------------

/// Checks what ProgressSink promises.
class Watcher : public ProgressSink {
 public:
  void Report(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
    EXPECT_FALSE(inside.exchange(true)) << "two calls at a time";
    EXPECT_FALSE(stage.empty());
    if (total != 0) {
      EXPECT_LE(done, total) << stage;
    }
    if (stage == last_stage) {
      EXPECT_GE(done, last_done) << stage;
    }
    last_stage = stage;
    last_done = done;
    last_total = total;
    ++reports;
    if (token != nullptr && reports == cancel_at) token->Cancel();
    inside = false;
  }
  std::atomic<bool> inside{false};
  std::string last_stage;
  std::uint64_t last_done = 0, last_total = 0;
  int reports = 0, cancel_at = 0;
  CancellationToken* token = nullptr;
};

TEST_F(RepositoryTest, ProgressGrowsToTheTotal) {
  KeepSomeRates();
  RandomNet net(1, 1500);
  const fs::path out = root_ / "out";
  const std::vector<std::pair<const char*, std::function<bool(const Operation&)>>> calls = {
      {"commit",
       [&](const Operation& op) { return repository_->Commit(RequestOf("m", net), op).ok(); }},
      {"verify", [&](const Operation& op) { return repository_->Verify({.full = true}, op).ok(); }},
      {"archive", [&](const Operation& op) { return repository_->Archive("", {}, op).ok(); }},
      {"checkout", [&](const Operation& op) {
         CheckoutOptions options;
         options.output = out;
         options.format = CheckoutFormat::kSafetensors;
         return repository_->Checkout("m", options, op).ok();
       }}};
  for (const auto& [name, call] : calls) {
    Watcher watcher;
    Operation operation;
    operation.progress = &watcher;
    operation.threads = 2;
    EXPECT_TRUE(call(operation)) << name;
    EXPECT_GT(watcher.reports, 0) << name;
    EXPECT_EQ(watcher.last_done, watcher.last_total) << name;
  }
}

TEST_F(RepositoryTest, CancelledInTheMiddleNothingHasChanged) {
  RandomNet net(1, 3000);
  MustCommit("m", net);
  const auto packs = Packs();
  for (int at = 1; at < 8; ++at) {
    CancellationToken token;
    Watcher watcher;
    watcher.token = &token;
    watcher.cancel_at = at;
    RandomNet other(static_cast<unsigned>(at) + 10, 3000);
    const auto result = repository_->Commit(RequestOf("m", other),
                                            {.progress = &watcher, .cancel = &token, .threads = 1});
    if (result.ok()) {
      EXPECT_LT(watcher.reports, at + 3) << "told early, and went on to the end";
      return;
    }
    EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
    EXPECT_EQ(Packs(), packs);
    EXPECT_TRUE(fs::is_empty(root_ / ".dlv/tmp"));
    EXPECT_EQ(repository_->ListVersions()->size(), 1U);
  }
}

TEST_F(RepositoryTest, SeveralThreadsReadWhileAnotherRepositoryWrites) {
  RandomNet net(1);
  MustCommit("kept", net);
  const auto shared = MustOpenForReading();
  std::atomic<bool> stop{false};
  std::atomic<int> reads{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&, t] {
      for (int i = t; !stop || i < t + 3; ++i) {
        const std::size_t which = static_cast<std::size_t>(i) % net.size();
        const auto tensor = shared->ReadTensor("kept/" + net.infos[which].name);
        EXPECT_TRUE(tensor.ok() && tensor->bytes == net.values[which]);
        EXPECT_TRUE(shared->ListVersions().ok());
        EXPECT_TRUE(shared->Describe("kept").ok());
        EXPECT_TRUE(shared->Log("").ok());
        EXPECT_TRUE(shared->Usage({.by = UsageBy::kVersion, .references = {}}).ok());
        if (i % 8 == t) {
          const auto verified = shared->Verify({});
          ASSERT_TRUE(verified.ok()) << verified.error().message;
          for (const Finding& finding : verified->findings) {
            ADD_FAILURE() << finding.where << ": " << finding.what;
          }
        }
        ++reads;
      }
    });
  }
  RandomNet moving(2);
  for (unsigned i = 0; i < 12; ++i) {
    moving.values[0][i] ^= std::byte{1};
    const auto result = repository_->Commit(RequestOf("moving", moving));
    EXPECT_TRUE(result.ok()) << result.error().message;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GE(reads.load(), 12);
}

}  // namespace
}  // namespace dlv
