#include "storage/store/replay_check.h"

#include <cstring>
#include <optional>

#include "storage/store/input_file.h"
#include "storage/store/piecewise_proof.h"

namespace dlv::store {
namespace {

/// Compares what it is given with a source. The first difference ends the writing.
class CompareSink : public io::ByteSink {
 public:
  CompareSink(const io::ByteSource& source, const CancellationToken* cancel)
      : source_(source), cancel_(cancel) {}
  Status Write(std::span<const std::byte> bytes) override {
    if (cancel_ != nullptr && cancel_->cancelled()) return Error{ErrorCode::kCancelled, "stopped"};
    if (bytes.size() > source_.size() - offset_) return Differs();
    buffer_.resize(bytes.size());
    DLV_TRY(source_.ReadAt(offset_, buffer_));
    if (!bytes.empty() && std::memcmp(buffer_.data(), bytes.data(), bytes.size()) != 0) {
      return Differs();
    }
    offset_ += bytes.size();
    return Ok();
  }
  bool complete() const { return offset_ == source_.size(); }
  bool differs() const { return differs_; }

 private:
  Error Differs() {
    differs_ = true;
    return Error{ErrorCode::kInternal, "differs at byte " + std::to_string(offset_) + " or after"};
  }
  const io::ByteSource& source_;
  const CancellationToken* cancel_;
  std::uint64_t offset_ = 0;
  bool differs_ = false;
  std::vector<std::byte> buffer_;
};

/// A recipe that cannot be carried out is as bad as one that gives other bytes. What the store
/// itself cannot read is another matter.
bool IsOfTheRecipe(const Error& error) { return error.message.starts_with("recipe"); }

/// Returns nothing where the file has to be made.
Result<std::optional<bool>> HasItsPieces(Readers readers, const PiecewiseProof::Evidence& evidence,
                                         const StoredInput& input, const InputFile& file,
                                         const Operation& operation) {
  const auto stored = StoredFile::Open(readers, input.entry, input.tensors);
  if (!stored.ok()) return std::optional<bool>();  // making it says why
  const auto proof = PiecewiseProof::Plan(*stored);
  if (!proof) return std::optional<bool>();
  const auto holds = proof->Holds(file.source(), evidence, operation);
  DLV_TRY(file.CheckUnchanged());
  if (!holds.ok() && !IsOfTheRecipe(holds.error())) return holds.error();
  return std::optional(holds.ok() && *holds);
}

}  // namespace

Result<bool> GivesFileBack(Store& store, Readers readers, const archive::CheckedTensors& written,
                           const StoredInput& input, const Operation& operation) {
  DLV_ASSIGN(const auto file, InputFile::Open(store, input.request));
  if (file->stat().change_key != input.change_key) {
    return Error{ErrorCode::kConflict, file->name() + ": was written to while it was read",
                 "commit again when its writer has finished"};
  }
  if (input.entry.form == archive::FileForm::kRecipe) {
    DLV_ASSIGN(const auto holds,
               HasItsPieces(readers, {written, input.passed}, input, *file, operation));
    if (holds) return *holds;
  }
  std::optional<CheckedChunks> checked;
  if (input.entry.form == archive::FileForm::kRecipe) {
    // Without what other files say of it; where that is not enough, everything is decoded.
    const Status described =
        file->Describe({true, input.request.as_blob, input.request.format, nullptr});
    const bool same = described.ok() && file->description().tensors.size() == input.tensors.size();
    if (same && IsQuickToRead(file->description())) {
      checked.emplace(written, file->description());
      readers.checked = &*checked;
    }
  }
  CompareSink sink(file->source(), operation.cancel);
  const Status made = WriteStoredFile(readers, input.entry, input.tensors, operation.threads, sink);
  DLV_TRY(file->CheckUnchanged());
  if (sink.differs()) return false;
  if (!made.ok()) {
    if (IsOfTheRecipe(made.error())) return false;
    return made.error();
  }
  return sink.complete();
}

}  // namespace dlv::store
