// What each kind of Caffe layer is as a node. Defaults and formulas for sizes: caffe.proto and the
// layers' Reshape functions, as documented at caffe.berkeleyvision.org.

#include <algorithm>
#include <array>

#include "storage/interchange/caffe_network.h"

namespace dlv::interchange {
namespace {

using Shapes = std::vector<CaffeShape>;

CaffeShape First(const Shapes& bottoms) { return bottoms.empty() ? std::nullopt : bottoms[0]; }

std::int64_t AxisOf(const CaffeShape& shape, std::size_t axis) {
  return shape && axis < shape->size() ? (*shape)[axis] : kUnknownSize;
}

std::int64_t Product(const NetworkShape& shape, std::size_t first, std::size_t end) {
  std::int64_t product = 1;
  for (std::size_t i = first; i < end && i < shape.size(); ++i) {
    if (shape[i] < 0 || __builtin_mul_overflow(product, shape[i], &product)) return kUnknownSize;
  }
  return product;
}

/// Sizes in height and width: `NAME_h` and `NAME_w`, or `key` once or twice.
std::array<std::int64_t, 2> Pair(const CaffeFields& fields, const std::string& key,
                                 const std::string& stem, std::int64_t otherwise) {
  const std::vector<std::int64_t> given = fields.Integers(key);
  std::array<std::int64_t, 2> pair = {otherwise, otherwise};
  if (!given.empty()) pair = {given.front(), given.size() > 1 ? given[1] : given.front()};
  pair[0] = fields.Integer(stem + "_h", pair[0]);
  pair[1] = fields.Integer(stem + "_w", pair[1]);
  return pair;
}

std::vector<std::int64_t> List(const std::array<std::int64_t, 2>& pair) {
  return {pair[0], pair[1]};
}

struct Window {
  std::array<std::int64_t, 2> kernel, stride, pad, dilation;
};

Window WindowOf(const CaffeFields& fields) {
  return {Pair(fields, "kernel_size", "kernel", 0), Pair(fields, "stride", "stride", 1),
          Pair(fields, "pad", "pad", 0), Pair(fields, "dilation", "dilation", 1)};
}

bool IsSound(const Window& window) {
  constexpr std::int64_t kMax = 1 << 20;
  for (int i = 0; i < 2; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (window.kernel[k] < 1 || window.stride[k] < 1 || window.dilation[k] < 1 ||
        window.pad[k] < 0 || window.kernel[k] > kMax || window.stride[k] > kMax ||
        window.dilation[k] > kMax || window.pad[k] > kMax) {
      return false;
    }
  }
  return true;
}

void AddWindow(const Window& window, bool dilates, CaffeNode& node) {
  node.attributes.push_back({"kernel_shape", List(window.kernel)});
  node.attributes.push_back({"strides", List(window.stride)});
  node.attributes.push_back({"pads", std::vector<std::int64_t>{window.pad[0], window.pad[1],
                                                               window.pad[0], window.pad[1]}});
  if (dilates) node.attributes.push_back({"dilations", List(window.dilation)});
}

CaffeNode Kept(const CaffeLayer& layer) {
  CaffeNode node;
  node.op = layer.type;
  node.domain = kCaffeDomain;
  node.attributes = CaffeAttributes(layer.fields);
  return node;
}

/// The same shape as the first input.
CaffeNode Plain(std::string op, const Shapes& bottoms) {
  CaffeNode node;
  node.op = std::move(op);
  node.shapes = {First(bottoms)};
  return node;
}

CaffeNode KeptPlain(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = Kept(layer);
  node.shapes = {First(bottoms)};
  return node;
}

CaffeNode Convolution(const CaffeLayer& layer, const Shapes& bottoms) {
  const bool transposed = layer.type == "Deconvolution";
  const CaffeFields fields = layer.fields.Message("convolution_param");
  const Window window = WindowOf(fields);
  if (!IsSound(window) || bottoms.size() != 1 || fields.Integers("kernel_size").size() > 2 ||
      fields.Integer("axis", 1) != 1) {
    return Kept(layer);
  }
  CaffeNode node;
  node.op = transposed ? "ConvTranspose" : "Conv";
  AddWindow(window, true, node);
  const CaffeShape in = First(bottoms);
  const std::int64_t channels = AxisOf(in, 1);
  const std::int64_t outputs = fields.Integer("num_output").value_or(kUnknownSize);
  const bool depthwise =
      layer.type == "DepthwiseConvolution" || layer.type == "ConvolutionDepthwise";
  const std::int64_t group = std::max<std::int64_t>(
      1, depthwise ? std::max(channels, outputs) : fields.Integer("group", 1));
  node.attributes.push_back({"group", group});
  const std::int64_t own = channels < 0 || channels % group != 0 ? kUnknownSize : channels / group;
  NetworkShape weight = {outputs, own, window.kernel[0], window.kernel[1]};
  if (transposed)
    weight = {channels, outputs < 0 ? kUnknownSize : outputs / group, window.kernel[0],
              window.kernel[1]};
  node.parameters.push_back({0, weight});
  if (fields.Flag("bias_term", true)) node.parameters.push_back({1, NetworkShape{outputs}});
  if (in && in->size() == 4) {
    NetworkShape out = {(*in)[0], outputs, kUnknownSize, kUnknownSize};
    for (std::size_t i = 0; i < 2; ++i) {
      const std::int64_t size = (*in)[2 + i];
      const std::int64_t reach = window.dilation[i] * (window.kernel[i] - 1) + 1;
      if (size < 0) continue;
      out[2 + i] = transposed ? window.stride[i] * (size - 1) + reach - 2 * window.pad[i]
                              : (size + 2 * window.pad[i] - reach) / window.stride[i] + 1;
    }
    node.shapes = {out};
  }
  return node;
}

/// Caffe rounds up, and leaves out a last window that lies in the padding alone: ONNX's ceil_mode.
std::int64_t Pooled(std::int64_t size, const Window& window, std::size_t i, bool up) {
  if (size < 0) return kUnknownSize;
  const std::int64_t room = size + 2 * window.pad[i] - window.kernel[i];
  if (room < 0) return 1;
  std::int64_t out = (room + (up ? window.stride[i] - 1 : 0)) / window.stride[i] + 1;
  if (window.pad[i] > 0 && (out - 1) * window.stride[i] >= size + window.pad[i]) --out;
  return out;
}

CaffeNode Pooling(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("pooling_param");
  const std::string pool = fields.Has("pool") ? fields.Text("pool") : "MAX";
  const bool max = pool == "MAX" || pool == "0";
  const bool average = pool == "AVE" || pool == "1";
  const bool global = fields.Flag("global_pooling", false);
  const Window window = WindowOf(fields);
  if ((!max && !average) || (!global && !IsSound(window)) || layer.tops.size() != 1) {
    return Kept(layer);
  }
  CaffeNode node;
  const CaffeShape in = First(bottoms);
  const bool flat = in && in->size() == 4;
  if (global) {
    node.op = max ? "GlobalMaxPool" : "GlobalAveragePool";
    if (flat) node.shapes = {NetworkShape{(*in)[0], (*in)[1], 1, 1}};
    return node;
  }
  node.op = max ? "MaxPool" : "AveragePool";
  AddWindow(window, false, node);
  const std::string rounding = fields.Text("round_mode");
  const bool up = rounding.empty() || rounding == "CEIL" || rounding == "0";
  node.attributes.push_back({"ceil_mode", std::int64_t{up}});
  if (average) node.attributes.push_back({"count_include_pad", std::int64_t{1}});
  if (flat) {
    node.shapes = {NetworkShape{(*in)[0], (*in)[1], Pooled((*in)[2], window, 0, up),
                                Pooled((*in)[3], window, 1, up)}};
  }
  return node;
}

CaffeNode InnerProduct(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("inner_product_param");
  if (fields.Integer("axis", 1) != 1 || bottoms.size() != 1) return Kept(layer);
  const CaffeShape in = First(bottoms);
  const std::int64_t outputs = fields.Integer("num_output").value_or(kUnknownSize);
  const std::int64_t inputs = in ? Product(*in, 1, in->size()) : kUnknownSize;
  const bool transposed = fields.Flag("transpose", false);
  CaffeNode node;
  node.op = "Gemm";
  node.attributes.push_back({"transB", std::int64_t{!transposed}});
  node.parameters.push_back(
      {0, transposed ? NetworkShape{inputs, outputs} : NetworkShape{outputs, inputs}});
  if (fields.Flag("bias_term", true)) node.parameters.push_back({1, NetworkShape{outputs}});
  node.flatten_before = !in || in->size() != 2;
  node.shapes = {NetworkShape{AxisOf(in, 0), outputs}};
  return node;
}

CaffeNode Relu(const CaffeLayer& layer, const Shapes& bottoms) {
  const double slope = layer.fields.Message("relu_param").Number("negative_slope", 0);
  CaffeNode node = Plain(slope == 0 ? "Relu" : "LeakyRelu", bottoms);
  if (slope != 0) node.attributes.push_back({"alpha", slope});
  return node;
}

/// A vector of slopes goes with the channels (docs/network.md).
CaffeNode Prelu(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = Plain("PRelu", bottoms);
  const bool shared = layer.fields.Message("prelu_param").Flag("channel_shared", false);
  const std::int64_t channels = AxisOf(First(bottoms), 1);
  node.parameters.push_back({0, shared ? NetworkShape{1} : NetworkShape{channels}});
  return node;
}

CaffeNode Elu(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = Plain("Elu", bottoms);
  node.attributes.push_back({"alpha", layer.fields.Message("elu_param").Number("alpha", 1)});
  return node;
}

CaffeNode Lrn(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("lrn_param");
  const std::string region = fields.Text("norm_region");
  if (!region.empty() && region != "ACROSS_CHANNELS" && region != "0") {
    return KeptPlain(layer, bottoms);
  }
  CaffeNode node = Plain("LRN", bottoms);
  node.attributes.push_back({"size", fields.Integer("local_size", 5)});
  node.attributes.push_back({"alpha", fields.Number("alpha", 1)});
  node.attributes.push_back({"beta", fields.Number("beta", 0.75)});
  node.attributes.push_back({"bias", fields.Number("k", 1)});
  return node;
}

CaffeNode Softmax(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = Plain("Softmax", bottoms);
  node.attributes.push_back({"axis", layer.fields.Message("softmax_param").Integer("axis", 1)});
  return node;
}

CaffeNode Dropout(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = Plain("Dropout", bottoms);
  node.attributes.push_back(
      {"ratio", layer.fields.Message("dropout_param").Number("dropout_ratio", 0.5)});
  return node;
}

CaffeNode Concat(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("concat_param");
  const std::int64_t axis = fields.Integer("axis", fields.Integer("concat_dim", 1));
  CaffeNode node = Plain("Concat", bottoms);
  node.attributes.push_back({"axis", axis});
  CaffeShape& out = node.shapes[0];
  const auto place = static_cast<std::size_t>(
      axis < 0 && out ? axis + static_cast<std::int64_t>(out->size()) : axis);
  if (!out || place >= out->size()) return node;
  for (std::size_t i = 1; i < bottoms.size(); ++i) {
    const std::int64_t more = AxisOf(bottoms[i], place);
    std::int64_t& sum = (*out)[place];
    if (sum < 0 || more < 0 || __builtin_add_overflow(sum, more, &sum)) sum = kUnknownSize;
  }
  return node;
}

CaffeNode Eltwise(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("eltwise_param");
  const std::string operation = fields.Has("operation") ? fields.Text("operation") : "SUM";
  const std::vector<double> factors = fields.Numbers("coeff");
  const bool even = std::all_of(factors.begin(), factors.end(), [](double f) { return f == 1; });
  const bool two = bottoms.size() == 2;
  if ((operation == "SUM" || operation == "1") && even) return Plain(two ? "Add" : "Sum", bottoms);
  if ((operation == "PROD" || operation == "0") && two) return Plain("Mul", bottoms);
  if (operation == "MAX" || operation == "2") return Plain("Max", bottoms);
  return KeptPlain(layer, bottoms);
}

CaffeNode BatchNorm(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = KeptPlain(layer, bottoms);
  const NetworkShape channels = {AxisOf(First(bottoms), 1)};
  node.parameters = {{0, channels}, {1, channels}, {2, NetworkShape{1}}};
  return node;
}

CaffeNode Scale(const CaffeLayer& layer, const Shapes& bottoms) {
  CaffeNode node = KeptPlain(layer, bottoms);
  if (bottoms.size() != 1) return node;
  const bool is_bias = layer.type == "Bias";
  const CaffeFields fields = layer.fields.Message(is_bias ? "bias_param" : "scale_param");
  const std::int64_t axis = fields.Integer("axis", 1);
  const std::int64_t count = fields.Integer("num_axes", 1);
  const CaffeShape in = First(bottoms);
  CaffeShape shape;
  if (in && axis >= 0 && count >= 0 && axis + count <= static_cast<std::int64_t>(in->size())) {
    shape = NetworkShape(in->begin() + axis, in->begin() + axis + count);
  }
  node.parameters.push_back({0, shape});
  if (!is_bias && fields.Flag("bias_term", false)) node.parameters.push_back({1, shape});
  return node;
}

CaffeNode Flatten(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("flatten_param");
  if (fields.Integer("axis", 1) != 1 || fields.Integer("end_axis", -1) != -1) return Kept(layer);
  CaffeNode node;
  node.op = "Flatten";
  node.attributes.push_back({"axis", std::int64_t{1}});
  const CaffeShape in = First(bottoms);
  if (in) node.shapes = {NetworkShape{AxisOf(in, 0), Product(*in, 1, in->size())}};
  return node;
}

CaffeNode Permute(const CaffeLayer& layer, const Shapes& bottoms) {
  const std::vector<std::int64_t> order = layer.fields.Message("permute_param").Integers("order");
  const CaffeShape in = First(bottoms);
  NetworkShape sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i] != static_cast<std::int64_t>(i)) return Kept(layer);
  }
  if (!in || in->size() != order.size()) return Kept(layer);
  CaffeNode node;
  node.op = "Transpose";
  node.attributes.push_back({"perm", order});
  NetworkShape out;
  for (const std::int64_t axis : order) out.push_back((*in)[static_cast<std::size_t>(axis)]);
  node.shapes = {out};
  return node;
}

