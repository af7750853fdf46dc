#pragma once
/// \file
/// Small random networks of every operator that has a rule, with the truth of each node.

#include <functional>
#include <random>
#include <string>

#include "engine/network/normalise.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/progressive/functions.h"
#include "tests/unit/engine/progressive/random_levels.h"
#include "tests/unit/engine/progressive/truth.h"

namespace dlv::progressive {

class RandomNetwork {
 public:
  using Sample = truth::Sample;
  using Quad = truth::Quad;
  struct Node {
    std::string name, op;
    std::vector<int> reads;  ///< nodes; -1: the input
    std::function<Sample(const std::vector<const Sample*>&)> truth;
    NetworkOperand operand;
    Extent extent;
    bool vanishes = false;  ///< makes one layer with the node that reads it
  };

  explicit RandomNetwork(std::uint64_t seed) : random_(seed) {
    if (seed % 3 == 0) levels_.UseSignificance();
    net_.network().operator_sets.push_back({"caffe", 1});
    input_ = {Whole(1, 4), Whole(3, 7), Whole(3, 7)};
    operand_ =
        net_.Input("x", NetworkShape{kUnknownSize, input_.channels, input_.height, input_.width});
    int at = -1;
    for (std::int64_t steps = Whole(1, 5); steps > 0; --steps) at = AddSpatial(at);
    at = AddFlat(at);
    for (std::int64_t steps = Whole(0, 2); steps > 0; --steps) {
      at = AddFull(at, Whole(2, 8));
      if (Chance(0.8)) at = AddFunction(at);
    }
    at = AddFull(at, Whole(2, 5));
    net_.Output("scores", nodes_.back().operand);
  }

  const std::vector<Node>& nodes() const { return nodes_; }
  const Extent& input() const { return input_; }
  RandomLevels& levels() { return levels_; }
  Result<Network> Make() const {
    DLV_ASSIGN(network::Normalised normal, network::Normalise(net_.Take()));
    return std::move(normal.network);
  }
  /// "Conv Relu Flatten Gemm"
  std::string Text() const {
    std::string text;
    for (const Node& node : nodes_) text += node.name + ":" + node.op + " ";
    return text;
  }
  std::vector<double> Inputs(std::size_t samples) {
    std::vector<double> inputs(samples * AsSize(input_.count()));
    for (double& one : inputs) one = Chance(0.1) ? 0 : static_cast<float>(normal_(random_));
    return inputs;
  }
  /// The values of all nodes for one sample.
  std::vector<Sample> Truth(std::span<const double> sample) const {
    const Sample in{input_, {sample.begin(), sample.end()}};
    std::vector<Sample> values;
    values.reserve(nodes_.size());
    for (const Node& node : nodes_) {
      std::vector<const Sample*> operands;
      for (const int read : node.reads) {
        operands.push_back(read < 0 ? &in : &values[static_cast<std::size_t>(read)]);
      }
      values.push_back(node.truth(operands));
    }
    return values;
  }

 private:
  using Attributes = network::Builder::Attributes;
  using Wholes = std::vector<std::int64_t>;

  std::int64_t Whole(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }
  bool Chance(double share) { return std::bernoulli_distribution(share)(random_); }
  const Extent& ExtentOf(int node) const {
    return node < 0 ? input_ : nodes_[static_cast<std::size_t>(node)].extent;
  }
  NetworkOperand OperandOf(int node) const {
    return node < 0 ? operand_ : nodes_[static_cast<std::size_t>(node)].operand;
  }

  struct Made {
    NetworkOperand operand;
    std::vector<float> values;
  };

  /// Numbers of some size, now and then zero, tiny or beyond the others.
  Made Weights(NetworkShape shape, double scale, double centre = 0) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    Made made;
    for (std::int64_t i = 0; i < count; ++i) {
      double one = centre + scale * normal_(random_);
      if (centre == 0 && Chance(0.05)) one = Chance(0.5) ? 0 : one * (Chance(0.5) ? 1e-40 : 8);
      made.values.push_back(static_cast<float>(one));
    }
    const std::string name = "w" + std::to_string(parameters_++);
    const auto first = static_cast<unsigned>(Whole(0, 10));
    levels_.Set(name, shape, made.values, {first, first + static_cast<unsigned>(Whole(1, 12))});
    made.operand = net_.Parameter(name, std::move(shape));
    return made;
  }

