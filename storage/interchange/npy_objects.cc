#include "storage/interchange/npy_objects.h"

#include <algorithm>
#include <set>

#include "storage/interchange/roles.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

constexpr std::string_view kNpyObjects = "npy";
constexpr std::string_view kHint =
    "save arrays of numbers instead: numpy.savez(FILE, name=array, ...)";
constexpr unsigned kMaxObjectDepth = 64;
constexpr std::size_t kMaxLeaves = 1'000'000;
constexpr std::size_t kMaxObjectMetadata = 512;
constexpr std::size_t kMaxName = 4000;
constexpr std::uint64_t kMaxDecoded = 64u << 20;
constexpr std::uint64_t kMaxExpansion = 16;

std::string JoinKeys(const std::string& prefix, const std::string& part) {
  return prefix.empty() ? part : prefix + "." + part;
}

std::string ObjectKeyText(const PickleNode& key) {
  if (key.kind == NodeKind::kText || key.kind == NodeKind::kBytes) {
    return Printable(key.text, 1024);
  }
  const bool number = key.kind == NodeKind::kInteger || key.kind == NodeKind::kBool;
  return number ? std::to_string(key.integer) : "?";
}

// "1.0.2" for element `place` of an array of this shape.
std::string IndexText(const std::vector<std::uint64_t>& shape, std::uint64_t place) {
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    text = std::to_string(place % shape[axis]) + (text.empty() ? "" : ".") + text;
    place /= shape[axis];
  }
  return text;
}

}  // namespace

// Finds the arrays by walking down dicts, lists and arrays of objects.
class NpyObjects::Walker {
 public:
  Walker(const Pickle& pickle, const io::ByteSource& bytes, NpyObjects& out)
      : pickle_(pickle),
        bytes_(bytes),
        out_(out),
        steps_left_(16 * pickle.nodes.size() + (1u << 16)) {}

  Status Walk(NodeIndex index, const std::string& path, bool optimizer, unsigned depth) {
    // Shared lists can make a small pickle a huge tree; honest ones visit every node about once.
    if (steps_left_ == 0 || depth > kMaxObjectDepth || path.size() > 2 * kMaxName) return TooMuch();
    --steps_left_;
    const PickleNode& node = pickle_.at(index);
    if (IsNumpyArray(pickle_, node)) return WalkArray(node, path, optimizer, depth);
    if (node.kind == NodeKind::kDict) return WalkDict(node, path, optimizer, depth);
    const bool sequence = node.kind == NodeKind::kList || node.kind == NodeKind::kTuple;
    if (!sequence) {
      Say(path, node);
      return Ok();
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      DLV_TRY(Walk(node.items[i], JoinKeys(path, std::to_string(i)), optimizer, depth + 1));
    }
    return Ok();
  }

 private:
  Error TooMuch() const {
    return Error{ErrorCode::kUnsafe,
                 std::string(kNpyObjects) + ": shared objects make a tree beyond the limits"};
  }

  Status WalkDict(const PickleNode& node, const std::string& path, bool optimizer, unsigned depth) {
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const std::string key = ObjectKeyText(pickle_.at(node.items[i]));
      const bool inside = optimizer || (depth <= 1 && IsOptimizerKey(key));
      DLV_TRY(Walk(node.items[i + 1], JoinKeys(path, key), inside, depth + 1));
    }
    return Ok();
  }

  Status WalkArray(const PickleNode& node, const std::string& path, bool optimizer,
                   unsigned depth) {
    DLV_ASSIGN(std::optional<NumpyArray> array, NumpyArrayOf(pickle_, node));
    if (array) return AddLeaf(path, optimizer, std::move(*array));
    DLV_ASSIGN(const NumpyObjects objects, NumpyObjectsOf(pickle_, node));
    const std::vector<NodeIndex>& items = pickle_.at(objects.list).items;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string place = IndexText(objects.shape, i);
      DLV_TRY(Walk(items[i], place.empty() ? path : JoinKeys(path, place), optimizer, depth + 1));
    }
    return Ok();
  }

  Status AddLeaf(const std::string& path, bool optimizer, NumpyArray array) {
    if (out_.leaves_.size() == kMaxLeaves) return TooMuch();
    Leaf leaf;
    leaf.name = path.empty() ? "array" : path.substr(0, kMaxName);
    if (!IsTensorName(leaf.name)) leaf.name = Printable(leaf.name, kMaxName);
    const std::string plain = leaf.name;
    for (unsigned uses = 2; !names_.insert(leaf.name).second; ++uses) {
      leaf.name = plain + "~" + std::to_string(uses);
    }
    leaf.role = optimizer ? TensorRole::kOptimizer : RoleOfName(leaf.name);
    if (array.latin1) DLV_TRY(Decode(array, leaf.decoded));
    leaf.array = std::move(array);
    out_.leaves_.push_back(std::move(leaf));
    return Ok();
  }

  Status Decode(const NumpyArray& array, std::vector<std::byte>& decoded) {
    decoded_bytes_ += array.stored;
    if (decoded_bytes_ > kMaxDecoded) {
      return Error{ErrorCode::kUnsafe,
                   "npy: more than 64 MiB of arrays stand in the pickle as text",
                   "save it again with a pickle protocol of 3 or more"};
    }
    std::string text(static_cast<std::size_t>(array.stored), '\0');
    DLV_TRY(bytes_.ReadAt(array.type.data_offset, std::as_writable_bytes(std::span(text))));
    const std::optional<std::string> bytes = Latin1Bytes(text);
    if (!bytes || bytes->size() != array.type.data_bytes) {
      return Error{ErrorCode::kCorruption, "npy: the bytes of an array are no latin-1 text"};
    }
    const auto raw = std::as_bytes(std::span(*bytes));
    decoded.assign(raw.begin(), raw.end());
    return Ok();
  }

  void Say(const std::string& path, const PickleNode& node) {
    if (out_.metadata_.size() >= kMaxObjectMetadata || path.empty()) return;
    std::optional<std::string> text = ScalarText(pickle_, node);
    if (text) out_.metadata_.emplace_back(Printable(path, kMaxName), std::move(*text));
  }

  const Pickle& pickle_;
  const io::ByteSource& bytes_;
  NpyObjects& out_;
  std::size_t steps_left_;
  std::uint64_t decoded_bytes_ = 0;
  std::set<std::string> names_;
};

