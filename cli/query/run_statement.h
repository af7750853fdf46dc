#pragma once
/// \file
/// Statements from a text to their results: what `dlv query` and the shell share.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "dlv/query.h"

namespace dlv::cli {

/// Values for bind parameters, as they were given: "-p limit=0.9".
class QueryParameters {
 public:
  /// Errors: kInvalidArgument (no NAME=VALUE).
  static Result<QueryParameters> Parse(const std::vector<std::string>& options);

  /// Gives the query what it asks for. A value that looks like a number, true, false or null is
  /// tried as such and then as text; in quotes it is text.
  /// Errors: those of Query::Bind.
  Status Bind(Query& query);
  /// Errors: kNotFound where a parameter was given that no statement had.
  Status CheckUsed() const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
  std::set<std::string> used_, wanted_;
};

/// A statement with the number of lines in front of it, so that errors name the lines of the file.
struct PlacedStatement {
  std::string text;
  bool complete = false;
};
/// Cuts a text into statements; each begins with as many newlines as stand before it.
std::vector<PlacedStatement> PlaceStatements(std::string_view text);

/// Prepares, binds, runs. Before the last statement of a text runs, each parameter must have been
/// used.  Errors: as QuerySession::Prepare, QueryParameters::CheckUsed and Query::Run.
Result<QueryResult> RunStatement(QuerySession& session, std::string_view statement, bool last,
                                 QueryParameters& parameters, const Operation& operation);

/// Writes the error to stderr, with the line and the caret where there is a place, and with --json
/// the error document to stdout. Returns the exit status.
int ReportQueryError(const QuerySession& session, const Error& error, Output& output);

}  // namespace dlv::cli
