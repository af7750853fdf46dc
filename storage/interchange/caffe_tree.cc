#include "storage/interchange/caffe_tree.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <span>

#include "storage/interchange/caffe_blob.h"
#include "storage/interchange/caffe_kinds.h"
#include "storage/interchange/protobuf_wire.h"

namespace dlv::interchange {
namespace caffe_messages {
namespace {

constexpr std::uint64_t kMaxTreeText = 64u << 10;

enum CaffeFieldKind : std::uint8_t {
  kIntegerKind,
  kFloatKind,
  kBoolKind,
  kTextKind,
  kWordKind,
  kMessageKind,
  kBlobKind
};

struct CaffeMessage;

/// A field of one of Caffe's messages. `words` are the names of an enumeration, from 0.
struct CaffeField {
  std::uint32_t number;
  std::string_view name;
  CaffeFieldKind kind;
  const CaffeMessage* message = nullptr;
  std::string_view words = {};  ///< separated by spaces
};

struct CaffeMessage {
  std::span<const CaffeField> fields;
};

// Field numbers are those of caffe.proto (docs/format/foreign_messages.md).
constexpr CaffeField kShapeFields[] = {{1, "dim", kIntegerKind}};
constexpr CaffeMessage kShapeMessage = {kShapeFields};
constexpr CaffeField kParamFields[] = {
    {1, "name", kTextKind}, {3, "lr_mult", kFloatKind}, {4, "decay_mult", kFloatKind}};
constexpr CaffeMessage kParam = {kParamFields};
constexpr CaffeField kRuleFields[] = {{1, "phase", kWordKind, nullptr, "TRAIN TEST"},
                                      {2, "min_level", kIntegerKind},
                                      {3, "max_level", kIntegerKind},
                                      {4, "stage", kTextKind},
                                      {5, "not_stage", kTextKind}};
constexpr CaffeMessage kRule = {kRuleFields};
constexpr CaffeField kConvolutionFields[] = {
    {1, "num_output", kIntegerKind}, {2, "bias_term", kBoolKind},
    {3, "pad", kIntegerKind},        {4, "kernel_size", kIntegerKind},
    {5, "group", kIntegerKind},      {6, "stride", kIntegerKind},
    {9, "pad_h", kIntegerKind},      {10, "pad_w", kIntegerKind},
    {11, "kernel_h", kIntegerKind},  {12, "kernel_w", kIntegerKind},
    {13, "stride_h", kIntegerKind},  {14, "stride_w", kIntegerKind},
    {16, "axis", kIntegerKind},      {18, "dilation", kIntegerKind}};
constexpr CaffeMessage kConvolution = {kConvolutionFields};
constexpr CaffeField kPoolingFields[] = {{1, "pool", kWordKind, nullptr, "MAX AVE STOCHASTIC"},
                                         {2, "kernel_size", kIntegerKind},
                                         {3, "stride", kIntegerKind},
                                         {4, "pad", kIntegerKind},
                                         {5, "kernel_h", kIntegerKind},
                                         {6, "kernel_w", kIntegerKind},
                                         {7, "stride_h", kIntegerKind},
                                         {8, "stride_w", kIntegerKind},
                                         {9, "pad_h", kIntegerKind},
                                         {10, "pad_w", kIntegerKind},
                                         {12, "global_pooling", kBoolKind},
                                         {13, "round_mode", kWordKind, nullptr, "CEIL FLOOR"}};
constexpr CaffeMessage kPooling = {kPoolingFields};
constexpr CaffeField kProductFields[] = {{1, "num_output", kIntegerKind},
                                         {2, "bias_term", kBoolKind},
                                         {5, "axis", kIntegerKind},
                                         {6, "transpose", kBoolKind}};
constexpr CaffeMessage kProduct = {kProductFields};
constexpr CaffeField kLrnFields[] = {
    {1, "local_size", kIntegerKind},
    {2, "alpha", kFloatKind},
    {3, "beta", kFloatKind},
    {4, "norm_region", kWordKind, nullptr, "ACROSS_CHANNELS WITHIN_CHANNEL"},
    {5, "k", kFloatKind}};
constexpr CaffeMessage kLrn = {kLrnFields};
constexpr CaffeField kReluFields[] = {{1, "negative_slope", kFloatKind}};
constexpr CaffeMessage kRelu = {kReluFields};
constexpr CaffeField kPreluFields[] = {{2, "channel_shared", kBoolKind}};
constexpr CaffeMessage kPrelu = {kPreluFields};
constexpr CaffeField kEluFields[] = {{1, "alpha", kFloatKind}};
constexpr CaffeMessage kElu = {kEluFields};
constexpr CaffeField kDropoutFields[] = {{1, "dropout_ratio", kFloatKind}};
constexpr CaffeMessage kDropout = {kDropoutFields};
constexpr CaffeField kConcatFields[] = {{1, "concat_dim", kIntegerKind}, {2, "axis", kIntegerKind}};
constexpr CaffeMessage kConcat = {kConcatFields};
constexpr CaffeField kSliceFields[] = {
    {1, "slice_dim", kIntegerKind}, {2, "slice_point", kIntegerKind}, {3, "axis", kIntegerKind}};
constexpr CaffeMessage kSlice = {kSliceFields};
constexpr CaffeField kEltwiseFields[] = {{1, "operation", kWordKind, nullptr, "PROD SUM MAX"},
                                         {2, "coeff", kFloatKind}};
constexpr CaffeMessage kEltwise = {kEltwiseFields};
constexpr CaffeField kSoftmaxFields[] = {{2, "axis", kIntegerKind}};
constexpr CaffeMessage kSoftmax = {kSoftmaxFields};
constexpr CaffeField kNormFields[] = {{1, "use_global_stats", kBoolKind},
                                      {2, "moving_average_fraction", kFloatKind},
                                      {3, "eps", kFloatKind}};
constexpr CaffeMessage kNorm = {kNormFields};
constexpr CaffeField kScaleFields[] = {
    {1, "axis", kIntegerKind}, {2, "num_axes", kIntegerKind}, {4, "bias_term", kBoolKind}};
constexpr CaffeMessage kScale = {kScaleFields};
constexpr CaffeField kBiasFields[] = {{1, "axis", kIntegerKind}, {2, "num_axes", kIntegerKind}};
constexpr CaffeMessage kBias = {kBiasFields};
constexpr CaffeField kPowerFields[] = {
    {1, "power", kFloatKind}, {2, "scale", kFloatKind}, {3, "shift", kFloatKind}};
constexpr CaffeMessage kPower = {kPowerFields};
constexpr CaffeField kFlattenFields[] = {{1, "axis", kIntegerKind}, {2, "end_axis", kIntegerKind}};
constexpr CaffeMessage kFlatten = {kFlattenFields};
constexpr CaffeField kReshapeFields[] = {{1, "shape", kMessageKind, &kShapeMessage},
                                         {2, "axis", kIntegerKind},
                                         {3, "num_axes", kIntegerKind}};
constexpr CaffeMessage kReshape = {kReshapeFields};
constexpr CaffeField kInputFields[] = {{1, "shape", kMessageKind, &kShapeMessage}};
constexpr CaffeMessage kInput = {kInputFields};
constexpr CaffeField kPermuteFields[] = {{1, "order", kIntegerKind}};
constexpr CaffeMessage kPermute = {kPermuteFields};
constexpr CaffeField kTransformFields[] = {{3, "crop_size", kIntegerKind}};
constexpr CaffeMessage kTransform = {kTransformFields};

constexpr CaffeField kLayerFields[] = {
    {1, "name", kTextKind},
    {2, "type", kTextKind},
    {3, "bottom", kTextKind},
    {4, "top", kTextKind},
    {6, "param", kMessageKind, &kParam},
    {7, "blobs", kBlobKind},
    {8, "include", kMessageKind, &kRule},
    {9, "exclude", kMessageKind, &kRule},
    {100, "transform_param", kMessageKind, &kTransform},
    {104, "concat_param", kMessageKind, &kConcat},
    {106, "convolution_param", kMessageKind, &kConvolution},
    {108, "dropout_param", kMessageKind, &kDropout},
    {110, "eltwise_param", kMessageKind, &kEltwise},
    {117, "inner_product_param", kMessageKind, &kProduct},
    {118, "lrn_param", kMessageKind, &kLrn},
    {121, "pooling_param", kMessageKind, &kPooling},
    {122, "power_param", kMessageKind, &kPower},
    {123, "relu_param", kMessageKind, &kRelu},
    {125, "softmax_param", kMessageKind, &kSoftmax},
    {126, "slice_param", kMessageKind, &kSlice},
    {131, "prelu_param", kMessageKind, &kPrelu},
    {133, "reshape_param", kMessageKind, &kReshape},
    {135, "flatten_param", kMessageKind, &kFlatten},
    {139, "batch_norm_param", kMessageKind, &kNorm},
    {140, "elu_param", kMessageKind, &kElu},
    {141, "bias_param", kMessageKind, &kBias},
    {142, "scale_param", kMessageKind, &kScale},
    {143, "input_param", kMessageKind, &kInput},
    {202, "permute_param", kMessageKind, &kPermute},
};
constexpr CaffeMessage kLayerMessage = {kLayerFields};
constexpr CaffeField kOldLayerFields[] = {
    {2, "bottom", kTextKind},
    {3, "top", kTextKind},
    {4, "name", kTextKind},
    {5, "type", kIntegerKind},
    {6, "blobs", kBlobKind},
    {7, "blobs_lr", kFloatKind},
    {8, "weight_decay", kFloatKind},
    {9, "concat_param", kMessageKind, &kConcat},
    {10, "convolution_param", kMessageKind, &kConvolution},
    {12, "dropout_param", kMessageKind, &kDropout},
    {17, "inner_product_param", kMessageKind, &kProduct},
    {18, "lrn_param", kMessageKind, &kLrn},
    {19, "pooling_param", kMessageKind, &kPooling},
    {21, "power_param", kMessageKind, &kPower},
    {24, "eltwise_param", kMessageKind, &kEltwise},
    {30, "relu_param", kMessageKind, &kRelu},
    {31, "slice_param", kMessageKind, &kSlice},
    {32, "include", kMessageKind, &kRule},
    {33, "exclude", kMessageKind, &kRule},
    {36, "transform_param", kMessageKind, &kTransform},
    {39, "softmax_param", kMessageKind, &kSoftmax},
};
constexpr CaffeMessage kOldLayerMessage = {kOldLayerFields};
constexpr CaffeField kNetFields[] = {
    {1, "name", kTextKind},
    {2, "layers", kMessageKind, &kOldLayerMessage},
    {3, "input", kTextKind},
    {4, "input_dim", kIntegerKind},
    {8, "input_shape", kMessageKind, &kShapeMessage},
    {100, "layer", kMessageKind, &kLayerMessage},
};
constexpr CaffeMessage kNet = {kNetFields};

std::string TextOf(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  std::string written(text, end);
  if (std::isfinite(value) && written.find_first_of(".e") == std::string::npos) written += ".0";
  return written;
}

std::string_view WordAt(std::string_view words, std::uint64_t place) {
  for (; place > 0 && !words.empty(); --place) {
    const std::size_t space = words.find(' ');
    words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
  }
  return words.substr(0, words.find(' '));
}

class TreeReader {
 public:
  explicit TreeReader(const io::ByteSource& file) : wire_(file, kCaffe) {}

