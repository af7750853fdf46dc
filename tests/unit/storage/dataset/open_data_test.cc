#include "storage/dataset/preprocess.h"
#include "tests/unit/storage/dataset/data_files.h"

namespace dlv::dataset {
namespace {

using testing::Bytes;
using testing::Counting;
using testing::DataTest;
using testing::Gzip;
using testing::Idx;
using testing::Npy;

using OpenDataTest = DataTest;
constexpr std::uint8_t kU8 = 0x08, kI16 = 0x0b;

TEST_F(OpenDataTest, IdxPlainAndInGzip) {
  const Bytes pixels = Counting(5 * 6);
  const std::string plain = Put("a/train-images-idx3-ubyte", Idx(kU8, {5, 2, 3}, pixels));
  Put("a/train-labels-idx1-ubyte", Idx(kU8, {5}, {4, 3, 2, 1, 0}));
  Put("b/t10k-images-idx3-ubyte.gz", Gzip(Idx(kU8, {5, 2, 3}, pixels), "t10k-images"));
  Put("b/t10k-labels-idx1-ubyte.gz", Gzip(Idx(kU8, {5}, {4, 3, 2, 1, 0})));
  for (const std::string& path : {plain, folder() + "/a", folder() + "/b"}) {
    const auto data = Open(path);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->description().format, "idx");
    EXPECT_EQ(data->description().count, 5U);
    EXPECT_EQ(data->description().example, (Shape{2, 3}));
    EXPECT_EQ(data->description().layout, Layout::kHW);
    EXPECT_EQ(Read(*data, 0, 5), pixels);
    EXPECT_EQ(Read(*data, 3, 1), Bytes(pixels.begin() + 18, pixels.begin() + 24));
    EXPECT_EQ(Labels(*data), (std::vector<std::int64_t>{4, 3, 2, 1, 0}));
  }
}

TEST_F(OpenDataTest, IdxIsBigEndian) {
  const auto data = Open(Put("numbers", Idx(kI16, {2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})));
  ASSERT_TRUE(data);
  EXPECT_EQ(Read(*data, 1, 1), (Bytes{6, 5, 8, 7}));
  EXPECT_FALSE(data->description().has_labels);
  std::vector<std::int64_t> labels(1);
  EXPECT_EQ(data->ReadLabels(0, labels).error().code, ErrorCode::kNotFound);
}

TEST_F(OpenDataTest, DamagedIdxIsTold) {
  EXPECT_EQ(FailureOf(Put("short", Idx(kU8, {5, 2, 3}, Counting(29)))).code,
            ErrorCode::kCorruption);
  EXPECT_EQ(FailureOf(Put("huge", Idx(kU8, {0xffffffff, 0xffffffff, 0xffffffff}, {}))).code,
            ErrorCode::kCorruption);
  Put("x-images-idx3", Idx(kU8, {2, 1, 1}, {1, 2}));
  const std::string labels = Put("x-labels-idx1", Idx(kU8, {3}, {1, 2, 3}));
  EXPECT_NE(FailureOf(folder() + "/x-images-idx3").message.find("3 labels for 2 examples"),
            std::string::npos);
}

TEST_F(OpenDataTest, EveryFlippedBitOfGzipIsFoundOrHarmless) {
  const Bytes pixels = Counting(40);
  const Bytes packed = Gzip(Idx(kU8, {10, 4}, pixels));
  for (std::size_t at = 0; at < packed.size(); ++at) {
    Bytes damaged = packed;
    damaged[at] ^= 0x10;
    const auto opened = OpenData(io::PosixFileSystem(), Put("damaged", damaged));
    if (!opened.ok()) continue;
    EXPECT_EQ(Read(**opened, 0, 10), pixels) << at;  // time, operating system and such
  }
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const Bytes cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(OpenData(io::PosixFileSystem(), Put("cut", cut)).ok()) << size;
  }
}

