#include "python/src/evaluations.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "dlv/repository.h"
#include "python/src/long_call.h"

namespace dlv::python {
namespace {

namespace py = pybind11;
namespace fs = std::filesystem;

/// Sets `out` where `given` has a value under `name`.
template <class T>
void TakeGiven(const py::dict& given, const char* name, T& out) {
  if (given.contains(name) && !given[name].is_none()) out = given[name].cast<T>();
}
template <class T>
void TakeGiven(const py::dict& given, const char* name, std::optional<T>& out) {
  if (given.contains(name) && !given[name].is_none()) out = given[name].cast<T>();
}

EvaluationOptions OptionsFrom(const py::dict& given) {
  EvaluationOptions options;
  TakeGiven(given, "data", options.data);
  TakeGiven(given, "labels", options.labels);
  TakeGiven(given, "array", options.array);
  TakeGiven(given, "label_array", options.label_array);
  TakeGiven(given, "preprocess", options.preprocess);
  TakeGiven(given, "remember", options.remember);
  TakeGiven(given, "metrics", options.metrics);
  TakeGiven(given, "batch", options.batch);
  TakeGiven(given, "limit", options.limit);
  TakeGiven(given, "confusion", options.confusion);
  TakeGiven(given, "predictions", options.predictions);
  TakeGiven(given, "save", options.save);
  return options;
}

py::list ClassesOf(const VersionEvaluation& version) {
  py::list classes;
  for (const ClassEvaluation& one : version.classes)
    classes.append(py::make_tuple(one.name, one.examples, one.right, one.predicted));
  return classes;
}

py::dict EvaluationDict(const VersionEvaluation& version) {
  py::dict metrics;
  for (const auto& [name, value] : version.metrics) metrics[py::str(name)] = value;
  py::dict made;
  made["reference"] = version.reference;
  made["id"] = version.id.Hex();
  made["preprocess"] = version.preprocess;
  made["examples"] = version.examples;
  made["metrics"] = metrics;
  made["undefined"] = version.undefined;
  made["classes"] = ClassesOf(version);
  made["confusion"] = version.confusion;
  made["seconds"] = version.seconds;
  made["peak_bytes"] = version.peak_bytes;
  made["warnings"] = version.warnings;
  return made;
}

py::tuple BitsTuple(const BitsPerWeight& bits) {
  return py::make_tuple(bits.mean, bits.p50, bits.p99, bits.full);
}

py::list StepsOf(const std::vector<ProgressiveStep>& steps) {
  py::list list;
  for (const ProgressiveStep& step : steps) {
    py::list levels;
    for (const ProgressiveLevel& level : step.levels)
      levels.append(
          py::make_tuple(level.parameter, level.planes, level.exact, level.by_significance));
    py::dict made;
    made["levels"] = levels;
    made["plane_bytes"] = step.plane_bytes;
    made["all_bytes"] = step.all_bytes;
    made["plane_bits"] = step.plane_bits;
    made["all_bits"] = step.all_bits;
    made["inputs"] = step.inputs;
    made["certified_forward"] = step.certified_forward;
    made["certified_backward"] = step.certified_backward;
    made["heuristic"] = step.heuristic;
    made["left"] = step.left();
    made["seconds"] = step.seconds;
    list.append(made);
  }
  return list;
}

py::object MaterialisedObject(const std::optional<MaterialisedFigures>& figures) {
  if (!figures) return py::none();
  py::dict made;
  made["certified"] = figures->certified;
  made["full_bytes"] = figures->full_bytes;
  made["plane_bits"] = BitsTuple(figures->plane_bits);
  made["all_bits"] = BitsTuple(figures->all_bits);
  return made;
}

py::list DifferencesOf(const ProgressiveReport& report) {
  py::list list;
  for (const PlainDifference& one : report.differences)
    list.append(py::make_tuple(one.input, one.answer, one.plain, one.margin));
  return list;
}

py::list Evaluate(Repository& repository, const std::vector<std::string>& references,
                  const py::dict& given, const py::object& progress, unsigned threads) {
  const EvaluationOptions options = OptionsFrom(given);
  PendingError pending;
  const EvaluationReport report =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.Evaluate(references, options, operation);
      }));
  py::list versions;
  for (const VersionEvaluation& version : report.versions) {
    py::dict made = EvaluationDict(version);
    made["data"] = report.data;
    made["format"] = report.format;
    versions.append(made);
  }
  return versions;
}

py::list EvaluateProgressive(Repository& repository, const std::vector<std::string>& references,
                             const py::dict& given, const py::object& progress, unsigned threads) {
  const EvaluationOptions options = OptionsFrom(given);
  const ProgressiveOptions how = ProgressiveFrom(given);
  PendingError pending;
  const ProgressiveEvaluationReport report =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.EvaluateProgressive(references, options, how, operation);
      }));
  py::list versions;
  for (const ProgressiveEvaluation& version : report.versions) {
    py::dict made = EvaluationDict(version.evaluation);
    made["data"] = report.data;
    made["format"] = report.format;
    made["data_sha256"] = report.data_hash;
    made["run"] = ReportDict(version.run);
    versions.append(made);
  }
  return versions;
}

