#include "engine/api/example_inputs.h"

#include <algorithm>

#include "storage/io/hash.h"
#include "storage/store/evaluations.h"

namespace dlv::api {

Result<std::string> HashOfExamples(const dataset::DataSource& data, std::uint64_t first,
                                   std::uint64_t count) {
  io::Sha256 hash;
  const std::uint64_t one = std::max<std::uint64_t>(data.description().example_bytes(), 1);
  const std::uint64_t step = std::max<std::uint64_t>((4u << 20) / one, 1);
  std::vector<std::byte> bytes;
  for (std::uint64_t at = 0; at < count; at += step) {
    const std::uint64_t now = std::min(step, count - at);
    bytes.resize(static_cast<std::size_t>(now * data.description().example_bytes()));
    DLV_TRY(data.Read(first + at, bytes));
    hash.Update(bytes);
  }
  return hash.Finish<FileDigest>().Hex();
}

Status CheckClassifies(const OpenedVersion& version) {
  const Network& network = version.report().network;
  if (network.inputs.size() == 1 && !network.outputs.empty()) return Ok();
  return version.Unfit("its network has " + std::to_string(network.inputs.size()) + " inputs and " +
                       std::to_string(network.outputs.size()) +
                       " outputs, want one input and scores of classes");
}

std::vector<std::string> WarningsOn(const OpenedVersion& version) {
  std::vector<std::string> warnings;
  const Network& network = version.report().network;
  const std::string first = "\"" + network.outputs.front().name + "\"";
  if (!version.label_layers().empty()) {
    std::string layers;
    for (const std::string& layer : version.label_layers())
      layers += (layers.empty() ? "" : ", ") + layer;
    warnings.push_back("layers that compare scores with labels are left out: " + layers +
                       "; the scores are " + first);
  }
  if (network.outputs.size() > 1) {
    warnings.push_back("the network has " + std::to_string(network.outputs.size()) +
                       " outputs; the first, " + first + ", is taken for the scores");
  }
  return warnings;
}

Result<ExampleInputs> ExampleInputs::Make(store::Store& store, const OpenedVersion& version,
                                          const dataset::DataSource& data,
                                          const std::optional<std::string>& preprocess,
                                          std::uint64_t batch) {
  DLV_TRY(CheckClassifies(version));
  std::string text = preprocess.value_or("");
  if (!preprocess) {
    DLV_ASSIGN(text, store.Read([&](const catalog::Catalog& catalog) {
      return store::RememberedPreprocess(catalog, version.row());
    }));
  }
  DLV_ASSIGN(const auto steps, dataset::Preprocess::Parse(text));
  DLV_ASSIGN(auto made,
             dataset::Preprocessor::Make(io::PosixFileSystem(), steps, data.description()));
  ExampleInputs inputs(data, std::move(made));
  inputs.preprocess_ = steps.Text();
  DLV_TRY(inputs.SetShape(version, batch));
  return inputs;
}

Status ExampleInputs::SetShape(const OpenedVersion& version, std::uint64_t batch) {
  const NetworkValue& input = version.report().network.inputs.front();
  shape_ = preprocessor_.output_shape();
  batch_ = batch;
  if (!input.shape || input.shape->empty()) return Ok();
  if (input.shape->front() != kUnknownSize) {
    batch_ = static_cast<std::uint64_t>(input.shape->front());
    fixed_batch_ = true;
    if (batch_ == 0) return version.Unfit("its network takes batches of 0");
  }
  const bool wants_row = input.shape->size() == 2 && shape_.size() > 1;
  if (wants_row) shape_ = {static_cast<std::int64_t>(preprocessor_.output_elements())};
  return Ok();
}

Result<kernels::Value> ExampleInputs::Read(std::uint64_t first, std::uint64_t count,
                                           std::uint64_t rows, kernels::Memory& memory) const {
  std::vector<std::byte> raw(
      static_cast<std::size_t>(count * data_->description().example_bytes()));
  DLV_TRY(data_->Read(first, raw));
  NetworkShape shape = {static_cast<std::int64_t>(rows)};
  shape.insert(shape.end(), shape_.begin(), shape_.end());
  DLV_ASSIGN(kernels::Value input, memory.Make(DType::kF32, shape));
  const std::span<float> elements = input.As<float>();
  const auto filled = static_cast<std::size_t>(count * preprocessor_.output_elements());
  preprocessor_.Apply(count, raw, elements.first(filled));
  std::ranges::fill(elements.subspan(filled), 0.0F);
  return input;
}

Result<std::vector<std::int64_t>> ExampleInputs::ReadLabels(std::uint64_t first,
                                                            std::uint64_t count) const {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(count));
  DLV_TRY(data_->ReadLabels(first, labels));
  return labels;
}

}  // namespace dlv::api
