#pragma once
/// \file
/// The table of families: which operators belong where, and what a template of each may say.

#include <span>
#include <string_view>

namespace dlv::network {

/// What a key of a template means.
struct TemplateKey {
  std::string_view key;        ///< as written
  std::string_view attribute;  ///< as stored: "strides" for "stride"
  enum class Type { kWhole, kWholes, kReal, kText, kFlag } type = Type::kWhole;
  bool only_insert = false;  ///< says how the node is made, not what it is
};

struct FamilyRow {
  std::string_view name;
  std::span<const std::string_view> operators;  ///< the first is the one that insert makes
  std::string_view by_place;                    ///< attribute that numbers by place set; "": none
  std::span<const TemplateKey> keys;
};

std::span<const FamilyRow> FamilyTable();

/// Returns the row, or null. `name` in its canonical spelling.
const FamilyRow* FindFamilyRow(std::string_view name);

/// Returns the row that lists the operator, or null.
const FamilyRow* RowOfOperator(std::string_view op);

}  // namespace dlv::network
