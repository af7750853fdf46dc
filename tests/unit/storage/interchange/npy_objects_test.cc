// Arrays of Python objects in .npy and .npz: pickles of arrays, read and never run.

#include "tests/unit/storage/interchange/pickle_writer.h"
#include "tests/unit/storage/interchange/test_files.h"

namespace dlv::interchange {
namespace {

using namespace std::literals;

// The pickle of one array as numpy writes it; `data` is an opcode that pushes the bytes.
std::string ArrayPickle(std::string_view type, std::string_view order, std::string_view shape,
                        std::string_view data, bool fortran = false) {
  const auto text = [](std::string_view t) {
    return "U" + std::string(1, static_cast<char>(t.size())) + std::string(t);
  };
  return "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85"s + text("b") + "tR(K\1" +
         std::string(shape) + "cnumpy\ndtype\n(" + text(type) + "K\0K\1tR(K\3"s + text(order) +
         "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"s + (fortran ? "\x88" : "\x89") +
         std::string(data) + "tb";
}

std::string Sized(std::string_view bytes) {
  return "U" + std::string(1, static_cast<char>(bytes.size())) + std::string(bytes);
}

// An object array of one element, which is what `inside` pushes.
Bytes ObjectNpy(const std::string& inside) {
  const std::string pickle = "\x80\x02" + ArrayPickle("O8", "|", ")", "]" + inside + "a") + ".";
  return BuildNpy("{'descr': '|O', 'fortran_order': False, 'shape': (), }", ToBytes(pickle));
}

std::string Key(std::string_view name) { return Sized(name); }

TEST(NpyObjects, NestedDictsBecomeDottedNames) {
  const Bytes bytes = ObjectNpy(
      "}(" + Key("conv1") + "}(" + Key("weights") +
      ArrayPickle("i2", ">", "K\2K\2\x86", Sized("abcdefgh"), true) + Key("biases") +
      ArrayPickle("u1", "|", "K\2\x85", Sized("xy")) + "u" + Key("optimizer") + "}" + Key("m") +
      ArrayPickle("f4", "<", ")", Sized("1234")) + "s" + Key("epoch") + "K\7" + Key("best") +
      "cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\2f4K\0K\1tR(K\3U\1<NNNJ\xff\xff\xff\xff"
      "J\xff\xff\xff\xffK\0tbU\4\0\0\x80\x3ftRu"s);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file, "det.npy");
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->format, "npy");
  ASSERT_EQ(result->tensors.size(), 3u);
  const DescribedTensor* weights = FindTensor(*result, "conv1.weights");
  ASSERT_NE(weights, nullptr);
  EXPECT_EQ(weights->shape, (Shape{2, 2}));
  EXPECT_TRUE(weights->big_endian);
  EXPECT_EQ(weights->order, MemoryOrder::kFortran);
  EXPECT_EQ(ReadTensor(*weights), ToBytes("bafedchg"));
  EXPECT_EQ(ReadTensor(*FindTensor(*result, "conv1.biases")), ToBytes("xy"));
  EXPECT_EQ(FindTensor(*result, "optimizer.m")->role, TensorRole::kOptimizer);
  EXPECT_EQ(result->objects, (std::vector<std::string>{"det"}));
  EXPECT_EQ(result->metadata,
            (std::vector<std::pair<std::string, std::string>>{{"epoch", "7"}, {"best", "1"}}));
}

TEST(NpyObjects, ListsAndTiedArraysAreNamedByPlace) {
  // [a, a]: the second is the memo of the first.
  const Bytes bytes =
      ObjectNpy("](" + ArrayPickle("u1", "|", "K\3\x85", Sized("abc")) + "q\x50h\x50" + "e");
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  ASSERT_EQ(result->tensors.size(), 2u);
  EXPECT_EQ(result->tensors[0].name, "0");
  EXPECT_EQ(result->tensors[1].name, "1");
  ASSERT_TRUE(result->tensors[1].view.has_value());
  EXPECT_EQ(result->tensors[1].view->base, 0u);
}

TEST(NpyObjects, SharedSingleBytesOfTwoTypesAreBothKept) {
  const Bytes bytes = ObjectNpy("](" + ArrayPickle("u1", "|", ")", Sized("a") + "q\x50") +
                                ArrayPickle("b1", "|", ")", "h\x50") + "e");
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_FALSE(result->tensors[1].view.has_value());
  EXPECT_EQ(result->tensors[1].dtype, DType::kBool);
}

