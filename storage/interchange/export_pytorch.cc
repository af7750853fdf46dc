#include <algorithm>

#include "storage/interchange/block_types.h"
#include "storage/interchange/export.h"
#include "storage/interchange/export_stream.h"
#include "storage/interchange/pickle_output.h"
#include "storage/interchange/zip_writer.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kStorageAlignment = 64;
constexpr std::uint64_t kMaxWrittenPickleBytes = 1u << 30;
constexpr std::size_t kItemsAtOnce = 1000;
constexpr const char* kRoot = "archive/";

/// How PyTorch names an element type. Types younger than torch 2.1 have no storage class: their
/// storage is untyped, and the tensor says the type.
struct TorchType {
  std::string_view name;
  bool has_class;
};

TorchType TorchTypeOf(DType dtype) {
  switch (dtype) {
    case DType::kOpaque:
    case DType::kU8:
      return {"ByteStorage", true};
    case DType::kBool:
      return {"BoolStorage", true};
    case DType::kI8:
      return {"CharStorage", true};
    case DType::kU16:
      return {"uint16", false};
    case DType::kI16:
      return {"ShortStorage", true};
    case DType::kU32:
      return {"uint32", false};
    case DType::kI32:
      return {"IntStorage", true};
    case DType::kU64:
      return {"uint64", false};
    case DType::kI64:
      return {"LongStorage", true};
    case DType::kF16:
      return {"HalfStorage", true};
    case DType::kBF16:
      return {"BFloat16Storage", true};
    case DType::kF32:
      return {"FloatStorage", true};
    case DType::kF64:
      return {"DoubleStorage", true};
    case DType::kF8E4M3:
      return {"float8_e4m3fn", false};
    case DType::kF8E5M2:
      return {"float8_e5m2", false};
    case DType::kComplex64:
      return {"ComplexFloatStorage", true};
    case DType::kComplex128:
      return {"ComplexDoubleStorage", true};
  }
  return {"ByteStorage", true};
}

/// Of a type that dlv keeps as bytes, as far as PyTorch has it.
TorchType TorchTypeOf(const TensorInfo& info) {
  if (info.dtype == DType::kOpaque) {
    const PackedFloat* const packed = FindPackedFloat(info.foreign_dtype);
    if (packed != nullptr && !packed->torch.empty()) return {packed->torch, false};
  }
  return TorchTypeOf(info.dtype);
}

void PutShape(const std::vector<std::int64_t>& numbers, PickleOutput& pickle) {
  if (numbers.empty()) return pickle.EmptyTuple();
  pickle.Mark();
  for (const std::int64_t number : numbers) pickle.Integer(number);
  pickle.TupleFromMark();
}

std::vector<std::int64_t> StridesOf(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t next = 1;
  for (std::size_t k = shape.size(); k-- > 0;) {
    strides[k] = next;
    next *= std::max<std::int64_t>(shape[k], 1);
  }
  return strides;
}

void PutOrderedDict(PickleOutput& pickle) {
  pickle.Global("collections", "OrderedDict");
  pickle.EmptyTuple();
  pickle.Reduce();
}

