#pragma once
/// \file
/// What PyTorch's pickles say: storages, tensors on them, and where in the checkpoint they stand.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/interchange/pickle.h"

namespace dlv::interchange {

/// A storage as a persistent id names it.
struct TorchStorage {
  std::string key;
  std::optional<DType> dtype;  ///< none: untyped, counted in bytes
  std::uint64_t count = 0;     ///< elements, or bytes where untyped
  std::uint64_t size_bytes() const { return count * (dtype ? SizeOf(*dtype) : 1); }
};

/// A tensor: a strided view of a storage.
struct TorchTensor {
  std::uint32_t storage = 0;  ///< place in TorchObjects::storages()
  DType dtype = DType::kF32;
  std::string_view foreign_dtype = {};  ///< kOpaque: what safetensors call the type
  std::uint64_t offset = 0;             ///< elements of `dtype`
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> strides;
};

/// A tensor of the checkpoint with its place.
struct TorchLeaf {
  std::string name;
  TensorRole role = TensorRole::kParameter;
  TorchTensor tensor;
};

/// Everything a checkpoint holds that dlv knows of.
struct TorchCheckpoint {
  std::vector<TorchStorage> storages;
  std::vector<TorchLeaf> leaves;
  std::string root;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<std::string> warnings;
};

/// Interprets a pickle. `what` names it in messages.
/// Errors: kUnsafe (refused globals, beyond the limits), kCorruption (tensors that make no sense).
Result<TorchCheckpoint> ReadTorchCheckpoint(const Pickle& pickle, std::string_view what);

/// Turns nodes into tensors; used by ReadTorchCheckpoint.
class TorchObjects {
 public:
  TorchObjects(const Pickle& pickle, std::string_view what) : pickle_(pickle), what_(what) {}

  /// Returns the tensor that the node stands for, or null where it stands for something else. Lives
  /// as long as this.
  Result<const TorchTensor*> TensorOf(NodeIndex index);
  /// Returns the scheme, scale and zero point that the integers of a quantised tensor have, as
  /// nodes; nothing for others.
  std::span<const NodeIndex> QuantizerOf(NodeIndex index) const;
  std::vector<TorchStorage>& storages() { return storages_; }

 private:
  Result<std::unique_ptr<TorchTensor>> Rebuild(NodeIndex index, unsigned depth);
  Result<std::unique_ptr<TorchTensor>> RebuildV2(const std::vector<NodeIndex>& arguments,
                                                 const PickleNode* dtype);
  Result<std::uint32_t> StorageOf(NodeIndex index, std::uint64_t& view_offset);
  Result<std::uint64_t> Unsigned(NodeIndex index, const char* field) const;
  Result<std::vector<std::uint64_t>> UnsignedList(NodeIndex index, const char* field) const;
  Error Bad(const std::string& why) const;

  const Pickle& pickle_;
  std::string_view what_;
  std::vector<TorchStorage> storages_;
  std::map<std::string, std::uint32_t, std::less<>> by_key_;
  std::unordered_map<NodeIndex, std::unique_ptr<TorchTensor>> known_;
};

}  // namespace dlv::interchange
