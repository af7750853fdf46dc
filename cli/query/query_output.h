#pragma once
/// \file
/// Results of queries on the terminal and in files.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/output.h"
#include "cli/style.h"
#include "cli/terminal.h"
#include "dlv/query.h"

namespace dlv::cli {

enum class QueryMode { kBox, kLine, kJson, kJsonLines, kCsv, kMarkdown };

/// "box", "line", "json", "jsonl", "csv", "markdown".
std::span<const std::string_view> QueryModeNames();
std::optional<QueryMode> QueryModeFromName(std::string_view name);
std::string_view NameOf(QueryMode mode);
/// What --mode says, else --json and --jsonl, else a box.  Errors: kInvalidArgument.
Result<QueryMode> ChooseMode(const std::optional<std::string>& given, const Output& out);

struct QueryView {
  QueryMode mode = QueryMode::kBox;
  std::size_t width = 0;  ///< cells of a line; 0: no limit
  Glyphs glyphs = Glyphs::kBlocks;
  Style style;
};

/// Returns the result as text with its newlines. Modes for people escape what could steer a
/// terminal, and end with the number of rows; csv and JSON hold nothing but data.
std::string RenderResult(const QueryResult& result, const QueryView& view);

/// The rows in a box: types below the names, numbers to the right, columns cut where they do not
/// fit, and left out in the middle ("…") where cutting is not enough.
std::string RenderBox(const QueryResult& result, const QueryView& view);
/// A block of "name = value" lines for each row.
std::string RenderLines(const QueryResult& result, const QueryView& view);
/// RFC 4180, with a header.
std::string RenderCsv(const QueryResult& result);
std::string RenderMarkdown(const QueryResult& result);
/// The tree of explain.
std::string RenderExplain(const QueryResult& result, const QueryView& view);
/// What slice and construct made.
std::string RenderNetworks(const QueryResult& result, const QueryView& view);

/// One document for several results (docs/json/query.schema.json). json_query.cc.
std::string QueryDocument(std::span<const QueryResult> results);
/// A line for each row.
std::string QueryLines(const QueryResult& result);

}  // namespace dlv::cli
