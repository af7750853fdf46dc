// The networks of every real file that has one.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "storage/interchange/network_file.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

namespace fs = std::filesystem;

Bytes BytesOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  Bytes bytes(fs::file_size(path));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// Every parameter of the network, subgraphs counted.
void AddParameters(const Network& network,
                   std::map<std::string, std::optional<NetworkShape>>& out) {
  for (const NetworkParameter& parameter : network.parameters) {
    EXPECT_TRUE(out.emplace(parameter.name, parameter.shape).second) << parameter.name;
  }
  for (const NetworkNode& node : network.nodes) {
    for (const NetworkAttribute& attribute : node.attributes) {
      const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
      if (body != nullptr) AddParameters(**body, out);
    }
  }
}

TEST(SharedNetworks, EveryOneIsReadAndNamesTheTensors) {
  const char* folder = std::getenv("DLV_SHARED_DATA");
  if (folder == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  std::size_t onnx = 0, caffe = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string suffix = entry.path().extension();
    const bool is_solver = entry.path().string().find("solver") != std::string::npos;
    if (suffix != ".onnx" && suffix != ".prototxt" && suffix != ".caffemodel") continue;
    SCOPED_TRACE(entry.path());
    const Bytes bytes = BytesOf(entry.path());
    const auto file = io::MakeViewSource(bytes);
    const auto network = ReadNetworkFile(*file, entry.path().filename().string());
    ASSERT_TRUE(network.ok()) << network.error().message;
    if (is_solver) continue;
    ASSERT_TRUE(suffix == ".caffemodel" || network->has_value());
    if (!network->has_value()) continue;
    EXPECT_FALSE((*network)->nodes.empty() && (*network)->outputs.empty());
    if (suffix == ".prototxt") ++caffe;
    if (suffix == ".prototxt") continue;
    // The tensors have the parameters' names and shapes.
    const auto described = DescribeBytes(*file, entry.path().filename().string());
    ASSERT_TRUE(described.ok());
    std::map<std::string, Shape> tensors;
    for (const DescribedTensor& tensor : described->tensors) tensors[tensor.name] = tensor.shape;
    for (const auto& external : described->external)
      tensors[external.tensor.name] = external.tensor.shape;
    std::map<std::string, std::optional<NetworkShape>> parameters;
    AddParameters(**network, parameters);
    for (const auto& [name, shape] : parameters) {
      const auto found = tensors.find(name);
      ASSERT_NE(found, tensors.end()) << name;
      EXPECT_TRUE(suffix != ".onnx" || shape == found->second) << name;
    }
    onnx += suffix == ".onnx";
  }
  EXPECT_GE(onnx, 30u);
  EXPECT_GE(caffe, 7u);
}

/// The prototxt's parameters are the tensors of the .caffemodel beside it.
TEST(SharedNetworks, PrototxtsFitTheirWeights) {
  const char* folder = std::getenv("DLV_SHARED_DATA");
  if (folder == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const std::map<std::string, std::string> pairs = {
      {"mtcnn_caffe/det1", "mtcnn_caffe/det1"},
      {"mtcnn_caffe/det2", "mtcnn_caffe/det2"},
      {"mtcnn_caffe/det3", "mtcnn_caffe/det3"},
      {"linzaer_rfb_final/RFB-320", "linzaer_rfb_final/RFB-320"},
      {"caffe_lenet_ethereon/lenet", "caffe_lenet_ethereon/lenet_iter_10000"},
      {"caffe_cifar10_full_series/cifar10_full",
       "caffe_cifar10_full_series/cifar10_full_iter_60000"}};
  for (const auto& [text, weights] : pairs) {
    SCOPED_TRACE(text);
    const Bytes text_bytes = BytesOf(fs::path(folder) / (text + ".prototxt"));
    const auto network = ReadNetworkFile(*io::MakeViewSource(text_bytes), "x.prototxt");
    ASSERT_TRUE(network.ok() && network->has_value());
    const Bytes bytes = BytesOf(fs::path(folder) / (weights + ".caffemodel"));
    const auto file = io::MakeViewSource(bytes);
    const auto described = DescribeBytes(*file, "x.caffemodel");
    ASSERT_TRUE(described.ok());
    std::map<std::string, std::uint64_t> sizes;
    for (const DescribedTensor& tensor : described->tensors) {
      sizes[tensor.name] = tensor.source->size() / 4;
    }
    EXPECT_LE((*network)->parameters.size(),
              sizes.size());  // det2 has weights that it does not use
    for (const NetworkParameter& parameter : (*network)->parameters) {
      std::uint64_t count = 1;
      for (const std::int64_t size : parameter.shape.value()) {
        count *= static_cast<std::uint64_t>(size);
      }
      EXPECT_EQ(sizes[parameter.name], count) << parameter.name;
    }
  }
}

}  // namespace
}  // namespace dlv::interchange
