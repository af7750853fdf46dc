#pragma once
/// \file
/// Reading a file that is committed once, from its beginning to its end.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
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

/// Takes the SHA-256 of a file on a thread of its own, and on the way the ids of the large tensors
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
  void Start(const CancellationToken* cancel);
  /// Of the whole file; waits for the pass, or makes it.
  Result<FileDigest> Sha256();

  /// Returns the hash of a tensor of the description, once the pass has been there. Nothing where
  /// it will not be there soon: then whoever asks has to hash the tensor, and the pass leaves it.
  /// `patient`: a tensor that comes next is waited for.
  std::optional<archive::TensorHash> HashOf(std::size_t number, bool patient);

  /// After Sha256 was successful.
  const PassedTensors& passed() const { return passed_; }

 private:
  enum class Turn : std::uint8_t { kWaiting, kHashing, kReady, kLeft };
  struct Part {
    std::size_t number = 0;  ///< in the description
    DType dtype = DType::kOpaque;
    std::uint64_t offset = 0;
    std::uint64_t element_count = 0;
    Turn turn = Turn::kWaiting;
    archive::TensorHash hash;
  };
  void Run(const CancellationToken* cancel);
  Status ReadAll(const CancellationToken* cancel);
  Status ReadPlain(std::uint64_t begin, std::uint64_t end);
  Status ReadPart(Part& part);
  Result<std::span<const std::byte>> Read(std::uint64_t offset, std::uint64_t size);
  void SetTurn(Part& part, Turn turn);

  const io::ByteSource& file_;
  const CancellationToken* cancel_ = nullptr;
  std::vector<Part> parts_;  ///< by their offset
  std::size_t next_ = 0;     ///< part that comes next, or is being hashed
  std::mutex mutex_;         ///< of turns, `next_` and hashes that are ready
  std::condition_variable changed_;
  bool started_ = false;
  std::thread thread_;
  std::atomic<bool> stop_{false};
  std::optional<Result<FileDigest>> sha256_;
  PassedTensors passed_;
  std::optional<io::JointSha256> hash_;  ///< since Run
  std::vector<std::byte> buffer_;
};

}  // namespace dlv::store
