// Proving certificates again: body of Repository::VerifyCertificate.

#include <algorithm>
#include <chrono>
#include <set>

#include "dlv/repository.h"
#include "engine/api/certificates.h"
#include "engine/api/evaluation.h"
#include "engine/api/example_inputs.h"
#include "engine/api/repository_impl.h"

namespace dlv::api {
namespace {

/// Sums of another machine's library may come in another order.
constexpr double kSlack = 1e-6;
constexpr std::size_t kMostFaults = 100;
/// Inputs that are proved together, at one step.
constexpr std::size_t kMostTogether = 1024;

struct Claim {
  store::CertificateAnswer answer;
  std::uint64_t line = 0;
};

class CertificateCheck {
 public:
  CertificateCheck(store::Store& store, const CertificateOptions& options,
                   const Operation& operation)
      : store_(store), options_(options), operation_(operation) {}

  Result<CertificateReport> Run() {
    const auto begin = std::chrono::steady_clock::now();
    DLV_ASSIGN(const auto footer,
               store::ReadCertificates(
                   options_.file.string(), [&](const auto& header) { return Open(header); },
                   [&](const auto& answer, std::uint64_t line) { return Take(answer, line); }));
    for (auto& [step, claims] : claims_) DLV_TRY(Prove(step, claims));
    CompareBounds(footer);
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return std::move(report_);
  }

 private:
  void Fault(std::uint64_t line, std::string what) {
    ++report_.fault_count;
    if (report_.faults.size() < kMostFaults) report_.faults.push_back({line, std::move(what)});
  }

  Status Open(const store::CertificateHeader& header) {
    header_ = header;
    if (header.algorithm != kCertificateAlgorithm) {
      return Error{ErrorCode::kUnsupported, "certificates of the algorithm " + header.algorithm +
                                                ", this release proves by " +
                                                std::string(kCertificateAlgorithm)};
    }
    DLV_ASSIGN(const std::string reference, FindVersion(header));
    DLV_ASSIGN(auto version, OpenedVersion::Open(store_, reference));
    if (version->id().Hex() != header.version || version->report().id.Hex() != header.network)
      return version->Unfit("its network is not the one of the certificates");
    report_.reference = version->reference();
    report_.id = version->id();
    DLV_TRY(CompareTensors(*version));
    progressive::RunOptions options;
    options.top_k = header.top_k;
    options.method = header.method == "intervals" ? progressive::BoundMethod::kIntervals
                                                  : progressive::BoundMethod::kNorms;
    options.threads = operation_.threads;
    options.cancel = operation_.cancel;
    options.sketches = false;
    DLV_ASSIGN(run_, ProgressiveRun::Open(store_, std::move(version), options,
                                          ProgressiveRun::Source::kAnew));
    return OpenData();
  }

  /// The version may have another name by now.
  Result<std::string> FindVersion(const store::CertificateHeader& header) {
    const auto id = VersionId::FromHex(header.version);
    std::string reference;
    if (id) {
      DLV_ASSIGN(reference,
                 store_.Read([&](const catalog::Catalog& catalog) -> Result<std::string> {
                   DLV_ASSIGN(const auto row, catalog.FindById(*id));
                   return row ? row->summary.reference() : std::string();
                 }));
    }
    if (reference.empty()) {
      return Error{ErrorCode::kNotFound, "the version of the certificates, " + header.reference +
                                             " with the id " + header.version.substr(0, 12) +
                                             ", is not in this repository"};
    }
    const auto step = header.reference.find('#');
    return step == std::string::npos ? reference : reference + header.reference.substr(step);
  }

  Status CompareTensors(const OpenedVersion& version) {
    const auto& parameters = version.report().network.parameters;
    bool same = parameters.size() == header_.tensors.size();
    for (std::size_t i = 0; same && i < parameters.size(); ++i) {
      DLV_ASSIGN(const TensorInfo* const tensor, version.tensors().Find(parameters[i]));
      same = header_.tensors[i].parameter == parameters[i].name &&
             header_.tensors[i].id == tensor->id.Hex();
    }
    return same ? Ok() : Status(version.Unfit("its tensors are not those of the certificates"));
  }

  Status OpenData() {
    EvaluationOptions named;
    named.data = options_.data.empty() ? std::filesystem::path(header_.data) : options_.data;
    named.array = options_.array;
    DLV_ASSIGN(data_, OpenExamples(named, false));
    DLV_ASSIGN(auto inputs,
               ExampleInputs::Make(store_, run_->version(), *data_, header_.preprocess, 64));
    inputs_.emplace(std::move(inputs));
    return Ok();
  }

