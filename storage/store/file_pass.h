#pragma once
/// \file
/// Reading a file that is committed once, from its beginning to its end.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/tensor_hash.h"
#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"
#include "storage/io/joint_sha256.h"

namespace dlv::store {

/// What a file had where a large tensor lies in it as it is stored.
struct PassedTensor {
  std::uint64_t offset = 0;              ///< in the file
  std::vector<std::uint64_t> checksums;  ///< XXH3 of each chunk
};
/// By the tensors' numbers in the description.
using PassedTensors = std::map<std::size_t, PassedTensor>;

class FilePass;

/// Threads for the passes over the files of a commit, which take them in the order in which they
/// were started: a version may have thousands of files, and they are stored in that order.
class PassThreads {
 public:
  /// `most`: threads, at least 1; none is started before there is work for it.
  explicit PassThreads(unsigned most) : most_(most) {}
  /// No pass may be left (each owns a share of this object).
  ~PassThreads();
  PassThreads(const PassThreads&) = delete;
  PassThreads& operator=(const PassThreads&) = delete;

  void Add(FilePass& pass);
  /// Takes back a pass; returns false where a thread has begun with it.
  bool Remove(FilePass& pass);

 private:
  void Work();

  const unsigned most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FilePass*> waiting_;
  unsigned idle_ = 0;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

/// Takes the SHA-256 of a file in the background, and on the way the ids of the large tensors
/// that lie in it as they are: from the same bytes at the same time, which costs little more where
/// the processor has instructions for SHA-256 (io::JointSha256).
class FilePass {
 public:
  /// What is given must outlive this object.
  explicit FilePass(const io::ByteSource& file) : file_(file) {}
  ~FilePass();
  FilePass(const FilePass&) = delete;
  FilePass& operator=(const FilePass&) = delete;

  /// Before Start: tensors that are to be looked at on the way. Those that overlap are left out.
  /// `hashed`: and to be hashed.
  void TakeTensors(const interchange::FileDescription& description, bool hashed = true);
  void Start(const CancellationToken* cancel, std::shared_ptr<PassThreads> threads);
  /// Of the whole file; waits for the pass, or makes it where it has not begun.
  Result<FileDigest> Sha256();

  /// Returns the hash of a tensor of the description, once the pass has been there. Nothing where
  /// it will not be there soon: then whoever asks has to hash the tensor, and the pass leaves it.
  /// `patient`: a tensor that comes next is waited for.
  std::optional<archive::TensorHash> HashOf(std::size_t number, bool patient);

  /// After Sha256 was successful.
  const PassedTensors& passed() const { return passed_; }

 private:
  friend class PassThreads;
  enum class Turn : std::uint8_t { kWaiting, kHashing, kReady, kLeft };
  struct Part {
    std::size_t number = 0;  ///< in the description
    DType dtype = DType::kOpaque;
    std::uint64_t offset = 0;
    std::uint64_t element_count = 0;
    Turn turn = Turn::kWaiting;
    archive::TensorHash hash;
  };
  /// What was read and is not hashed yet, behind each other in `buffer_`: chunks of one length and
  /// type, which are best hashed side by side, and what lies between them in the file.
  struct Window {
    std::size_t bytes = 0;
    DType dtype = DType::kOpaque;
    std::size_t chunk_bytes = 0;
    std::vector<std::size_t> offsets;  ///< of chunks
    std::vector<ChunkId*> ids;         ///< of the same chunks, to be set
    std::vector<Part*> ends;           ///< parts whose last chunk was read
  };
  void Run();
  Status ReadAll();
  /// Bytes that are in no tensor that is looked at.
  Status ReadPlain(std::uint64_t begin, std::uint64_t end);
  Status ReadPart(Part& part);
  /// A chunk of a part that is hashed: as it will be stored, at `offset` of the file.
  Status ReadChunk(Part& part, std::uint64_t offset, std::size_t size, bool is_whole, ChunkId& id);
  /// Adds bytes to the window.
  Result<std::span<const std::byte>> Read(std::uint64_t offset, std::uint64_t size);
  /// Hashes what the window holds, and empties it.
  void HashWindow();
  void SetTurn(Part& part, Turn turn);

  const io::ByteSource& file_;
  const CancellationToken* cancel_ = nullptr;
  std::vector<Part> parts_;  ///< by their offset
  std::size_t next_ = 0;     ///< part that comes next, or is being hashed
  std::mutex mutex_;         ///< of turns, `next_` and hashes that are ready
  std::condition_variable changed_;
  std::shared_ptr<PassThreads> threads_;  ///< since Start
  std::atomic<bool> stop_{false};
  std::optional<Result<FileDigest>> sha256_;  ///< under the mutex
  PassedTensors passed_;
  std::optional<io::JointSha256> hash_;  ///< since Run
  std::vector<std::byte> buffer_;
  Window window_;
};

}  // namespace dlv::store