  int Add(const std::string& op, std::vector<int> reads, Extent extent,
          std::vector<NetworkOperand> more, const Attributes& attributes,
          std::function<Sample(const std::vector<const Sample*>&)> truth) {
    std::vector<NetworkOperand> operands;
    for (const int read : reads) operands.push_back(OperandOf(read));
    operands.insert(operands.end(), more.begin(), more.end());
    const std::string name = "n" + std::to_string(nodes_.size());
    nodes_.push_back({name, op, std::move(reads), std::move(truth),
                      net_.Node(name, op, std::move(operands), attributes), extent});
    return static_cast<int>(nodes_.size()) - 1;
  }

  int AddSpatial(int at) {
    switch (Whole(0, 12)) {
      case 0:
      case 1:
        return AddConvolution(at);
      case 2:
        return AddNormalisation(AddConvolution(at));
      case 3:
        return AddNormalisation(at);
      case 4:
        return AddPool(at);
      case 5:
        return Chance(0.3) ? AddResidual(at) : AddBlock(at);
      case 6:
        return AddJoin(at);
      case 7:
        return AddMove(at);
      case 8:
        return AddChannelwise(at);
      case 9:
        return AddWholePool(at);
      case 10:
        return AddGate(at);
      case 11:
        return AddResponse(at);
      default:
        return AddFunction(at);
    }
  }

  truth::Windows RandomWindows(const Extent& in, bool dilated) {
    truth::Windows windows;
    do {
      for (std::size_t axis = 0; axis < 2; ++axis) {
        windows.kernel[axis] = Whole(1, 3);
        windows.strides[axis] = Whole(1, 2);
        windows.dilations[axis] = dilated ? Whole(1, 2) : 1;
        windows.pads[axis] = Whole(0, windows.kernel[axis] - 1);
        windows.pads[axis + 2] = Whole(0, windows.kernel[axis] - 1);
      }
    } while (!windows.Fits(in));
    return windows;
  }
  static Attributes AttributesOf(const truth::Windows& w, bool dilated) {
    Attributes all = {{"kernel_shape", Wholes(w.kernel.begin(), w.kernel.end())},
                      {"strides", Wholes(w.strides.begin(), w.strides.end())},
                      {"pads", Wholes(w.pads.begin(), w.pads.end())}};
    if (dilated) all.push_back({"dilations", Wholes(w.dilations.begin(), w.dilations.end())});
    return all;
  }

  int AddConvolution(int at) {
    const Extent in = ExtentOf(at);
    const truth::Windows windows = RandomWindows(in, true);
    const std::int64_t groups = Chance(0.25) ? in.channels : 1;
    return AddConvolution(at, windows, groups, groups * Whole(1, groups == 1 ? 5 : 2));
  }
  int AddConvolution(int at, const truth::Windows& windows, std::int64_t groups,
                     std::int64_t channels) {
    const Extent in = ExtentOf(at);
    const Made weights =
        Weights({channels, in.channels / groups, windows.kernel[0], windows.kernel[1]}, 0.5);
    const Made bias = Weights({channels}, 0.3);
    Attributes attributes = AttributesOf(windows, true);
    attributes.push_back({"group", groups});
    return Add("Conv", {at}, windows.Out(channels, in), {weights.operand, bias.operand}, attributes,
               [weights, bias, groups, windows](const auto& x) {
                 return truth::Convolved(*x[0], weights.values, bias.values, groups, windows);
               });
  }

  int AddFlat(int at) {
    const Extent out{ExtentOf(at).count(), 1, 1};
    const auto truth = [](const auto& x) { return truth::Flattened(*x[0]); };
    if (Chance(0.7)) return Add("Flatten", {at}, out, {}, {}, truth);
    return Add("Reshape", {at}, out, {net_.List({0, -1})}, {}, truth);
  }

