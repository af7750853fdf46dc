#include "python/src/values.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "dlv/repository.h"
#include "python/src/memory.h"

namespace dlv::python {
namespace {

namespace py = pybind11;

template <class Kind>
std::string Hex(const Digest<Kind>& digest) {
  return digest.Hex();
}

py::dict LastMetrics(const VersionSummary& version) {
  py::dict metrics;
  for (const auto& [name, value] : version.metrics) metrics[py::str(name)] = value;
  return metrics;
}

py::dict Series(const VersionDetails& details) {
  py::dict metrics;
  for (const Metric& metric : details.metrics) {
    py::list points;
    for (const MetricPoint& point : metric.points) {
      points.append(py::make_tuple(point.step, point.value));
    }
    metrics[py::str(metric.name)] = points;
  }
  return metrics;
}

void DefineParts(py::module_& module) {
  py::class_<ParentInfo>(module, "Parent", "Where a version came from.")
      .def_property_readonly("id", [](const ParentInfo& self) { return Hex(self.id); })
      .def_readonly("reference", &ParentInfo::reference)
      .def_property_readonly("relation",
                             [](const ParentInfo& self) { return NameOf(self.relation); })
      .def_readonly("attributes", &ParentInfo::attributes)
      .def_readonly("inferred", &ParentInfo::inferred)
      .def("__repr__", [](const ParentInfo& self) {
        return "<dlv.Parent " + self.reference + " (" + std::string(NameOf(self.relation)) + ")>";
      });
  py::class_<FileInfo>(module, "File", "A committed file.")
      .def_readonly("path", &FileInfo::path)
      .def_readonly("size_bytes", &FileInfo::size_bytes)
      .def_property_readonly("sha256", [](const FileInfo& self) { return Hex(self.sha256); })
      .def_readonly("format", &FileInfo::format)
      .def_readonly("step", &FileInfo::step)
      .def_readonly("tensor_count", &FileInfo::tensor_count)
      .def_readonly("note", &FileInfo::note)
      .def("__repr__", [](const FileInfo& self) { return "<dlv.File " + self.path + ">"; });
  py::class_<SnapshotInfo>(module, "Snapshot", "The tensors of a version at one training step.")
      .def_readonly("step", &SnapshotInfo::step)
      .def_readonly("parameter_count", &SnapshotInfo::parameter_count)
      .def_readonly("tensor_bytes", &SnapshotInfo::tensor_bytes)
      .def_readonly("tensor_count", &SnapshotInfo::tensor_count);
  py::class_<TensorInfo>(module, "TensorInfo", "A tensor of a snapshot, without its values.")
      .def_readonly("name", &TensorInfo::name)
      .def_property_readonly("role", [](const TensorInfo& self) { return NameOf(self.role); })
      .def_property_readonly("dtype", [](const TensorInfo& self) { return NameOf(self.dtype); })
      .def_property_readonly("shape", [](const TensorInfo& self) { return ShapeTuple(self.shape); })
      .def_property_readonly("id", [](const TensorInfo& self) { return Hex(self.id); })
      .def_readonly("file", &TensorInfo::file)
      .def("__repr__", [](const TensorInfo& self) {
        return "<dlv.TensorInfo " + self.name + " " + std::string(NameOf(self.dtype)) + " " +
               std::string(py::str(ShapeTuple(self.shape))) + ">";
      });
}

void DefineVersions(py::module_& module) {
  py::class_<VersionSummary>(module, "Version", "A committed version as listings show it.")
      .def_property_readonly("id", [](const VersionSummary& self) { return Hex(self.id); })
      .def_readonly("model", &VersionSummary::model)
      .def_readonly("number", &VersionSummary::number)
      .def_property_readonly("reference", &VersionSummary::reference)
      .def_property_readonly("created",
                             [](const VersionSummary& self) { return Moment(self.created); })
      .def_readonly("author", &VersionSummary::author)
      .def_readonly("message", &VersionSummary::message)
      .def_readonly("aliases", &VersionSummary::aliases)
      .def_readonly("tags", &VersionSummary::tags)
      .def_readonly("parents", &VersionSummary::parents)
      .def_property_readonly("metrics", &LastMetrics)
      .def_readonly("snapshot_count", &VersionSummary::snapshot_count)
      .def_readonly("file_count", &VersionSummary::file_count)
      .def_readonly("parameter_count", &VersionSummary::parameter_count)
      .def_readonly("raw_bytes", &VersionSummary::raw_bytes)
      .def_readonly("stored_bytes", &VersionSummary::stored_bytes)
      .def("__str__", &VersionSummary::reference)
      .def("__eq__", [](const VersionSummary& self,
                        const VersionSummary& other) { return self.id == other.id; })
      .def("__hash__", [](const VersionSummary& self) { return std::hash<VersionId>()(self.id); })
      .def("__repr__", [](const VersionSummary& self) {
        return "<dlv.Version " + self.reference() + " " + self.id.Hex(8) + ">";
      });
  py::class_<VersionDetails>(module, "VersionDetails", "All of a version but its tensors' values.")
      .def_readonly("version", &VersionDetails::summary)
      .def_readonly("snapshots", &VersionDetails::snapshots)
      .def_readonly("files", &VersionDetails::files)
      .def_readonly("hparams", &VersionDetails::hparams)
      .def_property_readonly("metrics", &Series)
      .def_readonly("tensors", &VersionDetails::tensors)
      .def_readonly("chain_depth_max", &VersionDetails::chain_depth_max)
      .def_readonly("snapshot_stored_bytes", &VersionDetails::snapshot_stored_bytes)
      .def_readonly("snapshot_read_bytes", &VersionDetails::snapshot_read_bytes)
      .def("__repr__", [](const VersionDetails& self) {
        return "<dlv.VersionDetails " + self.summary.reference() + ">";
      });
  py::class_<ModelSummary>(module, "Model", "A name that groups versions.")
      .def_readonly("name", &ModelSummary::name)
      .def_readonly("version_count", &ModelSummary::version_count)
      .def_readonly("latest", &ModelSummary::latest)
      .def_readonly("raw_bytes", &ModelSummary::raw_bytes)
      .def_readonly("stored_bytes", &ModelSummary::stored_bytes)
      .def("__repr__", [](const ModelSummary& self) { return "<dlv.Model " + self.name + ">"; });
}

void DefineResults(py::module_& module) {
  py::class_<CommitResult>(module, "CommitResult", "What a commit did.")
      .def_readonly("version", &CommitResult::version)
      .def_readonly("unchanged", &CommitResult::unchanged)
      .def_readonly("raw_bytes", &CommitResult::raw_bytes)
      .def_readonly("added_bytes", &CommitResult::added_bytes)
      .def_readonly("tensors_total", &CommitResult::tensors_total)
      .def_readonly("tensors_new", &CommitResult::tensors_new)
      .def_readonly("tensors_delta", &CommitResult::tensors_delta)
      .def_readonly("files", &CommitResult::files)
      .def_readonly("graph_notes", &CommitResult::graph_notes)
      .def_readonly("warnings", &CommitResult::warnings)
      .def("__str__", [](const CommitResult& self) { return self.version.reference(); })
      .def("__repr__", [](const CommitResult& self) {
        return "<dlv.CommitResult " + self.version.reference() +
               (self.unchanged ? " unchanged>" : ">");
      });
  py::class_<CheckedOutFile>(module, "CheckedOutFile", "A file that a checkout wrote or found.")
      .def_readonly("path", &CheckedOutFile::path)
      .def_readonly("size_bytes", &CheckedOutFile::size_bytes)
      .def_property_readonly("sha256", [](const CheckedOutFile& self) { return Hex(self.sha256); })
      .def_readonly("identical", &CheckedOutFile::identical);
  py::class_<AliasMove>(module, "AliasMove", "A move of an alias; version number 0 means none.")
      .def_readonly("model", &AliasMove::model)
      .def_readonly("alias", &AliasMove::alias)
      .def_property_readonly("before", [](const AliasMove& self) { return self.from; })
      .def_property_readonly("after", [](const AliasMove& self) { return self.to; })
      .def_property_readonly("when", [](const AliasMove& self) { return Moment(self.when); });
  py::class_<Finding>(module, "Finding", "Something that verification found wrong.")
      .def_property_readonly("code", [](const Finding& self) { return ErrorCodeName(self.code); })
      .def_readonly("where", &Finding::where)
      .def_readonly("what", &Finding::what)
      .def_readonly("affected", &Finding::affected);
}

}  // namespace

py::object Moment(std::int64_t seconds) {
  const py::module_ datetime = py::module_::import("datetime");
  return datetime.attr("datetime")
      .attr("fromtimestamp")(seconds, datetime.attr("timezone").attr("utc"));
}

void DefineValues(py::module_& module) {
  DefineParts(module);
  DefineVersions(module);
  DefineResults(module);
}

}  // namespace dlv::python