/// The call that makes the tensor again; its elements lie in member data/KEY.
void PutTensor(const TensorInfo& info, std::uint64_t size_bytes, std::uint64_t key,
               PickleOutput& pickle) {
  const TorchType type = TorchTypeOf(info);
  pickle.Global("torch._utils", type.has_class ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
  pickle.Mark();
  pickle.Mark();
  pickle.Text("storage");
  if (type.has_class) {
    pickle.Global("torch", type.name);
  } else {
    pickle.Global("torch.storage", "UntypedStorage");
  }
  pickle.Text(std::to_string(key));
  pickle.Text("cpu");
  const std::uint64_t unit = type.has_class ? SizeOf(info.dtype) : 1;
  pickle.Integer(static_cast<std::int64_t>(size_bytes / unit));
  pickle.TupleFromMark();
  pickle.PersistentId();
  pickle.Integer(0);
  PutShape(info.shape, pickle);
  PutShape(StridesOf(info.shape), pickle);
  pickle.False();
  PutOrderedDict(pickle);
  if (!type.has_class) pickle.Global("torch", type.name);
  pickle.TupleFromMark();
  pickle.Reduce();
}

/// Which member each tensor lies in, and which tensor writes each member.
struct Storages {
  std::vector<std::uint64_t> key_of;  ///< by item
  std::vector<std::size_t> writer;    ///< by key: an item
};

Storages AssignStorages(const std::vector<ExportItem>& items, const ExportOptions& options) {
  Storages storages;
  std::vector<std::size_t> owner_key(items.size(), SIZE_MAX);  // by place in the source
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t owner = options.OwnerOf(items[i].index);
    if (owner >= owner_key.size()) owner_key.resize(owner + 1, SIZE_MAX);
    if (owner_key[owner] == SIZE_MAX) {
      owner_key[owner] = storages.writer.size();
      storages.writer.push_back(i);
    }
    storages.key_of.push_back(owner_key[owner]);
  }
  return storages;
}

Result<std::string> StateDictPickle(const TensorSource& source,
                                    const std::vector<ExportItem>& items,
                                    const Storages& storages) {
  std::uint64_t names = 0;
  for (const ExportItem& item : items) names += source.Info(item.index).name.size() + 512;
  if (names > kMaxWrittenPickleBytes) {
    return Error{ErrorCode::kUnsupported, "has too many tensors for one PyTorch file"};
  }
  PickleOutput pickle;
  PutOrderedDict(pickle);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i % kItemsAtOnce == 0) pickle.Mark();
    const TensorInfo info = source.Info(items[i].index);
    pickle.Text(info.name);
    PutTensor(info, items[i].size_bytes, storages.key_of[i], pickle);
    if (i + 1 == items.size() || (i + 1) % kItemsAtOnce == 0) pickle.SetItems();
  }
  return pickle.Finish();
}

void Warn(const TensorSource& source, const std::vector<ExportItem>& items, ExportReport& report) {
  for (const ExportItem& item : items) {
    if (item.dtype != DType::kOpaque) continue;
    const TensorInfo info = source.Info(item.index);
    if (!TorchTypeOf(info).has_class) continue;
    report.warnings.push_back(info.name + ": opaque is written as uint8");
  }
}

}  // namespace

Result<ExportReport> ExportPyTorch(TensorSource& source, const ExportOptions& options,
                                   io::ByteSink& sink) {
  DLV_ASSIGN(const std::vector<ExportItem> items, PlanExport(source, options));
  const Storages storages = AssignStorages(items, options);
  DLV_ASSIGN(const std::string pickle, StateDictPickle(source, items, storages));
  const std::string root = kRoot;
  ZipWriter zip(sink, kStorageAlignment);
  DLV_TRY(zip.Member(root + "data.pkl", pickle));
  DLV_TRY(zip.Member(root + ".format_version", "1"));
  DLV_TRY(zip.Member(root + ".storage_alignment", std::to_string(kStorageAlignment)));
  DLV_TRY(zip.Member(root + "byteorder", "little"));
  for (const auto& [key, value] : options.metadata) {
    if (key != "format") DLV_TRY(zip.Member(root + "extra/" + key, value));
  }
  for (std::size_t key = 0; key < storages.writer.size(); ++key) {
    const ExportItem& item = items[storages.writer[key]];
    DLV_TRY(zip.Member(root + "data/" + std::to_string(key), item.size_bytes,
                       [&](io::ByteSink& member) { return CopyTensor(source, item, member); }));
  }
  DLV_TRY(zip.Member(root + "version", "3\n"));
  ExportReport report;
  Warn(source, items, report);
  DLV_ASSIGN(report.size_bytes, zip.Finish());
  return report;
}

}  // namespace dlv::interchange