CaffeNode Reshape(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("reshape_param");
  CaffeNode node = Kept(layer);
  const CaffeShape in = First(bottoms);
  NetworkShape out = fields.Message("shape").Integers("dim");
  if (!in || fields.Integer("axis", 0) != 0 || fields.Integer("num_axes", -1) != -1 ||
      std::count(out.begin(), out.end(), -1) > 1) {
    return node;
  }
  const std::int64_t whole = Product(*in, 0, in->size());
  std::size_t rest = out.size();
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == 0)
      out[i] = AxisOf(in, i);
    else if (out[i] == -1)
      rest = i;
  }
  if (rest < out.size()) {
    out[rest] = 1;
    const std::int64_t known = Product(out, 0, out.size());
    out[rest] = whole >= 0 && known > 0 && whole % known == 0 ? whole / known : kUnknownSize;
  }
  node.shapes = {out};
  return node;
}

CaffeNode Slice(const CaffeLayer& layer, const Shapes& bottoms) {
  const CaffeFields fields = layer.fields.Message("slice_param");
  const std::int64_t axis = fields.Integer("axis", fields.Integer("slice_dim", 1));
  const CaffeShape in = First(bottoms);
  std::vector<std::int64_t> ends = fields.Integers("slice_point");
  const std::int64_t size = axis < 0 ? kUnknownSize : AxisOf(in, static_cast<std::size_t>(axis));
  const auto tops = static_cast<std::int64_t>(layer.tops.size());
  if (size < 0 || tops == 0 || (ends.empty() && size % tops != 0)) return Kept(layer);
  if (ends.empty()) {
    for (std::int64_t i = 1; i < tops; ++i) ends.push_back(size / tops * i);
  }
  ends.push_back(size);
  if (static_cast<std::int64_t>(ends.size()) != tops) return Kept(layer);
  CaffeNode node;
  node.op = "Split";
  std::vector<std::int64_t> sizes;
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    if (end <= begin) return Kept(layer);
    sizes.push_back(end - begin);
    NetworkShape out = *in;
    out[static_cast<std::size_t>(axis)] = end - begin;
    node.shapes.emplace_back(out);
    begin = end;
  }
  node.attributes.push_back({"axis", axis});
  node.attributes.push_back({"split", sizes});
  return node;
}

