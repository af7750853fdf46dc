#pragma once
/// \file
/// Networks and weights straight from foreign files, for tests and benchmarks that run real ones.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/infer/session.h"
#include "engine/kernels/convert.h"
#include "engine/network/normalise.h"
#include "storage/interchange/file_format.h"
#include "storage/interchange/network_file.h"
#include "storage/io/byte_source.h"

namespace dlv::infer {

namespace fs = std::filesystem;

/// Nothing where there is no such file.
inline std::vector<std::byte> BytesOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::byte> bytes(in.good() ? fs::file_size(path) : 0);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

inline Result<Network> NetworkOf(const fs::path& path) {
  const auto source = io::MakeBufferSource(BytesOf(path));
  DLV_ASSIGN(auto raw, interchange::ReadNetworkFile(*source, path.filename().string()));
  if (!raw) return Error{ErrorCode::kNotFound, "no network"};
  DLV_ASSIGN(auto normal, network::Normalise(std::move(*raw)));
  return std::move(normal.network);
}

/// The tensors of a file.
class FileWeights : public WeightSource {
 public:
  static Result<std::unique_ptr<FileWeights>> Open(const fs::path& path) {
    auto weights = std::make_unique<FileWeights>();
    weights->source_ = io::MakeBufferSource(BytesOf(path));
    DLV_ASSIGN(weights->description_,
               interchange::DescribeFile(*weights->source_, path.filename().string()));
    return weights;
  }

  Result<kernels::Value> Read(const NetworkParameter& parameter, DType real,
                              kernels::Memory& memory) override {
    for (const auto& tensor : description_.tensors) {
      if (tensor.name == parameter.name) return ReadTensor(tensor, parameter.shape, real, memory);
    }
    return Error{ErrorCode::kNotFound, "no tensor " + parameter.name};
  }

  /// The one tensor of a file with one.
  Result<kernels::Value> ReadOnly(kernels::Memory& memory) const {
    if (description_.tensors.size() != 1) return Error{ErrorCode::kNotFound, "not one tensor"};
    return ReadTensor(description_.tensors[0], std::nullopt, DType::kF32, memory);
  }

 private:
  /// Caffe's older files write each shape with four axes.
  static Result<kernels::Value> ReadTensor(const interchange::DescribedTensor& tensor,
                                           const std::optional<NetworkShape>& wanted, DType real,
                                           kernels::Memory& memory) {
    std::vector<std::byte> bytes(tensor.source->size());
    DLV_TRY(tensor.source->ReadAt(0, bytes));
    DLV_ASSIGN(kernels::Value value,
               kernels::FromBytes(tensor.dtype, tensor.shape, bytes, real, memory));
    const bool same = wanted && kernels::CheckedCount(*wanted).ok() &&
                      *kernels::CheckedCount(*wanted) == value.count();
    return same ? value.Reshaped(*wanted) : value;
  }

  std::unique_ptr<io::ByteSource> source_;
  interchange::FileDescription description_;
};

/// A session of a network file with the weights of another (or the same).
inline Result<std::unique_ptr<Session>> OpenSession(const fs::path& graph, const fs::path& weights,
                                                    const SessionOptions& options = {}) {
  DLV_ASSIGN(Network network, NetworkOf(graph));
  DLV_ASSIGN(const auto source, FileWeights::Open(weights));
  return Session::Make(std::move(network), *source, options);
}

}  // namespace dlv::infer
