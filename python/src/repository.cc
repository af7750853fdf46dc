#include "python/src/repository.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "dlv/quantize.h"
#include "dlv/repository.h"
#include "python/src/long_call.h"
#include "python/src/memory.h"

namespace dlv::python {
namespace {

namespace py = pybind11;
namespace fs = std::filesystem;

std::vector<Metric> MetricsFrom(const py::dict& metrics) {
  std::vector<Metric> list;
  for (const auto& [name, value] : metrics) {
    Metric metric{name.cast<std::string>(), {}};
    if (py::isinstance<py::list>(value)) {
      for (const py::handle& item : value) {
        const auto [step, number] = item.cast<std::pair<std::int64_t, double>>();
        metric.points.push_back({step, number});
      }
    } else {
      metric.points.push_back({-1, value.cast<double>()});
    }
    if (metric.points.empty()) throw py::value_error("metric " + metric.name + " has no points");
    list.push_back(std::move(metric));
  }
  return list;
}

/// The parts of a commit that Python's Repository.commit has prepared.
CommitRequest RequestFrom(const py::dict& given) {
  CommitRequest request;
  request.model = given["model"].cast<std::string>();
  request.message = given["message"].cast<std::string>();
  request.hparams = given["hparams"].cast<KeyValues>();
  request.tags = given["tags"].cast<KeyValues>();
  request.aliases = given["aliases"].cast<std::vector<std::string>>();
  request.metrics = MetricsFrom(given["metrics"].cast<py::dict>());
  request.author = given["author"].cast<std::string>();
  request.include_optimizer = given["optimizer"].cast<bool>();
  request.graph = given["graph"].cast<std::string>();
  request.accept_guesses = given["accept_guesses"].cast<bool>();
  request.allow_unchanged = given["allow_unchanged"].cast<bool>();
  if (!given["parents"].is_none()) {
    request.parents = given["parents"].cast<std::vector<std::string>>();
    request.parent_choice = request.parents.empty() ? ParentChoice::kNone : ParentChoice::kGiven;
  }
  if (!given["relation"].is_none()) {
    const auto name = given["relation"].cast<std::string>();
    request.relation = RelationFromName(name);
    if (!request.relation) throw py::value_error("there is no relation \"" + name + "\"");
  }
  for (const py::handle& item : given["files"]) {
    auto [source, path, step] =
        item.cast<std::tuple<fs::path, std::string, std::optional<std::int64_t>>>();
    FileInput input;
    input.source = std::move(source);
    input.path = std::move(path);
    input.step = step;
    request.files.push_back(std::move(input));
  }
  return request;
}

CommitResult Commit(Repository& repository, const py::dict& given, const py::object& tensors,
                    std::optional<std::int64_t> step, const py::object& progress,
                    unsigned threads) {
  CommitRequest request = RequestFrom(given);
  std::optional<BufferSource> source;
  if (!tensors.is_none()) {
    source.emplace(tensors.cast<py::list>());
    request.tensors = {{&*source, step}};
  }
  PendingError pending;
  return Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
    return repository.Commit(request, operation);
  }));
}

py::tuple Load(const Repository& repository, const std::string& reference,
               const std::string& tensors, const std::vector<std::string>& roles, unsigned planes,
               const py::object& allocate, const py::object& progress, unsigned threads) {
  LoadOptions options;
  options.tensor_glob = tensors;
  options.planes = planes;
  for (const TensorRole role :
       {TensorRole::kParameter, TensorRole::kBuffer, TensorRole::kOptimizer, TensorRole::kOther}) {
    for (const std::string& name : roles) {
      if (name == NameOf(role)) options.roles.push_back(role);
    }
  }
  PendingError pending;
  CallbackSink sink(allocate, pending);
  const LoadResult result =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.Load(reference, options, sink, operation);
      }));
  return py::make_tuple(result.planes, result.read_bytes);
}

