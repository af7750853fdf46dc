// Running the network of a version from a program: body of dlv/inference.h.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dlv/inference.h"
#include "engine/api/example_inputs.h"
#include "engine/api/progressive_run.h"
#include "engine/api/repository_impl.h"
#include "engine/api/whole_inputs.h"
#include "engine/infer/session.h"

namespace dlv {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 30;

ValueDescription DescriptionOf(const NetworkValue& value) {
  ValueDescription one;
  one.name = value.name;
  one.dtype = value.dtype.value_or(DType::kF32);
  for (const std::int64_t size : value.shape.value_or(NetworkShape()))
    one.shape.push_back(size == kUnknownSize ? -1 : size);
  return one;
}

std::vector<ValueDescription> InputsOf(const Network& network) {
  std::vector<ValueDescription> inputs;
  for (const NetworkValue& value : network.inputs) inputs.push_back(DescriptionOf(value));
  return inputs;
}

std::vector<ValueDescription> OutputsOf(const Network& network) {
  std::vector<ValueDescription> outputs;
  for (const NetworkOutput& output : network.outputs) {
    ValueDescription one;
    const NetworkOperand& from = output.source;
    if (from.kind == OperandKind::kNode) {
      one = DescriptionOf(network.nodes[from.index].outputs[from.port]);
    } else if (from.kind == OperandKind::kInput) {
      one = DescriptionOf(network.inputs[from.index]);
    }
    one.name = output.name;
    outputs.push_back(std::move(one));
  }
  return outputs;
}

Error Wrong(std::string what) { return {ErrorCode::kInvalidArgument, std::move(what)}; }

/// The k greatest scores, equal ones by ascending class; none where one is NaN.
Classified Named(std::span<const float> scores, unsigned top_k) {
  Classified named;
  if (std::ranges::any_of(scores, [](float score) { return std::isnan(score); })) {
    named.reason = "not a number";
    return named;
  }
  std::vector<std::int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto score_of = [&](std::int64_t c) { return scores[static_cast<std::size_t>(c)]; };
  std::ranges::stable_sort(
      order, [&](std::int64_t a, std::int64_t b) { return score_of(a) > score_of(b); });
  if (top_k < order.size())
    named.margin = double{score_of(order[top_k - 1])} - double{score_of(order[top_k])};
  order.resize(top_k);
  named.classes = std::move(order);
  return named;
}

Classified ClassifiedOf(progressive::Answer answer) {
  Classified named;
  named.classes = std::move(answer.classes);
  named.status = api::StatusOf(answer.status);
  named.margin = answer.margin;
  named.lower_bound = answer.lower_bound;
  named.step = answer.step;
  named.reason = std::move(answer.reason);
  return named;
}

}  // namespace

class Session::Impl {
 public:
  Impl(store::Store& store, const InferenceOptions& options) : store_(store), options_(options) {}

  Status Open(std::string_view reference) {
    if (options_.top_k == 0) return Wrong("the 0 greatest scores");
    if (options_.planes > 64)
      return Wrong(std::to_string(options_.planes) + " planes, no element has more than 64");
    if (options_.progressive && options_.planes != 0)
      return Wrong("a progressive session chooses its planes itself");
    DLV_ASSIGN(auto version, api::OpenedVersion::Open(store_, std::string(reference)));
    inputs_ = InputsOf(version->report().network);
    outputs_ = OutputsOf(version->report().network);
    if (!options_.progressive) {
      version_ = std::move(version);
      return OpenPlain(*version_);
    }
    const Operation operation{nullptr, nullptr, options_.threads};
    DLV_ASSIGN(run_options_,
               api::RunOptionsOf(options_.progressive_options, options_.top_k, operation));
    DLV_TRY(api::CheckClassifies(*version));
    if (version->has_input_sizes()) return OpenRun(std::move(version));
    version_ = std::move(version);
    return Ok();
  }

