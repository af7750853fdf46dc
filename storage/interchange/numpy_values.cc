#include "storage/interchange/numpy_values.h"

#include <algorithm>

#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

Error BadArray(const std::string& why) {
  return Error{ErrorCode::kCorruption, "numpy array in a pickle: " + why};
}

std::string_view CalleeOf(const Pickle& pickle, const PickleNode& node) {
  if (node.kind != NodeKind::kObject) return {};
  const PickleNode& callee = pickle.at(node.items[0]);
  return callee.kind == NodeKind::kGlobal && !callee.refused ? callee.text : std::string_view();
}

bool IsFunction(std::string_view callee, std::string_view name) {
  for (const std::string_view module : {"numpy.core.", "numpy._core."}) {
    if (callee.starts_with(module) && callee.substr(module.size()) == name) return true;
  }
  return false;
}

// The four things that make an array, wherever the pickle has them.
struct Parts {
  NodeIndex shape = kNoNode;
  NodeIndex type = kNoNode;
  NodeIndex data = kNoNode;
  bool fortran = false;
};

// _reconstruct(ndarray, (0,), b'b') with the state (1, shape, dtype, is_fortran, data).
Result<Parts> PartsOfState(const Pickle& pickle, const PickleNode& node) {
  if (node.items[2] == kNoNode) return BadArray("it has no state");
  const PickleNode& state = pickle.at(node.items[2]);
  const std::size_t count = state.items.size();
  if (state.kind != NodeKind::kTuple || count < 4 || count > 5) return BadArray("its state is odd");
  const PickleNode& fortran = pickle.at(state.items[count - 2]);
  if (fortran.kind != NodeKind::kBool && fortran.kind != NodeKind::kInteger) {
    return BadArray("its memory order is no truth value");
  }
  return Parts{state.items[count - 4], state.items[count - 3], state.items[count - 1],
               fortran.integer != 0};
}

// _frombuffer(data, dtype, shape, 'C').
Result<Parts> PartsOfBuffer(const Pickle& pickle, const PickleNode& node) {
  const std::vector<NodeIndex>& given = pickle.at(node.items[1]).items;
  if (given.size() != 4) return BadArray("_frombuffer wants 4 arguments");
  return Parts{given[2], given[1], given[0], pickle.at(given[3]).text == "F"};
}

Result<Parts> PartsOf(const Pickle& pickle, const PickleNode& node) {
  if (IsFunction(CalleeOf(pickle, node), "numeric._frombuffer")) {
    return PartsOfBuffer(pickle, node);
  }
  return PartsOfState(pickle, node);
}

Result<std::vector<std::uint64_t>> ShapeOf(const Pickle& pickle, NodeIndex index) {
  const PickleNode& node = pickle.at(index);
  if (node.kind != NodeKind::kTuple || node.items.size() > kMaxRank) {
    return BadArray("its shape is no tuple of at most " + std::to_string(kMaxRank));
  }
  std::vector<std::uint64_t> shape;
  for (const NodeIndex item : node.items) {
    const PickleNode& extent = pickle.at(item);
    if (extent.kind != NodeKind::kInteger || extent.integer < 0) {
      return BadArray("its shape has what is no size");
    }
    shape.push_back(static_cast<std::uint64_t>(extent.integer));
  }
  return shape;
}

// The element of a type's state, (3, '<', subdtype, names, fields, item bytes, alignment, flags).
const PickleNode* StateItem(const Pickle& pickle, const PickleNode& type, std::size_t place) {
  if (type.items[2] == kNoNode) return nullptr;
  const PickleNode& state = pickle.at(type.items[2]);
  if (state.kind != NodeKind::kTuple || state.items.size() <= place) return nullptr;
  return &pickle.at(state.items[place]);
}

bool HasBytes(const PickleNode& node) {
  return node.kind == NodeKind::kBytes || node.kind == NodeKind::kText;
}

// Python 3 writes an empty b'' in protocol 2 as a call of bytes().
bool IsNoBytes(const Pickle& pickle, const PickleNode& node) {
  return CalleeOf(pickle, node).ends_with(".bytes") && pickle.at(node.items[1]).items.empty();
}

