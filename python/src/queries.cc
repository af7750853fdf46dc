#include "python/src/queries.h"

#include <pybind11/stl.h>

#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "dlv/query.h"
#include "dlv/repository.h"
#include "dlv/search.h"
#include "python/src/long_call.h"
#include "python/src/networks.h"
#include "python/src/values.h"

namespace dlv::python {
namespace {

namespace py = pybind11;

/// A session for several threads: they take turns, without the interpreter's lock while they wait.
struct SharedSession {
  std::unique_ptr<QuerySession> session;
  std::mutex turn;
};

struct PreparedQuery {
  std::shared_ptr<SharedSession> shared;
  std::unique_ptr<Query> query;  ///< goes before its session
};

/// A result, and what the session said about its failure.
template <class T>
struct Outcome {
  Result<T> result;
  QueryDiagnostic diagnostic;
};

template <class T>
T TakeOutcome(Outcome<T> outcome) {
  if (outcome.result.ok()) return std::move(outcome.result).value();
  const Error& error = outcome.result.error();
  if (outcome.diagnostic.error.message != error.message) Raise(error);
  RaiseInStatement(error, outcome.diagnostic);
}

/// Runs `call(session)` in the caller's turn; the interpreter's lock is not held.
template <class Call>
auto InTurn(SharedSession& shared, const Call& call)
    -> Outcome<std::decay_t<decltype(call(*shared.session).value())>> {
  const std::lock_guard turn(shared.turn);
  auto result = call(*shared.session);
  if (result.ok()) return {std::move(result), {}};
  return {std::move(result), shared.session->diagnostic()};
}

QueryValue ValueFrom(const py::handle& given) {
  if (given.is_none()) return {};
  if (py::isinstance<py::bool_>(given)) return {given.cast<bool>()};
  if (py::isinstance<py::int_>(given)) return {given.cast<std::int64_t>()};
  if (py::isinstance<py::float_>(given)) return {given.cast<double>()};
  if (py::isinstance<py::str>(given)) return {given.cast<std::string>()};
  if (py::hasattr(given, "timestamp"))
    return {
        QueryTime{static_cast<std::int64_t>(std::floor(given.attr("timestamp")().cast<double>()))}};
  if (py::isinstance<py::list>(given) || py::isinstance<py::tuple>(given)) {
    QueryList list;
    for (const py::handle& item : given) list.push_back(ValueFrom(item));
    return {std::move(list)};
  }
  throw py::type_error("a parameter cannot be of type " +
                       std::string(py::str(py::type::of(given).attr("__name__"))));
}

/// Makes Python's values; versions and nodes through what dlv/queries.py gave.
struct Makers {
  py::object version, node;

  py::object operator()(const QueryValue& value) const {
    return std::visit([this](const auto& plain) { return Made(plain); }, value.value);
  }

