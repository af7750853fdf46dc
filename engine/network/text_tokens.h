#pragma once
/// \file
/// Words of the text form.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dlv/result.h"

namespace dlv::network {

struct TextToken {
  enum class Kind : std::uint8_t {
    kEnd,
    kName,    ///< bare: keywords, names, element types
    kQuoted,  ///< `text` without quotes and escapes
    kNumber,  ///< as written
    kSymbol,  ///< one of ( ) [ ] { } , : = @ $ # ^ - ? and "->"
  } kind = Kind::kEnd;
  std::string text;
  std::size_t begin = 0;  ///< byte in the whole text
};

/// Cuts a text into tokens, one at a time. Comments run from "//" to the end of the line.
class TextTokens {
 public:
  /// `text` is borrowed.
  explicit TextTokens(std::string_view text) : text_(text) {}

  /// Errors: kSyntax (a quote that does not end, an unknown escape or character).
  Result<TextToken> Next();
  /// "line 7, column 12: " + why; columns count characters.
  Error SyntaxError(std::size_t at, const std::string& why) const;

 private:
  void SkipSpace();
  Result<TextToken> QuotedText();
  TextToken Number();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace dlv::network
