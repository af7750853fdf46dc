#include "storage/store/repository_paths.h"

#include <gtest/gtest.h>

namespace dlv::store {
namespace {

TEST(RepositoryFormats, RoundTrip) {
  const auto format = DecodeFormat(EncodeFormat({}));
  ASSERT_TRUE(format.ok()) << format.error().message;
  EXPECT_EQ(format->version, kRepositoryVersion);
  EXPECT_EQ(format->features, 0U);
}

TEST(RepositoryFormats, NewerVersionsAndUnknownFeaturesAreUnsupported) {
  RepositoryFormat format;
  format.version = kRepositoryVersion + 1;
  EXPECT_EQ(DecodeFormat(EncodeFormat(format)).error().code, ErrorCode::kUnsupported);
  format.version = kRepositoryVersion;
  format.features = 4;
  EXPECT_EQ(DecodeFormat(EncodeFormat(format)).error().code, ErrorCode::kUnsupported);
}

TEST(RepositoryFormats, EveryFlipAndEveryCutIsTold) {
  const std::string whole = EncodeFormat({});
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string text = whole;
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      EXPECT_FALSE(DecodeFormat(text).ok()) << "byte " << at << ", bit " << bit;
    }
    EXPECT_FALSE(DecodeFormat(whole.substr(0, at)).ok()) << "cut to " << at;
  }
  EXPECT_FALSE(DecodeFormat(whole + "x").ok());
}

TEST(RepositoryFormats, ARootMayEndInASlash) {
  EXPECT_EQ(RepositoryPaths("/a").dlv, "/a/.dlv");
  EXPECT_EQ(RepositoryPaths("/a/").dlv, "/a/.dlv");
  EXPECT_EQ(RepositoryPaths("/a").Pack("x.pack"), "/a/.dlv/packs/x.pack");
}

}  // namespace
}  // namespace dlv::store
