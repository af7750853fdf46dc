// Files that have the names of weights and are none.

#include "storage/interchange/unknown_file.h"

#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

/// What is said of a file that is kept as bytes; empty: nothing.
std::string SaidOf(const Bytes& bytes, std::string_view name) {
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, name);
  EXPECT_TRUE(result.ok()) << TextOf(result);
  if (!result.ok()) return {};
  EXPECT_EQ(result->format, "blob");
  EXPECT_TRUE(result->tensors.empty());
  EXPECT_EQ(result->note, "");
  return result->warnings.empty() ? "" : result->warnings.front();
}

Bytes HeaderOf(std::uint64_t size, std::string_view text) {
  Bytes bytes;
  PutLittle(bytes, size);
  Append(bytes, ToBytes(text));
  return bytes;
}

constexpr std::string_view kKept = "; it is kept as bytes, without tensors";

TEST(UnknownFile, SafetensorsSayWhatIsWrongWithTheHeader) {
  const auto said = [](const Bytes& bytes) { return SaidOf(bytes, "w.safetensors"); };
  EXPECT_EQ(said({}), "the file is empty, want a safetensors header" + std::string(kKept));
  EXPECT_EQ(said(Bytes(64)),
            "offset 8: the header begins with byte 00, want '{'" + std::string(kKept));
  EXPECT_EQ(said(HeaderOf(3, " {}")),
            "offset 8: the header begins with byte 20, want '{'" + std::string(kKept));
  EXPECT_EQ(said(HeaderOf(std::uint64_t{1} << 63, "{}")),
            "offset 0: a header of 9223372036854775808 bytes, want at most 100000000" +
                std::string(kKept));
}

TEST(UnknownFile, PicklesThatAskForCodeAreRefusedWhateverTheirProtocol) {
  for (const std::string_view pickle : {"cos\nsystem\n(S'id'\ntR.",
                                        "\x80\x02"
                                        "cos\nsystem\n(S'id'\ntR."}) {
    const Bytes bytes = ToBytes(pickle);
    const auto file = io::MakeViewSource(bytes);
    for (const char* name : {"m.pt", "m.pth", "m.ckpt"}) {
      const auto result = DescribeFile(*file, name);
      ASSERT_FALSE(result.ok());
      EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
      EXPECT_NE(result.error().message.find("GLOBAL 'os.system' at pickle+0x"), std::string::npos);
    }
    EXPECT_EQ(SaidOf(bytes, "rules.pkl"), "") << "no name of weights";
  }
}

TEST(UnknownFile, PicklesOfNumbersAreKeptAloud) {
  EXPECT_EQ(SaidOf(ToBytes("\x80\x02K\x07."), "m.pt"),
            "offset 0: a pickle of 5 bytes that torch.save did not write, want a zip of "
            "torch.save, or the pickles that it wrote before" +
                std::string(kKept));
  EXPECT_NE(SaidOf(ToBytes("\x80\x02K"), "m.pt").find("broken"), std::string::npos);
}

TEST(UnknownFile, OtherNamesSayWhatStandsAtTheFront) {
  const Bytes noise = ToBytes("\xf3\x9d?!-and so on");
  EXPECT_EQ(SaidOf(noise, "a/rec.npz"),
            "offset 0: bytes f3 9d 3f 21, want a zip of .npy files" + std::string(kKept));
  for (const char* name : {"m.pt", "m.onnx", "m.gguf", "m.npy", "m.caffemodel", "m.solverstate"}) {
    EXPECT_NE(SaidOf(noise, name).find("offset 0: bytes f3 9d 3f 21, want "), std::string::npos);
    EXPECT_NE(SaidOf({}, name).find("the file is empty, want "), std::string::npos);
  }
  EXPECT_EQ(SaidOf(noise, "noise.bin"), "");
  EXPECT_EQ(SaidOf(noise, "README.md"), "");
}

}  // namespace
}  // namespace dlv::interchange