  Result<Tree> Run() {
    DLV_ASSIGN(tree_.root, ReadMessage(kNet));
    return std::move(tree_);
  }

 private:
  Result<std::uint32_t> Add(TreeKind kind, std::string text) {
    if (tree_.full()) {
      return Error{ErrorCode::kUnsafe, "caffe: the network has more than two million values"};
    }
    TreeNode node;
    node.kind = kind;
    node.text = std::move(text);
    return tree_.Add(std::move(node));
  }

  Result<std::uint32_t> ReadMessage(const CaffeMessage& message) {
    DLV_ASSIGN(const std::uint32_t dict, Add(TreeKind::kDict, ""));
    std::vector<std::uint32_t> list_of(message.fields.size(), 0);  // of fields that came twice
    std::vector<std::uint32_t> key_of(message.fields.size(), 0);
    WireField field;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.Next(field));
      if (!more) return dict;
      for (std::size_t i = 0; i < message.fields.size(); ++i) {
        if (message.fields[i].number != field.number) continue;
        DLV_TRY(ReadField(field, message.fields[i], dict, key_of[i], list_of[i]));
        break;
      }
    }
  }

  Status ReadField(const WireField& field, const CaffeField& known, std::uint32_t dict,
                   std::uint32_t& key, std::uint32_t& list) {
    const bool number = known.kind == kIntegerKind || known.kind == kFloatKind ||
                        known.kind == kBoolKind || known.kind == kWordKind;
    if (!number || field.type != WireType::kBytes) {
      if (number == (field.type == WireType::kBytes)) return Ok();  // of a wrong kind: not known
      DLV_ASSIGN(const std::uint32_t value, ReadValue(field, known));
      return Put(known, value, dict, key, list);
    }
    return known.kind == kFloatKind ? ReadFloats(field, known, dict, key, list)
                                    : ReadPacked(field, known, dict, key, list);
  }

