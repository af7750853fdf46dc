#include "storage/dataset/preprocess.h"

#include "tests/unit/storage/dataset/data_files.h"

namespace dlv::dataset {
namespace {

using testing::Bytes;

Preprocess Parsed(const std::string& text) {
  auto steps = Preprocess::Parse(text);
  EXPECT_TRUE(steps.ok()) << (steps.ok() ? "" : steps.error().message);
  return steps.ok() ? *steps : Preprocess();
}

DataDescription Images(Layout layout, Shape example) {
  DataDescription data;
  data.path = "data";
  data.layout = layout;
  data.example = std::move(example);
  return data;
}

/// What one example becomes.
std::vector<float> Applied(const std::string& text, const DataDescription& data, const Bytes& raw,
                           Shape* shape = nullptr) {
  const auto made = Preprocessor::Make(io::PosixFileSystem(), Parsed(text), data);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
  if (!made.ok()) return {};
  if (shape != nullptr) *shape = made->output_shape();
  std::vector<float> out(static_cast<std::size_t>(made->output_elements()));
  made->Apply(1, std::as_bytes(std::span(raw)), out);
  return out;
}

TEST(Preprocess, TextComesBack) {
  for (const std::string text :
       {"", "scale=1/255", "channels=rgb,resize=256,crop=224x200,scale=1/255",
        "scale=1/255,mean=0.485:0.456:0.406,std=0.229:0.224:0.225",
        "layout=hwc,channels=bgr,resize=224x224,mean_image=mean.npy,scale=0.00390625,mean=-1,std="
        "2"})
    EXPECT_EQ(Parsed(text).Text(), text);
  EXPECT_EQ(Parsed("std=2,scale=1/4").Text(), "scale=1/4,std=2");
}

TEST(Preprocess, WrongTextIsTold) {
  for (const char* text :
       {"scale",     "scale=",        "scale=0",  "scale=1/0",       "scale=nan",
        "mean=1:",   "mean=1::2",     "std=0",    "std=1:0",         "resize=x3",
        "resize=0",  "crop=3",        "crop=0x1", "resize=0x3",      "resize=3x99999999999",
        "layout=wh", "channels=cmyk", "zoom=3",   "scale=1,scale=2", "mean_image="}) {
    const auto steps = Preprocess::Parse(text);
    ASSERT_FALSE(steps.ok()) << text;
    EXPECT_EQ(steps.error().code, ErrorCode::kSyntax) << text;
  }
}

TEST(Preprocess, ScalesAndNormalisesByChannel) {
  Shape shape;
  const auto got = Applied("scale=1/10,mean=1:2,std=2:4", Images(Layout::kHWC, {1, 2, 2}),
                           {10, 20, 30, 40}, &shape);
  EXPECT_EQ(shape, (Shape{2, 1, 2}));
  EXPECT_EQ(got, (std::vector<float>{0, 1, 0, 0.5F}));
}

TEST(Preprocess, GrayImagesGetAChannelAxis) {
  Shape shape;
  EXPECT_EQ(Applied("", Images(Layout::kHW, {1, 2}), {3, 4}, &shape), (std::vector<float>{3, 4}));
  EXPECT_EQ(shape, (Shape{1, 1, 2}));
  EXPECT_EQ(Applied("channels=rgb", Images(Layout::kHW, {1, 2}), {3, 4}, &shape),
            (std::vector<float>{3, 4, 3, 4, 3, 4}));
  EXPECT_EQ(shape, (Shape{3, 1, 2}));
}

TEST(Preprocess, TheShorterSideIsResizedAndTheMiddleCut) {
  Shape shape;
  const DataDescription wide = Images(Layout::kHW, {2, 5}), tall = Images(Layout::kHW, {5, 2});
  const Bytes raw = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90};
  for (const auto& [image, same] : {std::pair(wide, "resize=3x7"), {tall, "resize=7x3"}}) {
    const auto got = Applied("resize=3", image, raw, &shape);  // 3 * 5 / 2, rounded down
    EXPECT_EQ(got, Applied(same, image, raw));
    EXPECT_EQ(shape, image.example[0] == 2 ? (Shape{1, 3, 7}) : (Shape{1, 7, 3}));
  }
  EXPECT_EQ(Applied("crop=1x3", wide, raw, &shape), (std::vector<float>{10, 20, 30}));
  EXPECT_EQ(shape, (Shape{1, 1, 3}));
  EXPECT_EQ(Applied("crop=2x2", wide, raw), (std::vector<float>{20, 30, 70, 80}));  // 1.5 is 2
  EXPECT_EQ(Applied("crop=2x4", wide, raw),
            (std::vector<float>{0, 10, 20, 30, 50, 60, 70, 80}));  // 0.5 is 0
  const Bytes colours = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(Applied("crop=1x1,scale=2,mean=1", Images(Layout::kHWC, {1, 3, 3}), colours),
            (std::vector<float>{7, 9, 11}));
}

TEST(Preprocess, ColoursAreSwappedOrMadeGray) {
  EXPECT_EQ(Applied("channels=bgr", Images(Layout::kHWC, {1, 1, 3}), {1, 2, 3}),
            (std::vector<float>{3, 2, 1}));
  EXPECT_EQ(Applied("channels=rgb", Images(Layout::kCHW, {3, 1, 1}), {1, 2, 3}),
            (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(Applied("channels=gray", Images(Layout::kHWC, {1, 1, 3}), {100, 200, 50}),
            (std::vector<float>{153}));  // 29.9 + 117.4 + 5.7
}

// As torch.nn.functional.interpolate(mode="bilinear", align_corners=False) has it.
TEST(Preprocess, ResizesByPixelCentres) {
  Shape shape;
  EXPECT_EQ(Applied("resize=1x4", Images(Layout::kHW, {1, 2}), {0, 100}, &shape),
            (std::vector<float>{0, 25, 75, 100}));
  EXPECT_EQ(shape, (Shape{1, 1, 4}));
  EXPECT_EQ(Applied("resize=1x1", Images(Layout::kHW, {2, 2}), {0, 20, 40, 60}),
            (std::vector<float>{30}));
}

TEST(Preprocess, OtherExamplesKeepTheirAxes) {
  Shape shape;
  EXPECT_EQ(Applied("scale=2,mean=1", Images(Layout::kNone, {3}), {1, 2, 3}, &shape),
            (std::vector<float>{1, 3, 5}));
  EXPECT_EQ(shape, (Shape{3}));
}

TEST(Preprocess, WhatDoesNotFitIsTold) {
  const auto fails = [](const std::string& text, const DataDescription& data) {
    return !Preprocessor::Make(io::PosixFileSystem(), Parsed(text), data).ok();
  };
  EXPECT_TRUE(fails("resize=2x2", Images(Layout::kNone, {4})));
  EXPECT_TRUE(fails("resize=2", Images(Layout::kNone, {4})));
  EXPECT_TRUE(fails("crop=1x1", Images(Layout::kNone, {4})));
  EXPECT_TRUE(fails("crop=3x1", Images(Layout::kHW, {2, 4})));
  EXPECT_TRUE(fails("resize=2,crop=2x5", Images(Layout::kHW, {4, 8})));
  EXPECT_TRUE(fails("resize=30000", Images(Layout::kHW, {2, 4})));
  EXPECT_TRUE(fails("channels=gray", Images(Layout::kNone, {4})));
  EXPECT_TRUE(fails("channels=gray", Images(Layout::kCHW, {2, 1, 1})));
  EXPECT_TRUE(fails("layout=hwc", Images(Layout::kHW, {2, 2})));
  EXPECT_TRUE(fails("mean=1:2", Images(Layout::kCHW, {3, 1, 1})));
  const auto made =
      Preprocessor::Make(io::PosixFileSystem(), Parsed("mean=1:2:3"), Images(Layout::kHW, {2, 2}));
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().message.ends_with("mean has 3 numbers, want 1: there is 1 channel"))
      << made.error().message;
  EXPECT_TRUE(fails("mean_image=/nowhere.npy", Images(Layout::kHW, {2, 2})));
}

using MeanImage = testing::DataTest;

TEST_F(MeanImage, IsTakenAwayBeforeScaling) {
  const std::string mean = Put("mean.npy", testing::Npy("|u1", "(1, 2)", {10, 20}));
  EXPECT_EQ(Applied("mean_image=" + mean + ",scale=1/2", Images(Layout::kHW, {1, 2}), {20, 40}),
            (std::vector<float>{5, 10}));
}

}  // namespace
}  // namespace dlv::dataset
