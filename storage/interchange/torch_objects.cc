// From pickle nodes to storages and tensors.

#include <algorithm>

#include "storage/interchange/block_types.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/interchange/torch_values.h"

namespace dlv::interchange {
namespace {

constexpr std::size_t kMaxStorages = 1'000'000;
constexpr unsigned kMaxWrapping = 4;  // a parameter of a subclass of a tensor

struct TypeName {
  std::string_view name;
  DType dtype;
};
constexpr TypeName kStorageTypes[] = {{"Double", DType::kF64},
                                      {"Float", DType::kF32},
                                      {"Half", DType::kF16},
                                      {"BFloat16", DType::kBF16},
                                      {"Long", DType::kI64},
                                      {"Int", DType::kI32},
                                      {"Short", DType::kI16},
                                      {"Char", DType::kI8},
                                      {"Byte", DType::kU8},
                                      {"Bool", DType::kBool},
                                      {"ComplexFloat", DType::kComplex64},
                                      {"ComplexDouble", DType::kComplex128},
                                      {"Float8_e4m3fn", DType::kF8E4M3},
                                      {"Float8_e5m2", DType::kF8E5M2},
                                      {"QInt8", DType::kI8},
                                      {"QUInt8", DType::kU8},
                                      {"QInt32", DType::kI32}};
constexpr TypeName kElementTypes[] = {{"float64", DType::kF64},
                                      {"double", DType::kF64},
                                      {"float32", DType::kF32},
                                      {"float", DType::kF32},
                                      {"float16", DType::kF16},
                                      {"half", DType::kF16},
                                      {"bfloat16", DType::kBF16},
                                      {"int64", DType::kI64},
                                      {"long", DType::kI64},
                                      {"int32", DType::kI32},
                                      {"int", DType::kI32},
                                      {"int16", DType::kI16},
                                      {"short", DType::kI16},
                                      {"int8", DType::kI8},
                                      {"uint8", DType::kU8},
                                      {"uint16", DType::kU16},
                                      {"uint32", DType::kU32},
                                      {"uint64", DType::kU64},
                                      {"bool", DType::kBool},
                                      {"complex64", DType::kComplex64},
                                      {"complex128", DType::kComplex128},
                                      {"float8_e4m3fn", DType::kF8E4M3},
                                      {"float8_e5m2", DType::kF8E5M2}};

std::optional<DType> Lookup(std::span<const TypeName> table, std::string_view name) {
  for (const TypeName& entry : table) {
    if (entry.name == name) return entry.dtype;
  }
  return std::nullopt;
}

// Says in `foreign` what a type is that dlv keeps as bytes.
std::optional<DType> ElementType(std::string_view name, std::string_view& foreign) {
  for (const PackedFloat& packed : kPackedFloats) {
    if (packed.torch.empty() || packed.torch != name) continue;
    foreign = packed.name;
    return DType::kOpaque;
  }
  return Lookup(kElementTypes, name);
}

// Storage, offset, size and stride as any other; behind them how the integers are meant.
constexpr std::string_view kRebuildQuantized = "torch._utils._rebuild_qtensor";
constexpr std::size_t kQuantizerArgument = 4;

std::string_view LastName(std::string_view global) { return global.substr(global.rfind('.') + 1); }

// "torch.FloatStorage" gives f32, an untyped storage an empty optional inside.
std::optional<std::optional<DType>> StorageType(std::string_view global) {
  std::string_view name = LastName(global);
  if (name == "UntypedStorage" || name == "_UntypedStorage") return std::optional<DType>();
  if (!name.ends_with("Storage")) return std::nullopt;
  name.remove_suffix(std::string_view("Storage").size());
  const std::optional<DType> dtype = Lookup(kStorageTypes, name);
  if (!dtype) return std::nullopt;
  return dtype;
}

}  // namespace

Error TorchObjects::Bad(const std::string& why) const {
  return Error{ErrorCode::kCorruption, std::string(what_) + ": " + why};
}

Result<std::uint64_t> TorchObjects::Unsigned(NodeIndex index, const char* field) const {
  const PickleNode& node = pickle_.at(index);
  if (node.kind != NodeKind::kInteger || node.integer < 0) {
    return Bad(std::string(field) + " is no integer from 0 on");
  }
  return static_cast<std::uint64_t>(node.integer);
}

Result<std::vector<std::uint64_t>> TorchObjects::UnsignedList(NodeIndex index,
                                                              const char* field) const {
  const PickleNode& node = pickle_.at(index);
  if ((node.kind != NodeKind::kTuple && node.kind != NodeKind::kList) ||
      node.items.size() > kMaxRank) {
    return Bad(std::string(field) + " is no tuple of at most " + std::to_string(kMaxRank));
  }
  std::vector<std::uint64_t> values;
  for (const NodeIndex item : node.items) {
    DLV_ASSIGN(const std::uint64_t value, Unsigned(item, field));
    values.push_back(value);
  }
  return values;
}

Result<const TorchTensor*> TorchObjects::TensorOf(NodeIndex index) {
  const TorchTensor* none = nullptr;
  if (pickle_.at(index).kind != NodeKind::kObject) return none;
  if (const auto known = known_.find(index); known != known_.end()) {
    return static_cast<const TorchTensor*>(known->second.get());
  }
  DLV_ASSIGN(std::unique_ptr<TorchTensor> tensor, Rebuild(index, 0));
  const TorchTensor* raw = tensor.get();
  known_.emplace(index, std::move(tensor));
  return raw;
}

std::span<const NodeIndex> TorchObjects::QuantizerOf(NodeIndex index) const {
  const PickleNode& node = pickle_.at(index);
  if (node.kind != NodeKind::kObject || pickle_.at(node.items[0]).text != kRebuildQuantized)
    return {};
  const std::vector<NodeIndex>& arguments = pickle_.at(node.items[1]).items;
  if (arguments.size() <= kQuantizerArgument) return {};
  return pickle_.at(arguments[kQuantizerArgument]).items;
}

Result<std::unique_ptr<TorchTensor>> TorchObjects::Rebuild(NodeIndex index, unsigned depth) {
  const PickleNode& node = pickle_.at(index);
  if (node.kind != NodeKind::kObject || depth > kMaxWrapping) return std::unique_ptr<TorchTensor>();
  const PickleNode& callee = pickle_.at(node.items[0]);
  const std::vector<NodeIndex>& arguments = pickle_.at(node.items[1]).items;
  if (callee.kind != NodeKind::kGlobal) return std::unique_ptr<TorchTensor>();
  const std::string_view name = callee.text;
  if (name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor" ||
      name == kRebuildQuantized) {
    return RebuildV2(arguments, nullptr);
  }
  if (name == "torch._utils._rebuild_tensor_v3") {
    if (arguments.size() < 7) return Bad("tensor with too few arguments");
    return RebuildV2(arguments, &pickle_.at(arguments[6]));
  }
  if (name == "torch._utils._rebuild_parameter" ||
      name == "torch._utils._rebuild_parameter_with_state" ||
      name == "torch.nn.parameter.Parameter" || name == "torch.nn.parameter.Buffer") {
    if (arguments.empty()) return Bad("parameter without a tensor");
    return Rebuild(arguments[0], depth + 1);
  }
  if (name == "torch._tensor._rebuild_from_type_v2") {  // function, type, arguments, state
    if (arguments.size() < 3) return Bad("tensor with too few arguments");
    const PickleNode& function = pickle_.at(arguments[0]);
    if (function.kind != NodeKind::kGlobal || function.text != "torch._utils._rebuild_tensor_v2") {
      return std::unique_ptr<TorchTensor>();
    }
    return RebuildV2(pickle_.at(arguments[2]).items, nullptr);
  }
  return std::unique_ptr<TorchTensor>();
}

Result<std::unique_ptr<TorchTensor>> TorchObjects::RebuildV2(
    const std::vector<NodeIndex>& arguments, const PickleNode* dtype) {
  if (arguments.size() < 4) return Bad("tensor with too few arguments");
  auto tensor = std::make_unique<TorchTensor>();
  std::uint64_t view_offset = 0;
  DLV_ASSIGN(tensor->storage, StorageOf(arguments[0], view_offset));
  DLV_ASSIGN(tensor->offset, Unsigned(arguments[1], "storage offset"));
  DLV_ASSIGN(tensor->shape, UnsignedList(arguments[2], "size"));
  DLV_ASSIGN(tensor->strides, UnsignedList(arguments[3], "stride"));
  if (__builtin_add_overflow(tensor->offset, view_offset, &tensor->offset))
    return Bad("offset overflows");
  if (tensor->shape.size() != tensor->strides.size())
    return Bad("size and stride differ in length");
  const TorchStorage& storage = storages_[tensor->storage];
  std::optional<DType> type = storage.dtype;
  if (dtype != nullptr) {
    type = dtype->kind == NodeKind::kGlobal && dtype->text.starts_with("torch.")
               ? ElementType(LastName(dtype->text), tensor->foreign_dtype)
               : std::nullopt;
  }
  if (!type) return Bad("tensor on storage '" + Printable(storage.key) + "' has no known dtype");
  if (storage.dtype && *storage.dtype != *type) return Bad("tensor and storage differ in dtype");
  tensor->dtype = *type;
  StridedView view;
  view.offset = tensor->offset;
  view.shape = tensor->shape;
  view.strides = tensor->strides;
  const std::optional<std::uint64_t> end = ViewEnd(view);
  const std::uint64_t have = storage.size_bytes() / SizeOf(tensor->dtype);
  if (!end || *end > have) {
    return Bad("tensor reaches beyond its storage '" + Printable(storage.key) + "' of " +
               std::to_string(have) + " elements");
  }
  return tensor;
}

// ('storage', type, key, location, count[, view of a legacy storage: (key, offset, count)]).
Result<std::uint32_t> TorchObjects::StorageOf(NodeIndex index, std::uint64_t& view_offset) {
  const PickleNode& node = pickle_.at(index);
  const PickleNode* id = node.kind == NodeKind::kPersistent ? &pickle_.at(node.items[0]) : nullptr;
  if (id == nullptr || id->kind != NodeKind::kTuple || id->items.size() < 5) {
    return Bad("tensor without a storage");
  }
  const PickleNode& type = pickle_.at(id->items[1]);
  const PickleNode& key = pickle_.at(id->items[2]);
  if (type.kind != NodeKind::kGlobal ||
      (key.kind != NodeKind::kText && key.kind != NodeKind::kInteger)) {
    return Bad("storage without a type or a key");
  }
  const auto dtype = StorageType(type.text);
  if (!dtype) return Bad("unknown storage type '" + Printable(type.text) + "'");
  TorchStorage storage;
  storage.key = key.kind == NodeKind::kText ? std::string(key.text) : std::to_string(key.integer);
  storage.dtype = *dtype;
  DLV_ASSIGN(storage.count, Unsigned(id->items[4], "storage size"));
  if (storage.count > INT64_MAX / 16) return Bad("storage size overflows");
  if (id->items.size() > 5 && pickle_.at(id->items[5]).kind == NodeKind::kTuple) {
    const std::vector<NodeIndex>& view = pickle_.at(id->items[5]).items;
    if (view.size() != 3) return Bad("bad view of a storage");
    DLV_ASSIGN(view_offset, Unsigned(view[1], "view offset"));
  }
  const auto [place, is_new] =
      by_key_.try_emplace(storage.key, static_cast<std::uint32_t>(storages_.size()));
  if (is_new) {
    if (storages_.size() == kMaxStorages) return Bad("more than a million storages");
    storages_.push_back(std::move(storage));
    return place->second;
  }
  const TorchStorage& before = storages_[place->second];
  if (before.dtype != storage.dtype || before.count != storage.count) {
    return Bad("storage '" + Printable(storage.key) + "' is named with two types or sizes");
  }
  return place->second;
}

}  // namespace dlv::interchange
