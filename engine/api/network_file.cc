#include "engine/api/network_file.h"

#include "engine/network/text_form.h"
#include "storage/store/names.h"

namespace dlv::api {

Result<std::unique_ptr<NetworkFile>> NetworkFile::Make(store::Store& store,
                                                       const Network& network) {
  auto made = std::unique_ptr<NetworkFile>(new NetworkFile(
      store, store.paths().Temporary("network-" + store::RandomHex(8) + ".dlvnet")));
  const std::string text = network::WriteText(network);
  DLV_TRY(io::WriteFileAtomically(store.sources(), made->path_, std::as_bytes(std::span(text))));
  return made;
}

NetworkFile::~NetworkFile() { (void)store_.sources().Remove(path_); }

FileInput NetworkFile::input() const {
  FileInput input;
  input.source = path_;
  input.path = "network.dlvnet";
  return input;
}

}  // namespace dlv::api
