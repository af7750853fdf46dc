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

enum class FieldKind : std::uint8_t { kInteger, kFloat, kBool, kText, kWord, kMessage, kBlob };
using enum FieldKind;

struct CaffeMessage;

/// A field of one of Caffe's messages. `words` are the names of an enumeration, from 0.
struct CaffeField {
  std::uint32_t number;
  std::string_view name;
  FieldKind kind;
  const CaffeMessage* message = nullptr;
  std::string_view words = {};  ///< separated by spaces
};

struct CaffeMessage {
  std::span<const CaffeField> fields;
};

// Field numbers are those of caffe.proto (docs/format/foreign_messages.md).
constexpr CaffeField kShapeFields[] = {{1, "dim", kInteger}};
constexpr CaffeMessage kShapeMessage = {kShapeFields};
constexpr CaffeField kParamFields[] = {
    {1, "name", kText}, {3, "lr_mult", kFloat}, {4, "decay_mult", kFloat}};
constexpr CaffeMessage kParam = {kParamFields};
constexpr CaffeField kRuleFields[] = {{1, "phase", kWord, nullptr, "TRAIN TEST"},
                                      {2, "min_level", kInteger},
                                      {3, "max_level", kInteger},
                                      {4, "stage", kText},
                                      {5, "not_stage", kText}};
constexpr CaffeMessage kRule = {kRuleFields};
constexpr CaffeField kConvolutionFields[] = {
    {1, "num_output", kInteger},  {2, "bias_term", kBool},    {3, "pad", kInteger},
    {4, "kernel_size", kInteger}, {5, "group", kInteger},     {6, "stride", kInteger},
    {9, "pad_h", kInteger},       {10, "pad_w", kInteger},    {11, "kernel_h", kInteger},
    {12, "kernel_w", kInteger},   {13, "stride_h", kInteger}, {14, "stride_w", kInteger},
    {16, "axis", kInteger},       {18, "dilation", kInteger}};
constexpr CaffeMessage kConvolution = {kConvolutionFields};
constexpr CaffeField kPoolingFields[] = {{1, "pool", kWord, nullptr, "MAX AVE STOCHASTIC"},
                                         {2, "kernel_size", kInteger},
                                         {3, "stride", kInteger},
                                         {4, "pad", kInteger},
                                         {5, "kernel_h", kInteger},
                                         {6, "kernel_w", kInteger},
                                         {7, "stride_h", kInteger},
                                         {8, "stride_w", kInteger},
                                         {9, "pad_h", kInteger},
                                         {10, "pad_w", kInteger},
                                         {12, "global_pooling", kBool},
                                         {13, "round_mode", kWord, nullptr, "CEIL FLOOR"}};
constexpr CaffeMessage kPooling = {kPoolingFields};
constexpr CaffeField kProductFields[] = {{1, "num_output", kInteger},
                                         {2, "bias_term", kBool},
                                         {5, "axis", kInteger},
                                         {6, "transpose", kBool}};
constexpr CaffeMessage kProduct = {kProductFields};
constexpr CaffeField kLrnFields[] = {
    {1, "local_size", kInteger},
    {2, "alpha", kFloat},
    {3, "beta", kFloat},
    {4, "norm_region", kWord, nullptr, "ACROSS_CHANNELS WITHIN_CHANNEL"},
    {5, "k", kFloat}};
constexpr CaffeMessage kLrn = {kLrnFields};
constexpr CaffeField kReluFields[] = {{1, "negative_slope", kFloat}};
constexpr CaffeMessage kRelu = {kReluFields};
constexpr CaffeField kPreluFields[] = {{2, "channel_shared", kBool}};
constexpr CaffeMessage kPrelu = {kPreluFields};
constexpr CaffeField kEluFields[] = {{1, "alpha", kFloat}};
constexpr CaffeMessage kElu = {kEluFields};
constexpr CaffeField kDropoutFields[] = {{1, "dropout_ratio", kFloat}};
constexpr CaffeMessage kDropout = {kDropoutFields};
constexpr CaffeField kConcatFields[] = {{1, "concat_dim", kInteger}, {2, "axis", kInteger}};
constexpr CaffeMessage kConcat = {kConcatFields};
constexpr CaffeField kSliceFields[] = {
    {1, "slice_dim", kInteger}, {2, "slice_point", kInteger}, {3, "axis", kInteger}};
constexpr CaffeMessage kSlice = {kSliceFields};
constexpr CaffeField kEltwiseFields[] = {{1, "operation", kWord, nullptr, "PROD SUM MAX"},
                                         {2, "coeff", kFloat}};
constexpr CaffeMessage kEltwise = {kEltwiseFields};
constexpr CaffeField kSoftmaxFields[] = {{2, "axis", kInteger}};
constexpr CaffeMessage kSoftmax = {kSoftmaxFields};
constexpr CaffeField kNormFields[] = {
    {1, "use_global_stats", kBool}, {2, "moving_average_fraction", kFloat}, {3, "eps", kFloat}};
constexpr CaffeMessage kNorm = {kNormFields};
constexpr CaffeField kScaleFields[] = {
    {1, "axis", kInteger}, {2, "num_axes", kInteger}, {4, "bias_term", kBool}};
constexpr CaffeMessage kScale = {kScaleFields};
constexpr CaffeField kBiasFields[] = {{1, "axis", kInteger}, {2, "num_axes", kInteger}};
constexpr CaffeMessage kBias = {kBiasFields};
constexpr CaffeField kPowerFields[] = {
    {1, "power", kFloat}, {2, "scale", kFloat}, {3, "shift", kFloat}};
