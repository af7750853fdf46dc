#include "storage/interchange/caffe_kinds.h"

#include <iterator>

namespace dlv::interchange {
namespace {

constexpr CaffeKind kCaffeKinds[] = {
    {"Convolution", 4, "conv", {"weight", "bias", ""}, false},
    {"Deconvolution", 39, "", {"weight", "bias", ""}, false},
    {"DepthwiseConvolution", 0, "", {"weight", "bias", ""}, false},
    {"ConvolutionDepthwise", 0, "", {"weight", "bias", ""}, false},
    {"InnerProduct", 14, "innerproduct", {"weight", "bias", ""}, false},
    {"Embed", 0, "", {"weight", "bias", ""}, false},
    {"Scale", 0, "", {"weight", "bias", ""}, false},
    {"Bias", 0, "", {"bias", "", ""}, false},
    {"PReLU", 0, "", {"weight", "", ""}, false},
    {"Normalize", 0, "", {"weight", "", ""}, false},
    {"BatchNorm", 0, "", {"mean", "variance", "scale_factor"}, true},
};

struct OldType {
  std::uint64_t number;
  std::string_view old_name;
  std::string_view name;
};
// V1LayerParameter.LayerType.
constexpr OldType kOldTypes[] = {
    {35, "ABSVAL", "AbsVal"},
    {1, "ACCURACY", "Accuracy"},
    {30, "ARGMAX", "ArgMax"},
    {2, "BNLL", "BNLL"},
    {3, "CONCAT", "Concat"},
    {37, "CONTRASTIVE_LOSS", "ContrastiveLoss"},
    {4, "CONVOLUTION", "Convolution"},
    {5, "DATA", "Data"},
    {39, "DECONVOLUTION", "Deconvolution"},
    {6, "DROPOUT", "Dropout"},
    {32, "DUMMY_DATA", "DummyData"},
    {7, "EUCLIDEAN_LOSS", "EuclideanLoss"},
    {25, "ELTWISE", "Eltwise"},
    {38, "EXP", "Exp"},
    {8, "FLATTEN", "Flatten"},
    {9, "HDF5_DATA", "HDF5Data"},
    {10, "HDF5_OUTPUT", "HDF5Output"},
    {28, "HINGE_LOSS", "HingeLoss"},
    {11, "IM2COL", "Im2col"},
    {12, "IMAGE_DATA", "ImageData"},
    {13, "INFOGAIN_LOSS", "InfogainLoss"},
    {14, "INNER_PRODUCT", "InnerProduct"},
    {15, "LRN", "LRN"},
    {29, "MEMORY_DATA", "MemoryData"},
    {16, "MULTINOMIAL_LOGISTIC_LOSS", "MultinomialLogisticLoss"},
    {34, "MVN", "MVN"},
    {17, "POOLING", "Pooling"},
    {26, "POWER", "Power"},
    {18, "RELU", "ReLU"},
    {19, "SIGMOID", "Sigmoid"},
    {27, "SIGMOID_CROSS_ENTROPY_LOSS", "SigmoidCrossEntropyLoss"},
    {36, "SILENCE", "Silence"},
    {20, "SOFTMAX", "Softmax"},
    {21, "SOFTMAX_LOSS", "SoftmaxWithLoss"},
    {22, "SPLIT", "Split"},
    {33, "SLICE", "Slice"},
    {23, "TANH", "TanH"},
    {24, "WINDOW_DATA", "WindowData"},
    {31, "THRESHOLD", "Threshold"},
};

}  // namespace

const CaffeKind* CaffeKindOf(std::string_view type, std::uint64_t old_type) {
  for (const CaffeKind& kind : kCaffeKinds) {
    if (type.empty() ? kind.old_type != 0 && kind.old_type == old_type
                     : kind.type == type || kind.oldest == type) {
      return &kind;
    }
  }
  return nullptr;
}

std::string CaffeBlobName(const CaffeKind* kind, std::string_view layer, std::size_t place) {
  const bool named = kind != nullptr && place < kind->blobs.size() && !kind->blobs[place].empty();
  const std::string part = named ? std::string(kind->blobs[place]) : std::to_string(place);
  return (layer.empty() ? "layer" : std::string(layer)) + "." + part;
}

std::string CaffeTypeName(std::string_view type) {
  for (const OldType& old : kOldTypes) {
    if (old.old_name == type) return std::string(old.name);
  }
  return std::string(type);
}

std::string CaffeTypeName(std::uint64_t old_type) {
  for (const OldType& old : kOldTypes) {
    if (old.number == old_type) return std::string(old.name);
  }
  return std::to_string(old_type);
}

}  // namespace dlv::interchange
