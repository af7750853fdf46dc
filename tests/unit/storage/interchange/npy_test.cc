#include "storage/interchange/npy_header.h"

#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

std::string Header(const std::string& descr, const std::string& order, const std::string& shape) {
  return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

TEST(Npy, CanonicalBytesOfBigEndianAreLittleEndian) {
  const Bytes bytes = BuildNpy(Header("'>u2'", "False", "(3,)"), ToBytes("aAbBcC"));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, "folder/name.npy");
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->tensors[0].name, "name");
  EXPECT_EQ(result->tensors[0].dtype, DType::kU16);
  EXPECT_TRUE(result->tensors[0].big_endian);
  EXPECT_EQ(ReadTensor(result->tensors[0]), ToBytes("AaBbCc"));
}

TEST(Npy, ComplexNumbersSwapByHalves) {
  const Bytes bytes = BuildNpy(Header("'>c8'", "False", "()"), ToBytes("abcdABCD"));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(ReadTensor(result->tensors[0]), ToBytes("dcbaDCBA"));
}

TEST(Npy, FortranOrderBecomesCOrder) {
  // Element (i, j, k) of shape (2, 3, 2) has the value 100 i + 10 j + k; Fortran order: i fastest.
  std::vector<std::uint16_t> stored;
  std::vector<std::uint16_t> want;
  for (int k = 0; k < 2; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i)
        stored.push_back(static_cast<std::uint16_t>(100 * i + 10 * j + k));
    }
  }
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 2; ++k) want.push_back(static_cast<std::uint16_t>(100 * i + 10 * j + k));
    }
  }
  const Bytes bytes = BuildNpy(Header("'<u2'", "True", "(2, 3, 2)"), RawOf(stored));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->tensors[0].order, MemoryOrder::kFortran);
  EXPECT_EQ(ReadTensor(result->tensors[0]), RawOf(want));
}

TEST(Npy, ReadsVersions2And3AndOddForms) {
  for (const int version : {2, 3}) {
    std::string text = "{\"descr\":'<f4','fortran_order':False,'shape':(1L,)}\n";
    Bytes bytes = ToBytes(std::string_view("\x93NUMPY", 6));
    bytes.push_back(static_cast<std::byte>(version));
    bytes.push_back(std::byte{0});
    PutLittle<std::uint32_t>(bytes, static_cast<std::uint32_t>(text.size()));
    Append(bytes, ToBytes(text + "data"));
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok()) << TextOf(result);
    EXPECT_EQ(ReadTensor(result->tensors[0]), ToBytes("data"));
  }
}

TEST(Npy, KeepsTextAndStructuresAsBytes) {
  for (const std::string descr :
       {"'<U3'", "'|S12'", "[('a', '<f4'), (('title', 'b'), '<f8')]", "[('a', '<i2', (2, 3))]",
        "'|V12'", "[('p', [('q', '<f4'), ('r', '<f8')])]"}) {
    const Bytes bytes = BuildNpy(Header(descr, "True", "(2, 1)"), Bytes(24));
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok()) << descr << ": " << TextOf(result);
    EXPECT_EQ(result->tensors[0].dtype, DType::kOpaque);
    EXPECT_EQ(result->tensors[0].shape, (Shape{24}));
    EXPECT_FALSE(result->tensors[0].foreign_dtype.empty());
    ASSERT_EQ(result->warnings.size(), 1U);
    EXPECT_EQ(result->warnings[0],
              "dtype '" + result->tensors[0].foreign_dtype + "' is kept as bytes");
  }
}

TEST(Npy, KeepsBytesAfterTheArray) {
  const Bytes bytes = BuildNpy(Header("'|u1'", "False", "(2,)"), ToBytes("abTRAILER"));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(ReadTensor(result->tensors[0]), ToBytes("ab"));
}

TEST(Npy, RefusesObjectsThatAreNoPickle) {
  for (const std::string descr : {"'|O'", "'O8'", "[('a', '|O')]"}) {
    const Bytes bytes = BuildNpy(Header(descr, "False", "(1,)"), Bytes(8));
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeFile(*file, "x");
    ASSERT_FALSE(result.ok()) << descr;
    const bool records = descr.starts_with("[");
    EXPECT_EQ(result.error().code, records ? ErrorCode::kUnsafe : ErrorCode::kCorruption);
  }
}