  /// BatchNorm, Scale and Bias of Caffe.
  int AddCaffe(int at) {
    const Extent extent = ExtentOf(at);
    const NetworkShape shape = {extent.channels};
    const auto channels = AsSize(extent.channels);
    std::vector<Quad> factor(channels, Quad(1)), summand(channels, Quad(0));
    const auto finish = [&](const char* op, std::vector<NetworkOperand> operands,
                            const Attributes& attributes) {
      const int made =
          Add(op, {at}, extent, std::move(operands), attributes,
              [factor, summand](const auto& x) { return truth::Scaled(*x[0], factor, summand); });
      MakeCaffe(extent);
      return made;
    };
    const std::int64_t kind = Whole(0, 2);
    if (kind == 0) {
      const Made mean = Weights(shape, 0.5), variance = Weights(shape, 0.1, 3);
      const Made count = Weights({1}, 0.1, 2);
      const double epsilon = static_cast<float>(1e-4);
      const Quad share = 1 / Quad(count.values[0]);
      for (std::size_t c = 0; c < channels; ++c) {
        factor[c] = 1 / bounds::oracle::Root(Quad(variance.values[c]) * share + Quad(epsilon));
        summand[c] = -(Quad(mean.values[c]) * share * factor[c]);
      }
      return finish("BatchNorm", {mean.operand, variance.operand, count.operand},
                    {{"eps", epsilon}});
    }
    const Made first = Weights(shape, 0.3, 1), second = Weights(shape, 0.3);
    for (std::size_t c = 0; c < channels; ++c) {
      if (kind == 1) factor[c] = first.values[c];
      summand[c] = kind == 1 ? second.values[c] : first.values[c];
    }
    if (kind == 1) return finish("Scale", {first.operand, second.operand}, {});
    return finish("Bias", {first.operand}, {});
  }

  int AddNormalisation(int at) {
    if (Chance(0.25)) return AddCaffe(at);
    const Extent extent = ExtentOf(at);
    const NetworkShape shape = {extent.channels};
    const Made scale = Weights(shape, 0.3, 1), shift = Weights(shape, 0.3);
    const Made mean = Weights(shape, 0.3), variance = Weights(shape, 0.05, 1);
    const double epsilon = static_cast<float>(1e-3);
    std::vector<Quad> factor, summand;
    for (std::size_t c = 0; c < scale.values.size(); ++c) {
      factor.push_back(Quad(scale.values[c]) /
                       bounds::oracle::Root(Quad(variance.values[c]) + Quad(epsilon)));
      summand.push_back(Quad(shift.values[c]) - Quad(mean.values[c]) * factor[c]);
    }
    return Add("BatchNormalization", {at}, extent,
               {scale.operand, shift.operand, mean.operand, variance.operand},
               {{"epsilon", epsilon}},
               [factor, summand](const auto& x) { return truth::Scaled(*x[0], factor, summand); });
  }

  int AddChannelwise(int at) {
    const Extent extent = ExtentOf(at);
    const NetworkShape shape = {extent.channels, 1, 1};
    const auto channels = AsSize(extent.channels);
    std::vector<Quad> factor(channels, Quad(1)), summand(channels, Quad(0));
    const std::int64_t kind = Whole(0, 3);
    const Made weights = Weights(shape, 0.1, 1);
    constexpr const char* kOps[] = {"Add", "Sub", "Mul", "Div"};
    for (std::size_t c = 0; c < channels; ++c) {
      const Quad one = weights.values[c];
      if (kind < 2) summand[c] = kind == 0 ? one : -one;
      if (kind >= 2) factor[c] = kind == 2 ? one : 1 / one;
    }
    return Add(kOps[kind], {at}, extent, {weights.operand}, {},
               [factor, summand](const auto& x) { return truth::Scaled(*x[0], factor, summand); });
  }

  int AddRelu(int at) {
    return Add("Relu", {at}, ExtentOf(at), {}, {}, [](const auto& x) {
      return truth::Mapped(*x[0], [](Quad v) { return v < 0 ? Quad(0) : v; });
    });
  }

  /// A curve, or slopes of their own a channel.
  int AddCurve(int at) {
    const Extent extent = ExtentOf(at);
    if (Chance(0.15)) {
      const Made slopes = Weights({extent.channels}, 0.5);
      return Add("PRelu", {at}, extent, {slopes.operand}, {}, [slopes](const auto& x) {
        Sample out = *x[0];
        const std::size_t positions = AsSize(out.extent.positions());
        for (std::size_t i = 0; i < out.values.size(); ++i) {
          if (out.values[i] < 0) out.values[i] *= Quad(slopes.values[i / positions]);
        }
        return out;
      });
    }
    if (Chance(0.15)) {
      const bool negates = Chance(0.5);
      return Add(negates ? "Neg" : "Abs", {at}, extent, {}, {}, [negates](const auto& x) {
        return truth::Mapped(*x[0], [&](Quad v) { return negates || v < 0 ? -v : v; });
      });
    }
    const auto functions = truth::Functions();
    const auto& one = functions[AsSize(Whole(0, static_cast<std::int64_t>(functions.size()) - 1))];
    return Add(one.op, {at}, extent, {}, one.attributes,
               [truth = one.truth](const auto& x) { return truth::Mapped(*x[0], truth); });
  }

