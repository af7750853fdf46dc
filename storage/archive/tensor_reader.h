#pragma once
/// \file
/// Reading tensors back, through chains of deltas, whole or to a number of leading bit planes.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/pack_reader.h"
#include "storage/io/byte_source.h"

namespace dlv::archive {

/// An entry of an open section. The section is shared with whoever else reads from it.
struct ObjectPlace {
  std::shared_ptr<const SectionReader> section;
  std::uint32_t entry = 0;
};

/// A part of another tensor that is a tensor too: a member of a strip.
struct TensorSlice {
  TensorId strip;
  std::uint64_t first_element = 0;
  std::uint64_t element_count = 0;
};

/// Finds objects; implemented by the store over its catalog (and by tests over one section).
/// Thread-safe.
class ObjectLocator {
 public:
  virtual ~ObjectLocator() = default;
  /// Returns where the tensor is: one place, or its parts in chunk order.
  /// Errors: kNotFound; what opening a pack says.
  virtual Result<std::vector<ObjectPlace>> FindTensor(const TensorId& id) = 0;
  virtual Result<ObjectPlace> FindBlob(const BlobId& id) = 0;
  /// Returns the slice that the tensor is known to be; nothing where it is stored as itself.
  virtual std::optional<TensorSlice> FindSlice(const TensorId&) { return std::nullopt; }
};

/// Finds objects in given sections only; for rebuilding, for tests, and inside a commit that has no
/// catalog row yet.
class SectionSetLocator : public ObjectLocator {
 public:
  explicit SectionSetLocator(std::vector<std::shared_ptr<const SectionReader>> sections)
      : sections_(std::move(sections)) {}
  Result<std::vector<ObjectPlace>> FindTensor(const TensorId& id) override;
  Result<ObjectPlace> FindBlob(const BlobId& id) override;

 private:
  std::vector<std::shared_ptr<const SectionReader>> sections_;
};

/// An open tensor: its entries, or the strip that it is a slice of. Immutable.
class TensorHandle {
 public:
  const TensorId& id() const { return id_; }
  DType dtype() const { return dtype_; }
  std::uint64_t element_count() const { return element_count_; }
  std::uint64_t size_bytes() const { return element_count_ * SizeOf(dtype_); }
  /// Deltas to apply at the most; 0: stored without a base.
  unsigned depth() const { return depth_; }
  const std::optional<TensorId>& base() const { return base_; }
  const std::optional<TensorId>& second_base() const { return second_base_; }
  /// Both, as far as there are any.
  std::vector<TensorId> Bases() const;

  /// A chunk as far as reading needs it: half of a ChunkEntry, and there may be many.
  struct Chunk {
    UnitPlace place;
    bool uses_base = false;
  };
  struct Part {
    std::shared_ptr<const SectionReader> section;
    std::uint32_t number = 0;   ///< of the entry
    TensorEntry entry;          ///< without its chunks
    std::vector<Chunk> chunks;  ///< from entry.first_chunk on
  };
  /// Empty for a slice.
  const std::vector<Part>& parts() const { return parts_; }
  /// The tensor that a slice is a part of; null where it is stored as itself.
  const TensorHandle* strip() const { return strip_.get(); }
  /// The first element of a slice, in its strip; else 0.
  std::uint64_t first_in_strip() const { return first_in_strip_; }
  /// Returns the part with chunk `index`, which must be below ChunkCount(element_count()).
  const Part& PartOfChunk(std::uint64_t index) const;

 private:
  friend class TensorReader;
  TensorId id_;
  DType dtype_ = DType::kOpaque;
  std::uint64_t element_count_ = 0;
  unsigned depth_ = 0;
  std::optional<TensorId> base_, second_base_;
  std::vector<Part> parts_;
  std::shared_ptr<const TensorHandle> strip_;  // slice: of this
  std::uint64_t first_in_strip_ = 0;
};

struct ReaderOptions {
  std::uint64_t cluster_cache_bytes = 64u << 20;
  std::uint64_t handle_cache_bytes = 16u << 20;
  std::uint64_t kept_chunk_bytes = 256u << 20;  ///< decoded chunks between uses (ExpectReads)
  std::uint32_t max_units = 8192;  ///< chunks and clusters that one read may have to decode
  std::uint64_t max_working_bytes = 512u << 20;  ///< that one read may hold
};

/// What reading a tensor costs.
struct ReadCost {
  std::uint64_t coded_bytes = 0;        ///< of the tensor's own units (a cluster counts by share)
  std::uint64_t chain_coded_bytes = 0;  ///< its own and those of its bases
  unsigned depth = 0;
};

/// A number of leading planes to which a tensor can be read, and what doing so fetches: of every
/// unit the header and a prefix of its levels, and the same of its bases, each to the planes that
/// the one above needs.
struct TensorLevel {
  unsigned planes = 0;            ///< that all elements have then, least over the chunks
  std::uint64_t plane_bytes = 0;  ///< coded levels alone
  /// With headers, as a reader fetches them: codec::kMaxHeaderBytes of every unit at the least, or
  /// all of it. Clusters count by share, so that the shares of all members are the whole.
  std::uint64_t all_bytes = 0;
};

/// Thread-safe. `planes` counts leading bits of an element (of a component, if complex), most
/// significant first: sign, exponent, mantissa; 0 means all. Each read takes the nearest stored
/// level at or above and tells how many planes it gave; bits below are zero.
class TensorReader {
 public:
  explicit TensorReader(ObjectLocator& locator, ReaderOptions options = {});
  ~TensorReader();

