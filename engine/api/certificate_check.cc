// Proving certificates again: body of Repository::VerifyCertificate.

#include <algorithm>
#include <chrono>
#include <set>

#include "dlv/repository.h"
#include "engine/api/certificate_comparison.h"
#include "engine/api/certificates.h"
#include "engine/api/evaluation.h"
#include "engine/api/example_inputs.h"
#include "engine/api/repository_impl.h"
#include "storage/store/resolve.h"

namespace dlv::api {
namespace {

constexpr std::size_t kMostFaults = 100;
/// Inputs that are proved together, at one step.
constexpr std::size_t kMostTogether = 1024;
/// Contrasts that are stated of them.
constexpr std::size_t kMostContrasts = std::size_t{1} << 20;

Error Unknown(const std::string& what, const std::string& got, const std::string& wanted) {
  return {ErrorCode::kUnsupported,
          "certificates of the " + what + " \"" + got + "\", want " + wanted};
}

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
    if (report_.inputs != header_.examples) {
      Fault(1, std::to_string(header_.examples) + " examples are stated, there are " +
                   std::to_string(report_.inputs) + " lines of them");
    }
    for (auto& [step, claims] : claims_) DLV_TRY(Prove(step, claims));
    DLV_TRY(CompareUsed(footer));
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
    next_ = header.first;
    DLV_TRY(CheckWords());
    DLV_ASSIGN(const std::string reference, FindVersion(header));
    DLV_ASSIGN(auto version, OpenedVersion::Open(store_, reference));
    if (version->id().Hex() != header.version || version->report().id.Hex() != header.network)
      return version->Unfit("its network is not the one of the certificates");
    report_.reference = version->reference();
    report_.id = version->id();
    Notice(version->reference());
    DLV_TRY(CompareTensors(*version));
    progressive::RunOptions options;
    options.top_k = header.top_k;
    options.method = header.method == "intervals" ? progressive::BoundMethod::kIntervals
                                                  : progressive::BoundMethod::kNorms;
    options.threads = operation_.threads;
    options.cancel = operation_.cancel;
    options.keep_contrasts = true;
    options.sketches = false;
    DLV_TRY(OpenData(*version));
    DLV_ASSIGN(run_, ProgressiveRun::Open(store_, std::move(version), options,
                                          ProgressiveRun::Source::kAnew));
    DLV_TRY(CheckSteps());
    return CompareExamples();
  }

  /// What the header says in words that mean something.
  Status CheckWords() const {
    const store::CertificateHeader& h = header_;
    if (h.algorithm != kCertificateAlgorithm) {
      return Error{ErrorCode::kUnsupported, "certificates of the algorithm " + h.algorithm +
                                                ", this release proves by " +
                                                std::string(kCertificateAlgorithm)};
    }
    if (h.method != "norms" && h.method != "intervals")
      return Unknown("method", h.method, "norms or intervals");
    if (h.stop != "certified" && h.stop != "heuristic")
      return Unknown("stop", h.stop, "certified or heuristic");
    if (h.precision != "f64") return Unknown("precision", h.precision, "f64");
    if (h.top_k == 0) return Unknown("top_k", "0", "1 or more");
    return Ok();
  }

  /// What a file says that no proof depends on is not a fault, but not left unsaid either.
  void Notice(const std::string& reference) {
    if (header_.program != LibraryVersion()) {
      report_.notices.push_back("says that dlv " + header_.program + " wrote it; this is " +
                                std::string(LibraryVersion()) + ", which cannot tell");
    }
    const auto target = store::ResolveTarget(store_, header_.reference);
    if (!target.ok() || target->version.summary.id.Hex() != header_.version) {
      report_.notices.push_back("calls the version " + header_.reference + ", which here is " +
                                (target.ok() ? "another one" : "none") + "; by its id it is " +
                                reference);
    }
  }

  static std::vector<progressive::StepLevel> LevelsOf(
      const std::vector<store::CertificateLevel>& step) {
    std::vector<progressive::StepLevel> levels;
    for (const store::CertificateLevel& level : step)
      levels.push_back({level.parameter, level.planes, level.exact, level.by_significance});
    return levels;
  }