constexpr CaffeMessage kPower = {kPowerFields};
constexpr CaffeField kFlattenFields[] = {{1, "axis", kInteger}, {2, "end_axis", kInteger}};
constexpr CaffeMessage kFlatten = {kFlattenFields};
constexpr CaffeField kReshapeFields[] = {
    {1, "shape", kMessage, &kShapeMessage}, {2, "axis", kInteger}, {3, "num_axes", kInteger}};
constexpr CaffeMessage kReshape = {kReshapeFields};
constexpr CaffeField kInputFields[] = {{1, "shape", kMessage, &kShapeMessage}};
constexpr CaffeMessage kInput = {kInputFields};
constexpr CaffeField kPermuteFields[] = {{1, "order", kInteger}};
constexpr CaffeMessage kPermute = {kPermuteFields};
constexpr CaffeField kTransformFields[] = {{3, "crop_size", kInteger}};
constexpr CaffeMessage kTransform = {kTransformFields};

constexpr CaffeField kLayerFields[] = {
    {1, "name", kText},
    {2, "type", kText},
    {3, "bottom", kText},
    {4, "top", kText},
    {6, "param", kMessage, &kParam},
    {7, "blobs", kBlob},
    {8, "include", kMessage, &kRule},
    {9, "exclude", kMessage, &kRule},
    {100, "transform_param", kMessage, &kTransform},
    {104, "concat_param", kMessage, &kConcat},
    {106, "convolution_param", kMessage, &kConvolution},
    {108, "dropout_param", kMessage, &kDropout},
    {110, "eltwise_param", kMessage, &kEltwise},
    {117, "inner_product_param", kMessage, &kProduct},
    {118, "lrn_param", kMessage, &kLrn},
    {121, "pooling_param", kMessage, &kPooling},
    {122, "power_param", kMessage, &kPower},
    {123, "relu_param", kMessage, &kRelu},
    {125, "softmax_param", kMessage, &kSoftmax},
    {126, "slice_param", kMessage, &kSlice},
    {131, "prelu_param", kMessage, &kPrelu},
    {133, "reshape_param", kMessage, &kReshape},
    {135, "flatten_param", kMessage, &kFlatten},
    {139, "batch_norm_param", kMessage, &kNorm},
    {140, "elu_param", kMessage, &kElu},
    {141, "bias_param", kMessage, &kBias},
    {142, "scale_param", kMessage, &kScale},
    {143, "input_param", kMessage, &kInput},
    {202, "permute_param", kMessage, &kPermute},
};
constexpr CaffeMessage kLayerMessage = {kLayerFields};
constexpr CaffeField kOldLayerFields[] = {
    {2, "bottom", kText},
    {3, "top", kText},
    {4, "name", kText},
    {5, "type", kInteger},
    {6, "blobs", kBlob},
    {7, "blobs_lr", kFloat},
    {8, "weight_decay", kFloat},
    {9, "concat_param", kMessage, &kConcat},
    {10, "convolution_param", kMessage, &kConvolution},
    {12, "dropout_param", kMessage, &kDropout},
    {17, "inner_product_param", kMessage, &kProduct},
    {18, "lrn_param", kMessage, &kLrn},
    {19, "pooling_param", kMessage, &kPooling},
    {21, "power_param", kMessage, &kPower},
    {24, "eltwise_param", kMessage, &kEltwise},
    {30, "relu_param", kMessage, &kRelu},
    {31, "slice_param", kMessage, &kSlice},
    {32, "include", kMessage, &kRule},
    {33, "exclude", kMessage, &kRule},
    {36, "transform_param", kMessage, &kTransform},
    {39, "softmax_param", kMessage, &kSoftmax},
};
constexpr CaffeMessage kOldLayerMessage = {kOldLayerFields};
constexpr CaffeField kNetFields[] = {
    {1, "name", kText},
    {2, "layers", kMessage, &kOldLayerMessage},
    {3, "input", kText},
    {4, "input_dim", kInteger},
    {8, "input_shape", kMessage, &kShapeMessage},
    {100, "layer", kMessage, &kLayerMessage},
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
    const bool number = known.kind == kInteger || known.kind == kFloat || known.kind == kBool ||
                        known.kind == kWord;
    if (!number || field.type != WireType::kBytes) {
      if (number == (field.type == WireType::kBytes)) return Ok();  // of a wrong kind: not known
      DLV_ASSIGN(const std::uint32_t value, ReadValue(field, known));
      return Put(known, value, dict, key, list);
    }
    return known.kind == kFloat ? ReadFloats(field, known, dict, key, list)
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
      case kInteger:
        return Add(TreeKind::kNumber, std::to_string(std::bit_cast<std::int64_t>(field.value)));
      case kFloat:
        return Add(TreeKind::kNumber,
                   TextOf(std::bit_cast<float>(static_cast<std::uint32_t>(field.value))));
      case kBool:
        return Add(TreeKind::kBool, field.value != 0 ? "true" : "false");
      case kWord:
        return Add(TreeKind::kText, std::string(WordAt(known.words, field.value)));
      case kText: {
        DLV_ASSIGN(std::string text, wire_.Text(field, kMaxTreeText));
        return Add(TreeKind::kText, std::move(text));
      }
      case kBlob:
        return ReadBlob(field);
      case kMessage:
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