Result<NpyObjects> NpyObjects::Read(std::shared_ptr<const io::ByteSource> file,
                                    const NpyHeader& header, std::string prefix) {
  NpyObjects objects;
  objects.begin_ = header.data_offset;
  const auto bytes = MakeRange(file, header.data_offset, file->size() - header.data_offset);
  objects.file_ = std::move(file);
  DLV_ASSIGN(const Pickle pickle, ReadPickle(*bytes, kNpyObjects, header.data_offset));
  if (!pickle.refused.empty()) return RefusedError(pickle, kHint);
  DLV_TRY(Walker(pickle, *bytes, objects).Walk(pickle.root, prefix, false, 0));
  return objects;
}

// Where the bytes of a tensor are, and whether the recipe takes them from it.
Status NpyObjects::Place(const Leaf& leaf, DescribedTensor& tensor, std::uint32_t index) {
  NpyHeader type = leaf.array.type;
  if (leaf.array.latin1 || tensor.source->size() == 0)
    return Ok();  // the pickle keeps its own text
  const auto [owner, is_new] = owners_.try_emplace(type.data_offset, Owner{index, type});
  if (is_new) return Ok();
  shown_again_ += tensor.source->size();
  if (shown_again_ / kMaxExpansion > file_->size() + (4u << 20)) {
    return Error{ErrorCode::kUnsafe, "npy: arrays that share their bytes show more than " +
                                         std::to_string(kMaxExpansion) + " times the file"};
  }
  const NpyHeader& other = owner->second.type;
  const bool same = other.descr == type.descr && other.shape == type.shape &&
                    other.fortran_order == type.fortran_order;
  // One array under two names: nothing is stored twice. (Bytes shared by arrays of two types are
  // single bytes, which Python keeps once.)
  if (same) {
    std::vector<std::uint64_t> shape(tensor.shape.begin(), tensor.shape.end());
    tensor.view = TensorView{owner->second.tensor, 0, ContiguousStrides(shape)};
  }
  return Ok();
}

Status NpyObjects::Describe(FileDescription& description, const std::shared_ptr<SlabCache>& cache) {
  for (Leaf& leaf : leaves_) {
    leaf.array.type.data_offset += begin_;
    NpyHeader type = leaf.array.type;
    std::shared_ptr<const io::ByteSource> bytes = file_;
    if (leaf.array.latin1) {
      bytes = MakeSharedBuffer(std::move(leaf.decoded));
      type.data_offset = 0;
    }
    DescribedTensor tensor = TensorOfNpy(type, std::move(bytes), leaf.name, cache);
    tensor.role = leaf.role;
    if (tensor.dtype == DType::kOpaque) {
      description.warnings.push_back("tensor " + Printable(leaf.name) + ": dtype '" +
                                     tensor.foreign_dtype + "' is kept as bytes");
    }
    DLV_TRY(Place(leaf, tensor, static_cast<std::uint32_t>(description.tensors.size())));
    description.tensors.push_back(std::move(tensor));
  }
  for (auto& entry : metadata_) description.metadata.push_back(std::move(entry));
  return Ok();
}

Status NpyObjects::Write(const FileDescription& description, RecipeBuilder& builder) const {
  constexpr std::uint64_t kFramePiece = 64u << 10;
  std::uint64_t at = begin_;
  const auto keep_to = [&](std::uint64_t end) -> Status {
    if (end - at > kFramePiece) {
      builder.Literal(MakeRange(file_, at, end - at));
      return Ok();
    }
    return builder.FrameRange(*file_, at, end);
  };
  for (const auto& [offset, owner] : owners_) {
    DLV_TRY(keep_to(offset));
    auto part = InstructionOfNpy(owner.type, description.tensors[owner.tensor], owner.tensor);
    if (part) builder.Tensor(std::move(*part));
    at = offset + owner.type.data_bytes;
  }
  return keep_to(file_->size());
}

}  // namespace dlv::interchange