// numpy's name of the type, "<f4".
Result<std::string> NumpyTypeName(const Pickle& pickle, NodeIndex index) {
  const PickleNode& type = pickle.at(index);
  if (CalleeOf(pickle, type) != "numpy.dtype" || pickle.at(type.items[1]).items.empty()) {
    return BadArray("its dtype is none of numpy's");
  }
  const PickleNode& code = pickle.at(pickle.at(type.items[1]).items[0]);
  if (code.kind == NodeKind::kGlobal && code.text == "ml_dtypes.bfloat16")
    return std::string("bfloat16");
  if (!HasBytes(code) || code.text.empty()) return BadArray("its dtype has no name");
  const PickleNode* order = StateItem(pickle, type, 1);
  const bool known = order != nullptr && HasBytes(*order) && order->text.size() == 1;
  return std::string(known ? order->text : "|") + std::string(code.text);
}

Status ReadType(const Pickle& pickle, NodeIndex index, NpyHeader& header) {
  DLV_ASSIGN(header.descr, NumpyTypeName(pickle, index));
  const Status read = ReadNumpyType(header.descr, header);
  if (!read.ok()) return BadArray("its dtype is '" + Printable(header.descr) + "'");
  return Ok();
}

bool IsObjectType(const std::string& descr) { return descr.size() >= 2 && descr[1] == 'O'; }

}  // namespace

bool IsNumpyArray(const Pickle& pickle, const PickleNode& node) {
  const std::string_view callee = CalleeOf(pickle, node);
  return IsFunction(callee, "multiarray._reconstruct") || IsFunction(callee, "numeric._frombuffer");
}

Result<std::optional<NumpyArray>> NumpyArrayOf(const Pickle& pickle, const PickleNode& node) {
  DLV_ASSIGN(const Parts parts, PartsOf(pickle, node));
  NumpyArray array;
  DLV_ASSIGN(array.type.descr, NumpyTypeName(pickle, parts.type));
  if (IsObjectType(array.type.descr)) return std::optional<NumpyArray>();
  DLV_TRY(ReadType(pickle, parts.type, array.type));
  DLV_ASSIGN(array.type.shape, ShapeOf(pickle, parts.shape));
  array.type.fortran_order = parts.fortran;
  const auto count = ElementCount(array.type.shape);
  if (!count || __builtin_mul_overflow(*count, array.type.item_bytes, &array.type.data_bytes)) {
    return BadArray("its shape overflows");
  }
  const PickleNode& data = pickle.at(parts.data);
  if (IsNoBytes(pickle, data) && array.type.data_bytes == 0) return std::optional(array);
  if (!HasBytes(data)) return BadArray("its data are no bytes");
  array.data = parts.data;
  array.stored = data.size;
  array.type.data_offset = static_cast<std::uint64_t>(data.integer);
  array.latin1 = data.latin1 && data.size != array.type.data_bytes;
  const bool fits = array.latin1 ? array.stored / 2 <= array.type.data_bytes &&
                                       array.stored >= array.type.data_bytes
                                 : array.stored == array.type.data_bytes;
  if (!fits) {
    return BadArray("its shape wants " + std::to_string(array.type.data_bytes) + " bytes, offset " +
                    std::to_string(array.type.data_offset) + " has " +
                    std::to_string(array.stored));
  }
  return std::optional(std::move(array));
}

Result<NumpyObjects> NumpyObjectsOf(const Pickle& pickle, const PickleNode& node) {
  DLV_ASSIGN(const Parts parts, PartsOf(pickle, node));
  NumpyObjects objects;
  DLV_ASSIGN(objects.shape, ShapeOf(pickle, parts.shape));
  objects.list = parts.data;
  const auto count = ElementCount(objects.shape);
  const PickleNode& list = pickle.at(parts.data);
  if (list.kind != NodeKind::kList || !count || list.items.size() != *count) {
    return BadArray("its objects are not as many as its shape says");
  }
  return objects;
}

std::optional<NumpyScalar> NumpyScalarOf(const Pickle& pickle, const PickleNode& node) {
  if (!IsFunction(CalleeOf(pickle, node), "multiarray.scalar")) return std::nullopt;
  const std::vector<NodeIndex>& given = pickle.at(node.items[1]).items;
  if (given.size() != 2) return std::nullopt;
  NpyHeader type;
  if (!ReadType(pickle, given[0], type).ok() || type.dtype == DType::kOpaque) return std::nullopt;
  const PickleNode& data = pickle.at(given[1]);
  if (!HasBytes(data) || data.text.size() != data.size) return std::nullopt;
  NumpyScalar scalar;
  scalar.dtype = type.dtype;
  scalar.bytes = data.latin1 ? Latin1Bytes(data.text).value_or("") : std::string(data.text);
  if (scalar.bytes.size() != type.item_bytes) return std::nullopt;
  if (type.big_endian) std::reverse(scalar.bytes.begin(), scalar.bytes.end());
  return scalar;
}

}  // namespace dlv::interchange