TEST_F(OpenDataTest, GzipThatIsCutOffIsTold) {
  const Bytes packed = Gzip(Idx(kU8, {200, 4}, Counting(800)));
  const auto expect_told = [&](std::size_t size, const std::string& where) {
    const Bytes cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size));
    const Error error = FailureOf(Put("cut.gz", cut));
    EXPECT_EQ(error.code, ErrorCode::kCorruption) << size;
    EXPECT_NE(error.message.find("cut.gz: gzip: cut off: the file ends after " +
                                 std::to_string(size) + " bytes, amid " + where),
              std::string::npos)
        << size << ": " << error.message;
  };
  for (std::size_t size = 2; size < 10; ++size) expect_told(size, "its head");
  for (std::size_t size = 10; size < packed.size() - 8; ++size) expect_told(size, "the data");
  for (std::size_t size = packed.size() - 8; size < packed.size(); ++size)
    expect_told(size, "the 8 bytes behind the data");
}

TEST_F(OpenDataTest, DamagedArraysAreToldByName) {
  const Bytes file = Npy("|u1", "(4, 2)", Counting(8));
  const Error error = FailureOf(Put("short.npy", Bytes(file.begin(), file.end() - 3)));
  EXPECT_EQ(error.code, ErrorCode::kCorruption);
  EXPECT_NE(error.message.find("short.npy: npy"), std::string::npos) << error.message;
}

TEST_F(OpenDataTest, LabelsThatAreNoNumbersOfClassesAreToldWithWhatToDo) {
  const std::string examples = Put("x.npy", Npy("|u1", "(4, 2)", Counting(8)));
  const auto failure = [&](const std::string& type, const std::string& shape, std::size_t bytes) {
    return FailureOf(examples, {Put("y.npy", Npy(type, shape, Counting(bytes))), "", ""});
  };
  EXPECT_NE(failure("<U1", "(4,)", 16).hint.find("numpy.unique"), std::string::npos);
  EXPECT_NE(failure("|u1", "(4, 3)", 12).hint.find("labels.argmax(1)"), std::string::npos);
  EXPECT_EQ(failure("|u1", "(3,)", 3).hint, "");
}

TEST_F(OpenDataTest, JpegForPrintIsRefused) {
  tjhandle coder = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const Bytes pixels = Counting(8 * 8 * 4);
  ASSERT_EQ(tjCompress2(coder, pixels.data(), 8, 0, 8, TJPF_CMYK, &out, &size, TJSAMP_444, 95, 0),
            0);
  const Error error = FailureOf(Put("print.jpg", Bytes(out, out + size)));
  tjFree(out);
  tjDestroy(coder);
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_NE(error.message.find("CMYK"), std::string::npos) << error.message;
}

TEST_F(OpenDataTest, GzipOfSeveralMembersIsRefused) {
  const Bytes packed = Gzip(Idx(kU8, {10, 4}, Counting(40)));
  Bytes twice = packed;
  twice.insert(twice.end(), packed.begin(), packed.end());
  const Error error = FailureOf(Put("twice.gz", twice));
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_NE(error.message.find("behind its end at byte " + std::to_string(packed.size())),
            std::string::npos)
      << error.message;
}

