#include "python/src/sessions.h"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <mutex>

#include "dlv/inference.h"
#include "dlv/repository.h"
#include "python/src/evaluations.h"
#include "python/src/long_call.h"

namespace dlv::python {
namespace {

namespace py = pybind11;
using Floats = py::array_t<float, py::array::c_style>;

/// A session for several threads: they take turns, without the interpreter's lock while they wait.
struct SharedNetwork {
  std::unique_ptr<Session> session;
  std::mutex turn;
};

/// The numbers stay the caller's, who keeps `array` for the call.
FloatView ViewOf(const Floats& array) {
  Shape shape(array.shape(), array.shape() + array.ndim());
  return {std::move(shape), std::span(array.data(), static_cast<std::size_t>(array.size()))};
}

/// The numbers move into the array.
py::array ArrayOf(FloatArray made) {
  auto* const held = new FloatArray(std::move(made));
  const py::capsule owner(held, [](void* array) { delete static_cast<FloatArray*>(array); });
  return Floats(held->shape, held->values.data(), owner);
}

py::list DescriptionsOf(const std::vector<ValueDescription>& values) {
  py::list list;
  for (const ValueDescription& value : values) {
    py::tuple shape(value.shape.size());
    for (std::size_t i = 0; i < value.shape.size(); ++i)
      shape[i] = value.shape[i] < 0 ? py::object(py::none()) : py::int_(value.shape[i]);
    list.append(py::make_tuple(value.name, std::string(NameOf(value.dtype)), shape));
  }
  return list;
}

py::list Run(SharedNetwork& self, const std::vector<Floats>& inputs) {
  std::vector<FloatView> views;
  for (const Floats& input : inputs) views.push_back(ViewOf(input));
  PendingError pending;
  std::vector<FloatArray> outputs =
      Take(RunLong(py::none(), 0, pending, [&](const Operation& operation) {
        const std::lock_guard turn(self.turn);
        return self.session->RunViews(views, operation.cancel);
      }));
  py::list list;
  for (FloatArray& output : outputs) list.append(ArrayOf(std::move(output)));
  return list;
}

py::list Classify(SharedNetwork& self, const Floats& batch, unsigned top_k) {
  const FloatView view = ViewOf(batch);
  PendingError pending;
  std::vector<Classified> answers =
      Take(RunLong(py::none(), 0, pending, [&](const Operation& operation) {
        const std::lock_guard turn(self.turn);
        return self.session->Classify(view, operation.cancel, top_k);
      }));
  py::list list;
  for (Classified& answer : answers) {
    list.append(py::make_tuple(py::tuple(py::cast(answer.classes)),
                               std::string(NameOf(answer.status)), answer.margin,
                               answer.lower_bound, answer.step, std::move(answer.reason)));
  }
  return list;
}

py::dict Report(SharedNetwork& self) {
  const ProgressiveReport report = [&] {
    const py::gil_scoped_release release;
    const std::lock_guard turn(self.turn);
    return self.session->report();
  }();
  return ReportDict(report);
}

std::shared_ptr<SharedNetwork> OpenNetwork(const Repository& repository,
                                           const std::string& reference, unsigned planes,
                                           bool progressive, const py::dict& how, unsigned top_k,
                                           unsigned threads) {
  InferenceOptions options;
  options.planes = planes;
  options.progressive = progressive;
  options.progressive_options = ProgressiveFrom(how);
  options.top_k = top_k;
  options.threads = threads;
  auto shared = std::make_shared<SharedNetwork>();
  shared->session = Unlocked([&] { return Session::Open(repository, reference, options); });
  return shared;
}

}  // namespace

void DefineSessions(py::module_& module) {
  py::class_<SharedNetwork, std::shared_ptr<SharedNetwork>>(module, "NetworkSession")
      .def_property_readonly(
          "inputs",
          [](const SharedNetwork& self) { return DescriptionsOf(self.session->inputs()); })
      .def_property_readonly(
          "outputs",
          [](const SharedNetwork& self) { return DescriptionsOf(self.session->outputs()); })
      .def("run", &Run)
      .def("classify", &Classify)
      .def("report", &Report);
  module.def("open_network", &OpenNetwork, py::keep_alive<0, 1>());
}

}  // namespace dlv::python
