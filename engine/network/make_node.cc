#include <algorithm>

#include "engine/network/attributes.h"
#include "engine/network/families.h"
#include "engine/network/family_table.h"
#include "engine/network/initializer.h"
#include "engine/network/shape_inference.h"

namespace dlv::network {
namespace {

using Wholes = std::vector<std::int64_t>;

const AttributeValue* Property(const NodeTemplate& wanted, std::string_view name) {
  for (const NetworkAttribute& property : wanted.properties) {
    if (property.name == name) return &property.value;
  }
  return nullptr;
}

std::int64_t WholeProperty(const NodeTemplate& wanted, std::string_view name,
                           std::int64_t otherwise) {
  const AttributeValue* value = Property(wanted, name);
  return value == nullptr ? otherwise : std::get<std::int64_t>(*value);
}

class Maker {
 public:
  Maker(const NodeTemplate& wanted, std::string_view name, const NetworkValue& value)
      : wanted_(wanted), value_(value) {
    made_.node.name = name;
    made_.node.original_name = name;
    made_.node.operands.emplace_back();
    made_.node.outputs.push_back({std::string(name), std::nullopt, std::nullopt});
  }

  Result<MadeNode> Run() {
    const FamilyRow& row = *FindFamilyRow(wanted_.family);
    made_.node.op = row.operators[0];
    for (const NetworkAttribute& property : wanted_.properties) {
      const auto key = std::find_if(row.keys.begin(), row.keys.end(), [&](const TemplateKey& one) {
        return one.attribute == property.name;
      });
      if (!key->only_insert) SetAttribute(made_.node, property.name, property.value);
    }
    DLV_TRY(Complete());
    return std::move(made_);
  }

 private:
  Status Complete() {
    if (wanted_.family == "CONV") return Conv();
    if (wanted_.family == "POOL") return Pool();
    if (wanted_.family == "FULL") return Full();
    if (wanted_.family == "NORM") return Norm();
    if (wanted_.family == "PRELU") return PRelu();
    if (wanted_.family == "LRN" && Property(wanted_, "size") == nullptr) {
      return Bad("LRN needs a size: LRN(\"" + made_.node.name + "\", 5)");
    }
    if (wanted_.family == "CONCAT" || wanted_.family == "ADD") {
      return Bad(wanted_.family + " needs a second input, which an insert cannot give");
    }
    return Ok();
  }

  Error Bad(const std::string& why) const {
    return Error{ErrorCode::kInvalidArgument, "insert " + made_.node.name + ": " + why};
  }

  /// Size of an axis of the value that the node stands behind.
  Result<std::int64_t> SizeOfAxis(std::size_t axis) const {
    if (!value_.shape || value_.shape->size() <= axis || (*value_.shape)[axis] == kUnknownSize) {
      return Bad(wanted_.family + " has weights, and their size depends on axis " +
                 std::to_string(axis) + " of its input, whose shape is " + ShapeText(value_.shape));
    }
    return (*value_.shape)[axis];
  }

  void AddParameter(std::string_view part, NetworkShape shape, std::string_view initializer) {
    NetworkParameter parameter;
    parameter.name = made_.node.name + "." + std::string(part);
    parameter.dtype = value_.dtype.value_or(DType::kF32);
    parameter.shape = std::move(shape);
    auto parsed = ParseInitializer(initializer);
    DLV_CHECK(parsed.ok(), "MakeTemplate has parsed it");
    const AttributeValue* seed = Property(wanted_, "seed");
    if (parsed->seed == 0) {
      parsed->seed = seed != nullptr ? static_cast<std::uint64_t>(std::get<std::int64_t>(*seed))
                                     : SeedOf(parameter.name);
    }
    parameter.initializer = TextOf(*parsed);
    made_.node.operands.push_back(
        {OperandKind::kParameter, static_cast<std::uint32_t>(made_.parameters.size()), 0, {}});
    made_.parameters.push_back(std::move(parameter));
  }
  void AddWeight(NetworkShape shape, std::string_view otherwise = "kaiming") {
    const AttributeValue* init = Property(wanted_, "init");
    AddParameter("weight", std::move(shape),
                 init == nullptr ? otherwise : std::string_view(std::get<std::string>(*init)));
  }
  void AddBias(std::int64_t size) {
    if (WholeProperty(wanted_, "bias", 1) == 0) return;
    const AttributeValue* init = Property(wanted_, "bias_init");
    AddParameter("bias", {size},
                 init == nullptr ? "zeros" : std::string_view(std::get<std::string>(*init)));
  }

  /// The kernel with one number for every axis behind the channels.
  Result<Wholes> Kernel() const {
    const std::size_t axes =
        value_.shape && value_.shape->size() > 2 ? value_.shape->size() - 2 : wanted_.kernel.size();
    if (wanted_.kernel.empty()) {
      return Bad(wanted_.family + " needs a kernel: " + wanted_.family + "(\"" + made_.node.name +
                 "\", 3, 3)");
    }
    if (wanted_.kernel.size() == 1) return Wholes(axes, wanted_.kernel[0]);
    if (wanted_.kernel.size() != axes) {
      return Bad("the kernel has " + std::to_string(wanted_.kernel.size()) +
                 " numbers, its input " + std::to_string(axes) + " axes behind the channels");
    }
    return wanted_.kernel;
  }