TEST_F(OpenDataTest, CifarBatches) {
  const auto batch = [](std::uint8_t first, std::size_t count, std::size_t labels) {
    Bytes bytes;
    for (std::size_t i = 0; i < count; ++i) {
      bytes.insert(bytes.end(), labels - 1, 19);
      bytes.push_back(static_cast<std::uint8_t>(first + i));
      bytes.insert(bytes.end(), 3072, static_cast<std::uint8_t>(100 + first + i));
    }
    return bytes;
  };
  Put("ten/data_batch_1.bin", batch(0, 2, 1));
  Put("ten/data_batch_2.bin", batch(2, 3, 1));
  const auto data = Open(folder() + "/ten");
  ASSERT_TRUE(data);
  EXPECT_EQ(data->description().format, "cifar-10");
  EXPECT_EQ(data->description().example, (Shape{3, 32, 32}));
  EXPECT_EQ(Labels(*data), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  const Bytes both = Read(*data, 1, 2);
  EXPECT_EQ(both.front(), 101);
  EXPECT_EQ(both.back(), 102);
  const auto hundred = Open(Put("hundred.bin", batch(7, 2, 2)));
  ASSERT_TRUE(hundred);
  EXPECT_EQ(hundred->description().format, "cifar-100");
  EXPECT_EQ(Labels(*hundred), (std::vector<std::int64_t>{7, 8}));
  Bytes cut = batch(0, 2, 1);
  cut.resize(4000);
  const Error error = FailureOf(Put("cut.bin", cut));
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_NE(error.message.find("4000 bytes without an array"), std::string::npos);
  EXPECT_NE(error.hint.find("CIFAR binary (records of 3073"), std::string::npos);
  Put("ten/test_batch.bin", batch(0, 1, 1));
  EXPECT_NE(FailureOf(folder() + "/ten").message.find("several"), std::string::npos);
}

TEST_F(OpenDataTest, ArraysOfNumpyAndSafetensors) {
  const std::string x = Put("x.npy", Npy("|u1", "(3, 2, 2, 1)", Counting(12)));
  const std::string y = Put("y.npy", Npy("<i4", "(3,)", {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0}));
  DataOptions options;
  options.labels = y;
  const auto data = Open(x, options);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->description().layout, Layout::kHWC);
  const Bytes all = Counting(12);
  EXPECT_EQ(Read(*data, 1, 2), Bytes(all.begin() + 4, all.end()));
  EXPECT_EQ(Labels(*data), (std::vector<std::int64_t>{1, 0, 2}));
  const std::string head =
      R"({"images":{"dtype":"U8","shape":[2,3],"data_offsets":[0,6]},"labels":{"dtype":"F32","shape":[2],"data_offsets":[6,14]}})";
  Bytes elements = Counting(6);
  for (const float label : {5.0F, 6.0F}) {
    Bytes raw(4);
    std::memcpy(raw.data(), &label, 4);
    elements.insert(elements.end(), raw.begin(), raw.end());
  }
  const auto tensors = Open(Put("data.safetensors", testing::Safetensors(head, elements)));
  ASSERT_TRUE(tensors);
  EXPECT_EQ(tensors->description().example, (Shape{3}));
  EXPECT_EQ(Labels(*tensors), (std::vector<std::int64_t>{5, 6}));
}

