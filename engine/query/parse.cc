#include "engine/query/parse.h"

#include <memory>
#include <utility>

#include "engine/query/parse_errors.h"
#include "engine/query/parse_tree.h"
#include "engine/query/tokens.h"

namespace dlv::query {
namespace {

std::size_t NumberOf(TokenKind kind) {
  return kind == TokenKind::kEnd ? antlr4::Token::EOF : static_cast<std::size_t>(kind);
}

std::vector<std::unique_ptr<antlr4::Token>> TokensOf(std::span<const TokenKind> kinds) {
  std::vector<std::unique_ptr<antlr4::Token>> made;
  made.reserve(kinds.size());
  for (const TokenKind kind : kinds) {
    made.push_back(std::make_unique<antlr4::CommonToken>(NumberOf(kind)));
  }
  return made;
}

/// Stops at the first error and remembers the token.
class FirstError final : public antlr4::DefaultErrorStrategy {
 public:
  explicit FirstError(std::size_t* token) : token_(token) {}

  void reportError(antlr4::Parser*, const antlr4::RecognitionException& error) override {
    *token_ = error.getOffendingToken()->getTokenIndex();
  }
  void recover(antlr4::Parser*, std::exception_ptr) override {
    throw antlr4::ParseCancellationException();
  }
  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    *token_ = parser->getCurrentToken()->getTokenIndex();
    throw antlr4::ParseCancellationException();
  }
  void sync(antlr4::Parser*) override {}

 private:
  std::size_t* token_;
};

/// ANTLR over tokens that are there already.
class AntlrParser {
 public:
  explicit AntlrParser(std::span<const TokenKind> kinds)
      : source_(TokensOf(kinds)), stream_(&source_), parser_(Loaded(&stream_)) {
    parser_.removeErrorListeners();
    parser_.setErrorHandler(std::make_shared<FirstError>(&failed_));
  }

  /// Null on an error; failed() then is the token. Most statements need no more than SLL
  /// prediction, which is faster; where it fails, full prediction decides.
  Grammar::StatementContext* Run() {
    if (auto* tree = RunQuickly()) return tree;
    stream_.seek(0);
    parser_.reset();
    SetMode(antlr4::atn::PredictionMode::LL);
    return TryOnce();
  }
  /// With SLL prediction only.
  Grammar::StatementContext* RunQuickly() {
    SetMode(antlr4::atn::PredictionMode::SLL);
    return TryOnce();
  }
  std::size_t failed() const { return failed_; }

 private:
  void SetMode(antlr4::atn::PredictionMode mode) {
    parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(mode);
  }

  static antlr4::TokenStream* Loaded(antlr4::TokenStream* stream) {
    Grammar::Load();
    return stream;
  }

  // The one place where foreign exceptions end.
  Grammar::StatementContext* TryOnce() {
    try {
      return parser_.statement();
    } catch (const antlr4::ParseCancellationException&) {
      return nullptr;
    }
  }

  antlr4::ListTokenSource source_;
  antlr4::CommonTokenStream stream_;
  Grammar parser_;
  std::size_t failed_ = 0;
};

std::vector<TokenKind> KindsOf(std::span<const Token> tokens) {
  std::vector<TokenKind> kinds;
  kinds.reserve(tokens.size());
  for (const Token& token : tokens) kinds.push_back(token.kind);
  return kinds;
}

std::size_t FailedToken(std::span<const TokenKind> kinds) {
  AntlrParser parser(kinds);
  return parser.RunQuickly() == nullptr ? parser.failed() : kinds.size();
}

}  // namespace

Result<SyntaxStatement> Parse(std::string_view text, const ParseLimits& limits,
                              Place* error_place) {
  DLV_ASSIGN(auto all, Tokenize(text, limits, error_place));
  const ShortenedTokens shortened = ShortenLists(std::move(all));
  const std::vector<Token>& tokens = shortened.tokens;
  if (tokens.size() > limits.max_words) {
    *error_place = tokens[limits.max_words].place;
    return Error{ErrorCode::kSyntax,
                 "the statement has " + std::to_string(tokens.size()) + " words, at most " +
                     std::to_string(limits.max_words) + " are taken",
                 {}};
  }
  if (tokens.size() == 1) {
    return Error{ErrorCode::kSyntax, "there is no statement",
                 "a query begins with select, predict, slice, construct or evaluate"};
  }
  AntlrParser parser(KindsOf(tokens));
  auto* tree = parser.Run();
  if (tree == nullptr) {
    return ExplainSyntaxError(text, tokens, parser.failed(), FailedToken, error_place);
  }
  TreeBuilder builder(text, shortened, limits);
  SyntaxStatement statement = builder.Statement(tree);
  if (builder.error()) {
    *error_place = builder.error_place();
    return *builder.error();
  }
  return statement;
}

}  // namespace dlv::query