using Maker = CaffeNode (*)(const CaffeLayer&, const Shapes&);
struct Known {
  std::string_view type;
  Maker make;
};
constexpr Known kKnown[] = {
    {"Convolution", Convolution},
    {"Deconvolution", Convolution},
    {"DepthwiseConvolution", Convolution},
    {"ConvolutionDepthwise", Convolution},
    {"Pooling", Pooling},
    {"InnerProduct", InnerProduct},
    {"ReLU", Relu},
    {"PReLU", Prelu},
    {"ELU", Elu},
    {"LRN", Lrn},
    {"Softmax", Softmax},
    {"Dropout", Dropout},
    {"Concat", Concat},
    {"Eltwise", Eltwise},
    {"BatchNorm", BatchNorm},
    {"Scale", Scale},
    {"Bias", Scale},
    {"Flatten", Flatten},
    {"Permute", Permute},
    {"Reshape", Reshape},
    {"Slice", Slice},
    {"Power", KeptPlain},
    {"Normalize", KeptPlain},
    {"Threshold", KeptPlain},
    {"MVN", KeptPlain},
    {"Sigmoid", [](const CaffeLayer&, const Shapes& in) { return Plain("Sigmoid", in); }},
    {"TanH", [](const CaffeLayer&, const Shapes& in) { return Plain("Tanh", in); }},
    {"AbsVal", [](const CaffeLayer&, const Shapes& in) { return Plain("Abs", in); }},
    {"BNLL", [](const CaffeLayer&, const Shapes& in) { return Plain("Softplus", in); }},
};

}  // namespace

