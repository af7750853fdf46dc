#include "storage/store/file_pass.h"

#include <algorithm>

#include "storage/archive/directory.h"
#include "storage/archive/layout.h"
#include "storage/codec/chunk_header.h"
#include "storage/io/hash.h"

namespace dlv::store {
namespace {

constexpr std::uint64_t kPieceBytes = 128u << 10;    // stays in a core's own cache
constexpr std::size_t kMostWindowBytes = 12u << 20;  // eight chunks, and as much as half of them

std::uint64_t EndOf(std::uint64_t offset, std::uint64_t element_count, DType dtype) {
  return offset + element_count * SizeOf(dtype);
}

}  // namespace

PassThreads::~PassThreads() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

void PassThreads::Add(FilePass& pass) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(&pass);
  if (waiting_.size() > idle_ && threads_.size() < most_) {
    threads_.emplace_back([this] { Work(); });
  }
  changed_.notify_one();
}

bool PassThreads::Remove(FilePass& pass) {
  const std::lock_guard lock(mutex_);
  return std::erase(waiting_, &pass) != 0;
}

void PassThreads::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
    --idle_;
    if (ends_) return;
    FilePass* const pass = waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    pass->Run();
    lock.lock();
  }
}

FilePass::~FilePass() {
  stop_.store(true, std::memory_order_relaxed);
  if (!threads_ || threads_->Remove(*this)) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return sha256_.has_value(); });
}

void FilePass::TakeTensors(const interchange::FileDescription& description, bool hashed) {
  // One after the other they would keep everybody waiting.
  const Turn turn = hashed && io::HasJointSha256() ? Turn::kWaiting : Turn::kLeft;
  for (std::size_t i = 0; i < description.tensors.size(); ++i) {
    const interchange::DescribedTensor& tensor = description.tensors[i];
    const auto count = archive::ElementCount(tensor.shape);
    const io::ByteSource::Place place = tensor.source->place();
    if (!count.ok() || *count <= archive::kChunkElements || place.whole != &file_) continue;
    if (tensor.source->size() != *count * SizeOf(tensor.dtype)) continue;
    parts_.push_back({i, tensor.dtype, place.offset, *count, turn, {}});
  }
  std::ranges::stable_sort(parts_, {}, &Part::offset);
  std::uint64_t end = 0;
  std::erase_if(parts_, [&end](const Part& part) {
    if (part.offset < end) return true;
    end = EndOf(part.offset, part.element_count, part.dtype);
    return false;
  });
}

void FilePass::Start(const CancellationToken* cancel, std::shared_ptr<PassThreads> threads) {
  if (threads_) return;
  cancel_ = cancel;
  threads_ = std::move(threads);
  threads_->Add(*this);
}

void FilePass::Run() {
  {
    const std::lock_guard lock(mutex_);
    hash_.emplace(
        std::ranges::any_of(parts_, [](const Part& part) { return part.turn != Turn::kLeft; }));
  }
  const Status read = ReadAll();
  const std::lock_guard lock(mutex_);
  sha256_ = read.ok() ? Result<FileDigest>(hash_->Finish()) : Result<FileDigest>(read.error());
  for (Part& part : parts_) {
    if (part.turn != Turn::kReady) part.turn = Turn::kLeft;
  }
  changed_.notify_all();
}

Status FilePass::ReadAll() {
  std::uint64_t at = 0;
  for (Part& part : parts_) {
    DLV_TRY(ReadPlain(at, part.offset));
    DLV_TRY(ReadPart(part));
    at = EndOf(part.offset, part.element_count, part.dtype);
  }
  DLV_TRY(ReadPlain(at, file_.size()));
  HashWindow();
  return Ok();
}

Result<std::span<const std::byte>> FilePass::Read(std::uint64_t offset, std::uint64_t size) {
  if (stop_.load(std::memory_order_relaxed) || (cancel_ != nullptr && cancel_->cancelled())) {
    return Error{ErrorCode::kCancelled, "stopped"};
  }
  const std::size_t end = window_.bytes + static_cast<std::size_t>(size);
  if (buffer_.size() < end) buffer_.resize(end);
  const auto bytes = std::span(buffer_).subspan(window_.bytes, static_cast<std::size_t>(size));
  DLV_TRY(file_.ReadAt(offset, bytes));
  window_.bytes = end;
  return std::span<const std::byte>(bytes);
}

