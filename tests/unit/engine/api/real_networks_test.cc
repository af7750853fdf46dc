// Networks of real files, from the reader to what is stored: names, shapes, round trips.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/network/encoding.h"
#include "engine/network/normalise.h"
#include "engine/network/shape_inference.h"
#include "engine/network/text_form.h"
#include "storage/interchange/network_file.h"
#include "storage/io/byte_source.h"

namespace dlv {
namespace {

namespace fs = std::filesystem;

std::vector<std::byte> BytesOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::byte> bytes(fs::file_size(path));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// Nothing where the file has no network (a solver).
std::optional<network::Normalised> ReadReal(const fs::path& path) {
  const auto source = io::MakeBufferSource(BytesOf(path));
  auto raw = interchange::ReadNetworkFile(*source, path.filename().string());
  EXPECT_TRUE(raw.ok()) << raw.error().message;
  if (!raw.ok() || !*raw) return std::nullopt;
  auto normal = network::Normalise(std::move(**raw));
  EXPECT_TRUE(normal.ok()) << normal.error().message;
  if (!normal.ok()) return std::nullopt;
  return std::move(*normal);
}

void CheckRoundTrips(const Network& normal) {
  const NetworkId id = network::IdOf(normal);
  const auto again = network::Normalise(normal);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(network::IdOf(again->network), id);
  const auto text = network::ReadText(network::WriteText(normal));
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(network::IdOf(*text), id);
  const auto decoded = network::Decode(network::Encode(normal));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(network::IdOf(*decoded), id);
}

const char* SharedFolder() { return std::getenv("DLV_SHARED_DATA"); }

TEST(RealNetworks, AllAreReadAndAgreeWithTheirDeclaredShapes) {
  if (SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  std::size_t networks = 0;
  for (const auto& entry : fs::recursive_directory_iterator(SharedFolder())) {
    const std::string suffix = entry.path().extension();
    if (suffix != ".onnx" && suffix != ".prototxt") continue;
    SCOPED_TRACE(entry.path());
    const auto normal = ReadReal(entry.path());
    if (!normal) continue;
    ++networks;
    EXPECT_EQ(normal->warnings, std::vector<std::string>());  // a declared shape that contradicts
    CheckRoundTrips(normal->network);
  }
  EXPECT_GT(networks, 100u);
}

/// Nodes, parameters, and some names with the shapes of their outputs.
struct Expected {
  const char* file;
  std::size_t nodes, parameters;
  std::map<std::string, std::string> shapes;
};

TEST(RealNetworks, NamesAndShapesAreThoseOfTheModels) {
  if (SharedFolder() == nullptr)
    GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const std::vector<Expected> cases = {
      {"cifar_resnet20/resnet20.onnx",
       74,
       97,
       {{"layer1.0.conv1", "[?, 16, 32, 32]"},
        {"layer3.2.bn2", "[?, 64, 8, 8]"},
        {"/layer2/layer2.0/Pad", "[?, 32, 16, 16]"},
        {"linear", "[?, 10]"}}},
      {"caffe_lenet_ethereon/lenet.prototxt",
       9,
       8,
       {{"conv1", "[64, 20, 24, 24]"}, {"pool2", "[64, 50, 4, 4]"}, {"prob", "[64, 10]"}}},
      {"linzaer_rfb_final/RFB-320.prototxt", 110, 104, {}},
      {"fastestdet/v1_FastestDet.onnx", 211, 140, {}},
      {"ort_mnist/c_cxx_MNIST_mnist.onnx",
       12,
       6,
       {{"Pooling160", "[1, 16, 4, 4]"}, {"Times212", "[1, 10]"}}},
  };
  for (const Expected& one : cases) {
    SCOPED_TRACE(one.file);
    const auto normal = ReadReal(fs::path(SharedFolder()) / one.file);
    ASSERT_TRUE(normal);
    EXPECT_EQ(normal->network.nodes.size(), one.nodes);
    EXPECT_EQ(normal->network.parameters.size(), one.parameters);
    std::map<std::string, std::string> found;
    for (const NetworkNode& node : normal->network.nodes) {
      if (one.shapes.contains(node.name)) {
        found[node.name] = network::ShapeText(node.outputs[0].shape);
      }
    }
    EXPECT_EQ(found, one.shapes);
  }
}

}  // namespace
}  // namespace dlv
