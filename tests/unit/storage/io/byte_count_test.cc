#include "storage/io/byte_count.h"

#include <gtest/gtest.h>

namespace dlv::io {
namespace {

TEST(ByteCount, HasTheUnitThatFits) {
  EXPECT_EQ(ByteCount(0), "0 B");
  EXPECT_EQ(ByteCount(1023), "1023 B");
  EXPECT_EQ(ByteCount(1024), "1.0 KiB");
  EXPECT_EQ(ByteCount(314'572'800), "300.0 MiB");
  EXPECT_EQ(ByteCount((1u << 30) - 1), "1.0 GiB");
  EXPECT_EQ(ByteCount(~std::uint64_t{0}), "16.0 EiB");
}

}  // namespace
}  // namespace dlv::io
