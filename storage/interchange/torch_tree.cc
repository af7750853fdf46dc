// Where in a checkpoint the parameters are, what the other tensors are, and what else it says.

#include <algorithm>
#include <map>

#include "storage/interchange/roles.h"
#include "storage/interchange/text.h"
#include "storage/interchange/torch_values.h"

namespace dlv::interchange {
namespace {

constexpr unsigned kMaxTorchTreeDepth = 64;
constexpr std::size_t kMaxTreeMetadata = 512;
constexpr std::size_t kMaxShownItems = 8;

// Under which keys checkpoints keep the parameters, the more telling first.
constexpr std::string_view kRootKeys[] = {"state_dict", "model_state_dict", "model_state", "model",
                                          "net",        "network",          "module",      "params",
                                          "weights",    "generator",        "ema"};

std::string KeyText(const PickleNode& key) {
  if (key.kind == NodeKind::kText) return Printable(key.text, 1024);
  if (key.kind == NodeKind::kInteger || key.kind == NodeKind::kBool)
    return std::to_string(key.integer);
  return "?";
}

// The state of a generator of random numbers, as torch.get_rng_state() gives it: bytes, of the
// processor always as many.
bool IsRandomState(std::string_view name, const TorchTensor& tensor) {
  constexpr std::uint64_t kProcessorBytes[] = {5048, 5056};
  if (tensor.dtype != DType::kU8 || tensor.shape.size() != 1) return false;
  return std::ranges::count(kProcessorBytes, tensor.shape[0]) != 0 ||
         name.find("rng") != std::string_view::npos ||
         name.find("random_state") != std::string_view::npos || name == "cuda" ||
         name.starts_with("cuda.");
}

std::string Join(const std::string& prefix, const std::string& part) {
  return prefix.empty() ? part : prefix + "." + part;
}

class TreeWalker {
 public:
  TreeWalker(const Pickle& pickle, std::string_view what)
      : pickle_(pickle), what_(what), objects_(pickle, what) {
    // Shared lists can make a small pickle a huge tree; honest checkpoints visit every node once.
    steps_left_ = 16 * pickle.nodes.size() + (1u << 16);
  }

  Result<TorchCheckpoint> Run() {
    if (!pickle_.refused.empty()) return RefusedError(pickle_);
    DLV_ASSIGN(root_, FindRoot());
    Place place;
    place.in_root = root_ == pickle_.root;
    DLV_TRY(Walk(pickle_.root, "", place, 0));
    checkpoint_.storages = std::move(objects_.storages());
    return std::move(checkpoint_);
  }

 private:
  struct Place {
    bool in_root = false;  // names are relative to the root
    bool in_optimizer = false;
    bool in_optimizer_state = false;  // its scalars repeat for every parameter and are not told
    bool in_ema = false;
    bool in_quantizer = false;
  };

  Error TooMuch() const {
    return Error{ErrorCode::kUnsafe,
                 std::string(what_) + ": shared objects make a tree beyond the limits"};
  }

  // The dict that an object was given as its state (argparse.Namespace), or the node itself. A node
  // of OmegaConf has its content under a name there, and the node above it under another.
  NodeIndex Inside(NodeIndex index) const {
    const PickleNode& node = pickle_.at(index);
    if (node.kind != NodeKind::kObject || node.items[2] == kNoNode) return index;
    const PickleNode& state = pickle_.at(node.items[2]);
    if (state.kind != NodeKind::kDict) return index;
    if (!pickle_.at(node.items[0]).text.starts_with("omegaconf.")) return node.items[2];
    for (const std::string_view key : {"_content", "_val"}) {
      if (const PickleNode* content = pickle_.Find(state, key)) return IndexOf(*content);
    }
    return index;
  }

