#include "cli/query/run_statement.h"

#include <algorithm>
#include <charconv>

#include "cli/context.h"
#include "cli/suggest.h"

namespace dlv::cli {
namespace {

/// What a bare word may mean beside text.
std::optional<QueryValue> Interpret(const std::string& text) {
  if (text == "null") return QueryValue{};
  if (text == "true" || text == "false") return QueryValue{text == "true"};
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto [at, status] = std::from_chars(text.data(), end, whole);
      at == end && status == std::errc())
    return QueryValue{whole};
  double real = 0;
  if (text.find_first_of("0123456789") == std::string::npos) return std::nullopt;  // "nan", "inf"
  if (const auto [at, status] = std::from_chars(text.data(), end, real);
      at == end && status == std::errc())
    return QueryValue{real};
  return std::nullopt;
}

/// The text between a pair of quotes, or nothing.
std::optional<std::string> Unquoted(const std::string& text) {
  if (text.size() < 2 || text.front() != text.back()) return std::nullopt;
  if (text.front() != '\'' && text.front() != '"') return std::nullopt;
  return text.substr(1, text.size() - 2);
}

/// "[a, 0.1, 'b,c']" as a list; nothing where it is none.
std::optional<QueryValue> ListOf(const std::string& text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  QueryList list;
  std::string item;
  char quote = 0;
  const auto finish = [&] {
    const std::size_t first = item.find_first_not_of(' ');
    item = first == std::string::npos ? ""
                                      : item.substr(first, item.find_last_not_of(' ') + 1 - first);
    const auto inner = Unquoted(item);
    const auto value = inner ? std::nullopt : Interpret(item);
    list.push_back(value ? *value : QueryValue{inner ? *inner : item});
    item.clear();
  };
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote == 0 ? c : char{0};
    if (c == ',' && quote == 0) {
      finish();
    } else {
      item += c;
    }
  }
  if (!item.empty() || !list.empty()) finish();
  return QueryValue{std::move(list)};
}

Status BindOne(Query& query, const std::string& name, const std::string& text) {
  if (const auto inner = Unquoted(text)) return query.Bind(name, {*inner});
  if (const auto list = ListOf(text)) {
    Status status = query.Bind(name, *list);
    if (status.ok() || status.error().code != ErrorCode::kInvalidArgument) return status;
  }
  const auto value = Interpret(text);
  if (!value) return query.Bind(name, {text});
  Status status = query.Bind(name, *value);
  if (status.ok() || status.error().code != ErrorCode::kInvalidArgument) return status;
  return query.Bind(name, {text}).ok() ? Ok() : status;
}

}  // namespace

Result<QueryParameters> QueryParameters::Parse(const std::vector<std::string>& options) {
  QueryParameters parameters;
  for (const std::string& option : options) {
    DLV_ASSIGN(auto pair, SplitKeyValue(option, "--param"));
    if (pair.first.starts_with(":")) pair.first.erase(0, 1);
    parameters.values_.push_back(std::move(pair));
  }
  return parameters;
}

Status QueryParameters::Bind(Query& query) {
  const std::vector<std::string> wanted = query.parameters();
  wanted_.insert(wanted.begin(), wanted.end());
  for (const auto& [name, text] : values_) {
    if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
    DLV_TRY(BindOne(query, name, text));
    used_.insert(name);
  }
  return Ok();
}

Status QueryParameters::CheckUsed() const {
  for (const auto& [name, text] : values_) {
    if (used_.contains(name)) continue;
    const std::vector<std::string> wanted(wanted_.begin(), wanted_.end());
    std::string hint = DidYouMean(Nearest(name, wanted));
    if (hint.empty()) hint = wanted.empty() ? "it has none" : "there is :" + wanted.front();
    return Error{ErrorCode::kNotFound, "--param: no statement has the parameter :" + name, hint};
  }
  return Ok();
}

std::vector<PlacedStatement> PlaceStatements(std::string_view text) {
  std::vector<PlacedStatement> placed;
  std::size_t at = 0;
  std::ptrdiff_t lines = 0;
  for (QuerySession::Statement& statement : QuerySession::Split(text)) {
    const std::size_t found = std::min(text.find(statement.text, at), text.size());
    lines += std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                        text.begin() + static_cast<std::ptrdiff_t>(found), '\n');
    at = found;
    placed.push_back(
        {std::string(static_cast<std::size_t>(lines), '\n') + statement.text, statement.complete});
  }
  return placed;
}

Result<QueryResult> RunStatement(QuerySession& session, std::string_view statement, bool last,
                                 QueryParameters& parameters, const Operation& operation) {
  DLV_ASSIGN(const std::unique_ptr<Query> query, session.Prepare(statement));
  DLV_TRY(parameters.Bind(*query));
  if (last) DLV_TRY(parameters.CheckUsed());
  return query->Run(operation);
}

int ReportQueryError(const QuerySession& session, const Error& error, Output& output) {
  const QueryDiagnostic& diagnostic = session.diagnostic();
  const bool placed = diagnostic.place && diagnostic.error.message == error.message &&
                      !diagnostic.rendered.empty() && !output.json();
  if (!placed) return ReportError(error, output);
  std::string text = diagnostic.rendered;  // has the hint
  while (text.ends_with('\n')) text.pop_back();
  return ReportError({error.code, std::move(text)}, output);
}

}  // namespace dlv::cli