  int AddFunction(int at) {
    const Extent extent = ExtentOf(at);
    if (Chance(0.4)) return AddCurve(at);
    switch (Whole(0, 3)) {
      case 0: {
        const double alpha = static_cast<float>(0.1);
        return Add("LeakyRelu", {at}, extent, {}, {{"alpha", alpha}}, [alpha](const auto& x) {
          return truth::Mapped(*x[0], [&](Quad v) { return v < 0 ? Quad(alpha) * v : v; });
        });
      }
      case 1: {
        const float least = Chance(0.5) ? 0.0F : -0.3F, most = 0.9F;
        return Add(
            "Clip", {at}, extent, {Scalar(least), Scalar(most)}, {}, [least, most](const auto& x) {
              return truth::Mapped(
                  *x[0], [&](Quad v) { return std::min(std::max(v, Quad(least)), Quad(most)); });
            });
      }
      default:
        return AddRelu(at);
    }
  }

  int AddPool(int at) {
    const Extent in = ExtentOf(at);
    const truth::Windows windows = RandomWindows(in, false);
    const Extent out = windows.Out(in.channels, in);
    if (Chance(0.5)) {
      return Add("MaxPool", {at}, out, {}, AttributesOf(windows, false),
                 [windows](const auto& x) { return truth::GreatestOf(*x[0], windows); });
    }
    const bool with_padding = Chance(0.5);
    Attributes attributes = AttributesOf(windows, false);
    attributes.push_back({"count_include_pad", std::int64_t{with_padding ? 1 : 0}});
    return Add("AveragePool", {at}, out, {}, attributes, [windows, with_padding](const auto& x) {
      return truth::MeanOf(*x[0], windows, with_padding);
    });
  }

  int AddWholePool(int at) {
    const Extent in = ExtentOf(at);
    truth::Windows windows;
    windows.kernel = {in.height, in.width};
    const Extent out{in.channels, 1, 1};
    if (Chance(0.5)) {
      return Add("GlobalMaxPool", {at}, out, {}, {},
                 [windows](const auto& x) { return truth::GreatestOf(*x[0], windows); });
    }
    const auto mean = [windows](const auto& x) { return truth::MeanOf(*x[0], windows, false); };
    if (Chance(0.5)) return Add("GlobalAveragePool", {at}, out, {}, {}, mean);
    return Add("ReduceMean", {at}, out, {}, {{"axes", Wholes{2, 3}}}, mean);
  }

  /// A convolution that keeps the sizes, and what it read added to it.
  int AddResidual(int at) {
    const Extent in = ExtentOf(at);
    truth::Windows windows;
    windows.kernel = {3, 3};
    windows.pads = {1, 1, 1, 1};
    int branch = AddConvolution(at, windows, 1, in.channels);
    if (Chance(0.5)) branch = AddNormalisation(branch);
    if (Chance(0.5)) branch = AddFunction(branch);
    if (Chance(0.2)) {
      return Add("Sub", {at, branch}, in, {}, {}, [](const auto& x) {
        return truth::Sum(*x[0], truth::Mapped(*x[1], [](Quad v) { return -v; }));
      });
    }
    return Add(Chance(0.5) ? "Add" : "Sum", {at, branch}, in, {}, {},
               [](const auto& x) { return truth::Sum(*x[0], *x[1]); });
  }

  int AddSigmoid(int at) {
    const double alpha = static_cast<double>(0.3F);
    if (Chance(0.3)) {
      return Add("HardSigmoid", {at}, ExtentOf(at), {}, {{"alpha", alpha}}, [alpha](const auto& x) {
        return truth::Mapped(*x[0],
                             [&](Quad v) { return truth::Share(Quad(alpha) * v + Quad(0.5)); });
      });
    }
    return Add("Sigmoid", {at}, ExtentOf(at), {}, {},
               [](const auto& x) { return truth::Mapped(*x[0], truth::Sigmoid); });
  }

