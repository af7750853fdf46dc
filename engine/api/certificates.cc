#include "engine/api/certificates.h"

#include <algorithm>
#include <tuple>

#include "dlv/repository.h"
#include "engine/progressive/level_digest.h"
#include "storage/io/hash.h"

namespace dlv::api {

Result<std::vector<store::CertificateTensor>> TensorsOf(const OpenedVersion& version) {
  std::vector<store::CertificateTensor> tensors;
  for (const NetworkParameter& parameter : version.report().network.parameters) {
    DLV_ASSIGN(const TensorInfo* const tensor, version.tensors().Find(parameter));
    tensors.push_back({parameter.name, tensor->id.Hex(), std::string(NameOf(tensor->dtype)),
                       ParameterTensors::ShapeOf(parameter, *tensor)});
  }
  return tensors;
}

namespace {

std::vector<std::vector<store::CertificateLevel>> StepsOf(const progressive::RunReport& report) {
  std::vector<std::vector<store::CertificateLevel>> steps;
  for (const progressive::StepReport& step : report.steps) {
    steps.emplace_back();
    for (const progressive::StepLevel& level : step.levels)
      steps.back().push_back({level.parameter, level.planes, level.exact, level.by_significance});
  }
  return steps;
}

}  // namespace

bool IsFromStep(std::string_view status) { return status != NameOf(AnswerStatus::kComputed); }

bool IsProfileKey(std::string_view key) { return key.starts_with("profile-"); }

Result<std::vector<store::CertificateSegment>> SegmentsOf(
    ProgressiveRun& run, const std::vector<std::vector<store::CertificateLevel>>& steps,
    const std::set<std::size_t>& used) {
  std::map<std::tuple<std::string, bool, unsigned>, std::string> digests;
  for (const std::size_t step : used) {
    for (const store::CertificateLevel& level : steps[step])
      digests.try_emplace({level.parameter, level.by_significance, level.planes});
  }
  const auto& parameters = run.version().report().network.parameters;
  std::vector<store::CertificateSegment> segments;
  for (const auto& [key, digest] : digests) {
    const auto& [name, by_significance, planes] = key;
    const auto parameter = std::ranges::find(parameters, name, &NetworkParameter::name);
    if (parameter == parameters.end())
      return run.version().Unfit("its network has no parameter " + name);
    DLV_ASSIGN(const progressive::LeveledTensor tensor, run.source().Read(*parameter, planes));
    DLV_ASSIGN(std::string hash, progressive::DigestOf(tensor));
    segments.push_back({name, planes, by_significance, std::move(hash)});
  }
  return segments;
}

std::vector<store::CertificateRule> RulesOf(const ProgressiveRun& run) {
  std::vector<store::CertificateRule> rules;
  for (const progressive::AppliedRule& rule : run.run().rules())
    rules.push_back({rule.node, rule.rule});
  return rules;
}

std::map<std::string, std::vector<double>, std::less<>> BoundsOf(const ProgressiveRun& run) {
  auto used = run.bounds().used();
  std::erase_if(used, [](const auto& one) { return IsProfileKey(one.first); });
  return used;
}

std::string HashOfRow(const kernels::Value& inputs, std::size_t row) {
  const std::size_t rows = static_cast<std::size_t>(inputs.shape()[0]);
  const std::size_t bytes = inputs.size_bytes() / rows;
  io::Sha256 hash;
  hash.Update(std::span(inputs.data() + row * bytes, bytes));
  return hash.Finish<FileDigest>().Hex();
}

Result<std::unique_ptr<Certificates>> Certificates::Create(const std::string& path,
                                                           ProgressiveRun& run,
                                                           const CertificateParts& parts) {
  DLV_ASSIGN(auto writer, store::CertificateWriter::Create(path));
  store::CertificateHeader header;
  header.program = LibraryVersion();
  header.algorithm = kCertificateAlgorithm;
  header.version = run.version().id().Hex();
  header.reference = run.version().reference();
  header.network = run.version().report().id.Hex();
  header.preprocess = parts.preprocess;
  header.data = parts.data;
  header.data_sha256 = parts.data_sha256;
  header.first = parts.first;
  header.examples = parts.examples;
  header.top_k = parts.top_k;
  header.method = parts.method == ProgressiveMethod::kIntervals ? "intervals" : "norms";
  header.stop = parts.stop == ProgressiveStop::kHeuristic ? "heuristic" : "certified";
  DLV_ASSIGN(header.tensors, TensorsOf(run.version()));
  header.steps = StepsOf(run.run().report());
  DLV_TRY(writer->Write(header));
  return std::unique_ptr<Certificates>(new Certificates(std::move(writer), run));
}

Status Certificates::Add(const kernels::Value& inputs,
                         const std::vector<progressive::Answer>& answers, std::uint64_t first) {
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const progressive::Answer& from = answers[i];
    store::CertificateAnswer answer;
    answer.input = first + i;
    answer.sha256 = HashOfRow(inputs, i);
    answer.status = NameOf(StatusOf(from.status));
    answer.reason = from.reason;
    answer.step = from.step;
    answer.by_backward = from.by_backward;
    if (IsFromStep(answer.status)) steps_.insert(from.step);
    answer.classes = from.classes;
    answer.margin = from.margin;
    answer.lower_bound = from.lower_bound;
    for (const progressive::Contrast& contrast : from.contrasts) {
      answer.contrasts.push_back(
          {contrast.over, contrast.under, contrast.margin, contrast.lower_bound});
    }
    DLV_TRY(writer_->Write(answer));
    ++inputs_;
  }
  return Ok();
}

Status Certificates::Finish() {
  store::CertificateFooter footer;
  DLV_ASSIGN(footer.segments, SegmentsOf(run_, StepsOf(run_.run().report()), steps_));
  footer.rules = RulesOf(run_);
  footer.bounds = BoundsOf(run_);
  footer.inputs = inputs_;
  return writer_->Finish(footer);
}

}  // namespace dlv::api