TEST_F(OpenDataTest, ArraysThatDoNotFitAreTold) {
  const std::string x = Put("x.npy", Npy("|u1", "(3, 2)", Counting(6)));
  DataOptions options;
  options.labels = Put("y.npy", Npy("|u1", "(2,)", {1, 0}));
  EXPECT_NE(FailureOf(x, options).message.find("want 3 labels"), std::string::npos);
  options.labels = Put("text.npy", Npy("<U1", "(3,)", Bytes(12, 'a')));
  EXPECT_EQ(FailureOf(x, options).code, ErrorCode::kInvalidArgument);
  EXPECT_NE(FailureOf(x, options).message.find("labels of type <U1, want"), std::string::npos)
      << FailureOf(x, options).message;
  options.labels = Put("half.npy", Npy("<f4", "(3,)", {0, 0, 0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0}));
  const auto halves = Open(x, options);
  ASSERT_TRUE(halves);
  std::vector<std::int64_t> labels(3);
  EXPECT_EQ(halves->ReadLabels(0, labels).error().code, ErrorCode::kInvalidArgument);
  options.labels.clear();
  options.array = "pixels";
  EXPECT_EQ(FailureOf(x, options).code, ErrorCode::kNotFound);
  EXPECT_EQ(FailureOf(Put("one.npy", Npy("|u1", "()", {1}))).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(FailureOf(Put("none.npy", Npy("|u1", "(0, 2)", {}))).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(FailureOf(folder() + "/missing").code, ErrorCode::kNotFound);
  std::filesystem::create_directories(folder() + "/empty");
  EXPECT_EQ(FailureOf(folder() + "/empty").code, ErrorCode::kNotFound);
}

TEST_F(OpenDataTest, ImagesInFoldersOfClasses) {
  const Bytes red(2 * 3 * 3, 200), dark(2 * 3 * 3, 10);
  Put("cats/b.png", testing::Png(3, 2, 3, red));
  Put("cats/a.png", testing::Png(3, 2, 3, dark));
  Put("cats/notes.txt", std::string("no image"));
  Put("dogs/c.png", testing::Png(3, 2, 3, red));
  const auto data = Open(folder());
  ASSERT_TRUE(data);
  EXPECT_EQ(data->description().classes, (std::vector<std::string>{"cats", "dogs"}));
  EXPECT_EQ(data->description().example, (Shape{2, 3, 3}));
  EXPECT_EQ(Labels(*data), (std::vector<std::int64_t>{0, 0, 1}));
  EXPECT_EQ(Read(*data, 0, 1), dark);
  EXPECT_EQ(Read(*data, 2, 1), red);
}

TEST_F(OpenDataTest, ImagesWithAListOfLabels) {
  Put("0.png", testing::Png(2, 2, 1, {1, 2, 3, 4}));
  Put("1.png", testing::Png(2, 2, 1, {5, 6, 7, 8}));
  EXPECT_FALSE(Open(folder())->description().has_labels);
  Put("labels.csv", std::string("name,label\r\n1.png,7\r\n0.png,3\r\n"));
  const auto data = Open(folder());
  ASSERT_TRUE(data);
  EXPECT_EQ(data->description().layout, Layout::kHW);
  EXPECT_EQ(Labels(*data), (std::vector<std::int64_t>{3, 7}));
  Put("labels.csv", std::string("0.png,3\n"));
  EXPECT_EQ(FailureOf(folder()).code, ErrorCode::kNotFound);
  Put("labels.csv", std::string("0.png,3\n1.png,seven\n"));
  EXPECT_NE(FailureOf(folder()).message.find("line 2"), std::string::npos);
}

TEST_F(OpenDataTest, ImagesOfTwoSizesAreTold) {
  Put("0.png", testing::Png(2, 2, 1, {1, 2, 3, 4}));
  Put("1.png", testing::Png(1, 2, 1, {5, 6}));
  const auto data = Open(folder());
  ASSERT_TRUE(data);
  std::vector<std::byte> out(4);
  const Status read = data->Read(1, out);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("1 x 2 gray, the first image is 2 x 2 gray"),
            std::string::npos);
}

/// Like one image a source of its own, resized there.
TEST_F(OpenDataTest, ImagesOfAnySizeAreResized) {
  const Bytes large = testing::Counting(5 * 4 * 3), gray = testing::Counting(3 * 6);
  Put("all/0.png", testing::Png(5, 4, 3, large));
  Put("all/1.png", testing::Png(3, 6, 1, gray));
  Put("all/2.png", testing::Png(2, 2, 3, testing::Counting(12)));
  const auto data = Open(folder() + "/all");
  ASSERT_TRUE(data);
  for (const char* const text :
       {"resize=3x4,channels=rgb,scale=1/255", "resize=3x4,channels=gray,mean=0.5",
        "resize=7x2,channels=bgr,std=2:3:4,mean=1:2:3", "resize=4,crop=3x4,channels=rgb"}) {
    SCOPED_TRACE(text);
    const auto steps = Preprocess::Parse(text);
    ASSERT_TRUE(steps.ok());
    auto fitted = data->Fitted(*steps);
    ASSERT_TRUE(fitted.ok() && *fitted) << text;
    auto& files = io::PosixFileSystem();
    const auto rest = Preprocessor::Make(files, (*fitted)->rest, (*fitted)->data->description());
    ASSERT_TRUE(rest.ok()) << rest.error().message;
    for (std::uint64_t i = 0; i < 3; ++i) {
      const auto alone = Open(folder() + "/all/" + std::to_string(i) + ".png");
      ASSERT_TRUE(alone);
      const auto all_steps = Preprocessor::Make(files, *steps, alone->description());
      ASSERT_TRUE(all_steps.ok());
      ASSERT_EQ(all_steps->output_shape(), rest->output_shape());
      std::vector<std::byte> raw((*fitted)->data->description().example_bytes());
      ASSERT_TRUE((*fitted)->data->Read(i, raw).ok());
      const Bytes pixels = Read(*alone, 0, 1);
      std::vector<double> got, want;
      rest->ApplyToOne(raw, got);
      all_steps->ApplyToOne(std::as_bytes(std::span(pixels)), want);
      EXPECT_EQ(got, want) << i;
    }
  }
}

TEST_F(OpenDataTest, ImagesThatStepsDoNotMakeAlikeAreTold) {
  Put("0.png", testing::Png(2, 2, 3, testing::Counting(12)));
  Put("1.png", testing::Png(3, 1, 1, {5, 6, 7}));
  const auto data = Open(folder());
  ASSERT_TRUE(data);
  const auto hint_of = [&](const char* text) {
    const auto steps = Preprocess::Parse(text);
    const auto fitted = data->Fitted(*steps);
    EXPECT_TRUE(fitted.ok() && *fitted) << text;
    std::vector<std::byte> raw((*fitted)->data->description().example_bytes());
    EXPECT_TRUE((*fitted)->data->Read(0, raw).ok());
    const Status read = (*fitted)->data->Read(1, raw);
    EXPECT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(read.error().message.find("3 x 1 gray, the first image is 2 x 2 in colour"),
              std::string::npos);
    return read.error().hint;
  };
  EXPECT_NE(hint_of("resize=2x2").find("channels=rgb"), std::string::npos);
  EXPECT_NE(hint_of("channels=gray").find("resize"), std::string::npos);
  EXPECT_FALSE(data->Fitted(*Preprocess::Parse("scale=2"))->has_value());
}

TEST_F(OpenDataTest, HashesKnowImagesOfAnySize) {
  const auto hash_of = [&](const std::string& name, std::uint64_t first, std::uint64_t count) {
    io::Sha256 hash;
    const auto data = Open(folder() + "/" + name);
    EXPECT_TRUE(data->AddToHash(first, count, hash).ok());
    return hash.Finish<FileDigest>().Hex();
  };
  Put("a/0.png", testing::Png(2, 2, 1, {1, 2, 3, 4}));
  Put("a/1.png", testing::Png(4, 1, 1, {1, 2, 3, 4}));
  Put("b/0.png", testing::Png(2, 2, 1, {1, 2, 3, 4}));
  Put("b/1.png", testing::Png(1, 4, 1, {1, 2, 3, 4}));
  EXPECT_EQ(hash_of("a", 0, 1), hash_of("b", 0, 1));
  EXPECT_NE(hash_of("a", 0, 2), hash_of("b", 0, 2));
  io::Sha256 plain;
  const Bytes pixels = {1, 2, 3, 4};
  plain.Update(std::as_bytes(std::span(pixels)));
  EXPECT_EQ(hash_of("a", 0, 1), plain.Finish<FileDigest>().Hex());
}

TEST_F(OpenDataTest, JpegIsCloseAndADamagedOneIsTold) {
  Bytes rgb;
  for (int i = 0; i < 16 * 16; ++i) {
    const auto shade = static_cast<std::uint8_t>(i / 16 * 7 + i % 16 * 5);
    rgb.insert(rgb.end(), {shade, static_cast<std::uint8_t>(200 - shade / 2), 50});
  }
  const Bytes file = testing::Jpeg(16, 16, rgb);
  const auto data = Open(Put("a.jpg", file));
  ASSERT_TRUE(data);
  EXPECT_EQ(data->description().example, (Shape{16, 16, 3}));
  const Bytes got = Read(*data, 0, 1);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], rgb[i], 6) << i;
  const auto cut = Open(Put("b.jpg", Bytes(file.begin(), file.end() - 40)));
  ASSERT_TRUE(cut);  // its head is whole
  std::vector<std::byte> out(rgb.size());
  EXPECT_EQ(cut->Read(0, out).error().code, ErrorCode::kCorruption);
}

