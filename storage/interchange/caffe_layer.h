#pragma once
/// \file
/// A layer of a Caffe network, as the tree of its file has it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "storage/interchange/side_tree.h"

namespace dlv::interchange {

/// A message of the tree. Fields that are missing, or of another kind, are as if not given.
class CaffeFields {
 public:
  CaffeFields(const Tree& tree, const TreeNode* dict) : tree_(&tree), dict_(dict) {}

  /// Values of a field, repeated or in brackets.
  std::vector<const TreeNode*> All(std::string_view key) const;
  /// The last value of a field, as every reader of protocol buffers takes it.
  const TreeNode* Last(std::string_view key) const;
  CaffeFields Message(std::string_view key) const;
  std::vector<CaffeFields> Messages(std::string_view key) const;
  bool Has(std::string_view key) const { return Last(key) != nullptr; }
  std::string Text(std::string_view key) const;
  std::vector<std::string> Texts(std::string_view key) const;
  std::optional<std::int64_t> Integer(std::string_view key) const;
  std::int64_t Integer(std::string_view key, std::int64_t otherwise) const {
    return Integer(key).value_or(otherwise);
  }
  std::vector<std::int64_t> Integers(std::string_view key) const;
  double Number(std::string_view key, double otherwise) const;
  std::vector<double> Numbers(std::string_view key) const;
  bool Flag(std::string_view key, bool otherwise) const;

  const Tree& tree() const { return *tree_; }
  const TreeNode* dict() const { return dict_; }  ///< null: nothing is given

 private:
  const Tree* tree_;
  const TreeNode* dict_;
};

struct CaffeLayer {
  CaffeFields fields;
  std::string name;
  std::string type;  ///< as the newest generation spells it
  std::vector<std::string> bottoms, tops;
};

/// Returns the layers of the tree that are there in phase `phase` ("TEST", "TRAIN"), in order.
std::vector<CaffeLayer> CaffeLayersOf(const Tree& tree, std::string_view phase);

/// Returns the scalars of the layer's own messages ("..._param") as attributes, for layers that are
/// kept as they are: "local_size", of messages in them "shape.dim".
std::vector<NetworkAttribute> CaffeAttributes(const CaffeFields& layer);

/// Returns the learning rate and weight decay of the layer's blobs, as factors of the solver's:
/// "lr", "decay" of the first, "bias_lr", "bias_decay" of the second. What is not given is left
/// out.
std::vector<NetworkAttribute> CaffeRates(const CaffeFields& layer);

}  // namespace dlv::interchange