  Status CheckSteps() const {
    for (const auto& step : header_.steps) {
      const Status has = run_->run().CheckLevels(LevelsOf(step));
      if (has.ok()) continue;
      Error error = run_->version().Named(has.error());
      error.hint = "the weights may be stored otherwise since: dlv eval " +
                   run_->version().reference() +
                   " --data PATH --progressive --certificate FILE makes certificates anew";
      return error;
    }
    return Ok();
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
             header_.tensors[i].id == tensor->id.Hex() &&
             header_.tensors[i].dtype == NameOf(tensor->dtype) &&
             header_.tensors[i].shape == ParameterTensors::ShapeOf(parameters[i], *tensor);
    }
    return same ? Ok() : Status(version.Unfit("its tensors are not those of the certificates"));
  }

  Status OpenData(OpenedVersion& version) {
    EvaluationOptions named;
    named.data = options_.data.empty() ? std::filesystem::path(header_.data) : options_.data;
    named.array = options_.array;
    DLV_ASSIGN(data_, OpenExamples(named, false));
    DLV_ASSIGN(auto inputs, ExampleInputs::Make(store_, version, *data_, header_.preprocess, 64));
    inputs_.emplace(std::move(inputs));
    if (inputs_->preprocess() != header_.preprocess)
      Fault(1, "what was done to the examples is written \"" + inputs_->preprocess() + "\"");
    return version.SizeInput(inputs_->shape());
  }

  Status CompareExamples() {
    const std::uint64_t count = data_->description().count;
    if (header_.first > count || header_.examples > count - header_.first) {
      Fault(1, "examples " + std::to_string(header_.first) + " to " +
                   std::to_string(header_.first + header_.examples) + " of " +
                   std::to_string(count));
      return Ok();
    }
    DLV_ASSIGN(const std::string hash, HashOfExamples(*data_, header_.first, header_.examples));
    if (hash != header_.data_sha256)
      Fault(1, "the examples of the data are other ones (their SHA-256 is " + hash.substr(0, 12) +
                   ")");
    return Ok();
  }

  Status Take(const store::CertificateAnswer& answer, std::uint64_t line) {
    ++report_.inputs;
    const std::string input = "input " + std::to_string(answer.input);
    if (answer.input != next_) {
      Fault(line, input + (seen_.contains(answer.input) ? " comes a second time" : "") + ", want " +
                      std::to_string(next_));
    }
    next_ = answer.input + 1;
    if (!seen_.insert(answer.input).second) return Ok();
    const bool has_step = header_.steps.empty() ? answer.step == 0 && !IsFromStep(answer.status)
                                                : answer.step < header_.steps.size();
    const bool has_classes = answer.classes.size() == header_.top_k ||
                             (answer.classes.empty() && !IsFromStep(answer.status));
    if (!has_step || answer.input >= data_->description().count || !has_classes) {
      Fault(line, input + ": a step, an input or classes that there are not");
      return Ok();
    }
    if (IsFromStep(answer.status)) steps_.insert(answer.step);
    std::vector<Claim>& claims = claims_[answer.step];
    claims.push_back({answer, line});
    contrasts_ += answer.contrasts.size();
    if (claims.size() < kMostTogether && contrasts_ < kMostContrasts) return Ok();
    for (const Claim& claim : claims) contrasts_ -= claim.answer.contrasts.size();
    DLV_TRY(Prove(answer.step, claims));
    claims.clear();
    return Ok();
  }

  /// Proves claims of one step together.
  Status Prove(std::uint64_t step, const std::vector<Claim>& claims) {
    if (claims.empty()) return Ok();
    DLV_ASSIGN(const kernels::Value inputs, InputsOf(claims));
    const auto levels = header_.steps.empty() ? std::vector<progressive::StepLevel>()
                                              : LevelsOf(header_.steps[step]);
    const auto proved = run_->run().ClassifyAt(inputs, levels);
    if (!proved.ok()) return run_->version().Named(proved.error());
    const std::vector<progressive::Answer>& answers = *proved;
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
        DLV_ASSIGN(all, memory_.Make(one.dtype(), shape));
      }
      std::copy_n(one.data(), one.size_bytes(), all.data() + at);
      at += one.size_bytes();
    }
    return all;
  }

  void Compare(const Claim& claim, const progressive::Answer& answer, const std::string& hash) {
    const std::string input = "input " + std::to_string(claim.answer.input);
    if (hash != claim.answer.sha256) {
      Fault(claim.line, input + ": the example is another one (its SHA-256 differs)");
      return;
    }
    const std::string what = DifferenceOf(header_, claim.answer, answer);
    if (!what.empty()) return Fault(claim.line, input + ": " + what);
    const bool claims_proof = claim.answer.status == NameOf(AnswerStatus::kCertified) ||
                              claim.answer.status == NameOf(AnswerStatus::kCertifiedFull);
    ++(claims_proof ? report_.proved : report_.unproved);
  }

  /// What the last line says was used must be what was used now, no more and no less.
  Status CompareUsed(const store::CertificateFooter& footer) {
    const std::uint64_t last = report_.inputs + 2;
    // Form 1 says what derived data happened to be there, where no bound was needed before a proof.
    const bool has_all =
        header_.form >= 2 || (header_.method == "norms" && header_.stop == "certified");
    const auto bounds = BoundsOf(*run_);
    for (const auto& [key, values] : bounds) {
      const auto found = footer.bounds.find(key);
      if (found == footer.bounds.end()) {
        if (has_all) Fault(last, "the bounds " + key + " are missing");
      } else if (!std::ranges::equal(found->second, values, IsSameNumber)) {
        Fault(last, "the bounds " + key + " are not what the weights give");
      }
    }
    for (const auto& [key, values] : footer.bounds) {
      const bool is_old_table = header_.form < 2 && IsProfileKey(key);
      if (!bounds.contains(key) && !is_old_table)
        Fault(last, "the bounds " + key + " are not used");
    }
    if (header_.form < 2) {
      report_.notices.push_back("is of form 1, which has no segments and rules");
      return Ok();
    }
    if (footer.rules != RulesOf(*run_)) Fault(last, "the rules are not those of the network");
    DLV_ASSIGN(const auto segments, SegmentsOf(*run_, header_.steps, steps_));
    if (footer.segments != segments)
      Fault(last, "the segments are not those that answers were taken from");
    return Ok();
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
  std::uint64_t next_ = 0;       ///< the input whose line comes next
  std::size_t contrasts_ = 0;    ///< of the claims
  std::set<std::size_t> steps_;  ///< that answers were taken from
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