TEST_F(OpenDataTest, RealData) {
  const char* const shared = std::getenv("DLV_SHARED_DATA");
  if (shared == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set";
  const auto first_labels = [](const DataSource& data) {
    std::vector<std::int64_t> labels(5);
    EXPECT_TRUE(data.ReadLabels(0, labels).ok());
    return labels;
  };
  const auto digits = Open(std::string(shared) + "/mnist_t10k");
  ASSERT_TRUE(digits);
  EXPECT_EQ(digits->description().count, 10'000U);
  EXPECT_EQ(first_labels(*digits), (std::vector<std::int64_t>{7, 2, 1, 0, 4}));
  const auto things = Open(std::string(shared) + "/cifar10_test_part");
  ASSERT_TRUE(things);
  EXPECT_EQ(things->description().count, 932U);
  EXPECT_EQ(first_labels(*things), (std::vector<std::int64_t>{3, 8, 8, 0, 6}));
}

TEST_F(OpenDataTest, RangesAreChecked) {
  const auto data = Open(Put("numbers", Idx(kU8, {3, 2}, Counting(6))));
  ASSERT_TRUE(data);
  std::vector<std::byte> out(4);
  EXPECT_TRUE(data->Read(1, out).ok());
  EXPECT_EQ(data->Read(2, out).error().code, ErrorCode::kInvalidArgument);
  out.resize(3);
  EXPECT_EQ(data->Read(0, out).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace dlv::dataset
