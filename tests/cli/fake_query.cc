// Canned answers to queries: what a statement gives depends on a word in it.

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "dlv/query.h"
#include "dlv/repository.h"

namespace dlv {
namespace {

bool Has(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

QueryResult Rows() {
  QueryResult result;
  result.columns = {{"m", "version"},      {"name", "text"},          {"created", "timestamp"},
                    {"params", "integer"}, {"acc", "real"},           {"shipped", "boolean"},
                    {"node", "node"},      {"shape", "list(integer)"}};
  result.rows = {
      {{QueryVersion{{}, "lenet:v3"}},
       {std::string("lenet")},
       {QueryTime{1'700'000'000}},
       {std::int64_t{61706}},
       {0.912},
       {true},
       {QueryNode{"lenet:v3", "conv1", "Conv"}},
       {QueryList{{std::int64_t{6}}, {std::int64_t{1}}, {std::int64_t{5}}, {std::int64_t{5}}}}},
      {{QueryVersion{{}, "鳥の分類器:v1"}},
       {std::string("鳥の分類器, with | and \"quotes\" in a rather long name of a model")},
       {QueryTime{0}},
       {std::int64_t{-1}},
       {std::numeric_limits<double>::quiet_NaN()},
       {false},
       {},
       {QueryList{}}},
      {{QueryVersion{{}, "evil\x1b[31m\u202Eeman:v1"}},
       {std::string("bell\a and a\nsecond line 🚀")},
       {},
       {},
       {},
       {},
       {},
       {QueryList{{}, {std::string("x")}}}}};
  return result;
}

QueryResult Many(int rows) {
  QueryResult result;
  result.columns = {{"n", "integer"}, {"text", "text"}};
  for (int i = 0; i < rows; ++i)
    result.rows.push_back({{std::int64_t{i}}, {"row " + std::to_string(i)}});
  return result;
}

QueryResult Explained(bool analyzed) {
  QueryResult result;
  const auto line = [&](unsigned depth, const char* text, double estimated) {
    ExplainLine explained{depth, text, estimated, {}, {}, {}, {}};
    if (analyzed) {
      explained.rows = 3;
      explained.read_bytes = 2'400'000;
      explained.planes = 16;
      explained.seconds = 0.0112;
    }
    result.explain.push_back(explained);
  };
  line(0, "filter norm(m[\"fc\"].weight) > 3", 29);
  line(1, "scan versions m, columns id, name", 87);
  return result;
}

QueryResult Sliced() {
  QueryResult result;
  QueryNetwork made;
  made.name = "f";
  made.source = "lenet:v3";
  for (const char* op : {"Conv", "Relu", "MaxPool", "Gemm"}) {
    NetworkNode node;
    node.name = std::string(op) + "_1";
    node.op = op;
    node.outputs.emplace_back();
    made.network.nodes.push_back(node);
  }
  made.network.parameters.resize(4);
  made.network.inputs.resize(1);
  made.network.outputs.resize(1);
  made.tensors = {{"conv1.weight", "lenet:v3/conv1.weight"}};
  made.notes = {"pool5 became an extra input"};
  result.networks = {made};
  result.saved = {"features:v1"};
  result.warnings = {"one network had no such node"};
  return result;
}

class FakeQuery : public Query {
 public:
  FakeQuery(std::string text, QueryDiagnostic& diagnostic)
      : text_(std::move(text)), diagnostic_(diagnostic), columns_(Rows().columns) {}
  std::vector<std::string> parameters() const override {
    if (Has(text_, ":limit")) return {"limit"};
    return {};
  }
  const std::vector<QueryColumn>& columns() const override { return columns_; }
  Status Bind(std::string_view, QueryValue value) override {
    if (!std::holds_alternative<double>(value.value))
      return Error{ErrorCode::kInvalidArgument, ":limit: want a number"};
    bound_ = value;
    return Ok();
  }
  Result<QueryResult> Run(const Operation& operation) override {
    if (Has(text_, "explain")) return Explained(Has(text_, "analyze"));
    if (Has(text_, "slice")) return Sliced();
    if (Has(text_, "many")) return Many(500);
    if (Has(text_, "few")) return Many(2);
    if (Has(text_, "create")) return Message();
    if (Has(text_, "slow")) DLV_TRY(Wait(operation));
    if (Has(text_, "brief")) std::this_thread::sleep_for(std::chrono::seconds(1));
    if (Has(text_, "stuck")) std::this_thread::sleep_for(std::chrono::seconds(20));
    if (Has(text_, ":limit") && !bound_)
      return Error{ErrorCode::kInvalidArgument, "the parameter :limit has no value"};
    return Rows();
  }

 private:
  static QueryResult Message() {
    QueryResult result;
    result.message = "stored the query q3";
    return result;
  }
  Status Wait(const Operation& operation) {
    for (int i = 0; i < 500; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (operation.cancel == nullptr || !operation.cancel->cancelled()) continue;
      diagnostic_ = {{ErrorCode::kCancelled, "interrupted"}, {}, "interrupted"};
      return diagnostic_.error;
    }
    return Ok();
  }

  std::string text_;
  QueryDiagnostic& diagnostic_;
  std::vector<QueryColumn> columns_;
  std::optional<QueryValue> bound_;
};

class FakeSession : public QuerySession {
 public:
  Result<std::unique_ptr<Query>> Prepare(std::string_view statement) override {
    const std::string text(statement);
    const std::size_t at = text.find("nme");
    if (at == std::string::npos)
      return std::unique_ptr<Query>(std::make_unique<FakeQuery>(text, diagnostic_));
    std::size_t start = text.rfind('\n', at);
    start = start == std::string::npos ? 0 : start + 1;
    QueryPlace place;
    for (const char c : text.substr(0, at)) place.line += c == '\n' ? 1 : 0;
    place.column = static_cast<std::uint32_t>(at - start + 1);
    place.length = 3;
    const std::string message = "line " + std::to_string(place.line) + ", column " +
                                std::to_string(place.column) + ": no attribute \"nme\"";
    const std::string line = text.substr(start, text.find('\n', at) - start);
    diagnostic_ = {{ErrorCode::kSyntax, message, "did you mean \"name\"?"},
                   place,
                   message + "\n  " + line + "\n  " + std::string(at - start, ' ') +
                       "^~~\n  did you mean \"name\"?"};
    return diagnostic_.error;
  }
  const QueryDiagnostic& diagnostic() const override { return diagnostic_; }
  Result<QueryCompletion> Complete(std::string_view text, std::size_t cursor) override {
    QueryCompletion completion;
    completion.begin = cursor;
    while (completion.begin > 0 && text[completion.begin - 1] != ' ' &&
           text[completion.begin - 1] != '\n')
      --completion.begin;
    const std::string_view typed = text.substr(completion.begin, cursor - completion.begin);
    for (const char* word : {"select", "slice", "lenet", "lenet-five", "val_acc", "鳥の分類器"}) {
      if (std::string_view(word).starts_with(typed)) completion.words.emplace_back(word);
    }
    return completion;
  }
  QueryResult Schema() const override {
    QueryResult schema;
    schema.columns = {
        {"relation", "text"}, {"column", "text"}, {"type", "text"}, {"meaning", "text"}};
    const auto add = [&](const char* relation, const char* column, const char* type) {
      schema.rows.push_back({{std::string(relation)},
                             {std::string(column)},
                             {std::string(type)},
                             {std::string("what it says, in a sentence that has some length")}});
    };
    add("versions", "name", "text");
    add("versions", "created", "timestamp");
    add("metrics", "value", "real");
    return schema;
  }

 private:
  QueryDiagnostic diagnostic_;
};

}  // namespace

Result<std::unique_ptr<QuerySession>> QuerySession::Open(Repository&, const QueryOptions&) {
  return std::unique_ptr<QuerySession>(std::make_unique<FakeSession>());
}

std::vector<QuerySession::Statement> QuerySession::Split(std::string_view text) {
  std::vector<Statement> statements;
  const auto add = [&](std::string_view part, bool complete) {
    const std::size_t first = part.find_first_not_of(" \n\t");
    if (first == std::string_view::npos) return;
    const std::size_t last = part.find_last_not_of(" \n\t");
    statements.push_back({std::string(part.substr(first, last + 1 - first)), complete});
  };
  for (std::size_t end = text.find(';'); end != std::string_view::npos; end = text.find(';')) {
    add(text.substr(0, end), true);
    text.remove_prefix(end + 1);
  }
  add(text, false);
  return statements;
}

}  // namespace dlv
