#include "python/src/differences.h"

#include <pybind11/stl.h>

#include "dlv/diff.h"

namespace dlv::python {
namespace {

namespace py = pybind11;

/// Name -> (before, after), None where a side has none.
py::dict Hparams(const VersionDiff& diff) {
  py::dict changes;
  for (const ValueChange& change : diff.hparams) {
    changes[py::str(change.name)] = py::make_tuple(change.before, change.after);
  }
  return changes;
}

py::object Last(const std::optional<Metric>& metric) {
  return metric ? py::object(py::float_(metric->last())) : py::none();
}

/// Name -> (last value before, last value after).
py::dict Metrics(const VersionDiff& diff) {
  py::dict changes;
  for (const MetricChange& change : diff.metrics) {
    changes[py::str(change.name)] = py::make_tuple(Last(change.before), Last(change.after));
  }
  return changes;
}

py::dict Counts(const VersionDiff& diff) {
  using Kind = TensorChange::Kind;
  py::dict counts;
  for (const Kind kind : {Kind::kIdentical, Kind::kReshaped, Kind::kChanged, Kind::kResized,
                          Kind::kAdded, Kind::kRemoved}) {
    counts[py::str(std::string(NameOf(kind)))] = diff.Count(kind);
  }
  counts["renamed"] = diff.CountRenamed();
  return counts;
}

py::object Bins(const PairStatistics& self) {
  if (self.difference.edges.empty()) return py::none();
  return py::make_tuple(self.difference.edges, self.difference.counts);
}

void DefineFigures(py::module_& module) {
  py::class_<PairStatistics>(module, "PairStatistics", "Figures about two tensors' elements.")
      .def_readonly("count", &PairStatistics::count)
      .def_readonly("differing", &PairStatistics::differing)
      .def_readonly("nonfinite", &PairStatistics::nonfinite)
      .def_readonly("sign_flips", &PairStatistics::sign_flips)
      .def_readonly("zero_before", &PairStatistics::zero_before)
      .def_readonly("zero_after", &PairStatistics::zero_after)
      .def_readonly("norm_before", &PairStatistics::norm_before)
      .def_readonly("norm_after", &PairStatistics::norm_after)
      .def_readonly("norm_difference", &PairStatistics::norm_difference)
      .def_readonly("max_difference", &PairStatistics::max_difference)
      .def_readonly("cosine", &PairStatistics::cosine)
      .def_readonly("planes", &PairStatistics::planes)
      .def_property_readonly("relative", &PairStatistics::relative)
      .def_property_readonly("relative_bound", &PairStatistics::relative_bound)
      .def_property_readonly("histogram", &Bins);
}

}  // namespace

void DefineDifferences(py::module_& module) {
  DefineFigures(module);
  py::class_<TensorChange>(module, "TensorChange", "What became of one tensor.")
      .def_property_readonly("kind", [](const TensorChange& self) { return NameOf(self.kind); })
      .def_readonly("name", &TensorChange::name)
      .def_readonly("renamed", &TensorChange::renamed)
      .def_readonly("converted", &TensorChange::converted)
      .def_readonly("before", &TensorChange::before)
      .def_readonly("after", &TensorChange::after)
      .def_readonly("figures", &TensorChange::figures)
      .def("__repr__", [](const TensorChange& self) {
        return "<dlv.TensorChange " + self.name + " " + std::string(NameOf(self.kind)) + ">";
      });
  py::class_<FileChange>(module, "FileChange", "What became of one file.")
      .def_property_readonly("kind", [](const FileChange& self) { return NameOf(self.kind); })
      .def_readonly("renamed", &FileChange::renamed)
      .def_readonly("before", &FileChange::before)
      .def_readonly("after", &FileChange::after);
  py::class_<VersionDiff>(module, "Diff", "What differs between two versions.")
      .def_readonly("before", &VersionDiff::before)
      .def_readonly("after", &VersionDiff::after)
      .def_readonly("tensors", &VersionDiff::tensors)
      .def_readonly("files", &VersionDiff::files)
      .def_property_readonly("hparams", &Hparams)
      .def_property_readonly("metrics", &Metrics)
      .def_property_readonly("counts", &Counts)
      .def_property_readonly("different", &VersionDiff::different)
      .def_readonly("read_bytes", &VersionDiff::read_bytes)
      .def("__repr__", [](const VersionDiff& self) {
        return "<dlv.Diff " + self.before.reference() + " " + self.after.reference() + ">";
      });
}

}  // namespace dlv::python