py::tuple Checkout(const Repository& repository, const std::string& reference,
                   const fs::path& output, const std::string& format, const std::string& tensors,
                   unsigned planes, bool overwrite, bool all_snapshots, const py::object& progress,
                   unsigned threads) {
  CheckoutOptions options;
  options.output = output;
  options.tensor_glob = tensors;
  options.planes = planes;
  options.overwrite = overwrite;
  options.all_snapshots = all_snapshots;
  if (format == "safetensors") {
    options.format = CheckoutFormat::kSafetensors;
  } else if (format == "npz") {
    options.format = CheckoutFormat::kNpz;
  } else if (format != "original") {
    throw py::value_error("format \"" + format + "\": want original, safetensors or npz");
  }
  PendingError pending;
  const CheckoutResult result =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.Checkout(reference, options, operation);
      }));
  return py::make_tuple(result.files, result.read_bytes, result.warnings);
}

VersionDiff Diff(const Repository& repository, const std::string& before, const std::string& after,
                 const std::string& depth, bool histograms, const py::object& progress,
                 unsigned threads) {
  DiffOptions options;
  options.depth = depth == "ids"        ? DiffDepth::kIds
                  : depth == "estimate" ? DiffDepth::kEstimate
                                        : DiffDepth::kExact;
  options.histograms = histograms;
  PendingError pending;
  return Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
    return repository.Diff(before, after, options, operation);
  }));
}

std::vector<Finding> Verify(const Repository& repository, bool full, const py::object& progress,
                            unsigned threads) {
  VerifyOptions options;
  options.full = full;
  PendingError pending;
  return Take(RunLong(progress, threads, pending,
                      [&](const Operation& operation) {
                        return repository.Verify(options, operation);
                      }))
      .findings;
}

py::dict Remove(Repository& repository, const std::vector<std::string>& references, bool force,
                bool dry_run) {
  const RemoveResult result =
      Unlocked([&] { return repository.Remove(references, force, dry_run); });
  py::dict answer;
  answer["removed"] = result.removed;
  answer["freed_bytes"] = result.freed_bytes;
  answer["kept_bytes"] = result.kept_bytes;
  return answer;
}

py::dict CollectGarbage(Repository& repository, bool execute, std::int64_t grace_seconds,
                        bool use_trash, const py::object& progress) {
  GcOptions options;
  options.execute = execute;
  options.grace_seconds = grace_seconds;
  options.use_trash = use_trash;
  PendingError pending;
  const GcResult result = Take(RunLong(progress, 0, pending, [&](const Operation& operation) {
    return repository.CollectGarbage(options, operation);
  }));
  py::list items;
  for (const GcItem& item : result.items) {
    items.append(py::make_tuple(item.path, item.reason, item.bytes));
  }
  py::dict answer;
  answer["items"] = items;
  answer["freed_bytes"] = result.freed_bytes;
  answer["kept_bytes"] = result.kept_bytes;
  answer["trash_bytes"] = result.trash_bytes;
  answer["executed"] = result.executed;
  return answer;
}

py::dict Usage(const Repository& repository) {
  const UsageReport report = Unlocked([&] { return repository.Usage(); });
  py::dict answer;
  answer["raw_bytes"] = report.raw_bytes;
  answer["tensor_bytes"] = report.tensor_bytes;
  answer["blob_bytes"] = report.blob_bytes;
  answer["metadata_bytes"] = report.metadata_bytes;
  answer["derived_bytes"] = report.derived_bytes;
  answer["garbage_bytes"] = report.garbage_bytes;
  answer["trash_bytes"] = report.trash_bytes;
  answer["total_bytes"] = report.total_bytes;
  return answer;
}

py::dict FactsOf(const QuantizedTensor& tensor) {
  py::dict facts;
  facts["dtype"] = std::string(NameOf(tensor.info.dtype));
  facts["dtype_after"] = std::string(NameOf(tensor.dtype));
  facts["max_error"] = tensor.max_error;
  facts["relative_error"] = tensor.relative_error;
  facts["bound"] = tensor.bound;
  facts["coded_before"] = tensor.coded_before;
  facts["coded_after"] = tensor.coded_after;
  return facts;
}