TEST(Npy, RefusesWhatIsNotALiteralHeader) {
  const std::string bad[] = {
      "",
      "{}",
      "{'descr': '<f4', 'fortran_order': False}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
      "{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}",
      Header("'<f4'", "False", "(-1,)"),
      Header("'<f4'", "False", "(1e3,)"),
      Header("'<f4'", "False", "(9223372036854775807, 9223372036854775807)"),
      Header("'<f4'", "False", "(3,)"),
      Header("'<f4'", "False", "()") + " + 1",
      Header("'<f4'", "False", "()") + "{}",
      Header("'<q4'", "False", "()"),
      Header("'!f4'", "False", "()"),
      Header("'<f\\x34'", "False", "()"),
      Header("[[[[[[[[[[]]]]]]]]]]", "False", "()"),
      Header("'<f4', 'descr': '<f8'", "False", "()"),
      "{'descr': '<f4', 'extra': 1, 'fortran_order': False, 'shape': ()}",
  };
  for (const std::string& header : bad) {
    const Bytes bytes = BuildNpy(header, ToBytes("data"));
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeFile(*file, "x");
    ASSERT_FALSE(result.ok()) << header;
    EXPECT_EQ(result.error().code, ErrorCode::kCorruption) << header;
    EXPECT_NE(result.error().message.find("offset"), std::string::npos);
  }
}

TEST(Npz, StoredAndDeflatedMembersComeBack) {
  const Bytes small = BuildNpy(Header("'<f4'", "False", "(2, 2)"), ToBytes("0123456789abcdef"));
  std::vector<std::uint32_t> values(300'000);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::uint32_t>(i * i % 1009);
  const Bytes large = BuildNpy(Header("'<u4'", "True", "(300, 1000)"), RawOf(values));
  for (const int level : {-1, 0, 1, 6, 9}) {
    const Bytes bytes =
        BuildZip({{"a.npy", small, level}, {"layer.running_var.npy", large, level, true}});
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok()) << TextOf(result);
    EXPECT_EQ(result->format, "npz");
    EXPECT_EQ(result->tensors[1].name, "layer.running_var");
    EXPECT_EQ(result->tensors[1].role, TensorRole::kBuffer);
    EXPECT_EQ(ReadTensor(result->tensors[0]), ToBytes("0123456789abcdef"));
    if (level != 0) {
      EXPECT_TRUE(result->warnings.empty()) << "level " << level;
    }
  }
}

TEST(Npz, KeepsCompressedBytesThatZlibDoesNotMakeAgain) {
  const Bytes member = BuildNpy(Header("'|u1'", "False", "(1000,)"), Bytes(1000));
  Bytes zip = BuildZip({{"a.npy", member, 6}});
  // Turn the final block into a stored one by hand: a stream of another deflater.
  Bytes packed = ToBytes(std::string_view("\x01", 1));
  PutLittle<std::uint16_t>(packed, static_cast<std::uint16_t>(member.size()));
  PutLittle<std::uint16_t>(packed, static_cast<std::uint16_t>(~member.size()));
  Append(packed, member);
  const Bytes usual = DeflateRaw(member, 6);
  const std::size_t data = 30 + 5;
  ASSERT_TRUE(std::equal(usual.begin(), usual.end(), zip.begin() + data));
  Bytes bytes(zip.begin(), zip.begin() + data);
  Append(bytes, packed);
  bytes.insert(bytes.end(), zip.begin() + static_cast<std::ptrdiff_t>(data + usual.size()),
               zip.end());
  const auto put = [&](std::size_t at, std::size_t value) {
    const auto narrow = static_cast<std::uint32_t>(value);
    std::memcpy(bytes.data() + at, &narrow, 4);
  };
  const std::size_t directory = data + packed.size();
  put(18, packed.size());
  put(directory + 20, packed.size());
  put(bytes.size() - 22 + 16, directory);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_NE(result->warnings[0].find("compressed bytes are kept"), std::string::npos);
  EXPECT_EQ(result->tensors[0].source->size(), 1000u);
}

TEST(Npz, OneRecipeForArraysOfOneShape) {
  Bytes recipes[2];
  for (int i = 0; i < 2; ++i) {
    const Bytes bytes = BuildZip(
        {{"a.npy", BuildNpy(Header("'|u1'", "False", "(4,)"), ToBytes(i == 0 ? "1234" : "wxyz"))}});
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok()) << TextOf(result);
    recipes[i] = EncodeRecipe(*result->recipe);
    ASSERT_EQ(result->literals.size(), 1u);
    static Bytes first_literal;
    if (i == 0) first_literal = ReadAllOf(*result->literals[0]);
    EXPECT_EQ(ReadAllOf(*result->literals[0]), first_literal) << "CRC-32 are computed, not kept";
  }
  EXPECT_EQ(recipes[0], recipes[1]);
}

TEST(Npz, NamesTheMemberWhoseObjectsAreNoPickle) {
  const Bytes bytes = BuildZip({{"a.npy", BuildNpy(Header("'|O'", "False", "(1,)"), Bytes(8))}});
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruption);
  EXPECT_NE(result.error().message.find("member a.npy"), std::string::npos);
}

}  // namespace
}  // namespace dlv::interchange
