#include "storage/store/quantize.h"

#include <cstdio>
#include <memory>
#include <optional>

#include "storage/archive/coded_size.h"
#include "storage/store/commit.h"
#include "storage/store/names.h"
#include "storage/store/progress_meter.h"
#include "storage/store/quantized_tensor.h"
#include "storage/store/resolve.h"
#include "storage/store/version_content.h"

namespace dlv::store {
namespace {

using Bytes = std::unique_ptr<io::ByteSource>;

/// The tensors of the new version.
class NewTensors : public TensorSource {
 public:
  void Add(TensorInfo info, const io::ByteSource& bytes) {
    infos_.push_back(std::move(info));
    bytes_.push_back(&bytes);
  }
  std::size_t size() const override { return infos_.size(); }
  TensorInfo Info(std::size_t index) const override { return infos_[index]; }
  Status Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) override {
    return bytes_[index]->ReadAt(offset, out);
  }

 private:
  std::vector<TensorInfo> infos_;
  std::vector<const io::ByteSource*> bytes_;
};

std::string ShortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

bool IsType(const Quantization& quantization) {
  return quantization.scheme == QuantizeScheme::kF16 ||
         quantization.scheme == QuantizeScheme::kBF16;
}

class Quantizer {
 public:
  Quantizer(Store& store, Target target, const QuantizeOptions& options,
            const QuantizeExtras& extras, const Operation& operation)
      : store_(store),
        target_(std::move(target)),
        name_(target_.version.summary.reference()),
        options_(options),
        extras_(extras),
        operation_(operation) {}

  Result<QuantizeResult> Run() {
    DLV_ASSIGN(manifest_, ReadVersionManifest(store_, target_.version));
    DLV_ASSIGN(const std::uint32_t ordinal, FindSnapshot(manifest_, target_.step, name_));
    DLV_ASSIGN(content_, ReadSnapshot(store_, manifest_, ordinal));
    result_.source = name_ + (target_.step ? "#" + std::to_string(*target_.step) : "");
    DLV_TRY(Choose());
    ProgressMeter meter(operation_, "rounding", total_bytes_);
    for (std::size_t i = 0; i < result_.tensors.size(); ++i) {
      DLV_TRY(Prepare(i));
      meter.Add(result_.tensors[i].raw_bytes);
    }
    result_.max_error = all_.max;
    result_.relative_error = all_.relative();
    if (all_.changed == 0 && !changes_type_) {
      return Error{
          ErrorCode::kInvalidArgument,
          result_.source + ": " + ToText(options_.quantization) + " changes none of its tensors",
          "choose fewer bits, or other tensors with --tensors"};
    }
    if (options_.execute) DLV_TRY(Save());
    return std::move(result_);
  }

 private:
  bool IsWanted(const TensorInfo& info, const std::optional<TensorPattern>& pattern) const {
    if (pattern) return pattern->Matches(info.role, FilePathOf(manifest_, info), info.name);
    if (IsType(options_.quantization)) {
      return info.role == TensorRole::kParameter || info.role == TensorRole::kBuffer;
    }
    return info.role == TensorRole::kParameter && info.shape.size() >= 2;
  }

  /// Lists all tensors and says which are to change.
  Status Choose() {
    const std::string& text =
        options_.tensor_glob.empty() ? target_.tensor_pattern : options_.tensor_glob;
    std::optional<TensorPattern> pattern;
    if (!text.empty()) {
      DLV_ASSIGN(pattern, TensorPattern::Parse(text));
    }
    bool any = false;
    for (std::size_t i = 0; i < content_.ids.size(); ++i) {
      QuantizedTensor tensor;
      tensor.info = content_.Info(i, static_cast<std::uint32_t>(manifest_.files.size()));
      tensor.dtype = tensor.info.dtype;
      tensor.raw_bytes = tensor.info.element_count() * SizeOf(tensor.dtype);
      total_bytes_ += tensor.raw_bytes;
      if (IsWanted(tensor.info, pattern)) {
        any = true;
        const auto after = statistics::TypeAfter(options_.quantization, tensor.dtype);
        tensor.changed = after.has_value() && tensor.info.element_count() != 0;
        if (!after) tensor.note = "no floating-point type of more bits";
        if (tensor.changed) tensor.dtype = *after;
      }
      result_.tensors.push_back(std::move(tensor));
    }
    if (any) return Ok();
    if (text.empty()) {
      return Error{ErrorCode::kNotFound, name_ + " has no parameter of two dimensions or more",
                   "choose tensors with --tensors GLOB"};
    }
    return Error{ErrorCode::kNotFound, name_ + " has no tensor that fits " + Quoted(text),
                 "see its tensors with: dlv desc " + name_};
  }

