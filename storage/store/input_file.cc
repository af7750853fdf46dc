#include "storage/store/input_file.h"

#include <algorithm>
#include <vector>

#include "storage/interchange/onnx_data.h"
#include "storage/io/hash.h"
#include "storage/store/names.h"

namespace dlv::store {
std::string PathOf(const FileInput& file) {
  return file.path.empty() ? file.source.filename().string() : file.path;
}

Result<std::unique_ptr<InputFile>> InputFile::Open(Store& store, const FileInput& input) {
  std::unique_ptr<InputFile> file(new InputFile());
  file->name_ = input.source.string();
  file->path_ = PathOf(input);
  DLV_TRY(CheckFilePath(file->path_));
  auto opened = store.sources().OpenForReading(file->name_);
  if (!opened.ok()) return file->Named(std::move(opened).error());
  file->file_ = std::move(opened).value();
  DLV_ASSIGN(file->stat_, file->file_->Stat());
  if (!file->stat_.is_regular) {
    return Error{ErrorCode::kInvalidArgument, file->name_ + ": is no regular file"};
  }
  file->source_ = io::MakeFileSource(*file->file_, 0, file->stat_.size_bytes);
  file->pass_ = std::make_unique<FilePass>(*file->source_);
  return file;
}

Error InputFile::Named(Error error) const {
  if (error.message.find(name_) == std::string::npos) error.message = name_ + ": " + error.message;
  return error;
}

Result<interchange::FileDescription> InputFile::LookInside(const DescribeRequest& request) const {
  interchange::DescribeOptions options;
  options.include_optimizer = request.include_optimizer;
  options.format = request.format;
  if (request.external != nullptr) {
    return interchange::DescribeExternalData(*source_, *request.external, options);
  }
  return interchange::DescribeFile(*source_, name_, options);
}

Status InputFile::Describe(const DescribeRequest& request) {
  if (request.as_blob) {
    description_ = interchange::DescribeAsBlob(*source_, "kept unread as asked");
    described_ = true;
    return Ok();
  }
  auto described = LookInside(request);
  if (!described.ok() && described.error().code == ErrorCode::kUnsupported &&
      request.format.empty()) {
    // Nothing is wrong with the file: this release cannot read its kind, and keeps the bytes.
    description_ = interchange::DescribeAsBlob(*source_, described.error().message);
  } else if (!described.ok()) {
    DLV_TRY(CheckUnchanged());  // a file that is being written looks broken
    Error error = Named(std::move(described).error());
    if (error.hint.empty() &&
        (error.code == ErrorCode::kUnsafe || error.code == ErrorCode::kCorruption)) {
      error.hint = "it can be kept as an opaque file, unread (FileInput::as_blob)";
    }
    return error;
  } else {
    description_ = std::move(described).value();
  }
  described_ = true;
  return Ok();
}

void InputFile::StartHashing(const CancellationToken* cancel, bool with_tensors,
                             std::shared_ptr<PassThreads> threads) {
  pass_->TakeTensors(description_, with_tensors);
  pass_->Start(cancel, std::move(threads));
}

Result<FileDigest> InputFile::Sha256() {
  auto sha256 = pass_->Sha256();
  if (sha256.ok()) return sha256;
  DLV_TRY(CheckUnchanged());
  return Named(std::move(sha256).error());
}

Status InputFile::CheckUnchanged() const {
  DLV_ASSIGN(const io::FileStat now, file_->Stat());
  if (now.change_key != stat_.change_key) {
    return Error{ErrorCode::kConflict, name_ + ": was written to while it was read",
                 "commit again when its writer has finished"};
  }
  return Ok();
}

}  // namespace dlv::store
