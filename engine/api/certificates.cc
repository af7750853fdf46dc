#include "engine/api/certificates.h"

#include "dlv/repository.h"
#include "storage/io/hash.h"

namespace dlv::api {
namespace {

Result<std::vector<store::CertificateTensor>> TensorsOf(const OpenedVersion& version) {
  std::vector<store::CertificateTensor> tensors;
  for (const NetworkParameter& parameter : version.report().network.parameters) {
    DLV_ASSIGN(const TensorInfo* const tensor, version.tensors().Find(parameter));
    tensors.push_back({parameter.name, tensor->id.Hex(), std::string(NameOf(tensor->dtype)),
                       ParameterTensors::ShapeOf(parameter, *tensor)});
  }
  return tensors;
}

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
  footer.bounds = run_.bounds().used();
  footer.inputs = inputs_;
  return writer_->Finish(footer);
}

}  // namespace dlv::api
