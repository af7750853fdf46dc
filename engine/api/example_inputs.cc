#include "engine/api/example_inputs.h"

#include <algorithm>

#include "engine/api/whole_inputs.h"
#include "engine/kernels/convert.h"
#include "engine/network/shape_inference.h"
#include "storage/io/hash.h"
#include "storage/store/evaluations.h"

namespace dlv::api {
namespace {

/// What might help where an image of `made` is none of `want`.
std::string HintFor(const NetworkShape& made, const NetworkShape& want, bool is_image) {
  const auto is_channels = [](std::int64_t size) { return size == 1 || size == 3; };
  if (!is_image || want.size() != 3 || is_channels(want[2])) return {};
  const auto differs = [&](std::size_t axis) {
    return want[axis] != kUnknownSize && want[axis] != made[axis];
  };
  std::string steps;
  if (differs(0) && !is_channels(want[0])) return {};
  if (differs(0)) steps = want[0] == 1 ? "channels=gray" : "channels=rgb";
  if ((differs(1) || differs(2)) && want[1] != kUnknownSize && want[2] != kUnknownSize) {
    steps += (steps.empty() ? "resize=" : ",resize=") + std::to_string(want[1]) + "x" +
             std::to_string(want[2]);
  }
  return steps.empty() ? steps : "bring images to what it takes: --preprocess " + steps;
}

}  // namespace

Result<std::string> HashOfExamples(const dataset::DataSource& data, std::uint64_t first,
                                   std::uint64_t count) {
  io::Sha256 hash;
  DLV_TRY(data.AddToHash(first, count, hash));
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
  DLV_ASSIGN(auto fitted, data.Fitted(steps));
  const dataset::DataSource& read = fitted ? *fitted->data : data;
  DLV_ASSIGN(auto made,
             dataset::Preprocessor::Make(io::PosixFileSystem(), fitted ? fitted->rest : steps,
                                         read.description()));
  ExampleInputs inputs(read, std::move(made));
  if (fitted) inputs.fitted_ = std::move(fitted->data);
  inputs.preprocess_ = steps.Text();
  DLV_TRY(inputs.SetShape(version, batch));
  return inputs;
}

Status ExampleInputs::SetShape(const OpenedVersion& version, std::uint64_t batch) {
  const NetworkValue& input = version.report().network.inputs.front();
  batch_ = batch;
  const ExampleForm example{preprocessor_.output_shape(), preprocessor_.makes_images()};
  const auto form = FitExample(example, input.shape);
  if (!form) {
    const NetworkShape want(input.shape->begin() + 1, input.shape->end());
    Error error = version.Unfit("an example of " + data_->description().path + " is " +
                                kernels::TextOf(example.shape) + ", its network takes " +
                                network::ShapeText(want));
    error.hint = HintFor(example.shape, want, example.is_image);
    return error;
  }
  form_ = *form;
  if (input.dtype && !IsFloat(*input.dtype)) dtype_ = *input.dtype;
  if (!kernels::CanConvert(dtype_))
    return version.Unfit("its network takes elements of type " + std::string(NameOf(dtype_)));
  if (!input.shape || input.shape->empty() || input.shape->front() == kUnknownSize) return Ok();
  batch_ = static_cast<std::uint64_t>(input.shape->front());
  fixed_batch_ = true;
  if (batch_ == 0) return version.Unfit("its network takes batches of 0");
  return Ok();
}

Result<kernels::Value> ExampleInputs::Read(std::uint64_t first, std::uint64_t count,
                                           std::uint64_t rows, kernels::Memory& memory) const {
  std::vector<std::byte> raw(
      static_cast<std::size_t>(count * data_->description().example_bytes()));
  DLV_TRY(data_->Read(first, raw));
  NetworkShape shape = {static_cast<std::int64_t>(rows)};
  shape.insert(shape.end(), form_.shape.begin(), form_.shape.end());
  DLV_ASSIGN(kernels::Value input, memory.Make(dtype_, shape));
  const auto filled = static_cast<std::size_t>(count * preprocessor_.output_elements());
  std::ranges::fill(std::span(input.data(), input.size_bytes()).subspan(filled * SizeOf(dtype_)),
                    std::byte{0});
  if (dtype_ == DType::kF32 && !form_.channels_last) {
    preprocessor_.Apply(count, raw, input.As<float>().first(filled));
  } else {
    DLV_TRY(Fill(first, count, raw, input));
  }
  return input;
}

Status ExampleInputs::Fill(std::uint64_t first, std::uint64_t count, std::span<const std::byte> raw,
                           kernels::Value& input) const {
  const auto bytes = static_cast<std::size_t>(data_->description().example_bytes());
  const auto elements = static_cast<std::size_t>(preprocessor_.output_elements());
  std::vector<double> made, turned(elements);
  for (std::size_t i = 0; i < count; ++i) {
    preprocessor_.ApplyToOne(raw.subspan(i * bytes, bytes), made);
    if (form_.channels_last) {
      PutChannelsLast(made, preprocessor_.output_shape()[0], turned);
      made.swap(turned);
    }
    const Status put = PutNumbers(made, dtype_, input.data() + i * elements * SizeOf(dtype_));
    if (!put.ok()) {
      return Error{put.error().code, data_->description().path + ", example " +
                                         std::to_string(first + i) + ": " + put.error().message};
    }
  }
  return Ok();
}

Result<std::vector<std::int64_t>> ExampleInputs::ReadLabels(std::uint64_t first,
                                                            std::uint64_t count) const {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(count));
  DLV_TRY(data_->ReadLabels(first, labels));
  return labels;
}

}  // namespace dlv::api
