#pragma once
/// \file
/// Caffe's kinds of layers: what they are called in the three generations of the format, and how
/// their blobs are called here.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace dlv::interchange {

/// Names of the blobs of a kind of layer, in Caffe's order.
struct CaffeKind {
  std::string_view type;    ///< as text
  std::uint64_t old_type;   ///< as a number, in the middle generation; 0: not there
  std::string_view oldest;  ///< as text, in the first
  std::array<std::string_view, 3> blobs;
  bool statistics;  ///< counted, not trained
};

/// Returns the kind of a layer whose blobs have names; null: they have numbers. `type` empty: the
/// number counts.
const CaffeKind* CaffeKindOf(std::string_view type, std::uint64_t old_type);

/// Returns the name of blob `place` of a layer: "conv1.weight".
std::string CaffeBlobName(const CaffeKind* kind, std::string_view layer, std::size_t place);

/// Returns the type as the newest generation spells it, of a type of the middle one: "InnerProduct"
/// for "INNER_PRODUCT" and for 14; what is not known stays as it is.
std::string CaffeTypeName(std::string_view type);
std::string CaffeTypeName(std::uint64_t old_type);

}  // namespace dlv::interchange
