#include "engine/network/family_table.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dlv::network {
namespace {

using Type = TemplateKey::Type;
using Name = std::string_view;

constexpr Name kConv[] = {"Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "DeformConv"};
constexpr Name kPool[] = {"MaxPool",           "AveragePool",  "LpPool",    "GlobalMaxPool",
                          "GlobalAveragePool", "GlobalLpPool", "MaxRoiPool"};
constexpr Name kFull[] = {"Gemm", "MatMul", "MatMulInteger", "QLinearMatMul"};
constexpr Name kNorm[] = {"BatchNormalization", "InstanceNormalization",
                          "LayerNormalization", "GroupNormalization",
                          "LpNormalization",    "MeanVarianceNormalization",
                          "RMSNormalization",   "SimplifiedLayerNormalization",
                          "BatchNorm",          "Scale"};  // the last two are Caffe's
constexpr Name kRelu[] = {"Relu"};
constexpr Name kLeakyRelu[] = {"LeakyRelu"};
constexpr Name kPRelu[] = {"PRelu"};
constexpr Name kElu[] = {"Elu", "Celu"};
constexpr Name kSelu[] = {"Selu"};
constexpr Name kGelu[] = {"Gelu", "FastGelu", "QuickGelu"};
constexpr Name kSigmoid[] = {"Sigmoid"};
constexpr Name kHardSigmoid[] = {"HardSigmoid"};
constexpr Name kHardSwish[] = {"HardSwish"};
constexpr Name kSwish[] = {"Swish"};
constexpr Name kMish[] = {"Mish"};
constexpr Name kSoftplus[] = {"Softplus"};
constexpr Name kTanh[] = {"Tanh"};
constexpr Name kClip[] = {"Clip"};
constexpr Name kSoftmax[] = {"Softmax", "LogSoftmax"};
constexpr Name kDropout[] = {"Dropout"};
constexpr Name kLrn[] = {"LRN"};
constexpr Name kConcat[] = {"Concat"};
constexpr Name kAdd[] = {"Add", "Sum"};

/// One table behind the other.
template <std::size_t N, std::size_t M>
constexpr std::array<TemplateKey, N + M> Joined(const TemplateKey (&first)[N],
                                                const TemplateKey (&second)[M]) {
  std::array<TemplateKey, N + M> both;
  std::copy(first, first + N, both.begin());
  std::copy(second, second + M, both.begin() + N);
  return both;
}

constexpr TemplateKey kWindow[] = {
    {"kernel", "kernel_shape", Type::kWholes},
    {"kernel_shape", "kernel_shape", Type::kWholes},
    {"stride", "strides", Type::kWholes},
    {"strides", "strides", Type::kWholes},
    {"pad", "pads", Type::kWholes},
    {"pads", "pads", Type::kWholes},
    {"dilation", "dilations", Type::kWholes},
    {"dilations", "dilations", Type::kWholes},
};
constexpr TemplateKey kOfConv[] = {
    {"group", "group", Type::kWhole},
    {"channels", "channels", Type::kWhole},
    {"bias", "bias", Type::kFlag, true},
    {"init", "init", Type::kText, true},
    {"bias_init", "bias_init", Type::kText, true},
    {"seed", "seed", Type::kWhole, true},
};
constexpr TemplateKey kOfPool[] = {
    {"ceil_mode", "ceil_mode", Type::kFlag},
    {"count_include_pad", "count_include_pad", Type::kFlag},
};
constexpr auto kConvKeys = Joined(kWindow, kOfConv);
constexpr auto kPoolKeys = Joined(kWindow, kOfPool);
constexpr TemplateKey kUnits[] = {
    {"units", "units", Type::kWhole},     {"bias", "bias", Type::kFlag, true},
    {"init", "init", Type::kText, true},  {"bias_init", "bias_init", Type::kText, true},
    {"seed", "seed", Type::kWhole, true},
};
constexpr TemplateKey kNormKeys[] = {{"epsilon", "epsilon", Type::kReal},
                                     {"momentum", "momentum", Type::kReal}};
constexpr TemplateKey kAlpha[] = {{"alpha", "alpha", Type::kReal}};
constexpr TemplateKey kAlphaBeta[] = {{"alpha", "alpha", Type::kReal},
                                      {"beta", "beta", Type::kReal}};
constexpr TemplateKey kAlphaGamma[] = {{"alpha", "alpha", Type::kReal},
                                       {"gamma", "gamma", Type::kReal}};
constexpr TemplateKey kInit[] = {{"init", "init", Type::kText, true},
                                 {"seed", "seed", Type::kWhole, true}};
constexpr TemplateKey kApproximate[] = {{"approximate", "approximate", Type::kText}};
constexpr TemplateKey kMinMax[] = {{"min", "min", Type::kReal}, {"max", "max", Type::kReal}};
constexpr TemplateKey kAxis[] = {{"axis", "axis", Type::kWhole}};
constexpr TemplateKey kRatio[] = {{"ratio", "ratio", Type::kReal}};
constexpr TemplateKey kLrnKeys[] = {{"size", "size", Type::kWhole},
                                    {"alpha", "alpha", Type::kReal},
                                    {"beta", "beta", Type::kReal},
                                    {"bias", "bias", Type::kReal}};

constexpr FamilyRow kTable[] = {
    {"CONV", kConv, "kernel_shape", kConvKeys},
    {"POOL", kPool, "kernel_shape", kPoolKeys},
    {"FULL", kFull, "units", kUnits},
    {"NORM", kNorm, "", kNormKeys},
    {"RELU", kRelu, "", {}},
    {"LEAKYRELU", kLeakyRelu, "alpha", kAlpha},
    {"PRELU", kPRelu, "", kInit},
    {"ELU", kElu, "alpha", kAlpha},
    {"SELU", kSelu, "", kAlphaGamma},
    {"GELU", kGelu, "", kApproximate},
    {"SIGMOID", kSigmoid, "", {}},
    {"HARDSIGMOID", kHardSigmoid, "", kAlphaBeta},
    {"HARDSWISH", kHardSwish, "", {}},
    {"SWISH", kSwish, "", {}},
    {"MISH", kMish, "", {}},
    {"SOFTPLUS", kSoftplus, "", {}},
    {"TANH", kTanh, "", {}},
    {"CLIP", kClip, "", kMinMax},
    {"SOFTMAX", kSoftmax, "axis", kAxis},
    {"DROPOUT", kDropout, "ratio", kRatio},
    {"LRN", kLrn, "size", kLrnKeys},
    {"CONCAT", kConcat, "axis", kAxis},
    {"ADD", kAdd, "", {}},
};

struct OperatorRow {
  std::string_view op;
  const FamilyRow* row;
};

/// All operators, ascending.
const std::vector<OperatorRow>& ByOperator() {
  static const std::vector<OperatorRow> rows = [] {
    std::vector<OperatorRow> all;
    for (const FamilyRow& row : kTable) {
      for (const std::string_view op : row.operators) all.push_back({op, &row});
    }
    std::sort(all.begin(), all.end(),
              [](const OperatorRow& a, const OperatorRow& b) { return a.op < b.op; });
    return all;
  }();
  return rows;
}

}  // namespace

std::span<const FamilyRow> FamilyTable() { return kTable; }

const FamilyRow* FindFamilyRow(std::string_view name) {
  for (const FamilyRow& row : kTable) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

const FamilyRow* RowOfOperator(std::string_view op) {
  const auto& rows = ByOperator();
  const auto at =
      std::lower_bound(rows.begin(), rows.end(), op,
                       [](const OperatorRow& a, std::string_view b) { return a.op < b; });
  return at != rows.end() && at->op == op ? at->row : nullptr;
}

}  // namespace dlv::network