Status FilePass::ReadPlain(std::uint64_t begin, std::uint64_t end) {
  while (begin < end) {
    DLV_ASSIGN(const auto bytes, Read(begin, std::min(kPieceBytes, end - begin)));
    begin += bytes.size();
    if (window_.offsets.empty() || window_.bytes > kMostWindowBytes) HashWindow();
  }
  return Ok();
}

void FilePass::SetTurn(Part& part, Turn turn) {
  const std::lock_guard lock(mutex_);
  part.turn = turn;
  changed_.notify_all();
}

void FilePass::HashWindow() {
  std::vector<ChunkId> ids(window_.offsets.size());
  hash_->UpdateChunks(window_.dtype, std::span(buffer_).first(window_.bytes), window_.offsets,
                      window_.chunk_bytes, ids);
  for (std::size_t i = 0; i < ids.size(); ++i) *window_.ids[i] = ids[i];
  for (Part* const part : window_.ends) {
    part->hash.checksums = passed_[part->number].checksums;
    part->hash.id = io::HashTensor(part->dtype, part->element_count, part->hash.chunks);
    SetTurn(*part, Turn::kReady);
  }
  window_ = {};
}

Status FilePass::ReadChunk(Part& part, std::uint64_t offset, std::size_t size, bool is_whole,
                           ChunkId& id) {
  if (window_.dtype != part.dtype && !window_.offsets.empty()) HashWindow();
  DLV_ASSIGN(const auto bytes, Read(offset, size));
  passed_[part.number].checksums.push_back(codec::Checksum(bytes));
  if (!is_whole && !window_.offsets.empty()) {  // its length is another
    id = io::HashChunk(part.dtype, bytes);
    return Ok();
  }
  window_.dtype = part.dtype;
  window_.chunk_bytes = size;
  window_.offsets.push_back(window_.bytes - size);
  window_.ids.push_back(&id);
  if (!is_whole || window_.offsets.size() >= io::JointSha256::ChunksAtOnce()) HashWindow();
  return Ok();
}

Status FilePass::ReadPart(Part& part) {
  {
    const std::lock_guard lock(mutex_);
    next_ = static_cast<std::size_t>(&part - parts_.data());
    if (part.turn == Turn::kWaiting) part.turn = Turn::kHashing;
  }
  const bool hashes = part.turn == Turn::kHashing;
  const std::uint64_t chunk_bytes = archive::kChunkElements * SizeOf(part.dtype);
  const std::uint64_t end = EndOf(part.offset, part.element_count, part.dtype);
  PassedTensor& passed = passed_[part.number];
  passed.offset = part.offset;
  if (hashes) part.hash.chunks.resize((end - part.offset + chunk_bytes - 1) / chunk_bytes);
  if (!hashes) HashWindow();
  for (std::uint64_t at = part.offset; at < end;) {
    const std::uint64_t size = std::min(chunk_bytes, end - at);
    if (hashes) {
      ChunkId& id = part.hash.chunks[(at - part.offset) / chunk_bytes];
      DLV_TRY(ReadChunk(part, at, static_cast<std::size_t>(size), size == chunk_bytes, id));
    } else {
      DLV_ASSIGN(const auto bytes, Read(at, size));
      passed.checksums.push_back(codec::Checksum(bytes));
      HashWindow();
    }
    at += size;
  }
  if (!hashes) return Ok();
  window_.ends.push_back(&part);
  if (window_.offsets.empty()) HashWindow();
  return Ok();
}

std::optional<archive::TensorHash> FilePass::HashOf(std::size_t number, bool patient) {
  const auto part = std::ranges::find(parts_, number, &Part::number);
  if (part == parts_.end() || !threads_) return std::nullopt;
  std::unique_lock lock(mutex_);
  const auto place = static_cast<std::size_t>(part - parts_.begin());
  if (part->turn == Turn::kWaiting && !(patient && place <= next_ + 1)) part->turn = Turn::kLeft;
  changed_.wait(lock, [&] { return part->turn == Turn::kReady || part->turn == Turn::kLeft; });
  if (part->turn == Turn::kLeft) return std::nullopt;
  return part->hash;
}

Result<FileDigest> FilePass::Sha256() {
  const bool has_begun = threads_ && !threads_->Remove(*this);
  std::unique_lock lock(mutex_);
  if (has_begun) changed_.wait(lock, [this] { return sha256_.has_value(); });
  if (!sha256_) {
    lock.unlock();
    Run();
    lock.lock();
  }
  return *sha256_;
}

}  // namespace dlv::store