  Status Take(const store::CertificateAnswer& answer, std::uint64_t line) {
    ++report_.inputs;
    if (!seen_.insert(answer.input).second) {
      Fault(line, "input " + std::to_string(answer.input) + " comes a second time");
      return Ok();
    }
    if (answer.status != NameOf(AnswerStatus::kCertified) &&
        answer.status != NameOf(AnswerStatus::kCertifiedFull)) {
      ++report_.unproved;
      return Ok();
    }
    if (answer.step >= header_.steps.size() || answer.input >= data_->description().count ||
        answer.classes.size() != header_.top_k) {
      Fault(line, "input " + std::to_string(answer.input) +
                      ": a step, an input or classes that there are not");
      return Ok();
    }
    std::vector<Claim>& claims = claims_[answer.step];
    claims.push_back({answer, line});
    claims.back().answer.contrasts.clear();  // proved anew; what the file says of them is no help
    if (claims.size() < kMostTogether) return Ok();
    DLV_TRY(Prove(answer.step, claims));
    claims.clear();
    return Ok();
  }

  /// Proves claims of one step together.
  Status Prove(std::uint64_t step, const std::vector<Claim>& claims) {
    if (claims.empty()) return Ok();
    DLV_ASSIGN(const kernels::Value inputs, InputsOf(claims));
    std::vector<progressive::StepLevel> levels;
    for (const store::CertificateLevel& level : header_.steps[step])
      levels.push_back({level.parameter, level.planes, level.exact, level.by_significance});
    DLV_ASSIGN(const auto answers, run_->run().ClassifyAt(inputs, levels));
    for (std::size_t i = 0; i < claims.size(); ++i)
      Compare(claims[i], answers[i], HashOfRow(inputs, i));
    proved_steps_ += claims.size();
    if (operation_.progress != nullptr)
      operation_.progress->ReportCount("proving", proved_steps_, header_.examples, "examples");
    return Ok();
  }

  Result<kernels::Value> InputsOf(const std::vector<Claim>& claims) {
    kernels::Value all;
    std::size_t at = 0;
    for (const Claim& claim : claims) {
      DLV_ASSIGN(const kernels::Value one, inputs_->Read(claim.answer.input, 1, 1, memory_));
      if (!all.present()) {
        kernels::Shape shape = one.shape();
        shape[0] = static_cast<std::int64_t>(claims.size());
        DLV_ASSIGN(all, memory_.Make(DType::kF32, shape));
      }
      std::ranges::copy(one.As<float>(), all.As<float>().begin() + static_cast<std::ptrdiff_t>(at));
      at += static_cast<std::size_t>(one.count());
    }
    return all;
  }

  void Compare(const Claim& claim, const progressive::Answer& answer, const std::string& hash) {
    const std::string input = "input " + std::to_string(claim.answer.input);
    if (hash != claim.answer.sha256) {
      Fault(claim.line, input + ": the example is another one (its SHA-256 differs)");
      return;
    }
    const bool is_proved = answer.status == progressive::AnswerStatus::kCertified ||
                           answer.status == progressive::AnswerStatus::kCertifiedFull;
    std::vector<std::int64_t> got = answer.classes, wanted = claim.answer.classes;
    std::ranges::sort(got);
    std::ranges::sort(wanted);
    if (!is_proved) {
      Fault(claim.line, input + ": not proved at step " + std::to_string(claim.answer.step) +
                            (answer.reason.empty() ? "" : " (" + answer.reason + ")"));
    } else if (got != wanted) {
      Fault(claim.line, input + ": other classes are proved");
    } else if (!IsSame(claim.answer.lower_bound, answer.lower_bound)) {
      Fault(claim.line, input + ": a lower bound of " + std::to_string(claim.answer.lower_bound) +
                            " is stated, " + std::to_string(answer.lower_bound) + " is proved");
    } else {
      ++report_.proved;
    }
  }

  /// A smaller bound than the proved one is true, but not of the bits that are stated.
  static bool IsSame(double stated, double proved) {
    return stated <= proved * (1 + kSlack) && stated >= proved * (1 - kSlack);
  }

  /// The bounds that the file names must be those that were computed now, where both have them.
  void CompareBounds(const store::CertificateFooter& footer) {
    for (const auto& [key, values] : run_->bounds().used()) {
      const auto found = footer.bounds.find(key);
      if (found == footer.bounds.end() || found->second == values) continue;
      Fault(1, "the bounds " + key + " are not what the weights give");
    }
  }

  store::Store& store_;
  const CertificateOptions& options_;
  const Operation& operation_;
  store::CertificateHeader header_;
  std::unique_ptr<ProgressiveRun> run_;
  std::unique_ptr<dataset::DataSource> data_;
  std::optional<ExampleInputs> inputs_;
  kernels::Memory memory_;
  std::map<std::uint64_t, std::vector<Claim>> claims_;
  std::set<std::uint64_t> seen_;
  std::uint64_t proved_steps_ = 0;
  CertificateReport report_;
};

}  // namespace

Result<CertificateReport> VerifyCertificate(store::Store& store, const CertificateOptions& options,
                                            const Operation& operation) {
  return CertificateCheck(store, options, operation).Run();
}

}  // namespace dlv::api

namespace dlv {

Result<CertificateReport> Repository::VerifyCertificate(const CertificateOptions& options,
                                                        const Operation& operation) const {
  return api::VerifyCertificate(*impl_->store, options, operation);
}

}  // namespace dlv
