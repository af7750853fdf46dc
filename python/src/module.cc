#include <pybind11/pybind11.h>

#include "python/src/differences.h"
#include "python/src/errors.h"
#include "python/src/evaluations.h"
#include "python/src/lineage.h"
#include "python/src/networks.h"
#include "python/src/queries.h"
#include "python/src/repository.h"
#include "python/src/sessions.h"
#include "python/src/values.h"

PYBIND11_MODULE(_core, module) {
  module.doc() = "What dlv's Python modules are built on; use `import dlv`.";
  dlv::python::DefineErrors(module);
  dlv::python::DefineValues(module);
  dlv::python::DefineDifferences(module);
  dlv::python::DefineRepository(module);
  dlv::python::DefineLineage(module);
  dlv::python::DefineNetworks(module);
  dlv::python::DefineQueries(module);
  dlv::python::DefineEvaluations(module);
  dlv::python::DefineSessions(module);
}