 private:
  static py::object Made(std::monostate) { return py::none(); }
  static py::object Made(const QueryTime& time) { return Moment(time.seconds); }
  py::object Made(const QueryVersion& made) const { return version(made.reference, made.id.Hex()); }
  py::object Made(const QueryNode& made) const { return node(made.version, made.name, made.op); }
  py::object Made(const QueryList& list) const {
    py::list made;
    for (const QueryValue& value : list) made.append((*this)(value));
    return made;
  }
  template <class Plain>
  static py::object Made(const Plain& plain) {
    return py::cast(plain);
  }
};

py::list RowsOf(const QueryResult& result, const Makers& makers) {
  py::list rows;
  for (const auto& row : result.rows) {
    py::tuple made(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) made[i] = makers(row[i]);
    rows.append(std::move(made));
  }
  return rows;
}

py::list NetworksOf(QueryResult& result) {
  py::list networks;
  for (QueryNetwork& made : result.networks) {
    networks.append(
        py::make_tuple(made.name, made.source,
                       NetworkObject(std::make_shared<const Network>(std::move(made.network))),
                       made.tensors, made.notes));
  }
  return networks;
}

py::list ExplainOf(const QueryResult& result) {
  py::list lines;
  for (const ExplainLine& line : result.explain)
    lines.append(py::make_tuple(line.depth, line.text, line.estimated_rows, line.rows,
                                line.read_bytes, line.planes, line.seconds));
  return lines;
}

py::list ColumnsOf(const std::vector<QueryColumn>& columns) {
  py::list list;
  for (const QueryColumn& column : columns) list.append(py::make_tuple(column.name, column.type));
  return list;
}

py::dict ResultObject(QueryResult result, const Makers& makers) {
  py::dict made;
  made["columns"] = ColumnsOf(result.columns);
  made["rows"] = RowsOf(result, makers);
  made["networks"] = NetworksOf(result);
  made["saved"] = result.saved;
  made["explain"] = ExplainOf(result);
  made["message"] = result.message;
  made["warnings"] = result.warnings;
  return made;
}

std::unique_ptr<PreparedQuery> Prepare(const std::shared_ptr<SharedSession>& shared,
                                       const std::string& statement) {
  auto outcome = [&] {
    const py::gil_scoped_release release;
    return InTurn(*shared, [&](QuerySession& session) { return session.Prepare(statement); });
  }();
  auto prepared = std::make_unique<PreparedQuery>();
  prepared->shared = shared;
  prepared->query = TakeOutcome(std::move(outcome));
  return prepared;
}

Result<QueryResult> BindAndRun(Query& query, std::map<std::string, QueryValue>& values,
                               const Operation& operation) {
  for (const std::string& name : query.parameters()) {
    if (!values.contains(name)) {
      return Error{ErrorCode::kInvalidArgument, "the parameter :" + name + " has no value",
                   "give it as " + name + "=..."};
    }
  }
  for (auto& [name, value] : values) DLV_TRY(query.Bind(name, value));
  return query.Run(operation);
}

py::dict RunPrepared(PreparedQuery& self, const py::dict& parameters, const py::object& version,
                     const py::object& node, const py::object& progress, unsigned threads) {
  std::map<std::string, QueryValue> values;
  for (const auto& [name, value] : parameters)
    values.emplace(name.cast<std::string>(), ValueFrom(value));
  PendingError pending;
  auto outcome = RunLong(progress, threads, pending, [&](const Operation& operation) {
    return InTurn(*self.shared,
                  [&](QuerySession&) { return BindAndRun(*self.query, values, operation); });
  });
  return ResultObject(TakeOutcome(std::move(outcome)), {version, node});
}

py::list Search(const Repository& repository, const std::vector<std::string>& words,
                const std::string& architecture, const std::string& like, std::size_t limit,
                const py::object& progress, unsigned threads) {
  const SearchRequest request{words, architecture, like, limit};
  PendingError pending;
  std::vector<SearchHit> hits =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.Search(request, operation);
      }));
  py::list list;
  for (SearchHit& hit : hits)
    list.append(py::make_tuple(std::move(hit.version), hit.score, std::move(hit.reasons)));
  return list;
}

}  // namespace

void DefineQueries(py::module_& module) {
  py::class_<SharedSession, std::shared_ptr<SharedSession>>(module, "QuerySession")
      .def("prepare", &Prepare)
      .def("schema", [](SharedSession& self) {
        return RowsOf(self.session->Schema(), {py::none(), py::none()});
      });
  py::class_<PreparedQuery>(module, "PreparedQuery")
      .def_property_readonly("parameters",
                             [](const PreparedQuery& self) { return self.query->parameters(); })
      .def_property_readonly(
          "columns", [](const PreparedQuery& self) { return ColumnsOf(self.query->columns()); })
      .def("run", &RunPrepared);
  module.def(
      "open_session",
      [](Repository& repository, bool write) {
        QueryOptions options;
        options.read_only = !write;
        auto shared = std::make_shared<SharedSession>();
        shared->session = Unlocked([&] { return QuerySession::Open(repository, options); });
        return shared;
      },
      py::keep_alive<0, 1>());
  module.def("search", &Search);
}

}  // namespace dlv::python
