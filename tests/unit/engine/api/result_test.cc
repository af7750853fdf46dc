#include "dlv/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace dlv {
namespace {

// How many of its kind live: a result must end what it held, once.
struct Counted {
  explicit Counted(int given) : number(given) { ++living; }
  Counted(const Counted& other) : number(other.number) { ++living; }
  Counted(Counted&& other) noexcept : number(std::exchange(other.number, -1)) { ++living; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --living; }

  int number;
  static inline int living = 0;
};

Error Missing() {
  return {ErrorCode::kNotFound, "no such thing as this long name", "look elsewhere"};
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<std::string> value = std::string("a value that needs memory of its own");
  const Result<std::string> error = Missing();
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, "a value that needs memory of its own");
  EXPECT_EQ(value->size(), 36u);
  ASSERT_FALSE(error.ok());
  EXPECT_EQ(error.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(error.error().hint, "look elsewhere");
}

TEST(Result, IsCopiedWhereItsValueIs) {
  static_assert(std::is_copy_constructible_v<Result<std::string>>);
  static_assert(std::is_copy_assignable_v<Result<std::string>>);
  static_assert(!std::is_copy_constructible_v<Result<std::unique_ptr<int>>>);
  static_assert(!std::is_copy_assignable_v<Result<std::unique_ptr<int>>>);
  static_assert(std::is_nothrow_move_constructible_v<Result<std::vector<int>>>);

  const Result<std::vector<int>> value = std::vector<int>{1, 2, 3};
  const Result<std::vector<int>> error = Missing();
  Result<std::vector<int>> copy = value;
  EXPECT_EQ(*copy, *value);
  copy = error;
  EXPECT_EQ(copy.error().message, error.error().message);
  copy = value;
  EXPECT_EQ(*copy, *value);
  const auto& same = copy;
  copy = same;
  EXPECT_EQ(*copy, *value);
}

TEST(Result, IsMoved) {
  Result<std::unique_ptr<int>> first = std::make_unique<int>(7);
  Result<std::unique_ptr<int>> second = std::move(first);
  EXPECT_EQ(**second, 7);
  first = Missing();
  second = std::move(first);
  EXPECT_EQ(std::move(second).error().code, ErrorCode::kNotFound);
  second = std::make_unique<int>(8);
  const std::unique_ptr<int> taken = std::move(second).value();
  EXPECT_EQ(*taken, 8);
}

TEST(Result, EndsWhatItHeldOnce) {
  {
    Result<Counted> first = Counted(1);
    Result<Counted> second = first;
    EXPECT_EQ(Counted::living, 2);
    second = Missing();
    EXPECT_EQ(Counted::living, 1);
    second = std::move(first);
    EXPECT_EQ(second->number, 1);
    second = Result<Counted>(Counted(2));
    EXPECT_EQ(second->number, 2);
  }
  EXPECT_EQ(Counted::living, 0);
}

TEST(Result, ValueOfAnErrorStopsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> error = Missing();
  const Result<int> value = 1;
  EXPECT_DEATH(static_cast<void>(error.value()), "value\\(\\) of an error");
  EXPECT_DEATH(static_cast<void>(value.error()), "error\\(\\) of a value");
}

}  // namespace
}  // namespace dlv