  /// Lists with one number are meant for all axes.
  Status Widen(std::string_view attribute, std::size_t count, std::int64_t otherwise) {
    Wholes values(count, otherwise);
    if (const AttributeValue* given = Property(wanted_, attribute)) {
      const Wholes& list = std::get<Wholes>(*given);
      if (list.size() == 1) values.assign(count, list[0]);
      if (list.size() > 1 && list.size() != count) {
        return Bad(std::string(attribute) + " has " + std::to_string(list.size()) +
                   " numbers, want 1 or " + std::to_string(count));
      }
      if (list.size() > 1) values = list;
    }
    SetAttribute(made_.node, attribute, std::move(values));
    return Ok();
  }

  Status Conv() {
    DLV_ASSIGN(const std::int64_t channels, SizeOfAxis(1));
    DLV_ASSIGN(const Wholes kernel, Kernel());
    const std::int64_t group = WholeProperty(wanted_, "group", 1);
    const std::int64_t made = WholeProperty(wanted_, "channels", channels);
    if (channels % group != 0 || made % group != 0) {
      return Bad(std::to_string(channels) + " channels to " + std::to_string(made) +
                 " do not divide into " + std::to_string(group) + " groups");
    }
    std::erase_if(made_.node.attributes, [](const auto& one) { return one.name == "channels"; });
    SetAttribute(made_.node, "kernel_shape", kernel);
    SetAttribute(made_.node, "group", group);
    DLV_TRY(Widen("strides", kernel.size(), 1));
    DLV_TRY(Widen("dilations", kernel.size(), 1));
    DLV_TRY(Pads(kernel));
    NetworkShape weight = {made, channels / group};
    weight.insert(weight.end(), kernel.begin(), kernel.end());
    AddWeight(std::move(weight));
    AddBias(made);
    return Ok();
  }

  /// Unless told, a convolution of odd kernel and step 1 keeps the size.
  Status Pads(const Wholes& kernel) {
    if (Property(wanted_, "pads") != nullptr) return Widen("pads", kernel.size() * 2, 0);
    const Wholes dilations = *IntegersAttribute(made_.node, "dilations");
    Wholes pads(kernel.size() * 2);
    for (std::size_t i = 0; i < kernel.size(); ++i) {
      pads[i] = pads[i + kernel.size()] = (kernel[i] - 1) * dilations[i] / 2;
    }
    SetAttribute(made_.node, "pads", std::move(pads));
    return Ok();
  }

  Status Pool() {
    if (wanted_.kind.empty()) return Bad("POOL needs a kind: \"MAX\", \"AVG\" or \"GLOBAL\"");
    if (wanted_.kind == "GLOBAL") {
      if (!wanted_.kernel.empty()) return Bad("a global pool has no kernel");
      made_.node.op = "GlobalAveragePool";
      return Ok();
    }
    made_.node.op = wanted_.kind == "MAX" ? "MaxPool" : "AveragePool";
    DLV_ASSIGN(const Wholes kernel, Kernel());
    SetAttribute(made_.node, "kernel_shape", kernel);
    if (Property(wanted_, "strides") != nullptr) {
      DLV_TRY(Widen("strides", kernel.size(), 1));
    } else {
      SetAttribute(made_.node, "strides", kernel);
    }
    return Widen("pads", kernel.size() * 2, 0);
  }

  Status Full() {
    const std::size_t rank = value_.shape ? value_.shape->size() : 0;
    if (rank < 2) return Bad("FULL needs an input of known rank, at least 2");
    DLV_ASSIGN(const std::int64_t features, SizeOfAxis(rank - 1));
    const std::int64_t units = WholeProperty(wanted_, "units", features);
    std::erase_if(made_.node.attributes, [](const auto& one) { return one.name == "units"; });
    if (rank == 2) {
      SetAttribute(made_.node, "transB", std::int64_t{1});
      AddWeight({units, features});
      AddBias(units);
    } else {
      made_.node.op = "MatMul";
      AddWeight({features, units});
    }
    return Ok();
  }

  Status Norm() {
    DLV_ASSIGN(const std::int64_t channels, SizeOfAxis(1));
    AddParameter("weight", {channels}, "ones");
    AddParameter("bias", {channels}, "zeros");
    AddParameter("running_mean", {channels}, "zeros");
    AddParameter("running_var", {channels}, "ones");
    return Ok();
  }

  Status PRelu() {
    DLV_ASSIGN(const std::int64_t channels, SizeOfAxis(1));
    NetworkShape slope(value_.shape->size() - 1, 1);
    slope[0] = channels;
    AddWeight(std::move(slope), "constant(0.25)");
    return Ok();
  }

  const NodeTemplate& wanted_;
  const NetworkValue& value_;
  MadeNode made_;
};

}  // namespace

Result<MadeNode> MakeNode(const NodeTemplate& wanted, std::string_view name,
                          const NetworkValue& value) {
  if (name.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "insert: the new node needs a name: " + wanted.family + "(\"NAME\")"};
  }
  return Maker(wanted, name, value).Run();
}

}  // namespace dlv::network
