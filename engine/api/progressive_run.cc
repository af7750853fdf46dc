#include "engine/api/progressive_run.h"

#include <cmath>

namespace dlv::api {
namespace {

ProgressiveStep StepOf(const progressive::StepReport& from) {
  ProgressiveStep step;
  for (const progressive::StepLevel& level : from.levels)
    step.levels.push_back({level.parameter, level.planes, level.exact, level.by_significance});
  step.plane_bytes = from.plane_bytes;
  step.all_bytes = from.all_bytes;
  step.plane_bits = from.plane_bits;
  step.all_bits = from.all_bits;
  step.inputs = from.open_before;
  step.certified_forward = from.certified_forward;
  step.certified_backward = from.certified_backward;
  step.heuristic = from.heuristic;
  step.seconds = from.seconds;
  return step;
}

double BitsOf(std::uint64_t bytes, std::uint64_t elements) {
  return elements == 0 ? 0 : 8 * static_cast<double>(bytes) / static_cast<double>(elements);
}

}  // namespace

std::optional<std::vector<double>> UsedBounds::Find(std::string_view key) {
  if (kept_ == nullptr) return std::nullopt;
  auto found = kept_->Find(key);
  if (found) used_.insert_or_assign(std::string(key), *found);
  return found;
}

Status UsedBounds::Put(std::string_view key, const std::vector<double>& values) {
  used_.insert_or_assign(std::string(key), values);
  return kept_ == nullptr ? Ok() : kept_->Put(key, values);
}

AnswerStatus StatusOf(progressive::AnswerStatus status) {
  switch (status) {
    case progressive::AnswerStatus::kCertified:
      return AnswerStatus::kCertified;
    case progressive::AnswerStatus::kCertifiedFull:
      return AnswerStatus::kCertifiedFull;
    case progressive::AnswerStatus::kHeuristic:
      return AnswerStatus::kHeuristic;
    case progressive::AnswerStatus::kComputed:
      break;
  }
  return AnswerStatus::kComputed;
}

Result<progressive::RunOptions> RunOptionsOf(const ProgressiveOptions& options, unsigned top_k,
                                             const Operation& operation) {
  const auto wrong = [](std::string what) {
    return Error{ErrorCode::kInvalidArgument, std::move(what)};
  };
  if (!(options.tau > 0) || std::isinf(options.tau))
    return wrong("a threshold of " + std::to_string(options.tau) + ", want a number above 0");
  if (options.most_planes && *options.most_planes == 0) return wrong("0 planes of every weight");
  if (top_k == 0) return wrong("the 0 greatest scores");
  progressive::RunOptions run;
  run.stop = options.stop == ProgressiveStop::kHeuristic ? progressive::StopRule::kHeuristic
                                                         : progressive::StopRule::kCertified;
  run.tau = options.tau;
  run.top_k = top_k;
  run.most_planes = options.most_planes;
  run.method = options.method == ProgressiveMethod::kIntervals
                   ? progressive::BoundMethod::kIntervals
                   : progressive::BoundMethod::kNorms;
  run.keep_contrasts = !options.certificate.empty();
  run.sketches = options.certificate.empty();  // they are not in the packs
  run.threads = operation.threads;
  run.cancel = operation.cancel;
  return run;
}

ProgressiveRun::ProgressiveRun(store::Store& store, std::unique_ptr<OpenedVersion> version,
                               Source source)
    : store_(store),
      version_(std::move(version)),
      derived_(store),
      bounds_(source == Source::kAnew ? nullptr : &derived_),
      levels_(store, version_->tensors()),
      weights_(store, version_->tensors()) {
  if (source == Source::kMaterialised) materialised_.emplace(levels_);
}

progressive::LevelSource& ProgressiveRun::source() {
  if (materialised_) return *materialised_;
  return levels_;
}

Result<std::unique_ptr<ProgressiveRun>> ProgressiveRun::Open(store::Store& store,
                                                             std::unique_ptr<OpenedVersion> version,
                                                             const progressive::RunOptions& options,
                                                             Source source) {
  std::unique_ptr<ProgressiveRun> opened(new ProgressiveRun(store, std::move(version), source));
  auto run = progressive::Run::Make(opened->version_->report().network, opened->source(),
                                    opened->weights_, &opened->bounds_, options);
  if (!run.ok()) return opened->version_->Named(run.error());
  opened->run_ = std::move(run).value();
  const auto classes = opened->run_->classes();
  if (classes && *classes < options.top_k) {
    return opened->version_->Unfit("the " + std::to_string(options.top_k) + " greatest scores of " +
                                   std::to_string(*classes) + " classes");
  }
  DLV_TRY(opened->CountTensors());
  opened->opening_bytes_ = store.tensors().fetched_bytes() - opened->version_->fetched_before();
  return opened;
}

Status ProgressiveRun::CountTensors() {
  for (const NetworkParameter& parameter : version_->report().network.parameters) {
    DLV_ASSIGN(const auto levels, source().Levels(parameter));
    if (!levels.empty()) full_plane_bytes_ += levels.back().plane_bytes;
    if (version_->tensors().MadeBytes(parameter) != nullptr) continue;
    DLV_ASSIGN(const bool is_delta, levels_.IsDelta(parameter));
    ++stored_tensors_;
    if (is_delta) ++delta_tensors_;
  }
  return Ok();
}

ProgressiveReport ProgressiveRun::Report() const {
  const progressive::RunReport from = run_->report();
  ProgressiveReport report;
  report.inputs = from.inputs;
  report.certified = from.certified;
  report.certified_full = from.certified_full;
  report.heuristic = from.heuristic;
  report.computed = from.computed;
  report.reasons = from.reasons;
  for (const progressive::StepReport& step : from.steps) report.steps.push_back(StepOf(step));
  report.parameter_elements = from.parameter_elements;
  report.full_bytes = from.full_bytes;
  report.bound_bytes = from.bound_bytes;
  report.fetched_bytes = store_.tensors().fetched_bytes() - version_->fetched_before();
  report.opening_bytes = opening_bytes_;
  report.plane_bits = {from.mean_plane_bits, from.p50_plane_bits, from.p99_plane_bits,
                       BitsOf(full_plane_bytes_, from.parameter_elements)};
  report.all_bits = {from.mean_all_bits, from.p50_all_bits, from.p99_all_bits,
                     BitsOf(from.full_bytes, from.parameter_elements)};
  report.stored_tensors = stored_tensors_;
  report.delta_tensors = delta_tensors_;
  report.precision = from.precision == progressive::Precision::kF32 ? CentrePrecision::kF32
                                                                    : CentrePrecision::kF64;
  report.escalated = from.escalated;
  report.stopped_by = from.stopped_by;
  report.peak_bytes = from.peak_bytes;
  report.seconds = from.seconds;
  report.bound_seconds = from.bound_seconds;
  return report;
}

}  // namespace dlv::api

namespace dlv {

std::string_view NameOf(AnswerStatus status) {
  switch (status) {
    case AnswerStatus::kCertified:
      return "certified";
    case AnswerStatus::kCertifiedFull:
      return "certified-full";
    case AnswerStatus::kHeuristic:
      return "heuristic";
    case AnswerStatus::kComputed:
      break;
  }
  return "computed";
}

std::string_view NameOf(CentrePrecision precision) {
  return precision == CentrePrecision::kF32 ? "f32" : "f64";
}

}  // namespace dlv