  NetworkOperand Scalar(float one) { return net_.Constant(network::Builder::Reals({one}, true)); }

  /// x (1 + erf(x / divisor)), node by node.
  int AddErrorGate(int at) {
    const Extent in = ExtentOf(at);
    const float divisor = Chance(0.5) ? 1.4142135F : 0.7F;
    const auto map = [](auto function) {
      return [function](const auto& x) { return truth::Mapped(*x[0], function); };
    };
    const int scaled = Add("Div", {at}, in, {Scalar(divisor)}, {},
                           map([divisor](Quad v) { return v / Quad(divisor); }));
    const int error = Add("Erf", {scaled}, in, {}, {}, map(truth::Erf));
    const int more = Add("Add", {error}, in, {Scalar(1)}, {}, map([](Quad v) { return v + 1; }));
    for (const int inner : {scaled, error, more}) nodes_[AsSize(inner)].vanishes = true;
    return Add("Mul", {at, more}, in, {}, {},
               [](const auto& x) { return truth::Product(*x[0], *x[1]); });
  }

  /// Times a function of itself, of a convolution of it, or of its means a channel.
  int AddGate(int at) {
    const Extent in = ExtentOf(at);
    const std::int64_t kind = Whole(0, 3);
    if (kind == 3) return AddErrorGate(at);
    int gate = at;
    if (kind == 1) {
      truth::Windows windows;
      windows.kernel = {3, 3};
      windows.pads = {1, 1, 1, 1};
      gate = AddConvolution(at, windows, 1, in.channels);
    } else if (kind == 2) {
      gate = AddConvolution(AddWholePool(at), {}, 1, in.channels);
    }
    gate = AddSigmoid(gate);
    nodes_.back().vanishes = kind == 0;
    const auto truth = [](const auto& x) { return truth::Product(*x[0], *x[1]); };
    if (Chance(0.5)) return Add("Mul", {at, gate}, in, {}, {}, truth);
    return Add("Mul", {gate, at}, in, {}, {},
               [](const auto& x) { return truth::Product(*x[1], *x[0]); });
  }

  /// Local response normalisation with beta 1/2, 3/4 or 1: what roots can do.
  int AddResponse(int at) {
    const Extent in = ExtentOf(at);
    const bool within = Chance(0.5);
    const std::int64_t size = within ? 1 + 2 * Whole(0, 1) : Whole(1, 4), quarters = Whole(2, 4);
    const double alpha = static_cast<float>(Chance(0.5) ? 0.5 : 1e-3),
                 beta = 0.25 * double(quarters);
    const double bias = within ? 1 : static_cast<float>(Chance(0.5) ? 1.0 : 0.4);
    const auto truth = [=](const auto& x) {
      return truth::Responses(*x[0], within, size, alpha, bias, quarters);
    };
    if (!within) {
      return Add("LRN", {at}, in, {},
                 {{"size", size}, {"alpha", alpha}, {"beta", beta}, {"bias", bias}}, truth);
    }
    const int made =
        Add("LRN", {at}, in, {}, {{"local_size", size}, {"alpha", alpha}, {"beta", beta}}, truth);
    nodes_.back().op = "caffe.LRN";
    MakeCaffe(in);
    return made;
  }
  /// The last node; sizes are not inferred there.
  void MakeCaffe(const Extent& extent) {
    NetworkNode& node = net_.network().nodes.back();
    node.domain = "caffe";
    node.outputs[0].dtype = DType::kF32;
    node.outputs[0].shape = {kUnknownSize, extent.channels, extent.height, extent.width};
  }

