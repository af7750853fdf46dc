#include "engine/network/encoding.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>

#include "engine/network/encoding_limits.h"
#include "engine/network/normalise.h"
#include "tests/support/source_root.h"
#include "tests/unit/engine/network/builder.h"
#include "tests/unit/engine/network/everything.h"

namespace dlv::network {
namespace {

TEST(Encoding, ComesBackByteForByte) {
  for (const Network& network : {Network(), SmallClassifier(), Everything()}) {
    const auto bytes = Encode(network);
    const auto decoded = Decode(bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(Encode(*decoded), bytes);
    EXPECT_EQ(IdOf(*decoded), IdOf(bytes));
  }
}

TEST(Encoding, IdsTellNetworksApart) {
  Network network = SmallClassifier();
  const NetworkId id = IdOf(network);
  network.nodes[3].operands[0].index = 1;
  EXPECT_NE(IdOf(network), id);
}

TEST(Encoding, EveryCutIsRefused) {
  const auto bytes = Encode(Everything());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded = Decode(std::span(bytes).first(size));
    ASSERT_FALSE(decoded.ok()) << size;
    EXPECT_EQ(decoded.error().code, ErrorCode::kCorruption);
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_EQ(Decode(longer).error().message,
            "network, offset " + std::to_string(bytes.size()) + ": bytes are left over");
}

TEST(Encoding, FlippedBytesAreRefusedOrMeanThemselves) {
  const auto good = Encode(Everything());
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      auto bytes = good;
      bytes[at] ^= static_cast<std::byte>(flip);
      const auto decoded = Decode(bytes);
      if (!decoded.ok()) continue;
      EXPECT_EQ(Encode(*decoded), bytes) << at;
    }
  }
}

TEST(Encoding, NewerVersionsAreNamed) {
  auto bytes = Encode(Network());
  bytes[kEncodingMagic.size()] = std::byte{2};
  EXPECT_EQ(Decode(bytes).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(Decode(bytes).error().message, "network: encoding version 2, want 1");
}

TEST(Encoding, HostileCountsTakeNoMemory) {
  std::vector<std::byte> bytes = Encode(Network());
  bytes.resize(kEncodingMagic.size() + 1);
  for (const unsigned byte : {0U, 0xffU, 0xffU, 0xffU, 0xffU, 0x7fU}) {
    bytes.push_back(static_cast<std::byte>(byte));
  }
  EXPECT_EQ(Decode(bytes).error().message,
            "network, offset 15: a count is larger than what follows");
}

TEST(Encoding, FiftyNodesDecodeQuickly) {
  Builder net;
  auto y = net.Input("data", NetworkShape{1, 16, 32, 32});
  for (int i = 0; i < 25; ++i) {
    const std::string name = "layer" + std::to_string(i / 5) + "." + std::to_string(i) + ".conv1";
    const std::vector<std::int64_t> three = {3, 3}, one = {1, 1}, pads = {1, 1, 1, 1};
    y = net.Node(name, "Conv", {y, net.Parameter(name + ".weight", {16, 16, 3, 3})},
                 {{"dilations", one},
                  {"group", std::int64_t{1}},
                  {"kernel_shape", three},
                  {"pads", pads},
                  {"strides", one}});
    y = net.Node("/layer/relu_" + std::to_string(i), "Relu", {y});
  }
  net.Output("y", y);
  const auto normal = Normalise(net.Take());
  ASSERT_TRUE(normal.ok());
  const auto bytes = Encode(normal->network);
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kRounds = 200;
  for (int i = 0; i < kRounds; ++i) ASSERT_TRUE(Decode(bytes).ok());
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  RecordProperty("microseconds", static_cast<int>(took.count() / kRounds));
  EXPECT_LT(took.count() / kRounds, 50'000) << "the aim is 20 on a fast machine, optimised";
}

std::string ReadDocument() {
  std::ifstream file(dlv::testing::SourceRoot() / "docs/format/network.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The bytes of the hex dump in the document.
std::vector<std::byte> DocumentedBytes() {
  const std::string text = ReadDocument();
  std::vector<std::byte> bytes;
  std::size_t at = text.find("    00000000  ");
  while (at != std::string::npos && text.compare(at, 4, "    ") == 0) {
    const std::string line = text.substr(at + 14, text.find('\n', at) - at - 14);
    for (std::size_t i = 0; i + 1 < line.size() && line[i] != ' ' && i < 48; i += 3) {
      bytes.push_back(static_cast<std::byte>(std::stoi(line.substr(i, 2), nullptr, 16)));
    }
    at = text.find('\n', at);
    if (at != std::string::npos) ++at;
  }
  return bytes;
}

TEST(Encoding, IsWhatTheDocumentSays) {
  Builder net;
  net.network().name = "tiny";
  const auto x = net.Input("x", NetworkShape{kUnknownSize, 4});
  const auto fc = net.Node("fc", "Gemm", {x, net.Parameter("fc.weight", {2, 4})},
                           {{"alpha", 1.0}, {"transB", std::int64_t{1}}});
  net.network().nodes[0].outputs[0] = {"y", DType::kF32, NetworkShape{kUnknownSize, 2}};
  net.Output("y", fc);
  EXPECT_EQ(Encode(net.Take()), DocumentedBytes());
}

}  // namespace
}  // namespace dlv::network
