#pragma once
/// \file
/// DQL from a program: prepared queries with parameters and typed rows. The language is described
/// in docs/dql.md.
///
///     DLV_ASSIGN(auto session, QuerySession::Open(repository));
///     DLV_ASSIGN(auto query, session->Prepare("select m.name, m.metrics[\"val_acc\"] acc where acc
///     > :limit")); DLV_TRY(query->Bind("limit", 0.9)); DLV_ASSIGN(const QueryResult result,
///     query->Run()); for (const auto& row : result.rows) { ... std::get<double>(row[1].value) ...
///     }

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dlv/ids.h"
#include "dlv/network.h"
#include "dlv/progress.h"
#include "dlv/result.h"

namespace dlv {

class Repository;

/// A version in a row of a result.
struct QueryVersion {
  VersionId id;
  std::string reference;  ///< "lenet:v3"
  bool operator==(const QueryVersion&) const = default;
};

/// A node of a version's network in a row of a result.
struct QueryNode {
  std::string version;  ///< its reference; empty for a network that is not stored
  std::string name;
  std::string op;
  bool operator==(const QueryNode&) const = default;
};

struct QueryValue;
using QueryList = std::vector<QueryValue>;

/// Seconds since 1970-01-01 UTC.
struct QueryTime {
  std::int64_t seconds = 0;
  bool operator==(const QueryTime&) const = default;
};

/// A value of a row; std::monostate is NULL. Numbers are int64 or double, as the column says.
struct QueryValue {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, QueryTime, QueryVersion,
               QueryNode, QueryList>
      value;
  bool operator==(const QueryValue&) const = default;
};

struct QueryColumn {
  std::string name;
  std::string type;  ///< "text", "integer", "real", "boolean", "timestamp", "version", "node",
                     ///< "network", "list(real)", ...
};

/// A place in a statement. Counting begins at 1; a column counts characters, not bytes.
struct QueryPlace {
  std::uint32_t line = 1, column = 1;
  std::uint32_t length = 1;  ///< characters to underline
};

/// Why a statement was refused. `rendered` is the whole message as a terminal shows it: the line,
/// the caret and the hint.
struct QueryDiagnostic {
  Error error;
  std::optional<QueryPlace> place;
  std::string rendered;
};

/// What a line of `explain` says; children are deeper lines that follow.
struct ExplainLine {
  unsigned depth = 0;
  std::string text;  ///< "filter m.name like \"alexnet%\""
  std::optional<double> estimated_rows;
  // Only after `explain analyze`:
  std::optional<std::uint64_t> rows, read_bytes, planes;
  std::optional<double> seconds;
};

/// A network that slice or construct made.
struct QueryNetwork {
  std::string name;    ///< of the result variable, numbered where there are several
  std::string source;  ///< reference of the version that it was derived from
  Network network;
  /// Where the weights of its parameters are: parameter name to "REF/tensor"; parameters with an
  /// initializer have none.
  std::map<std::string, std::string> tensors;
  std::vector<std::string> notes;  ///< "pool5 became an extra input"
};

struct QueryResult {
  std::vector<QueryColumn> columns;
  std::vector<std::vector<QueryValue>> rows;
  std::vector<QueryNetwork> networks;  ///< slice, construct
  std::vector<std::string> saved;      ///< references that `save as` made
  std::vector<ExplainLine> explain;    ///< explain, explain analyze
  std::string message;                 ///< what a statement without rows did
  std::vector<std::string> warnings;
};

/// One statement, checked against the repository's names and types. Runs as often as wanted, each
/// time on the repository's state of that moment. Belongs to its session and must not outlive it.
class Query {
 public:
  virtual ~Query() = default;
  /// Names of the bind parameters, without the colon, in order of appearance.
  virtual std::vector<std::string> parameters() const = 0;
  virtual const std::vector<QueryColumn>& columns() const = 0;
  /// Errors: kNotFound (no such parameter), kInvalidArgument (its type does not fit).
  virtual Status Bind(std::string_view name, QueryValue value) = 0;
  /// Errors: kInvalidArgument (a parameter has no value, overflow, a network that is refused),
  /// kNotFound, kConflict (`save as`: a name is taken), kUnsupported (evaluate), kCorruption, kIo,
  /// kCancelled.
  virtual Result<QueryResult> Run(const Operation& operation = {}) = 0;
};

struct QueryOptions {
  bool read_only = true;        ///< refuse `save as`, `create query`, `drop query`
  std::size_t max_depth = 500;  ///< of nesting
  std::size_t max_statement_bytes = 1 << 20;
};

/// What a name may be completed to, for shells.
struct QueryCompletion {
  std::size_t begin = 0;  ///< byte of the text where the completed word begins
  std::vector<std::string> words;
};

/// Prepares and runs statements over one repository, and remembers the last result, which a
/// statement can name `_`. Thread-compatible.
class QuerySession {
 public:
  /// `repository` must outlive the session.
  static Result<std::unique_ptr<QuerySession>> Open(Repository& repository,
                                                    const QueryOptions& options = {});
  virtual ~QuerySession() = default;
  /// Errors: kSyntax (the text), kNotFound (a name), kInvalidArgument (types). `diagnostic()` has
  /// the place.
  virtual Result<std::unique_ptr<Query>> Prepare(std::string_view statement) = 0;
  /// The last error of Prepare or Run, with its place.
  virtual const QueryDiagnostic& diagnostic() const = 0;
  /// Cuts a text into its statements at `;` outside of strings and comments. The last one may be
  /// unfinished: `complete` is false then.
  struct Statement {
    std::string text;
    bool complete = false;
  };
  static std::vector<Statement> Split(std::string_view text);
  /// Words that fit at byte `cursor` of the text: keywords, models, aliases, attributes, layers,
  /// metrics.
  virtual Result<QueryCompletion> Complete(std::string_view text, std::size_t cursor) = 0;
  /// The relations and their columns, as rows (relation, column, type, meaning).
  virtual QueryResult Schema() const = 0;
};

}  // namespace dlv