TEST(NpyObjects, SharedBytesThatShowTooMuchAreRefused) {
  const std::string data(60'000, 'x');
  std::string inside =
      "](" + ArrayPickle("u1", "|", "J\x60\xea\0\0\x85"s, "B\x60\xea\0\0"s + data + "q\x50");
  for (int i = 0; i < 2'000; ++i) {
    inside += ArrayPickle(i % 2 == 0 ? "i1" : "u1", "|", "J\x60\xea\0\0\x85"s, "h\x50");
  }
  const Bytes bytes = ObjectNpy(inside + "e");
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
}

TEST(NpyObjects, BytesWrittenAsLatin1TextAreDecoded) {
  const Bytes bytes = ObjectNpy(ArrayPickle(
      "u1", "|", "K\2\x85", "c_codecs\nencode\n(X\4\0\0\0\xc3\xbf\xc2\x80U\6latin1tR"s));
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(ReadTensor(result->tensors.at(0)), ToBytes("\xff\x80"));
}

TEST(NpyObjects, BuffersOfProtocol5AreArrays) {
  const Bytes bytes = ObjectNpy(
      "cnumpy.core.numeric\n_frombuffer\n(C\4abcdcnumpy\ndtype\n(U\2u2K\0K\1tR(K\3U\1<NNNJ\xff\xff"
      "\xff\xffJ\xff\xff\xff\xffK\0tbK\2\x85U\1CtR"s);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(result->tensors.at(0).shape, (Shape{2}));
  EXPECT_EQ(ReadTensor(result->tensors.at(0)), ToBytes("abcd"));
}

TEST(NpyObjects, WhatNeedsCodeIsRefusedWithNameAndOffset) {
  const Bytes bytes = ObjectNpy("cposix\nsystem\n(U\2idtR"s);
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeFile(*file, "x");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsafe);
  const auto at =
      std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).find("cposix");
  std::string offset(16, '\0');
  offset.resize(static_cast<std::size_t>(std::snprintf(offset.data(), 16, "npy+0x%zx", at)));
  EXPECT_NE(result.error().message.find("'posix.system' at " + offset), std::string::npos)
      << result.error().message;
}

TEST(NpyObjects, ShapesThatLieAreRefused) {
  const std::string bad[] = {
      ArrayPickle("u1", "|", "K\3\x85", Sized("ab")),                // too few bytes
      ArrayPickle("u1", "|", "J\xff\xff\xff\xff\x85", Sized("ab")),  // negative
      ArrayPickle("u1", "|", "\x8a\x08\0\0\0\0\0\0\0\x40\x8a\x08\0\0\0\0\0\0\0\x40\x86"s,
                  Sized("ab")),                        // overflow
      ArrayPickle("zz", "|", "K\2\x85", Sized("ab")),  // no such type
      ArrayPickle("u1", "|", "K\2\x85", "N"),          // no bytes
      ArrayPickle("O8", "|", "K\2\x85", "]K\1a"),      // one object of two
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85U\1btR"s,  // no state
      "cnumpy.core.numeric\n_frombuffer\n)R"s,
  };
  for (const std::string& inside : bad) {
    const Bytes bytes = ObjectNpy(inside);
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeFile(*file, "x");
    ASSERT_FALSE(result.ok()) << inside;
    EXPECT_EQ(result.error().code, ErrorCode::kCorruption) << result.error().message;
  }
}

TEST(NpyObjects, CutAtEveryLengthIsAnErrorNotACrash) {
  const Bytes whole =
      ObjectNpy("}" + Key("w") + ArrayPickle("u1", "|", "K\3\x85", Sized("abc")) + "s");
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    const Bytes bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeBytes(*file);
    EXPECT_TRUE(size < 8 || !result.ok()) << size;
  }
}

TEST(NpyObjects, CyclesAndHugeTreesAreRefused) {
  // a = []; a.append(a)
  const Bytes cycle = ObjectNpy(
      "]q\x50h\x50"
      "a"s);
  // Thirty lists, each of ten times the one before.
  std::string nested = "]K\1a";
  for (int i = 0; i < 30; ++i) {
    nested +=
        "q\x50"
        "0](";
    for (int k = 0; k < 10; ++k) nested += "h\x50";
    nested += "e";
  }
  const Bytes bomb = ObjectNpy(nested);
  for (const Bytes& bytes : {cycle, bomb}) {
    const auto file = io::MakeViewSource(bytes);
    const auto result = DescribeFile(*file, "x");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::kUnsafe) << result.error().message;
  }
}

TEST(NpyObjects, ObjectsWithoutArraysAreKeptWhole) {
  const Bytes bytes = ObjectNpy("U\5hello");
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_TRUE(result->tensors.empty());
  EXPECT_FALSE(result->note.empty());
}

TEST(NpyObjects, MembersOfNpzTakeTheMembersName) {
  for (const int level : {-1, 6}) {
    const Bytes npz = BuildZip(
        {{"params.npy",
          ObjectNpy("}" + Key("w") + ArrayPickle("u1", "|", "K\3\x85", Sized("abc")) + "s"), level},
         {"params.w.npy",
          BuildNpy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", ToBytes("xy")),
          level}});
    const auto file = io::MakeViewSource(npz);
    const auto result = DescribeBytes(*file);
    ASSERT_TRUE(result.ok()) << TextOf(result);
    EXPECT_EQ(result->format, "npz");
    EXPECT_FALSE(result->objects.empty());
    ASSERT_EQ(result->tensors.size(), 2u);
    EXPECT_EQ(result->tensors[0].name, "params.w");
    EXPECT_EQ(result->tensors[1].name, "params.w~2");
  }
}

TEST(NpyObjects, LongArraysStayInTheFile) {
  std::string data(70'000, '\0');
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<char>(i * i % 251);
  std::string sized = "B\x70\x11\x01\0"s + data;
  const Bytes bytes =
      ObjectNpy("}" + Key("w") + ArrayPickle("u1", "|", "J\x70\x11\x01\0\x85"s, sized) + "s");
  const auto file = io::MakeViewSource(bytes);
  const auto result = DescribeBytes(*file);
  ASSERT_TRUE(result.ok()) << TextOf(result);
  EXPECT_EQ(ReadTensor(result->tensors.at(0)), ToBytes(data));
  EXPECT_LT(result->literals.at(0)->size(), 1000u);
}

}  // namespace
}  // namespace dlv::interchange
