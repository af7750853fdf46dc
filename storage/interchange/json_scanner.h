#pragma once
/// \file
/// A strict JSON reader that pulls: the caller says what it expects next. Every error names the
/// offset. (The JSON library would keep the last of two equal keys, accept -0 and 1e3 for integers,
/// and does not tell offsets.)

#include <cstdint>
#include <string>
#include <string_view>

#include "dlv/result.h"

namespace dlv::interchange {

class JsonScanner {
 public:
  /// `text` must outlive the scanner; `what` is a literal for messages; `base` is added to offsets
  /// in messages.
  JsonScanner(std::string_view text, const char* what, std::uint64_t base = 0)
      : text_(text), what_(what), base_(base) {}

  /// Returns the next character that is not white space, without taking it; '\0' at the end.
  char Peek();
  /// Takes `c`.
  Status Expect(char c);
  /// Takes `c` if it is next.
  bool Accept(char c);
  /// Takes a string. Escapes are undone; the result is valid UTF-8.
  Result<std::string> String(std::size_t limit_bytes = 4096);
  /// Takes an integer 0 .. 2^53: no sign, no fraction, no exponent, no leading zero.
  Result<std::uint64_t> Unsigned();
  /// Takes a number, true, false or null. Returns it as written.
  Result<std::string_view> Scalar();
  /// From here on NaN, Infinity and -Infinity are numbers, as Python writes them.
  void AllowPythonNumbers() { python_numbers_ = true; }
  /// Takes `null`.
  Status Null();
  /// Takes any value, nested at most `depth` deep.
  Status Skip(unsigned depth);
  /// After a member of an object or array: takes ',' and returns true, or takes `close` and returns
  /// false.
  Result<bool> More(char close);
  Status ExpectEnd();

  std::uint64_t offset() const { return base_ + at_; }
  Error Bad(const std::string& why) const;

 private:
  Status Escape(std::string& out);
  Result<unsigned> Hex4();
  Status SkipNumber();
  Status SkipWord(std::string_view word);

  std::string_view text_;
  const char* what_;
  std::uint64_t base_;
  std::size_t at_ = 0;
  bool python_numbers_ = false;
};

}  // namespace dlv::interchange
