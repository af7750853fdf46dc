#pragma once
/// \file
/// A file that is being committed: opened, described, hashed.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dlv/commit.h"
#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/interchange/file_format.h"
#include "storage/io/byte_source.h"
#include "storage/store/file_pass.h"
#include "storage/store/store.h"

namespace dlv::store {

/// The file's name in the version.
std::string PathOf(const FileInput& file);

struct DescribeRequest {
  bool include_optimizer = true;
  bool as_blob = false;
  std::string format = {};  ///< empty: found from the content
  /// Tensors that other files say are in this one; null: none.
  const std::vector<interchange::ExternalTensor>* external = nullptr;
};

/// An open input. Must outlive the sources of its description.
class InputFile {
 public:
  /// Opens the file and looks at it.  Errors: kNotFound, kInvalidArgument (no regular file), kIo.
  static Result<std::unique_ptr<InputFile>> Open(Store& store, const FileInput& input);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& path() const { return path_; }  ///< in the version
  const std::string& name() const { return name_; }  ///< for messages
  std::uint64_t size() const { return stat_.size_bytes; }
  std::uint32_t mode() const { return stat_.mode & 0777; }
  const io::ByteSource& source() const { return *source_; }
  const io::FileStat& stat() const { return stat_; }

  /// Finds out what is in it. Must be called before `description`.
  /// Errors: kUnsafe, kCorruption (a known format, broken) naming the file; kIo.
  Status Describe(const DescribeRequest& request);
  bool described() const { return described_; }
  const interchange::FileDescription& description() const { return description_; }

  /// Begins to hash the file, and `with_tensors` the large tensors of its description, on a thread
  /// of `threads` (FilePass); Sha256 waits for it.
  void StartHashing(const CancellationToken* cancel, bool with_tensors,
                    std::shared_ptr<PassThreads> threads);
  /// As FilePass.
  std::optional<archive::TensorHash> HashOf(std::size_t tensor, bool patient) {
    return pass_->HashOf(tensor, patient);
  }
  Result<FileDigest> Sha256();
  /// After Sha256.
  const PassedTensors& passed() const { return pass_->passed(); }

  /// Errors: kConflict where the file has been written to since Open.
  Status CheckUnchanged() const;

 private:
  InputFile() = default;
  Result<interchange::FileDescription> LookInside(const DescribeRequest& request) const;
  Error Named(Error error) const;

  std::string path_;
  std::string name_;
  std::unique_ptr<io::ReadableFile> file_;
  io::FileStat stat_;
  std::unique_ptr<io::ByteSource> source_;
  bool described_ = false;
  interchange::FileDescription description_;
  std::unique_ptr<FilePass> pass_;  ///< reads `source_`, and is dropped first
};

}  // namespace dlv::store
