#include "python/src/errors.h"

#include <array>

#include "dlv/exit_status.h"

namespace dlv::python {
namespace {

namespace py = pybind11;

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
                                "hint: what to do next, or \"\"",
                                PyExc_Exception, nullptr));
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
}

void Raise(const Error& error) {
  const py::int_ code(static_cast<int>(error.code));
  const py::object type = Classes().contains(code) ? Classes()[code] : Classes()[py::int_(0)];
  const std::string text =
      error.hint.empty() ? error.message : error.message + "\n  hint: " + error.hint;
  py::object exception = type(text);
  exception.attr("message") = error.message;
  exception.attr("hint") = error.hint;
  exception.attr("code") = ErrorCodeName(error.code);
  exception.attr("exit_code") = ExitStatusOf(error.code);
  PyErr_SetObject(type.ptr(), exception.ptr());
  throw py::error_already_set();
}

}  // namespace dlv::python
