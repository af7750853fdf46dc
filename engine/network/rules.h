#pragma once
/// \file
/// Rules of the operators, by group; rule_table.cc joins them.

#include <span>
#include <string_view>

#include "engine/network/inference.h"

namespace dlv::network {

struct RuleRow {
  std::string_view op;
  Rule rule;
};

std::span<const RuleRow> WindowRules();       ///< convolutions and pools
std::span<const RuleRow> MatrixRules();       ///< Gemm, MatMul, Einsum
std::span<const RuleRow> ElementRules();      ///< element by element, with broadcasting
std::span<const RuleRow> NormalisingRules();  ///< BatchNormalization, Softmax, Dropout, ...
std::span<const RuleRow> LayoutRules();       ///< Reshape, Concat, Transpose, Resize, ...
std::span<const RuleRow> PartRules();         ///< Slice, Gather, Split, Pad, ...
std::span<const RuleRow> ReductionRules();    ///< Reduce*, ArgMax, TopK
std::span<const RuleRow> SourceRules();       ///< Constant, Shape, Range, Cast, ...
std::span<const RuleRow> RecurrentRules();    ///< LSTM, GRU, RNN
std::span<const RuleRow> ControlRules();      ///< If, Loop
std::span<const RuleRow> CaffeRules();        ///< of the domain "caffe"

/// Output 0 has type and shape of operand 0.
Status LikeFirst(NodeContext& context);

/// Number of an element type in ONNX files; nothing for those that dlv has no type for.
std::optional<DType> DTypeOfOnnx(std::int64_t number);

}  // namespace dlv::network
