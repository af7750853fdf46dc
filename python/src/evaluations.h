#pragma once
/// \file
/// Evaluations, whole and progressive, as Python's dlv/evaluation.py takes them apart: dicts.

#include <pybind11/pybind11.h>

#include "dlv/progressive.h"

namespace dlv::python {

/// Adds evaluate, evaluate_progressive, prepare_progressive and verify_certificate to `module`;
/// after DefineRepository.
void DefineEvaluations(pybind11::module_& module);

/// Reads "stop", "tau", "method", "planes_max", "calibrate", "calibrate_limit", "certificate",
/// "compare" and "materialised", as far as they are there. Raises ValueError where a word is none
/// of those known.
ProgressiveOptions ProgressiveFrom(const pybind11::dict& given);

/// Every figure of the report under its name there.
pybind11::dict ReportDict(const ProgressiveReport& report);

}  // namespace dlv::python