  /// Two convolutions with a Relu between them, beside the input: all of it, or what the first
  /// one's strides leave, with channels of zeros around it.
  int AddBlock(int at) {
    const Extent in = ExtentOf(at);
    truth::Windows first, second;
    first.kernel = second.kernel = {3, 3};
    first.pads = second.pads = {1, 1, 1, 1};
    first.strides = {Whole(1, 2), Whole(1, 2)};
    const std::int64_t before = Whole(0, 1), more = before + Whole(0, 1);
    int branch = AddConvolution(at, first, 1, Whole(1, 4));
    if (Chance(0.3)) branch = AddNormalisation(branch);
    branch = AddConvolution(AddRelu(branch), second, 1, in.channels + more);
    if (Chance(0.3)) branch = AddNormalisation(branch);
    const Extent out = ExtentOf(branch);
    int skip = at;
    const bool strided = first.strides[0] * first.strides[1] > 1;
    if (strided) {
      const std::int64_t down = first.strides[0], across = first.strides[1];
      skip = Add("Slice", {skip}, {in.channels, out.height, out.width},
                 {net_.List({0, 0}), net_.List({1000, 1000}), net_.List({2, 3}),
                  net_.List({down, across})},
                 {}, [down, across](const auto& x) { return truth::Every(*x[0], down, across); });
    }
    if (more > 0) {
      skip = Add("Pad", {skip}, out, {net_.List({0, before, 0, 0, 0, more - before, 0, 0})}, {},
                 [before, out](const auto& x) {
                   return truth::Part(*x[0], {-before, 0, 0}, out);
                 });
    }
    const bool swapped = Chance(0.5);
    return Add("Add", swapped ? std::vector{branch, skip} : std::vector{skip, branch}, out, {}, {},
               [](const auto& x) { return truth::Sum(*x[0], *x[1]); });
  }

  int AddJoin(int at) {
    const Extent in = ExtentOf(at);
    const int branch = AddConvolution(at, {}, 1, Whole(1, 3));
    Extent out = in;
    out.channels += ExtentOf(branch).channels;
    return Add("Concat", {at, branch}, out, {}, {{"axis", std::int64_t{1}}},
               [](const auto& x) { return truth::Joined(*x[0], *x[1]); });
  }

  int AddMove(int at) {
    const Extent in = ExtentOf(at);
    if (Chance(0.5)) {
      const std::int64_t top = Whole(0, 2), left = Whole(0, 1), right = Whole(0, 1);
      const Extent out{in.channels, in.height + top, in.width + left + right};
      return Add("Pad", {at}, out, {net_.List({0, 0, top, left, 0, 0, 0, right})}, {},
                 [top, left, out](const auto& x) {
                   return truth::Part(*x[0], {0, -top, -left}, out);
                 });
    }
    const std::int64_t channel = Whole(0, in.channels - 1), row = Whole(0, in.height - 1);
    const Extent out{in.channels - channel, in.height - row, in.width};
    return Add("Slice", {at}, out,
               {net_.List({channel, row}), net_.List({1000, 1000}), net_.List({1, 2})}, {},
               [channel, row, out](const auto& x) {
                 return truth::Part(*x[0], {channel, row, 0}, out);
               });
  }

  int AddFull(int at, std::int64_t rows) {
    const std::int64_t columns = ExtentOf(at).channels;
    const double scale = 1 / std::sqrt(static_cast<double>(columns));
    const bool rows_first = Chance(0.5);
    const Made weights =
        Weights(rows_first ? NetworkShape{rows, columns} : NetworkShape{columns, rows}, scale);
    const std::int64_t row_step = rows_first ? columns : 1, column_step = rows_first ? 1 : rows;
    const Extent out{rows, 1, 1};
    if (!rows_first && Chance(0.5)) {
      const std::vector<float> none(AsSize(rows), 0.0F);
      return Add("MatMul", {at}, out, {weights.operand}, {},
                 [weights, row_step, column_step, none](const auto& x) {
                   return truth::Multiplied(*x[0], weights.values, row_step, column_step, 1, none,
                                            0);
                 });
    }
    const Made bias = Weights({rows}, 0.2);
    const double alpha = Chance(0.2) ? double(0.7F) : 1, beta = Chance(0.2) ? double(1.3F) : 1;
    return Add("Gemm", {at}, out, {weights.operand, bias.operand},
               {{"transB", std::int64_t{rows_first ? 1 : 0}}, {"alpha", alpha}, {"beta", beta}},
               [weights, bias, row_step, column_step, alpha, beta](const auto& x) {
                 return truth::Multiplied(*x[0], weights.values, row_step, column_step, alpha,
                                          bias.values, beta);
               });
  }

  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  network::Builder net_;
  RandomLevels levels_;
  Extent input_;
  NetworkOperand operand_;
  std::vector<Node> nodes_;
  int parameters_ = 0;
};

}  // namespace dlv::progressive
