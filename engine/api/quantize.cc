#include "engine/api/quantize.h"

#include "engine/api/network_file.h"
#include "engine/api/version_network.h"
#include "engine/network/binding.h"
#include "storage/store/evaluations.h"
#include "storage/store/quantize.h"
#include "storage/store/resolve.h"

namespace dlv::api {
namespace {

/// The network of a version, with the names of its tensors; nothing where it has none.
Result<std::unique_ptr<NetworkFile>> FileFor(store::Store& store, std::string_view reference) {
  auto report = ReadNetwork(store, reference);
  if (!report.ok() && report.error().code == ErrorCode::kNotFound) {
    return std::unique_ptr<NetworkFile>();
  }
  if (!report.ok()) return report.error();
  network::NameByTensors(report->bindings, report->network);
  return NetworkFile::Make(store, report->network);
}

}  // namespace

Result<QuantizeResult> Quantize(store::Store& store, std::string_view reference,
                                const QuantizeOptions& options, const Operation& operation) {
  if (!options.execute) return store::Quantize(store, reference, options, {}, operation);
  DLV_ASSIGN(const store::Target target, store::ResolveTarget(store, reference));
  DLV_ASSIGN(const std::unique_ptr<NetworkFile> file, FileFor(store, reference));
  store::QuantizeExtras extras;
  if (file) extras.files.push_back(file->input());
  DLV_ASSIGN(const std::string steps, store.Read([&](const catalog::Catalog& catalog) {
    return store::RememberedPreprocess(catalog, target.version);
  }));
  if (!steps.empty()) extras.tags.emplace(store::kPreprocessTag, steps);
  return store::Quantize(store, reference, options, extras, operation);
}

}  // namespace dlv::api
