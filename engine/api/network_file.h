#pragma once
/// \file
/// The network of a version that dlv makes, as a file of that version.

#include <memory>
#include <string>

#include "dlv/commit.h"
#include "dlv/network.h"
#include "storage/store/store.h"

namespace dlv::api {

/// A network in the text form, among the temporary files for as long as a commit reads it.
class NetworkFile {
 public:
  /// Errors: kIo.
  static Result<std::unique_ptr<NetworkFile>> Make(store::Store& store, const Network& network);
  ~NetworkFile();
  NetworkFile(const NetworkFile&) = delete;
  NetworkFile& operator=(const NetworkFile&) = delete;

  /// "network.dlvnet" in the version.
  FileInput input() const;

 private:
  NetworkFile(store::Store& store, std::string path) : store_(store), path_(std::move(path)) {}
  store::Store& store_;
  std::string path_;
};

}  // namespace dlv::api