  Result<bool> HasTensor(NodeIndex index, unsigned depth) {
    if (steps_left_ == 0) return TooMuch();
    --steps_left_;
    DLV_ASSIGN(const TorchTensor* const tensor, objects_.TensorOf(index));
    if (tensor != nullptr) return true;
    const PickleNode& node = pickle_.at(Inside(index));
    if (depth == kMaxTorchTreeDepth || !IsContainer(node)) return false;
    const bool dict = node.kind == NodeKind::kDict;
    for (std::size_t i = dict ? 1 : 0; i < node.items.size(); i += dict ? 2 : 1) {
      DLV_ASSIGN(const bool found, HasTensor(node.items[i], depth + 1));
      if (found) return true;
    }
    return false;
  }

  static bool IsContainer(const PickleNode& node) {
    return node.kind == NodeKind::kDict || node.kind == NodeKind::kList ||
           node.kind == NodeKind::kTuple || node.kind == NodeKind::kSet;
  }

  bool IsOptimizerState(const PickleNode& node) const {
    return pickle_.Find(node, "state") != nullptr && pickle_.Find(node, "param_groups") != nullptr;
  }

  // Descends from the top while a key is known to lead to the parameters, or only one leads to
  // tensors at all.
  Result<NodeIndex> FindRoot() {
    NodeIndex root = pickle_.root;
    for (unsigned depth = 0; depth < 4; ++depth) {
      const PickleNode& node = pickle_.at(root);
      if (node.kind != NodeKind::kDict || IsOptimizerState(node)) break;
      DLV_ASSIGN(const NodeIndex next, RootChild(node));
      if (next == kNoNode) break;
      for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        if (node.items[i + 1] != next) continue;
        checkpoint_.root = Join(checkpoint_.root, KeyText(pickle_.at(node.items[i])));
        break;
      }
      root = next;
    }
    return root;
  }