CaffeNode MakeCaffeNode(const CaffeLayer& layer, const std::vector<CaffeShape>& bottoms) {
  for (const Known& known : kKnown) {
    if (known.type == layer.type) return known.make(layer, bottoms);
  }
  CaffeNode node = Kept(layer);
  if (node.op.empty()) node.op = "Unknown";
  return node;
}

bool IsCaffeInput(const CaffeLayer& layer) {
  return layer.bottoms.empty() && layer.type != "Parameter";
}

std::vector<CaffeShape> CaffeInputShapes(const CaffeLayer& layer) {
  std::vector<CaffeShape> shapes;
  const char* param = layer.type == "Input" ? "input_param" : "dummy_data_param";
  for (const CaffeFields& shape : layer.fields.Message(param).Messages("shape")) {
    NetworkShape sizes = shape.Integers("dim");
    for (std::int64_t& size : sizes) size = size < 1 ? kUnknownSize : size;
    shapes.emplace_back(sizes);
  }
  const bool one_for_all = shapes.size() == 1;
  if (one_for_all) shapes.resize(layer.tops.size(), shapes.front());
  if (!shapes.empty()) return shapes;
  // Pictures with labels: the file says at most how they are cut.
  const std::int64_t crop =
      std::max(layer.fields.Message("transform_param").Integer("crop_size", 0),
               layer.fields.Message("data_param").Integer("crop_size", 0));
  const std::int64_t size = crop > 0 ? crop : kUnknownSize;
  if (layer.type == "Data" || layer.type == "ImageData" || layer.type == "MemoryData" ||
      layer.type == "WindowData") {
    shapes = {NetworkShape{kUnknownSize, kUnknownSize, size, size}, NetworkShape{kUnknownSize}};
  }
  return shapes;
}

}  // namespace dlv::interchange
