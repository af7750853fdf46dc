#include "engine/network/edit.h"

#include <gtest/gtest.h>

#include "engine/network/attributes.h"
#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"
#include "tests/unit/engine/network/builder.h"

namespace dlv::network {
namespace {

using Texts = std::vector<std::string>;

NodeIndex FindNode(const Network& network, const std::string& name) {
  for (NodeIndex i = 0; i < network.nodes.size(); ++i) {
    if (network.nodes[i].name == name) return i;
  }
  ADD_FAILURE() << "no node " << name;
  return 0;
}

EditAction Insert(const Network& network, const std::string& behind, const std::string& name,
                  std::string_view family = "RELU",
                  const std::vector<TemplateArgument>& arguments = {}) {
  return InsertAction{FindNode(network, behind), std::nullopt, *MakeTemplate(family, arguments),
                      name};
}

EditAction Delete(const Network& network, const std::string& name,
                  std::optional<std::uint32_t> keep = std::nullopt) {
  return DeleteAction{FindNode(network, name), keep};
}

Network Edited(const Network& network, const std::vector<EditAction>& actions) {
  const auto result = ApplyEdits(network, actions);
  EXPECT_TRUE(result.ok()) << result.error().message;
  if (!result.ok()) return {};
  EXPECT_TRUE(CheckNetwork(result->network).ok());
  return result->network;
}

std::string ErrorOf(const Network& network, const std::vector<EditAction>& actions,
                    ErrorCode code = ErrorCode::kInvalidArgument) {
  const auto result = ApplyEdits(network, actions);
  if (result.ok()) return "edited";
  EXPECT_EQ(result.error().code, code) << result.error().message;
  return result.error().message;
}

/// "a <- x" for every node: what its operands that are no parameters are.
Texts Wiring(const Network& network) {
  const auto text = [&](const NetworkOperand& operand) {
    return operand.kind == OperandKind::kNode ? network.nodes[operand.index].name
                                              : network.inputs[operand.index].name;
  };
  Texts lines;
  for (const NetworkNode& node : network.nodes) {
    std::string line = node.name + " <-";
    for (const NetworkOperand& operand : node.operands) {
      const bool data = operand.kind == OperandKind::kNode || operand.kind == OperandKind::kInput;
      if (data) line += " " + text(operand);
    }
    lines.push_back(line);
  }
  for (const NetworkOutput& output : network.outputs) {
    lines.push_back("output " + output.name + " <- " + text(output.source));
  }
  return lines;
}

Network ClassifierToEdit() { return Normalise(SmallClassifier())->network; }

/// x -> a -> b, c (both read a); d = b + c; output d.
Network Diamond() {
  Builder net;
  const auto a = net.Node("a", "Tanh", {net.Input("x", NetworkShape{1, 4})});
  const auto b = net.Node("b", "Relu", {a});
  const auto c = net.Node("c", "Sigmoid", {a});
  net.Output("y", net.Node("d", "Add", {b, c}));
  return Normalise(net.Take())->network;
}

TEST(ApplyEdits, InsertMovesAllConsumers) {
  const Network network = Diamond();
  EXPECT_EQ(Wiring(Edited(network, {Insert(network, "a", "new")})),
            (Texts{"a <- x", "new <- a", "b <- new", "c <- new", "d <- b c", "output y <- d"}));
}

TEST(ApplyEdits, InsertMovesAGraphOutput) {
  const Network network = Diamond();
  EXPECT_EQ(Wiring(Edited(network, {Insert(network, "d", "new")})).back(), "output y <- new");
}

TEST(ApplyEdits, TwoInsertsAtOnePlaceStandInTextOrder) {
  const Network network = Diamond();
  const Texts wiring = Wiring(
      Edited(network, {Insert(network, "a", "first"), Insert(network, "a", "second", "DROPOUT")}));
  EXPECT_EQ(wiring, (Texts{"a <- x", "first <- a", "second <- first", "b <- second", "c <- second",
                           "d <- b c", "output y <- d"}));
}

TEST(ApplyEdits, TheSameActionTwiceCountsOnce) {
  const Network network = Diamond();
  const Network once = Edited(network, {Insert(network, "a", "new"), Insert(network, "a", "new"),
                                        Delete(network, "b"), Delete(network, "b")});
  EXPECT_EQ(Wiring(once), (Texts{"a <- x", "new <- a", "c <- new", "d <- new c", "output y <- d"}));
}

TEST(ApplyEdits, DeleteBypasses) {
  const Network network = ClassifierToEdit();
  const Network result = Edited(network, {Delete(network, "relu1"), Delete(network, "relu2")});
  EXPECT_EQ(result.nodes.size(), network.nodes.size() - 2);
  EXPECT_EQ(Wiring(result)[1], "pool1 <- conv1");
  EXPECT_EQ(result.parameters.size(), network.parameters.size());
}

TEST(ApplyEdits, NeighboursCanAllBeDeleted) {
  Builder net;
  auto y = net.Input("x", NetworkShape{4});
  for (const char* name : {"a", "b", "c"}) y = net.Node(name, "Relu", {y});
  net.Output("y", y);
  const Network network = Normalise(net.Take())->network;
  EXPECT_EQ(Wiring(Edited(network, {Delete(network, "b"), Delete(network, "c")})),
            (Texts{"a <- x", "output y <- a"}));
  EXPECT_EQ(
      Wiring(Edited(network, {Delete(network, "a"), Delete(network, "b"), Delete(network, "c")})),
      Texts{"output y <- x"});
}

TEST(ApplyEdits, InsertBeforeADeletedNode) {
  const Network network = Diamond();
  EXPECT_EQ(Wiring(Edited(network, {Insert(network, "a", "new", "TANH"), Delete(network, "b")})),
            (Texts{"a <- x", "new <- a", "c <- new", "d <- new c", "output y <- d"}));
}

TEST(ApplyEdits, ADeletedLayerTakesItsParametersAlong) {
  const Network network = ClassifierToEdit();
  const Network result = Edited(network, {Delete(network, "conv3")});
  EXPECT_EQ(result.parameters.size(), network.parameters.size() - 2);
}

TEST(ApplyEdits, InsertedLayersBringParametersWithInitialisers) {
  const Network network = ClassifierToEdit();
  const Network result =
      Edited(network, {Insert(network, "conv1", "extra", "CONV", {{"", std::int64_t{3}}}),
                       Insert(network, "conv1", "bn", "NORM")});
  const NodeIndex extra = FindNode(result, "extra");
  EXPECT_EQ(ShapeText(result.nodes[extra].outputs[0].shape), "[?, 8, 32, 32]");
  std::size_t initialised = 0;
  for (const NetworkParameter& parameter : result.parameters) {
    initialised += parameter.initializer.empty() ? 0 : 1;
  }
  EXPECT_EQ(initialised, 6u);
  EXPECT_EQ(Wiring(result)[2], "bn <- extra");
}

TEST(ApplyEdits, NotesSayWhatWasDone) {
  const Network network = Diamond();
  const auto result = ApplyEdits(network, {Insert(network, "a", "new"), Delete(network, "b")});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->notes, (Texts{"inserted new (Relu) behind a", "deleted b (Relu)"}));
}

TEST(ApplyEdits, ShapesAreInferredAnew) {
  const Network network = ClassifierToEdit();
  EXPECT_EQ(ErrorOf(network, {Insert(network, "relu1", "half", "POOL",
                                     {{"", "MAX"}, {"", std::int64_t{2}}})}),
            "construct: the result does not fit together: node fc (Gemm): input has 256 features, "
            "want 1024 (weight [10, 1024])");
  EXPECT_EQ(ErrorOf(network, {Delete(network, "conv2", 0)}),
            "construct: the result does not fit together: node conv3 (Conv): input has 8 channels, "
            "want 16 (weight [16, 16, 3, 3], group 1)");
}

TEST(ApplyEdits, WhatCannotBeDeleted) {
  const Network network = Diamond();
  EXPECT_EQ(
      ErrorOf(network, {Delete(network, "d")}),
      "construct: cannot delete d (Add): it has 2 data inputs (b, c); say which stays with keep "
      "0 to 1");
  EXPECT_EQ(Wiring(Edited(network, {Delete(network, "d", 1)})).back(), "output y <- c");
  EXPECT_EQ(ErrorOf(network, {Delete(network, "d", 2)}),
            "construct: cannot delete d (Add): keep 2, it has 2 data inputs");
  const Network classifier = ClassifierToEdit();
  EXPECT_EQ(
      ErrorOf(classifier, {Delete(classifier, "pool1")}),
      "construct: cannot delete pool1 (MaxPool): it turns [?, 8, 32, 32] of relu1 into [?, 8, "
      "16, 16]; keep 0 deletes it all the same");
  EXPECT_EQ(ErrorOf(network, {Delete(network, "d", 0), Delete(network, "d", 1)}),
            "construct: node d (Add) is deleted with keep 0 and with keep 1");
}

TEST(ApplyEdits, ContradictionsNameBoth) {
  const Network network = Diamond();
  const auto conflict = ErrorCode::kConflict;
  EXPECT_EQ(ErrorOf(network, {Insert(network, "a", "c")}, conflict),
            "construct: the name c of the node to insert behind a (Tanh) is taken by c (Sigmoid)");
  EXPECT_EQ(ErrorOf(network, {Insert(network, "b", "new"), Insert(network, "c", "new")}, conflict),
            "construct: the name new is wanted for a node behind b (Relu) and for one behind c "
            "(Sigmoid)");
  EXPECT_EQ(ErrorOf(network, {Insert(network, "b", "new"), Insert(network, "b", "new", "TANH")},
                    conflict),
            "construct: two different nodes with the name new are wanted behind b (Relu)");
  EXPECT_EQ(ErrorOf(network, {Insert(network, "b", "new"), Delete(network, "b")}),
            "construct: node b (Relu) is deleted, and new is to be inserted behind it");
}

TEST(ApplyEdits, SeveralOutputsNeedAPort) {
  Builder net;
  const auto split = net.Node("split", "Split", {net.Input("x", NetworkShape{2, 8})},
                              {{"axis", std::int64_t{1}}}, 2);
  net.Output("y", net.Node("add", "Add", {split, Builder::Port(split, 1)}));
  const Network network = Normalise(net.Take())->network;
  EXPECT_EQ(ErrorOf(network, {Insert(network, "split", "new")}),
            "construct: node split (Split) has 2 outputs in use: say which, .out[0] to .out[1]");
  InsertAction insert = std::get<InsertAction>(Insert(network, "split", "new"));
  insert.port = 1;
  EXPECT_EQ(Wiring(Edited(network, {insert})),
            (Texts{"split <- x", "new <- split", "add <- split new", "output y <- add"}));
  insert.port = 2;
  EXPECT_EQ(ErrorOf(network, {insert}), "construct: node split (Split) has no output 2, it has 2");
}

TEST(ApplyEdits, SubgraphsFollow) {
  Builder body;
  body.Output("y", body.Node("inner", "Relu", {Builder::Outer("b_out")}));
  const auto branch = std::make_shared<const Network>(body.Take());
  Builder net;
  const auto flag = net.Input("flag", NetworkShape{}, DType::kBool);
  net.Node("b", "Relu", {net.Node("a", "Tanh", {net.Input("x", NetworkShape{4})})});
  net.Output("y", net.Node("if", "If", {flag}, {{"then_branch", branch}, {"else_branch", branch}}));
  const Network network = Normalise(net.Take())->network;
  const auto read = [](const Network& result) {
    const NetworkNode& node = result.nodes.back();
    return std::get<std::shared_ptr<const Network>>(node.attributes[0].value)
        ->nodes[0]
        .operands[0]
        .name;
  };
  EXPECT_EQ(read(Edited(network, {Delete(network, "b")})), "a_out");
  EXPECT_EQ(read(Edited(network, {Insert(network, "b", "new")})), "new");
}

}  // namespace
}  // namespace dlv::network
