#pragma once
/// \file
/// From `Result` to exceptions: the one place where dlv throws, since Python expects it.

#include <pybind11/pybind11.h>

#include "dlv/query.h"
#include "dlv/result.h"

namespace dlv::python {

/// Makes dlv.Error and its subclasses attributes of `module`.
void DefineErrors(pybind11::module_& module);

/// Sets the Python exception for `error` and throws pybind11::error_already_set.
[[noreturn]] void Raise(const Error& error);

/// As Raise, with the place in the statement: line, column, length, and the text with its caret.
/// What is wrong in the language is a dlv.QuerySyntaxError.
[[noreturn]] void RaiseInStatement(const Error& error, const QueryDiagnostic& diagnostic);

/// Returns the value, or raises.
template <class T>
T Take(Result<T> result) {
  if (!result.ok()) Raise(result.error());
  return std::move(result).value();
}
inline void Take(const Status& status) {
  if (!status.ok()) Raise(status.error());
}

}  // namespace dlv::python
