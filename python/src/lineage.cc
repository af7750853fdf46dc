#include "python/src/lineage.h"

#include <pybind11/chrono.h>
#include <pybind11/stl.h>

#include "dlv/lineage.h"
#include "dlv/repository.h"
#include "python/src/long_call.h"

namespace dlv::python {
namespace {

namespace py = pybind11;

LineageFilter FilterFrom(const std::vector<std::string>& relations, std::size_t depth,
                         bool first_parents) {
  LineageFilter filter;
  for (const std::string& name : relations) {
    const auto relation = RelationFromName(name);
    if (!relation) throw py::value_error("there is no relation \"" + name + "\"");
    filter.relations.push_back(*relation);
  }
  filter.max_depth = depth;
  filter.first_parents = first_parents;
  return filter;
}

LineageStep NextStep(LineageRange& range) {
  auto step = Unlocked([&] { return range.Next(); });
  if (!step) throw py::stop_iteration();
  return std::move(*step);
}

py::list MetricAlong(const Lineage& lineage, const std::string& reference,
                     const std::string& metric) {
  py::list line;
  for (LineageMetric& point : Unlocked([&] { return lineage.MetricAlong(reference, metric); }))
    line.append(py::make_tuple(std::move(point.version), point.value));
  return line;
}

void DefineRecords(py::module_& module) {
  py::class_<LineageVersion>(module, "LineageVersion",
                             "A version of a lineage; it need not be in this repository.")
      .def_property_readonly("id", [](const LineageVersion& self) { return self.id.Hex(); })
      .def_readonly("reference", &LineageVersion::reference)
      .def_readonly("model", &LineageVersion::model)
      .def_property_readonly("number",
                             [](const LineageVersion& self) -> std::optional<std::uint64_t> {
                               if (!self.present) return std::nullopt;
                               return self.number;
                             })
      .def_readonly("present", &LineageVersion::present)
      .def("__str__", [](const LineageVersion& self) { return self.reference; })
      .def("__repr__", [](const LineageVersion& self) {
        return "<dlv.LineageVersion " + self.reference + ">";
      });
  py::class_<LineageStep>(module, "LineageStep", "A step of a walk.")
      .def_readonly("version", &LineageStep::version)
      .def_readonly("depth", &LineageStep::depth)
      .def_property_readonly(
          "relation", [](const LineageStep& self) { return std::string(NameOf(self.relation)); })
      .def_property_readonly("from_id", [](const LineageStep& self) { return self.from.Hex(); })
      .def("__str__", [](const LineageStep& self) { return self.version.reference; });
  py::class_<LineageEdge>(module, "LineageEdge", "An edge from a child to its parent.")
      .def_readonly("child", &LineageEdge::child)
      .def_readonly("parent", &LineageEdge::parent)
      .def_property_readonly(
          "relation", [](const LineageEdge& self) { return std::string(NameOf(self.relation)); })
      .def_readonly("ordinal", &LineageEdge::ordinal)
      .def_readonly("inferred", &LineageEdge::inferred);
  py::class_<BlameLine>(module, "BlameLine", "The version that last changed a tensor.")
      .def_readonly("tensor", &BlameLine::tensor)
      .def_readonly("version", &BlameLine::version)
      .def_readonly("name_then", &BlameLine::name_then)
      .def_property_readonly("relation",
                             [](const BlameLine& self) -> std::optional<std::string> {
                               if (!self.relation) return std::nullopt;
                               return std::string(NameOf(*self.relation));
                             })
      .def_readonly("elements", &BlameLine::elements);
  py::class_<LineageRange>(module, "LineageRange", "A walk in progress.")
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &NextStep);
}

template <class Walk>
auto Ranged(Walk walk) {
  return [walk](const Lineage& self, const std::string& reference,
                const std::vector<std::string>& relations, std::size_t depth, bool first_parents) {
    const LineageFilter filter = FilterFrom(relations, depth, first_parents);
    return Unlocked([&] { return (self.*walk)(reference, filter); });
  };
}

}  // namespace

void DefineLineage(py::module_& module) {
  DefineRecords(module);
  const auto relations = py::arg("relations") = std::vector<std::string>();
  const auto depth = py::arg("depth") = 0;
  const auto first = py::arg("first_parents") = false;
  py::class_<Lineage>(module, "Lineage",
                      "Questions about the lineage, on its state when it was opened.")
      .def("ancestors", Ranged(&Lineage::Ancestors), py::arg("reference"), py::kw_only(), relations,
           depth, first, py::keep_alive<0, 1>())
      .def("descendants", Ranged(&Lineage::Descendants), py::arg("reference"), py::kw_only(),
           relations, depth, first, py::keep_alive<0, 1>())
      .def(
          "edges",
          [](const Lineage& self, const std::string& reference) {
            return Unlocked([&] { return self.Edges(reference); });
          },
          py::arg("reference") = "")
      .def("path",
           [](const Lineage& self, const std::string& from, const std::string& to) {
             return Unlocked([&] { return self.Path(from, to); });
           })
      .def("common_ancestors",
           [](const Lineage& self, const std::string& a, const std::string& b) {
             return Unlocked([&] { return self.LowestCommonAncestors(a, b); });
           })
      .def("metric_along", &MetricAlong)
      .def("blame",
           [](const Lineage& self, const std::string& reference) {
             return Unlocked([&] { return self.Blame(reference); });
           })
      .def(
          "dot",
          [](const Lineage& self, const std::string& reference) {
            return Unlocked([&] { return self.Dot(reference); });
          },
          py::arg("reference") = "");
  module.def(
      "open_lineage",
      [](const Repository& repository) {
        return Unlocked([&] { return Lineage::Open(repository); });
      },
      py::keep_alive<0, 1>());
}

}  // namespace dlv::python