  Result<NodeIndex> RootChild(const PickleNode& node) {
    for (const std::string_view key : kRootKeys) {
      for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        const PickleNode& candidate = pickle_.at(node.items[i]);
        if (candidate.kind != NodeKind::kText || candidate.text != key) continue;
        if (pickle_.at(node.items[i + 1]).kind != NodeKind::kDict) continue;
        DLV_ASSIGN(const bool found, HasTensor(node.items[i + 1], 0));
        if (found) return node.items[i + 1];
      }
    }
    NodeIndex only = kNoNode;
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const NodeIndex child = node.items[i + 1];
      DLV_ASSIGN(const bool found, HasTensor(child, 0));
      if (!found) continue;
      if (only != kNoNode || pickle_.at(child).kind != NodeKind::kDict ||
          IsOptimizerState(pickle_.at(child)) ||
          IsOptimizerKey(KeyText(pickle_.at(node.items[i])))) {
        return kNoNode;
      }
      only = child;
    }
    return only;
  }

  Status Walk(NodeIndex index, const std::string& path, Place place, unsigned depth) {
    if (steps_left_ == 0) return TooMuch();
    --steps_left_;
    DLV_ASSIGN(const TorchTensor* const tensor, objects_.TensorOf(index));
    if (tensor != nullptr) {
      DLV_TRY(Leaf(path, place, *tensor));
      return WalkQuantizer(index, path, place, depth);
    }
    index = Inside(index);
    const PickleNode& node = pickle_.at(index);
    if (!IsContainer(node)) {
      if (!place.in_optimizer_state) Say(path, node);
      return Ok();
    }
    if (depth == kMaxTorchTreeDepth) return TooMuch();
    if (node.kind != NodeKind::kDict) return WalkSequence(node, path, place, depth);
    place.in_optimizer = place.in_optimizer || (!place.in_root && IsOptimizerState(node)) ||
                         (index == pickle_.root && IsOptimizerState(node));
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const std::string key = KeyText(pickle_.at(node.items[i]));
      Place inside = place;
      const NodeIndex child = node.items[i + 1];
      if (child == root_ && !place.in_root && !root_seen_) {
        root_seen_ = true;
        inside.in_root = true;
        DLV_TRY(Walk(child, "", inside, depth + 1));
        continue;
      }
      if (path.empty() && IsOptimizerKey(key)) {
        DLV_ASSIGN(const TorchTensor* const lone, objects_.TensorOf(child));
        inside.in_optimizer |= lone == nullptr;  // a parameter may be called so too
      }
      inside.in_optimizer_state |= inside.in_optimizer && key == "state";
      inside.in_ema |= path.empty() && !place.in_root && key.find("ema") != std::string::npos;
      if (Join(path, key).size() > 8192) return TooMuch();
      DLV_TRY(Walk(child, Join(path, key), inside, depth + 1));
    }
    return Ok();
  }

  Status WalkSequence(const PickleNode& node, const std::string& path, const Place& place,
                      unsigned depth) {
    DLV_ASSIGN(const bool tensors, HasTensor(IndexOf(node), 0));
    if (!tensors) {
      Say(path, node);
      return Ok();
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      DLV_TRY(Walk(node.items[i], Join(path, std::to_string(i)), place, depth + 1));
    }
    return Ok();
  }

  // Scale and zero point: a number each, or a tensor with one for each channel of an axis.
  Status WalkQuantizer(NodeIndex index, const std::string& path, Place place, unsigned depth) {
    constexpr std::string_view kNames[] = {"", "scale", "zero_point", "axis"};
    const std::span<const NodeIndex> parts = objects_.QuantizerOf(index);
    if (!parts.empty() && depth == kMaxTorchTreeDepth) return TooMuch();
    place.in_quantizer = true;
    for (std::size_t i = 1; i < std::min(parts.size(), std::size(kNames)); ++i)
      DLV_TRY(Walk(parts[i], Join(path, std::string(kNames[i])), place, depth + 1));
    return Ok();
  }

  NodeIndex IndexOf(const PickleNode& node) const {
    return static_cast<NodeIndex>(&node - pickle_.nodes.data());
  }

  Status Leaf(const std::string& path, const Place& place, const TorchTensor& tensor) {
    if (checkpoint_.leaves.size() == 1'000'000) return TooMuch();
    TorchLeaf leaf;
    leaf.name = path.empty() ? "tensor" : path.substr(0, 4000);
    if (!IsTensorName(leaf.name)) leaf.name = Printable(leaf.name, 4000);
    leaf.role = place.in_optimizer                 ? TensorRole::kOptimizer
                : !place.in_root || place.in_ema   ? TensorRole::kOther
                : place.in_quantizer               ? TensorRole::kBuffer
                : IsRandomState(leaf.name, tensor) ? TensorRole::kOther
                                                   : RoleOfName(leaf.name);
    leaf.tensor = tensor;
    unsigned& uses = names_[{leaf.role, leaf.name}];
    if (++uses > 1) leaf.name += "~" + std::to_string(uses);
    checkpoint_.leaves.push_back(std::move(leaf));
    return Ok();
  }

  // --- metadata ---

  void Say(const std::string& path, const PickleNode& node) {
    if (checkpoint_.metadata.size() >= kMaxTreeMetadata || path.empty()) return;
    if (std::optional<std::string> scalar = ScalarText(pickle_, node)) {
      checkpoint_.metadata.emplace_back(path, std::move(*scalar));
      return;
    }
    const bool sequence = node.kind == NodeKind::kList || node.kind == NodeKind::kTuple;
    if (!sequence || node.items.empty() || node.items.size() > kMaxShownItems) return;
    std::string text;
    for (const NodeIndex item : node.items) {
      const std::optional<std::string> scalar = ScalarText(pickle_, pickle_.at(item));
      if (!scalar) return;
      text += (text.empty() ? "" : ", ") + *scalar;
    }
    checkpoint_.metadata.emplace_back(path, "[" + text + "]");
  }

  const Pickle& pickle_;
  std::string_view what_;
  TorchObjects objects_;
  TorchCheckpoint checkpoint_;
  NodeIndex root_ = kNoNode;
  bool root_seen_ = false;
  std::size_t steps_left_ = 0;
  // How often each name was given.
  std::map<std::pair<TensorRole, std::string>, unsigned> names_;
};

}  // namespace

Result<TorchCheckpoint> ReadTorchCheckpoint(const Pickle& pickle, std::string_view what) {
  return TreeWalker(pickle, what).Run();
}

}  // namespace dlv::interchange
