#include "python/src/errors.h"

#include <array>

#include "dlv/exit_status.h"

namespace dlv::python {
namespace {

namespace py = pybind11;

constexpr int kInStatement = -1;  ///< the key of dlv.QuerySyntaxError, beside error codes

struct Kind {
  ErrorCode code;
  const char* name;
  PyObject* extra_base;  ///< a built-in exception that callers may catch instead
};

/// The classes, by error code. Codes without a row raise dlv.Error itself.
std::array<Kind, 10> Kinds() {
  return {{{ErrorCode::kInvalidArgument, "InvalidArgumentError", PyExc_ValueError},
           {ErrorCode::kSyntax, "ReferenceSyntaxError", PyExc_ValueError},
           {ErrorCode::kNotFound, "NotFoundError", PyExc_LookupError},
           {ErrorCode::kCorruption, "CorruptionError", nullptr},
           {ErrorCode::kUnsupported, "UnsupportedError", nullptr},
           {ErrorCode::kIo, "StorageError", PyExc_OSError},
           {ErrorCode::kConflict, "ConflictError", nullptr},
           {ErrorCode::kUnsafe, "UnsafeInputError", nullptr},
           {ErrorCode::kCancelled, "CancelledError", nullptr},
           {ErrorCode::kDenied, "DeniedError", nullptr}}};
}

/// Lives as long as the interpreter: what Python holds by name, this holds by code.
py::dict& Classes() {
  static py::dict* classes = new py::dict();
  return *classes;
}

}  // namespace

void DefineErrors(py::module_& module) {
  const py::object base = py::reinterpret_steal<py::object>(
      PyErr_NewExceptionWithDoc("dlv.Error",
                                "An operation of dlv failed.\n\n"
                                "code: \"NOT_FOUND\", \"CONFLICT\", ... as `dlv --json` prints it\n"
                                "exit_code: the status that the command line would end with\n"
                                "hint: what to do next, or \"\"\n"
                                "line, column, length: the place in a statement, or None",
                                PyExc_Exception, nullptr));
  for (const char* place : {"line", "column", "length"}) base.attr(place) = py::none();
  module.attr("Error") = base;
  Classes()[py::int_(0)] = base;
  for (const Kind& kind : Kinds()) {
    py::tuple bases = py::make_tuple(base);
    if (kind.extra_base != nullptr)
      bases = py::make_tuple(base, py::reinterpret_borrow<py::object>(kind.extra_base));
    const std::string name = std::string("dlv.") + kind.name;
    const py::object made =
        py::reinterpret_steal<py::object>(PyErr_NewException(name.c_str(), bases.ptr(), nullptr));
    if (!made) throw py::error_already_set();
    module.attr(kind.name) = made;
    Classes()[py::int_(static_cast<int>(kind.code))] = made;
  }
  const py::object in_statement = py::reinterpret_steal<py::object>(PyErr_NewException(
      "dlv.QuerySyntaxError",
      py::make_tuple(base, py::reinterpret_borrow<py::object>(PyExc_ValueError)).ptr(), nullptr));
  if (!in_statement) throw py::error_already_set();
  module.attr("QuerySyntaxError") = in_statement;
  Classes()[py::int_(kInStatement)] = in_statement;
}

namespace {

py::object ExceptionFor(const Error& error, int kind, const std::string& text) {
  const py::int_ key(kind);
  const py::object type = Classes().contains(key) ? Classes()[key] : Classes()[py::int_(0)];
  py::object exception = type(text);
  exception.attr("message") = error.message;
  exception.attr("hint") = error.hint;
  exception.attr("code") = ErrorCodeName(error.code);
  exception.attr("exit_code") = ExitStatusOf(error.code);
  return exception;
}

[[noreturn]] void Throw(const py::object& exception) {
  PyErr_SetObject(py::type::of(exception).ptr(), exception.ptr());
  throw py::error_already_set();
}

}  // namespace

void Raise(const Error& error) {
  const std::string text =
      error.hint.empty() ? error.message : error.message + "\n  hint: " + error.hint;
  Throw(ExceptionFor(error, static_cast<int>(error.code), text));
}

void RaiseInStatement(const Error& error, const QueryDiagnostic& diagnostic) {
  const int kind = error.code == ErrorCode::kSyntax ? kInStatement : static_cast<int>(error.code);
  const py::object exception = ExceptionFor(error, kind, diagnostic.rendered);
  if (diagnostic.place) {
    exception.attr("line") = diagnostic.place->line;
    exception.attr("column") = diagnostic.place->column;
    exception.attr("length") = diagnostic.place->length;
  }
  Throw(exception);
}

}  // namespace dlv::python
