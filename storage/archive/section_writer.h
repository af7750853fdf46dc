#pragma once
/// \file
/// Writing what one commit (or rewrite) adds: one section in a new pack, or several when it is big.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "dlv/progress.h"
#include "dlv/result.h"
#include "storage/archive/directory.h"
#include "storage/archive/manifest.h"
#include "storage/archive/pack_file_writer.h"
#include "storage/archive/tensor_hash.h"
#include "storage/codec/chunk_codec.h"
#include "storage/io/byte_source.h"
#include "storage/io/file_system.h"

namespace dlv::archive {

/// Called for the first pack and whenever one is full.
using PackFactory = std::function<Result<NewPack>()>;

/// A tensor to store.
struct TensorPlan {
  TensorHash hash;  ///< of `raw`
  DType dtype = DType::kF32;
  std::uint64_t element_count = 0;
  std::optional<TensorId> base;  ///< same dtype and element count
  unsigned base_depth = 0;  ///< stored depth of the base; ignored when this writer wrote the base
  const io::ByteSource* base_bytes =
      nullptr;  ///< the base's raw bytes, from wherever they are at hand; thread-safe
  /// Its chunks may have levels by significance (codec::EncodeOptions); where it is small, only as
  /// long as it is alone in its cluster.
  bool by_significance = false;
  /// Only beside a base: what that is stored against (docs/format/delta.md, "Prediction"). Tried,
  /// and used where it pays and is stored less deep than the tensor will be.
  std::optional<TensorId> second_base;
  unsigned second_base_depth = 0;
  const io::ByteSource* second_base_bytes = nullptr;
  bool is_cold = false;  ///< codec::EncodeOptions::cold
};

/// An object that was written: what a catalog needs to find it.
struct WrittenObject {
  EntryKind kind = EntryKind::kTensor;
  TensorId tensor;         ///< kind kTensor
  BlobId blob;             ///< kind kBlob
  std::uint32_t pack = 0;  ///< index in WriteResult::packs
  std::uint64_t section_offset = 0;
  std::uint32_t entry = 0;
  DType dtype = DType::kOpaque;
  std::uint64_t element_count = 0;  ///< blob: raw bytes
  std::uint64_t coded_bytes = 0;    ///< of a cluster member: its share
  std::uint8_t depth = 0;
  std::optional<TensorId> base, second_base;
  bool is_part = false;
  std::uint32_t part = 0;
};

/// A chunk as it was coded, decoded again and compared.
struct CheckedChunk {
  std::uint64_t raw_checksum = 0;    ///< XXH3 of its elements
  std::uint64_t coded_checksum = 0;  ///< and of its unit
  std::uint32_t coded_bytes = 0;
};

/// The chunks of tensors that have units of their own, in order.
using CheckedTensors = std::unordered_map<TensorId, std::vector<CheckedChunk>>;

struct WriteResult {
  std::vector<WrittenPack> packs;  ///< empty: nothing was added, no pack exists
  std::vector<WrittenObject> objects;
  std::uint64_t tensor_coded_bytes = 0;
  std::uint64_t tensor_raw_bytes = 0;
  std::uint64_t blob_coded_bytes = 0;
  CheckedTensors checked;
};

struct WriterOptions {
  unsigned threads = 0;  ///< 0: io::DefaultThreads()
  std::uint64_t pack_target_bytes = kPackTargetBytes;
  int zstd_level = 3;                 ///< of blobs and manifests
  unsigned max_depth = kCommitDepth;  ///< a base this deep or deeper is not used
  codec::EncodeOptions encode;
  /// Tensors' bytes up to here may take the high levels of zstd; for the rest there is less time
  /// (EncodeOptions::hurry). Clusters are few and may take them always.
  std::uint64_t patient_bytes = 4u << 20;
  const CancellationToken* cancel = nullptr;
  std::function<void(std::uint64_t raw_bytes)>
      on_progress;  ///< called with what was done since the last call
};

/// Not thread-safe; works in parallel inside. After an error the writer is spent: drop it and
/// remove the files. Anonymous memory: about 3 MiB for each thread and 12 MiB for open clusters,
/// whatever the model's size.
class SectionWriter {
 public:
  SectionWriter(PackFactory factory, WriterOptions options);
  ~SectionWriter();
  SectionWriter(SectionWriter&&) noexcept;
  SectionWriter& operator=(SectionWriter&&) noexcept;

  /// Encodes and writes a tensor. Every coded chunk is decoded again and compared with the bytes
  /// read. A base that does not pay is dropped. A tensor that this writer has already is not
  /// written again. Errors: kConflict (`raw` changed since it was hashed), kInvalidArgument,
  /// kInternal (a codec defect), kIo, kCancelled.
  Status AddTensor(const TensorPlan& plan, const io::ByteSource& raw);

  /// Writes a blob and returns its id. `prefix`: a similar blob, used as dictionary where it helps;
  /// `prefix_bytes` are its bytes. Must be readable whenever the new blob is.
  Result<BlobId> AddBlob(std::span<const std::byte> bytes);
  Result<BlobId> AddBlob(const io::ByteSource& bytes, std::optional<BlobId> prefix = std::nullopt,
                         const io::ByteSource* prefix_bytes = nullptr);

  /// Writes out the open clusters: what is added from now on shares none with what came before.
  Status EndClusters();

  bool Has(const TensorId& id) const;
  bool Has(const BlobId& id) const;

  /// Puts the version's record into the last section. `canonical`: EncodeManifest's result.
  void SetManifest(std::vector<std::byte> canonical, const Envelope& envelope);

  /// Returns how many bytes have been written so far, in all packs.
  std::uint64_t bytes_written() const;

  /// Writes out open clusters, directory and footers; syncs and closes every pack.
  Result<WriteResult> Finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dlv::archive
