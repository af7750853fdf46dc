#include "storage/store/import.h"

#include <array>

#include "storage/store/foreign_import.h"
#include "storage/store/portable_import.h"

namespace dlv::store {
namespace {

/// How a kind of folder is read; the first that takes a folder has it.
struct ForeignReader {
  ImportKind kind;
  Result<std::optional<ForeignPlan>> (*plan)(const std::filesystem::path& folder);
};
constexpr std::array<ForeignReader, 3> kReaders = {{{ImportKind::kHuggingFace, PlanHuggingFace},
                                                    {ImportKind::kMlflow, PlanMlflow},
                                                    {ImportKind::kDvc, PlanDvc}}};

}  // namespace

Result<ImportResult> Import(Store& store, const ImportOptions& options,
                            const Operation& operation) {
  if (store.read_only() && !options.dry_run)
    return Error{ErrorCode::kInvalidArgument, "the repository is open for reading only"};
  const std::string folder = options.source.string();
  const auto wanted = [&](ImportKind kind) {
    return options.kind == ImportKind::kDetect || options.kind == kind;
  };
  if (wanted(ImportKind::kExport) && IsExport(store, folder))
    return ImportExport(store, options, operation);
  for (const ForeignReader& reader : kReaders) {
    if (!wanted(reader.kind)) continue;
    DLV_ASSIGN(auto plan, reader.plan(options.source));
    if (!plan) continue;
    DLV_ASSIGN(ImportResult result,
               ImportForeign(store, std::move(*plan), options.dry_run, operation));
    return result;
  }
  const auto stat = store.sources().Stat(folder);
  if (!stat.ok()) return Error{stat.error().code, folder + ": there is no such folder"};
  return Error{ErrorCode::kInvalidArgument, folder + ": is no folder that dlv can import",
               "want what dlv export --all has written, a Hugging Face cache, an MLflow or a DVC "
               "folder"};
}

}  // namespace dlv::store