  /// Errors: kNotFound, kCorruption (entry does not fit the id), kUnsupported, kIo.
  Result<std::shared_ptr<const TensorHandle>> Open(const TensorId& id);

  /// Fills `out` with the elements from `first_element` on; out.size() is a multiple of the element
  /// size. Returns the planes given (least over the chunks touched; codec::FullPlanes when exact).
  /// Errors: kCorruption (a checksum, a wrong base, a cycle), kUnsafe (more work than a sane
  /// archive needs), kInvalidArgument (range), kNotFound (a base), kIo.
  Result<unsigned> Read(const TensorHandle& tensor, std::uint64_t first_element,
                        std::span<std::byte> out, unsigned planes = 0);

  /// Hands chunk `index` of two tensors with as many elements to `sink`, and the planes given of
  /// each. What both are made from is fetched and decoded once, also where one is the other's base.
  /// The bytes are valid during the call.  Errors: as Read, and those of `sink`.
  using PairSink = std::function<Status(std::span<const std::byte> first, unsigned first_planes,
                                        std::span<const std::byte> second, unsigned second_planes)>;
  Status ReadPair(const TensorHandle& first, const TensorHandle& second, std::uint64_t index,
                  unsigned planes, const PairSink& sink);

  /// Reads the whole tensor chunk by chunk on `threads` threads (0: all) and hands the chunks to
  /// `sink` in order.
  Result<unsigned> Stream(const TensorHandle& tensor, unsigned planes, unsigned threads,
                          const std::function<Status(std::span<const std::byte>)>& sink);

  /// Returns the exact bytes as a source; the reader must outlive it. Whole chunks are decoded into
  /// the caller's memory; for smaller pieces the source keeps the chunk it decoded last.
  Result<std::unique_ptr<io::ByteSource>> OpenSource(const TensorId& id);

  /// Reads all of it and compares chunk ids and tensor id.  Errors: kCorruption where they differ.
  Status Verify(const TensorHandle& tensor, unsigned threads);

  Result<ReadCost> Cost(const TensorHandle& tensor);

  /// Says which tensors will be read now, each once and as a whole. Chunks that serve several of
  /// them (a base of two; a base that is asked for itself) are then fetched and decoded once, as
  /// far as ReaderOptions::kept_chunk_bytes holds what lies between two uses; beyond that they are
  /// decoded again. So a chain of N tensors read in order takes N decodings of a chunk, not N
  /// (N + 1) / 2. Replaces what was expected before; an empty list frees what is kept.
  void ExpectReads(std::span<const std::shared_ptr<const TensorHandle>> tensors);

  /// Returns the coded bytes of all units that reading these tensors exactly has to fetch, each
  /// once.  Errors: those of opening a base; kCorruption.
  Result<std::uint64_t> CodedBytesOf(std::span<const std::shared_ptr<const TensorHandle>> tensors);

  /// Returns the levels of a tensor, ascending; the last one is exact. Fetches chunk headers, of
  /// its bases too.  Errors: as Read.
  Result<std::vector<TensorLevel>> LevelsOf(const TensorHandle& tensor);

  /// Returns the levels by significance of a tensor with chunks that have such
  /// (docs/format/codec.md §6.5), ascending: `planes` is the last step of which the bits are known
  /// of every element, of the exact one codec::kWholeStep. Empty where it has none, or a part in a
  /// cluster, or a base. Errors: as Read.
  Result<std::vector<TensorLevel>> StepsOf(const TensorHandle& tensor);
  /// Whether there are any. Fetches chunk headers until one tells.  Errors: as Read.
  Result<bool> HasSteps(const TensorHandle& tensor);
  /// Fills `out` with all elements of such a tensor, of which at least the bits with steps up to
  /// `step` are known; bits that are not are zero.
  /// Errors: as Read; kInvalidArgument (no such tensor, another size).
  Status ReadToStep(const TensorHandle& tensor, unsigned step, std::span<std::byte> out);

  /// Keeps the coded bytes that are fetched from now on, up to `limit_bytes`, so that reading more
  /// planes fetches only what is new; 0 forgets them and keeps no more.
  void KeepCoded(std::uint64_t limit_bytes);

  /// Returns the ids of the tensor's chunks, in order; empty where it has none of its own (it is in
  /// a cluster or a strip).
  static Result<std::vector<ChunkId>> ChunkIds(const TensorHandle& tensor);

  /// Forgets where tensors were found: they are stored otherwise now.
  void ForgetHandles();

  /// Coded bytes fetched from packs since the reader was made.
  std::uint64_t fetched_bytes() const;
  /// Chunks and clusters decoded since then.
  std::uint64_t decoded_units() const;

 private:
  friend class ReadPlan;
  friend class LevelCounter;
  friend class StepReader;
  struct Shared;
  Result<std::shared_ptr<const TensorHandle>> OpenStored(const TensorId& id);
  Result<std::shared_ptr<const TensorHandle>> OpenSlice(const TensorId& id,
                                                        const TensorSlice& slice);
  /// Decodes chunk `index` into `out`, which has its size. Where the tensor or its bases have been
  /// stored otherwise since they were opened, they are looked for again.
  Result<unsigned> ReadChunk(const TensorHandle& tensor, std::uint64_t index, unsigned planes,
                             std::span<std::byte> out);
  std::unique_ptr<Shared> shared_;
};

}  // namespace dlv::archive
