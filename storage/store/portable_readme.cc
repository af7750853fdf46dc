#include "storage/store/portable_format.h"

namespace dlv::store {

std::string ExportReadme(std::uint64_t models, std::uint64_t versions) {
  return "# Models exported by dlv\n\n" + std::to_string(versions) + " versions of " +
         std::to_string(models) +
         " models. Nothing here needs dlv to be read:\n\n"
         "    models/NAME/vN/files/       the files as they were committed, byte for byte\n"
         "    models/NAME/vN/tensors/     tensors that came from no file, as safetensors\n"
         "    models/NAME/vN/version.json who made it when, message, parents, hyper-parameters,\n"
         "                                metrics, tags, note, and every tensor and file\n"
         "    models/NAME/vN/metrics.csv  every point of every metric\n"
         "    dlv-export.json             all versions in the order of their commits, and aliases\n"
         "    SHA256SUMS                  check the files with: sha256sum -c SHA256SUMS\n"
         "    records/                    what dlv needs besides to give every version the same "
         "id\n"
         "                                again; what it says stands in version.json in words\n\n"
         "A tensor from Python:\n\n"
         "    from safetensors.numpy import load_file\n"
         "    weights = load_file(\"models/NAME/v1/tensors/snapshot-0.safetensors\")\n\n"
         "Back into a repository, with the same ids:\n\n"
         "    dlv init && dlv import FOLDER\n";
}

}  // namespace dlv::store
