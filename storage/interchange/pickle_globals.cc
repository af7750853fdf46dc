// The globals that a pickle may name. Everything else is refused: lists of forbidden names always
// miss one. Nothing here is ever called; the list says which objects dlv understands well enough to
// know that leaving them uncalled loses nothing it needs.

#include <algorithm>
#include <array>

#include "storage/interchange/pickle.h"

namespace dlv::interchange {
namespace {

struct KnownGlobal {
  std::string_view module;
  std::string_view name;
  GlobalUse use;
};

constexpr KnownGlobal kEntries[] = {
    {"collections", "OrderedDict", GlobalUse::kDict},
    {"collections", "defaultdict", GlobalUse::kDict},
    {"collections", "Counter", GlobalUse::kDict},
    {"collections", "deque", GlobalUse::kList},
    {"torch._utils", "_rebuild_tensor", GlobalUse::kInert},
    {"torch._utils", "_rebuild_tensor_v2", GlobalUse::kInert},
    {"torch._utils", "_rebuild_tensor_v3", GlobalUse::kInert},
    {"torch._utils", "_rebuild_parameter", GlobalUse::kInert},
    {"torch._utils", "_rebuild_parameter_with_state", GlobalUse::kInert},
    {"torch._utils", "_rebuild_qtensor", GlobalUse::kInert},
    {"torch._utils", "_rebuild_meta_tensor_no_storage", GlobalUse::kInert},
    {"torch._utils", "_rebuild_sparse_tensor", GlobalUse::kSparse},
    {"torch._utils", "_rebuild_sparse_csr_tensor", GlobalUse::kSparse},
    {"torch._tensor", "_rebuild_from_type_v2", GlobalUse::kInert},
    {"torch.jit._pickle", "build_intlist", GlobalUse::kList},
    {"torch.jit._pickle", "build_doublelist", GlobalUse::kList},
    {"torch.jit._pickle", "build_boollist", GlobalUse::kList},
    {"torch.jit._pickle", "build_tensorlist", GlobalUse::kList},
    {"torch.jit._pickle", "restore_type_tag", GlobalUse::kFirst},
    {"torch.nn.parameter", "Parameter", GlobalUse::kInert},
    {"torch.nn.parameter", "Buffer", GlobalUse::kInert},
    {"torch", "Tensor", GlobalUse::kInert},
    {"torch", "Size", GlobalUse::kTuple},
    {"torch", "device", GlobalUse::kInert},
    {"torch", "strided", GlobalUse::kInert},
    {"torch", "per_tensor_affine", GlobalUse::kInert},
    {"torch", "per_tensor_symmetric", GlobalUse::kInert},
    {"torch", "per_channel_affine", GlobalUse::kInert},
    {"torch", "per_channel_symmetric", GlobalUse::kInert},
    {"torch", "per_channel_affine_float_qparams", GlobalUse::kInert},
    {"torch.serialization", "_get_layout", GlobalUse::kInert},
    {"torch.torch_version", "TorchVersion", GlobalUse::kInert},
    {"torch.storage", "TypedStorage", GlobalUse::kInert},
    {"torch.storage", "_TypedStorage", GlobalUse::kInert},
    {"torch.storage", "UntypedStorage", GlobalUse::kInert},
    {"torch.storage", "_UntypedStorage", GlobalUse::kInert},
    {"torch", "UntypedStorage", GlobalUse::kInert},
    {"numpy", "ndarray", GlobalUse::kInert},
    {"numpy", "dtype", GlobalUse::kInert},
    {"numpy.core.multiarray", "_reconstruct", GlobalUse::kInert},
    {"numpy.core.multiarray", "scalar", GlobalUse::kInert},
    {"numpy._core.multiarray", "_reconstruct", GlobalUse::kInert},
    {"numpy._core.multiarray", "scalar", GlobalUse::kInert},
    {"numpy.core.numeric", "_frombuffer", GlobalUse::kInert},
    {"numpy._core.numeric", "_frombuffer", GlobalUse::kInert},
    {"ml_dtypes", "bfloat16", GlobalUse::kInert},
    {"_codecs", "encode", GlobalUse::kEncode},
    {"argparse", "Namespace", GlobalUse::kInert},
    {"types", "SimpleNamespace", GlobalUse::kInert},
    {"pytorch_lightning.utilities.parsing", "AttributeDict", GlobalUse::kDict},
    {"lightning.pytorch.utilities.parsing", "AttributeDict", GlobalUse::kDict},
    {"lightning_fabric.utilities.data", "AttributeDict", GlobalUse::kDict},
    {"lightning.fabric.utilities.data", "AttributeDict", GlobalUse::kDict},
    {"easydict", "EasyDict", GlobalUse::kDict},
    {"omegaconf.dictconfig", "DictConfig", GlobalUse::kInert},
    {"omegaconf.listconfig", "ListConfig", GlobalUse::kInert},
    {"omegaconf.base", "ContainerMetadata", GlobalUse::kInert},
    {"omegaconf.base", "Metadata", GlobalUse::kInert},
    {"omegaconf.nodes", "AnyNode", GlobalUse::kInert},
    {"omegaconf.nodes", "BooleanNode", GlobalUse::kInert},
    {"omegaconf.nodes", "BytesNode", GlobalUse::kInert},
    {"omegaconf.nodes", "FloatNode", GlobalUse::kInert},
    {"omegaconf.nodes", "IntegerNode", GlobalUse::kInert},
    {"omegaconf.nodes", "PathNode", GlobalUse::kInert},
    {"omegaconf.nodes", "StringNode", GlobalUse::kInert},
    {"typing", "Any", GlobalUse::kInert},
    {"pathlib", "Path", GlobalUse::kInert},
    {"pathlib", "PosixPath", GlobalUse::kInert},
    {"pathlib", "PurePosixPath", GlobalUse::kInert},
    {"pathlib", "WindowsPath", GlobalUse::kInert},
    {"pathlib", "PureWindowsPath", GlobalUse::kInert},
    {"datetime", "datetime", GlobalUse::kInert},
    {"datetime", "date", GlobalUse::kInert},
    {"datetime", "timedelta", GlobalUse::kInert},
    {"datetime", "timezone", GlobalUse::kInert},
};

constexpr KnownGlobal kBuiltins[] = {
    {"", "set", GlobalUse::kSet},         {"", "frozenset", GlobalUse::kSet},
    {"", "list", GlobalUse::kList},       {"", "tuple", GlobalUse::kTuple},
    {"", "dict", GlobalUse::kDict},       {"", "complex", GlobalUse::kInert},
    {"", "bytearray", GlobalUse::kInert}, {"", "bytes", GlobalUse::kInert},
    {"", "slice", GlobalUse::kInert},     {"", "range", GlobalUse::kInert},
    {"", "xrange", GlobalUse::kInert},    {"", "int", GlobalUse::kInert},
    {"", "float", GlobalUse::kInert},     {"", "bool", GlobalUse::kInert},
    {"", "str", GlobalUse::kInert},       {"", "object", GlobalUse::kInert},
};

// torch.FloatStorage and torch.float32: both only name an element type.
constexpr std::string_view kTorchTypes[] = {
    "Double",        "Float",       "Half",  "BFloat16", "Long",          "Int",
    "Short",         "Char",        "Byte",  "Bool",     "ComplexDouble", "ComplexFloat",
    "Float8_e4m3fn", "Float8_e5m2", "QInt8", "QUInt8",   "QInt32"};
constexpr std::string_view kTorchDTypes[] = {"float64",
                                             "float32",
                                             "float16",
                                             "bfloat16",
                                             "int64",
                                             "int32",
                                             "int16",
                                             "int8",
                                             "uint8",
                                             "uint16",
                                             "uint32",
                                             "uint64",
                                             "bool",
                                             "complex128",
                                             "complex64",
                                             "float8_e4m3fn",
                                             "float8_e5m2",
                                             "double",
                                             "float",
                                             "half",
                                             "long",
                                             "int",
                                             "short",
                                             "qint8",
                                             "quint8",
                                             "qint32",
                                             "float8_e4m3fnuz",
                                             "float8_e5m2fnuz",
                                             "float8_e8m0fnu",
                                             "float4_e2m1fn_x2"};

bool IsTorchType(std::string_view module, std::string_view name) {
  if (module != "torch" && module != "torch.cuda") return false;
  if (module == "torch" &&
      std::find(std::begin(kTorchDTypes), std::end(kTorchDTypes), name) != std::end(kTorchDTypes)) {
    return true;
  }
  constexpr std::string_view kStorage = "Storage";
  if (!name.ends_with(kStorage)) return false;
  name.remove_suffix(kStorage.size());
  return std::find(std::begin(kTorchTypes), std::end(kTorchTypes), name) != std::end(kTorchTypes);
}

}  // namespace

GlobalUse UseOfGlobal(std::string_view module, std::string_view name) {
  if (IsTorchType(module, name)) return GlobalUse::kInert;
  // Classes of a TorchScript archive: their code lies in the archive and is not looked for
  // elsewhere.
  if (module == "__torch__" || module.starts_with("__torch__.")) return GlobalUse::kInert;
  const bool builtin = module == "builtins" || module == "__builtin__";
  const std::span<const KnownGlobal> list =
      builtin ? std::span<const KnownGlobal>(kBuiltins) : kEntries;
  for (const KnownGlobal& entry : list) {
    if (entry.name == name && (builtin || entry.module == module)) return entry.use;
  }
  return GlobalUse::kRefused;
}

}  // namespace dlv::interchange