  /// Surveys a tensor, rounds it, and codes it before and after to know what it takes.
  Status Prepare(std::size_t index) {
    QuantizedTensor& tensor = result_.tensors[index];
    DLV_ASSIGN(const auto handle, store_.tensors().Open(tensor.info.id));
    DLV_ASSIGN(Bytes bytes, store_.tensors().OpenSource(tensor.info.id));
    DLV_ASSIGN(tensor.coded_before, archive::CodedSize(handle->dtype(), handle->element_count(),
                                                       *bytes, nullptr, operation_.threads));
    tensor.coded_after = tensor.coded_before;
    if (tensor.changed) {
      DLV_ASSIGN(
          const statistics::ValueSurvey survey,
          SurveyTensor(store_.tensors(), *handle, options_.quantization, tensor.info, operation_));
      auto rounded = std::make_unique<QuantizedBytes>(
          store_.tensors(), handle,
          statistics::ValueRounding(options_.quantization, handle->dtype(), survey));
      DLV_ASSIGN(tensor.coded_after, archive::CodedSize(tensor.dtype, handle->element_count(),
                                                        *rounded, nullptr, operation_.threads));
      const RoundingError error = rounded->error();
      tensor.changed_values = error.changed;
      tensor.max_error = error.max;
      tensor.relative_error = error.relative();
      tensor.bound = rounded->rounding().bound();
      changes_type_ = changes_type_ || tensor.dtype != tensor.info.dtype;
      all_.Add(error);
      bytes = std::move(rounded);
    }
    result_.coded_before += tensor.coded_before;
    result_.coded_after += tensor.coded_after;
    bytes_.push_back(std::move(bytes));
    return Ok();
  }

  CommitExtras Facts() const {
    CommitExtras extras;
    KeyValues& facts = extras.parent_attributes;
    std::size_t count = 0;
    for (const QuantizedTensor& tensor : result_.tensors) {
      if (!tensor.changed) continue;
      ++count;
      facts["error/" + tensor.info.name] = "max " + ShortNumber(tensor.max_error) + " relative " +
                                           ShortNumber(tensor.relative_error);
    }
    facts["scheme"] = ToText(options_.quantization);
    facts["tensors"] = std::to_string(count);
    facts["max_error"] = ShortNumber(result_.max_error);
    facts["relative_error"] = ShortNumber(result_.relative_error);
    if (!options_.tensor_glob.empty()) facts["chosen"] = options_.tensor_glob;
    return extras;
  }

  Status Save() {
    NewTensors source;
    for (std::size_t i = 0; i < result_.tensors.size(); ++i) {
      TensorInfo info = result_.tensors[i].info;
      info.dtype = result_.tensors[i].dtype;
      source.Add(std::move(info), *bytes_[i]);
    }
    CommitRequest request;
    request.model = options_.model.empty() ? target_.version.summary.model : options_.model;
    request.message = options_.message.empty()
                          ? ToText(options_.quantization) + " of " + result_.source
                          : options_.message;
    request.author = options_.author;
    request.tensors.push_back({&source, content_.step});
    request.parent_choice = ParentChoice::kGiven;
    request.parents = {name_};
    request.relation = Relation::kQuantize;
    request.hparams = manifest_.hparams;
    request.files = extras_.files;
    request.tags = extras_.tags;
    request.side_information = false;
    DLV_ASSIGN(result_.commit, Commit(store_, request, operation_, Facts()));
    return Ok();
  }

  Store& store_;
  Target target_;
  std::string name_;
  const QuantizeOptions& options_;
  const QuantizeExtras& extras_;
  const Operation& operation_;
  archive::Manifest manifest_;
  SnapshotContent content_;
  std::uint64_t total_bytes_ = 0;
  bool changes_type_ = false;
  RoundingError all_;
  std::vector<Bytes> bytes_;
  QuantizeResult result_;
};

}  // namespace

Result<QuantizeResult> Quantize(Store& store, std::string_view reference,
                                const QuantizeOptions& options, const QuantizeExtras& extras,
                                const Operation& operation) {
  DLV_ASSIGN(Target target, ResolveTarget(store, reference));
  return Quantizer(store, std::move(target), options, extras, operation).Run();
}

}  // namespace dlv::store