  Status ReadPacked(const WireField& field, const CaffeField& known, std::uint32_t dict,
                    std::uint32_t& key, std::uint32_t& list) {
    DLV_TRY(wire_.Enter(field));
    WireField item = field;
    item.type = WireType::kVarint;
    while (true) {
      DLV_ASSIGN(const bool more, wire_.NextPacked(item.value));
      if (!more) return wire_.Leave();
      DLV_ASSIGN(const std::uint32_t value, ReadValue(item, known));
      DLV_TRY(Put(known, value, dict, key, list));
    }
  }

  Status ReadFloats(const WireField& field, const CaffeField& known, std::uint32_t dict,
                    std::uint32_t& key, std::uint32_t& list) {
    DLV_ASSIGN(const std::string bytes, wire_.Text(field, kMaxTreeText));
    for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) {
      std::uint32_t bits = 0;
      for (std::size_t k = 4; k-- > 0;) bits = bits << 8 | static_cast<unsigned char>(bytes[i + k]);
      DLV_ASSIGN(const auto value, Add(TreeKind::kNumber, TextOf(std::bit_cast<float>(bits))));
      DLV_TRY(Put(known, value, dict, key, list));
    }
    return Ok();
  }

  Result<std::uint32_t> ReadValue(const WireField& field, const CaffeField& known) {
    switch (known.kind) {
      case kIntegerKind:
        return Add(TreeKind::kNumber, std::to_string(std::bit_cast<std::int64_t>(field.value)));
      case kFloatKind:
        return Add(TreeKind::kNumber,
                   TextOf(std::bit_cast<float>(static_cast<std::uint32_t>(field.value))));
      case kBoolKind:
        return Add(TreeKind::kBool, field.value != 0 ? "true" : "false");
      case kWordKind:
        return Add(TreeKind::kText, std::string(WordAt(known.words, field.value)));
      case kTextKind: {
        DLV_ASSIGN(std::string text, wire_.Text(field, kMaxTreeText));
        return Add(TreeKind::kText, std::move(text));
      }
      case kBlobKind:
        return ReadBlob(field);
      case kMessageKind:
        break;
    }
    DLV_TRY(wire_.Enter(field));
    DLV_ASSIGN(const std::uint32_t message, ReadMessage(*known.message));
    DLV_TRY(wire_.Leave());
    return message;
  }

