#include "cli/byte_size.h"

#include <gtest/gtest.h>

namespace dlv::cli {
namespace {

std::uint64_t SizeOf(const std::string& text) {
  const auto size = ParseByteSize(text, "--shard");
  return size.ok() ? *size : 0;
}

TEST(ByteSize, UnitsAreWhatTheySay) {
  EXPECT_EQ(SizeOf("4096"), 4096u);
  EXPECT_EQ(SizeOf("1k"), 1024u);
  EXPECT_EQ(SizeOf("1 KiB"), 1024u);
  EXPECT_EQ(SizeOf("1kB"), 1000u);
  EXPECT_EQ(SizeOf("5GiB"), 5368709120u);
  EXPECT_EQ(SizeOf("5gb"), 5000000000u);
  EXPECT_EQ(SizeOf("1.5M"), 1572864u);
  EXPECT_EQ(SizeOf("2TiB"), 2199023255552u);
}

TEST(ByteSize, AnythingElseIsRefused) {
  for (const char* text :
       {"", "0", "-1", "GiB", "1 furlong", "1e3", "nan", "99999999999TiB", "0.1"}) {
    const auto size = ParseByteSize(text, "--shard");
    ASSERT_FALSE(size.ok()) << text;
    EXPECT_EQ(size.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(size.error().message.find("--shard"), std::string::npos);
  }
}

}  // namespace
}  // namespace dlv::cli