py::dict Quantize(Repository& repository, const std::string& reference, const std::string& scheme,
                  const std::string& tensors, const std::string& model, const std::string& message,
                  bool execute, const py::object& progress, unsigned threads) {
  QuantizeOptions options;
  options.quantization = Take(ParseQuantization(scheme));
  options.tensor_glob = tensors;
  options.model = model;
  options.message = message;
  options.execute = execute;
  PendingError pending;
  const QuantizeResult result =
      Take(RunLong(progress, threads, pending, [&](const Operation& operation) {
        return repository.Quantize(reference, options, operation);
      }));
  py::dict changed;
  for (const QuantizedTensor& tensor : result.tensors) {
    if (tensor.changed) changed[py::str(tensor.info.name)] = FactsOf(tensor);
  }
  py::dict answer;
  answer["version"] = result.commit ? py::cast(result.commit->version) : py::none();
  answer["coded_before"] = result.coded_before;
  answer["coded_after"] = result.coded_after;
  answer["max_error"] = result.max_error;
  answer["relative_error"] = result.relative_error;
  answer["tensors"] = changed;
  return answer;
}

py::tuple Resolve(const Repository& repository, const std::string& reference) {
  const ResolvedReference result = Unlocked([&] { return repository.Resolve(reference); });
  return py::make_tuple(result.id.Hex(), result.model, result.number, result.step,
                        result.tensor_pattern);
}

std::vector<VersionSummary> Log(const Repository& repository, const std::string& reference,
                                std::size_t limit) {
  LogOptions options;
  options.limit = limit;
  std::vector<VersionSummary> versions;
  for (LogEntry& entry : Unlocked([&] { return repository.Log(reference, options); })) {
    versions.push_back(std::move(entry.version));
  }
  return versions;
}

std::unique_ptr<Repository> Open(const fs::path& path, bool read_only,
                                 std::int64_t lock_timeout_ms) {
  OpenOptions options;
  options.read_only = read_only;
  options.lock_timeout_ms = lock_timeout_ms;
  return Unlocked([&]() -> Result<std::unique_ptr<Repository>> {
    DLV_ASSIGN(const fs::path root, Repository::Find(path));
    return Repository::Open(root, options);
  });
}

void DefineNames(py::class_<Repository>& repository) {
  repository
      .def("set_alias",
           [](Repository& self, const std::string& alias, const std::string& reference) {
             return Unlocked([&] { return self.SetAlias(alias, reference); });
           })
      .def("delete_alias",
           [](Repository& self, const std::string& model, const std::string& alias) {
             return Unlocked([&] { return self.DeleteAlias(model, alias); });
           })
      .def("alias_log",
           [](const Repository& self, const std::string& model) {
             return Unlocked([&] { return self.AliasLog(model); });
           })
      .def("set_tags",
           [](Repository& self, const std::string& reference, const KeyValues& tags) {
             Unlocked([&]() -> Result<bool> {
               DLV_TRY(self.SetTags(reference, tags));
               return true;
             });
           })
      .def("delete_tags", [](Repository& self, const std::string& reference,
                             const std::vector<std::string>& keys) {
        Unlocked([&]() -> Result<bool> {
          DLV_TRY(self.DeleteTags(reference, keys));
          return true;
        });
      });
}

void DefineReading(py::class_<Repository>& repository) {
  repository.def("resolve", &Resolve)
      .def("models",
           [](const Repository& self, const std::string& glob) {
             return Unlocked([&] { return self.ListModels({glob, 0}); });
           })
      .def("versions",
           [](const Repository& self, const std::string& glob, std::size_t limit) {
             return Unlocked([&] { return self.ListVersions({glob, limit}); });
           })
      .def("log", &Log)
      .def("describe", [](const Repository& self, const std::string& reference) {
        return Unlocked([&] { return self.Describe(reference); });
      });
}

}  // namespace

void DefineRepository(py::module_& module) {
  module.def("init",
             [](const fs::path& path) { return Unlocked([&] { return Repository::Init(path); }); });
  module.def("open", &Open);
  module.def("library_version", [] { return std::string(LibraryVersion()); });
  py::class_<Repository> repository(module, "Repository");
  repository.def_property_readonly("root", &Repository::root)
      .def("commit", &Commit)
      .def("load", &Load)
      .def("quantize", &Quantize)
      .def("checkout", &Checkout)
      .def("diff", &Diff)
      .def("verify", &Verify)
      .def("remove", &Remove)
      .def("collect_garbage", &CollectGarbage)
      .def("usage", &Usage);
  DefineReading(repository);
  DefineNames(repository);
}

}  // namespace dlv::python