  /// { shape { dim: ... } }
  Result<std::uint32_t> ReadBlob(const WireField& field) {
    DLV_ASSIGN(const CaffeBlob blob, ReadCaffeBlob(wire_, field));
    DLV_ASSIGN(const std::uint32_t dict, Add(TreeKind::kDict, ""));
    DLV_ASSIGN(const std::uint32_t shape, Add(TreeKind::kDict, ""));
    DLV_ASSIGN(const std::uint32_t dims, Add(TreeKind::kList, ""));
    const std::vector<std::uint64_t> sizes =
        blob.shape ? *blob.shape : blob.legacy.value_or(std::vector<std::uint64_t>());
    for (const std::uint64_t size : sizes) {
      DLV_ASSIGN(const std::uint32_t item, Add(TreeKind::kNumber, std::to_string(size)));
      tree_.at(dims).items.push_back(item);
    }
    DLV_ASSIGN(const std::uint32_t dim_key, Add(TreeKind::kText, "dim"));
    tree_.at(shape).items = {dim_key, dims};
    if (!blob.shape && !blob.legacy) return dict;
    DLV_ASSIGN(const std::uint32_t shape_key, Add(TreeKind::kText, "shape"));
    tree_.at(dict).items = {shape_key, shape};
    return dict;
  }

  /// The second value of a name makes a list of both.
  Status Put(const CaffeField& known, std::uint32_t value, std::uint32_t dict, std::uint32_t& key,
             std::uint32_t& list) {
    if (list != 0) {
      tree_.at(list).items.push_back(value);
      return Ok();
    }
    if (key != 0) {
      std::vector<std::uint32_t>& items = tree_.at(dict).items;
      std::size_t place = 0;
      while (items[place] != key) place += 2;
      const std::uint32_t first = items[place + 1];
      DLV_ASSIGN(list, Add(TreeKind::kList, ""));
      tree_.at(list).items = {first, value};
      tree_.at(dict).items[place + 1] = list;
      return Ok();
    }
    DLV_ASSIGN(key, Add(TreeKind::kText, std::string(known.name)));
    tree_.at(dict).items.push_back(key);
    tree_.at(dict).items.push_back(value);
    return Ok();
  }

  WireReader wire_;
  Tree tree_;
};

}  // namespace
}  // namespace caffe_messages

Result<Tree> ReadCaffeTree(const io::ByteSource& file) {
  return caffe_messages::TreeReader(file).Run();
}

}  // namespace dlv::interchange