  Result<std::vector<FloatArray>> Run(std::span<const FloatView> inputs,
                                      const CancellationToken* cancel) {
    DLV_ASSIGN(const auto values, RunPlain(inputs, cancel));
    std::vector<FloatArray> outputs;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].dtype() != DType::kF32) {
        return Error{ErrorCode::kUnsupported, "output " + outputs_[i].name + " is of type " +
                                                  std::string(NameOf(values[i].dtype()))};
      }
      const auto elements = values[i].As<float>();
      outputs.push_back({values[i].shape(), {elements.begin(), elements.end()}});
    }
    return outputs;
  }

  Result<std::vector<Classified>> Classify(const FloatView& batch, const CancellationToken* cancel,
                                           unsigned wanted) {
    const unsigned top_k = wanted == 0 ? options_.top_k : wanted;
    if (options_.progressive && top_k != options_.top_k) {
      return Wrong("the " + std::to_string(top_k) + " greatest scores of a progressive session " +
                   "that was opened for " + std::to_string(options_.top_k));
    }
    if (options_.progressive) return ClassifyProgressively(batch, cancel);
    DLV_ASSIGN(const auto values, RunPlain(std::span(&batch, 1), cancel));
    const kernels::Value& scores = values.front();
    const std::int64_t rows = batch.shape.empty() ? 0 : batch.shape.front();
    if (scores.dtype() != DType::kF32 || scores.rank() < 2 || scores.shape()[0] != rows) {
      return Wrong("its output is " + std::string(NameOf(scores.dtype())) + " " +
                   kernels::TextOf(scores.shape()) + ", want f32 scores [" + std::to_string(rows) +
                   ", classes]");
    }
    const std::size_t classes = rows == 0 ? 0 : static_cast<std::size_t>(scores.count() / rows);
    if (rows != 0 && classes < top_k) return TooFew(classes, top_k);
    std::vector<Classified> answers;
    for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i)
      answers.push_back(Named(scores.As<float>().subspan(i * classes, classes), top_k));
    answered_ += answers.size();
    return answers;
  }

  ProgressiveReport report() const {
    if (run_ != nullptr) return run_->Report();
    ProgressiveReport report;
    report.inputs = report.computed = answered_;
    if (session_ != nullptr) report.peak_bytes = session_->report().peak_bytes;
    return report;
  }

  const std::vector<ValueDescription>& inputs() const { return inputs_; }
  const std::vector<ValueDescription>& outputs() const { return outputs_; }

 private:
  const api::OpenedVersion& version() const {
    return run_ != nullptr ? run_->version() : *version_;
  }

  static Error TooFew(std::size_t classes, unsigned top_k) {
    return Wrong("the " + std::to_string(top_k) + " greatest scores of " + std::to_string(classes) +
                 " classes");
  }

  Status OpenRun(std::unique_ptr<api::OpenedVersion> version) {
    DLV_ASSIGN(run_, api::ProgressiveRun::Open(store_, std::move(version), run_options_));
    return Ok();
  }

  /// Sizes that the network leaves open are those of the first batch.
  Status OpenRunFor(const Shape& batch) {
    if (batch.empty()) return Wrong("an input without a batch axis");
    DLV_ASSIGN(auto version, api::OpenedVersion::Open(store_, version_->reference()));
    DLV_TRY(version->SizeInput({batch.begin() + 1, batch.end()}));
    return OpenRun(std::move(version));
  }

  Status OpenPlain(const api::OpenedVersion& version) {
    api::VersionWeights weights(store_, version.tensors(), options_.planes);
    infer::SessionOptions options;
    options.memory_limit_bytes = kMostBytes;
    options.threads = std::max(options_.threads, 1U);  // unasked, one: engine/kernels/threads.h
    auto session = infer::Session::Make(version.report().network, weights, options);
    if (!session.ok()) return version.Named(session.error());
    session_ = std::move(session).value();
    return Ok();
  }

  /// Input `i` of the network: of f32, or of its type where it takes whole numbers.
  Result<kernels::Value> ValueOf(const FloatView& array, std::size_t i,
                                 kernels::Memory& memory) const {
    const bool is_sane = std::ranges::all_of(array.shape, [](std::int64_t size) {
      return size >= 0 && size <= (std::int64_t{1} << 40);
    });
    double count = 1;
    for (const std::int64_t size : array.shape) count *= static_cast<double>(size);
    if (!is_sane || count != static_cast<double>(array.values.size())) {
      return Wrong("an input of " + std::to_string(array.values.size()) +
                   " numbers does not have the shape " + kernels::TextOf(array.shape));
    }
    const DType dtype = i < inputs_.size() ? inputs_[i].dtype : DType::kF32;
    if (!IsFloat(dtype)) return api::WholesFrom(array.values, dtype, array.shape, memory);
    DLV_ASSIGN(kernels::Value value, memory.Make(DType::kF32, array.shape));
    std::ranges::copy(array.values, value.As<float>().begin());
    return value;
  }

  Result<std::vector<kernels::Value>> RunPlain(std::span<const FloatView> inputs,
                                               const CancellationToken* cancel) {
    if (session_ == nullptr) DLV_TRY(OpenPlain(version()));
    std::vector<kernels::Value> values;
    for (const FloatView& input : inputs) {
      DLV_ASSIGN(kernels::Value value, ValueOf(input, values.size(), session_->memory()));
      values.push_back(std::move(value));
    }
    return session_->Run(values, cancel);
  }

  Result<std::vector<Classified>> ClassifyProgressively(const FloatView& batch,
                                                        const CancellationToken* cancel) {
    kernels::Memory memory(kMostBytes);
    DLV_ASSIGN(const kernels::Value inputs, ValueOf(batch, 0, memory));
    if (run_ == nullptr) DLV_TRY(OpenRunFor(batch.shape));
    run_->run().SetCancel(cancel);
    auto answered = run_->run().Classify(inputs);
    run_->run().SetCancel(nullptr);
    DLV_ASSIGN(auto found, std::move(answered));
    std::vector<Classified> answers;
    for (progressive::Answer& answer : found) {
      if (!answer.scores.empty() && answer.scores.size() < options_.top_k)
        return TooFew(answer.scores.size(), options_.top_k);
      answers.push_back(ClassifiedOf(std::move(answer)));
    }
    return answers;
  }

  store::Store& store_;
  InferenceOptions options_;
  std::vector<ValueDescription> inputs_, outputs_;
  std::unique_ptr<api::OpenedVersion> version_;  ///< plain, or until there is a run
  progressive::RunOptions run_options_;
  std::unique_ptr<api::ProgressiveRun> run_;  ///< progressive
  std::unique_ptr<infer::Session> session_;
  std::uint64_t answered_ = 0;
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::Open(const Repository& repository,
                                               std::string_view reference,
                                               const InferenceOptions& options) {
  auto impl = std::make_unique<Impl>(*repository.impl_->store, options);
  DLV_TRY(impl->Open(reference));
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

const std::vector<ValueDescription>& Session::inputs() const { return impl_->inputs(); }
const std::vector<ValueDescription>& Session::outputs() const { return impl_->outputs(); }

Result<std::vector<FloatArray>> Session::Run(const std::vector<FloatArray>& inputs,
                                             const CancellationToken* cancel) {
  const std::vector<FloatView> views(inputs.begin(), inputs.end());
  return impl_->Run(views, cancel);
}

Result<std::vector<FloatArray>> Session::RunViews(std::span<const FloatView> inputs,
                                                  const CancellationToken* cancel) {
  return impl_->Run(inputs, cancel);
}

Result<std::vector<Classified>> Session::Classify(const FloatView& batch,
                                                  const CancellationToken* cancel, unsigned top_k) {
  return impl_->Classify(batch, cancel, top_k);
}

ProgressiveReport Session::report() const { return impl_->report(); }

}  // namespace dlv
