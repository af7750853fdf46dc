// PyTorch's zip format: STEM/data.pkl, STEM/data/KEY (one a storage), STEM/byteorder, STEM/version.

#include "storage/interchange/formats.h"
#include "storage/interchange/torch_archive.h"
#include "storage/interchange/zip_recipe.h"

namespace dlv::interchange {

bool SniffTorchZip(const Probe& probe) {
  return probe.zip && probe.zip_at_start && probe.zip->ok() &&
         TorchStemOf(**probe.zip, kTorchPickle).has_value();
}

Result<FileDescription> DescribeTorchZip(const Probe& probe, const DescribeOptions& options) {
  const io::ByteSource& file = *probe.file;
  const ZipDirectory& directory = **probe.zip;
  if (options.has_values) DLV_TRY(CheckZipMembers(file, directory));
  const std::string stem = *TorchStemOf(directory, kTorchPickle);
  DLV_ASSIGN(const std::vector<std::byte> bytes,
             ReadTorchPickle(file, directory, stem + std::string(kTorchPickle)));
  DLV_ASSIGN(const Pickle pickle, ReadPickle(bytes, kTorchPickle));
  DLV_ASSIGN(const TorchCheckpoint checkpoint, ReadTorchCheckpoint(pickle, kTorchPickle));
  std::vector<std::string> storages;
  for (const TorchStorage& storage : checkpoint.storages) {
    storages.push_back(stem + "data/" + storage.key);
  }
  DLV_ASSIGN(FileDescription description,
             DescribeTorchArchive(probe, options, stem, checkpoint, storages));
  description.format = "pytorch-zip";
  return description;
}

}  // namespace dlv::interchange