py::list PrepareProgressive(Repository& repository, const std::vector<std::string>& references,
                            const py::dict& given, const py::object& progress, unsigned threads) {
  EvaluationOptions options = OptionsFrom(given);
  options.remember = false;
  const ProgressiveOptions how = ProgressiveFrom(given);
  PendingError pending;
  const std::vector<ProgressivePreparation> prepared =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.PrepareProgressive(references, options, how, operation);
      }));
  py::list list;
  for (const ProgressivePreparation& one : prepared) {
    py::dict made;
    made["reference"] = one.reference;
    made["id"] = one.id.Hex();
    made["calibration_examples"] = one.calibration_examples;
    made["steps"] = StepsOf(one.steps);
    made["parameter_elements"] = one.parameter_elements;
    made["stopped_by"] = one.stopped_by;
    made["seconds"] = one.seconds;
    list.append(made);
  }
  return list;
}

py::dict VerifyCertificate(const Repository& repository, const fs::path& file, const fs::path& data,
                           const fs::path& labels, const std::string& array,
                           const py::object& progress, unsigned threads) {
  const CertificateOptions options{file, data, labels, array};
  PendingError pending;
  const CertificateReport report =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.VerifyCertificate(options, operation);
      }));
  py::list faults;
  for (const CertificateFault& fault : report.faults)
    faults.append(py::make_tuple(fault.line, fault.what));
  py::dict made;
  made["reference"] = report.reference;
  made["id"] = report.id.Hex();
  made["inputs"] = report.inputs;
  made["proved"] = report.proved;
  made["unproved"] = report.unproved;
  made["notices"] = report.notices;
  made["faults"] = faults;
  made["fault_count"] = report.fault_count;
  made["seconds"] = report.seconds;
  return made;
}

}  // namespace

ProgressiveOptions ProgressiveFrom(const py::dict& given) {
  ProgressiveOptions options;
  std::string stop = "certified", method = "norms";
  TakeGiven(given, "stop", stop);
  TakeGiven(given, "method", method);
  if (stop != "certified" && stop != "heuristic")
    throw py::value_error("stop \"" + stop + "\": want certified or heuristic");
  if (method != "norms" && method != "intervals")
    throw py::value_error("method \"" + method + "\": want norms or intervals");
  options.stop = stop == "heuristic" ? ProgressiveStop::kHeuristic : ProgressiveStop::kCertified;
  options.method =
      method == "intervals" ? ProgressiveMethod::kIntervals : ProgressiveMethod::kNorms;
  TakeGiven(given, "tau", options.tau);
  TakeGiven(given, "planes_max", options.most_planes);
  TakeGiven(given, "calibrate", options.calibration);
  TakeGiven(given, "calibrate_limit", options.calibration_examples);
  TakeGiven(given, "certificate", options.certificate);
  TakeGiven(given, "compare", options.compare);
  TakeGiven(given, "materialised", options.count_materialised);
  return options;
}

py::dict ReportDict(const ProgressiveReport& report) {
  py::dict made;
  made["inputs"] = report.inputs;
  made["certified"] = report.certified;
  made["certified_full"] = report.certified_full;
  made["heuristic"] = report.heuristic;
  made["computed"] = report.computed;
  made["reasons"] = report.reasons;
  made["steps"] = StepsOf(report.steps);
  made["parameter_elements"] = report.parameter_elements;
  made["full_bytes"] = report.full_bytes;
  made["bound_bytes"] = report.bound_bytes;
  made["fetched_bytes"] = report.fetched_bytes;
  made["opening_bytes"] = report.opening_bytes;
  made["plane_bits"] = BitsTuple(report.plane_bits);
  made["all_bits"] = BitsTuple(report.all_bits);
  made["stored_tensors"] = report.stored_tensors;
  made["delta_tensors"] = report.delta_tensors;
  made["materialised"] = MaterialisedObject(report.materialised);
  made["precision"] = std::string(NameOf(report.precision));
  made["escalated"] = report.escalated;
  made["stopped_by"] = report.stopped_by;
  made["seconds"] = report.seconds;
  made["bound_seconds"] = report.bound_seconds;
  made["peak_bytes"] = report.peak_bytes;
  made["plain_seconds"] = report.plain_seconds;
  made["plain_differences"] = report.plain_differences;
  made["differences"] = DifferencesOf(report);
  return made;
}

void DefineEvaluations(py::module_& module) {
  module.def("evaluate", &Evaluate);
  module.def("evaluate_progressive", &EvaluateProgressive);
  module.def("prepare_progressive", &PrepareProgressive);
  module.def("verify_certificate", &VerifyCertificate);
}

}  // namespace dlv::python
