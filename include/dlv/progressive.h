#pragma once
/// \file
/// Progressive evaluation: a few bits of every weight first, and more only for the inputs whose
/// answer they do not prove (docs/progressive.md).
///
///     dlv::EvaluationOptions data;
///     data.data = "fashion-eval-images-idx3-ubyte.gz";
///     data.metrics = {"top1"};
///     DLV_ASSIGN(const auto report, repository.EvaluateProgressive({"lenet:v3"}, data));
///     const dlv::ProgressiveReport& run = report.versions[0].run;
///     std::printf("%llu certified, %.2f bits a weight\n", run.certified, run.all_bits.mean);
///
/// What a certificate says: real arithmetic on the stored weights, applied to this very input,
/// ranks these classes first. It does not say that the class is right.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/evaluation.h"
#include "dlv/ids.h"

namespace dlv {

/// How an answer is known.
enum class AnswerStatus : std::uint8_t {
  kCertified,      ///< proved from the bits read
  kCertifiedFull,  ///< all bits read; the margin exceeds what rounding can do
  kHeuristic,      ///< the increment rule, or the planes allowed: no proof
  kComputed,       ///< by the fp64 reference kernels, no proof: Answer::reason says why
};
/// Returns "certified", "certified-full", "heuristic" or "computed".
std::string_view NameOf(AnswerStatus status);

/// When an input has been looked at long enough.
enum class ProgressiveStop : std::uint8_t {
  kCertified,  ///< its answer is proved, or all bits are read
  /// The margin exceeds `tau` times what the last planes changed, the increment rule. This is no
  /// proof, and no probability is known of it.
  kHeuristic,
};

/// What proofs are made with.
enum class ProgressiveMethod : std::uint8_t {
  kNorms,      ///< norms of what is unread (docs/progressive.md)
  kIntervals,  ///< intervals alone, as ModelHub has it (Miao et al., ICDE 2017): a baseline
};

/// What centres are computed in (docs/progressive.md, "Precision of centres").
enum class CentrePrecision : std::uint8_t { kF32, kF64 };
/// Returns "f32" or "f64".
std::string_view NameOf(CentrePrecision precision);

/// The data, its preprocessing, batch and limit are those of EvaluationOptions. Its metrics may be
/// one "topK" alone: the set of the K greatest scores is what is proved. A loss takes all bits.
struct ProgressiveOptions {
  ProgressiveStop stop = ProgressiveStop::kCertified;
  double tau = 8;  ///< of the increment rule, above 0
  ProgressiveMethod method = ProgressiveMethod::kNorms;
  /// Never more leading bits of an element than this; what is open then is answered from these
  /// bits, as kHeuristic. A weight without a level of so few is an error: f32 has 9 at the least,
  /// stored as a difference 16. Small weights without levels are read whole.
  std::optional<unsigned> most_planes;
  /// Data of the same kind (other examples), from which the table of profiles is computed where
  /// none is kept; empty: from random numbers.
  std::filesystem::path calibration;
  std::uint64_t calibration_examples = 256;  ///< of it, at most
  /// Certificates of all answers, JSON lines; empty: none. Of one version.
  std::filesystem::path certificate;
  /// Also runs the plain network on the same inputs: its time, and answers that differ.
  bool compare = true;
  /// Where tensors are stored as differences to others: also runs on the same inputs as if none
  /// were, for ProgressiveReport::materialised. That is a second run.
  bool count_materialised = false;
};

/// A weight tensor at a step: its leading bits, sign first.
struct ProgressiveLevel {
  std::string parameter;
  unsigned planes = 0;
  bool exact = false;  ///< all bits
  /// Of a tensor with levels by significance, `planes` is the last step of bits that are known.
  bool by_significance = false;
};

/// One step of the table of profiles, and what became of the inputs there.
struct ProgressiveStep {
  std::vector<ProgressiveLevel> levels;
  /// Coded bytes read from cold up to here: planes alone, and with headers, chains and bounds.
  std::uint64_t plane_bytes = 0, all_bytes = 0;
  double plane_bits = 0, all_bits = 0;  ///< the same as bits a parameter element
  std::uint64_t inputs = 0;             ///< that came in
  std::uint64_t certified_forward = 0, certified_backward = 0, heuristic = 0;
  double seconds = 0;

  /// Inputs that went on.
  std::uint64_t left() const { return inputs - certified_forward - certified_backward - heuristic; }
};

/// Over the inputs, each from cold; who was not certified counts with the full read.
struct BitsPerWeight {
  double mean = 0, p50 = 0, p99 = 0;
  double full = 0;  ///< of a full read
};

/// What the same inputs take where every tensor is stored in full, coded by itself as a commit
/// does. A tensor that is a difference has three levels, and each takes those of its bases along;
/// in full it has one a bit.
struct MaterialisedFigures {
  std::uint64_t certified = 0;  ///< from some of the bits
  std::uint64_t full_bytes = 0;
  BitsPerWeight plane_bits, all_bits;
};

/// An answer of plain inference that is another one.
struct PlainDifference {
  std::uint64_t input = 0;  ///< number of the example
  std::int64_t answer = 0, plain = 0;
  double margin = 0;  ///< of the answer
};

struct ProgressiveReport {
  std::uint64_t inputs = 0, certified = 0, certified_full = 0, heuristic = 0, computed = 0;
  /// Why answers are kComputed, and how many each: "tie", "not a number", "operator", "margin below
  /// rounding", "no class outside".
  std::map<std::string, std::uint64_t> reasons;
  std::vector<ProgressiveStep> steps;
  std::uint64_t parameter_elements = 0;
  std::uint64_t full_bytes = 0;   ///< coded bytes of a full read of the weights
  std::uint64_t bound_bytes = 0;  ///< of the bounds that were used
  /// Fetched from packs in this run, once for all inputs, as counted where files are read.
  std::uint64_t fetched_bytes = 0;
  /// Of these, before anything was answered: small tensors that say what there is, and headers that
  /// say what levels they have. They may be fetched again with the level.
  std::uint64_t opening_bytes = 0;
  BitsPerWeight plane_bits, all_bits;  ///< as stored
  /// Parameters whose tensors are in packs, and how many of them are stored as differences.
  std::uint64_t stored_tensors = 0, delta_tensors = 0;
  /// Where it was asked for, or no tensor is a difference: then it is what the figures above say.
  std::optional<MaterialisedFigures> materialised;
  /// Of centres, chosen by what rounding takes off the margins.
  CentrePrecision precision = CentrePrecision::kF64;
  std::uint64_t escalated = 0;  ///< inputs that stayed open in f32 and were tried in f64
  /// The node that no rule knows, and why; empty: there is a rule for all. Otherwise everything is
  /// kComputed.
  std::string stopped_by;
  /// The most memory that inputs, values, bounds and weights took together; without what plain
  /// inference takes that is compared.
  std::uint64_t peak_bytes = 0;
  double seconds = 0;        ///< of answering, reading included
  double bound_seconds = 0;  ///< of computing bounds and profiles, where they were not kept
  /// Of plain inference on the same inputs, reading all weights included; 0: not compared.
  double plain_seconds = 0;
  std::uint64_t plain_differences = 0;
  std::vector<PlainDifference> differences;  ///< the first of them, at most 100
};

/// One version on the data. Its metrics are of the answers given; it has no confusion matrix
/// unless asked for.
struct ProgressiveEvaluation {
  VersionEvaluation evaluation;
  ProgressiveReport run;
};

struct ProgressiveEvaluationReport {
  std::string data, format;  ///< as EvaluationReport
  std::uint64_t examples = 0;
  std::string data_hash;  ///< SHA-256 of the examples as they are read, hexadecimal
  std::vector<ProgressiveEvaluation> versions;
};

/// What PrepareProgressive kept of a version.
struct ProgressivePreparation {
  std::string reference;
  VersionId id;
  std::uint64_t calibration_examples = 0;  ///< 0: from random numbers
  std::vector<ProgressiveStep> steps;      ///< the table of profiles, without inputs
  std::uint64_t parameter_elements = 0;
  std::string stopped_by;  ///< as ProgressiveReport
  double seconds = 0;
};

/// A line of a certificate file that is not what the packs say.
struct CertificateFault {
  std::uint64_t line = 0;  ///< the first is 1
  std::string what;
};

/// What checking a file of certificates found.
struct CertificateReport {
  std::string reference;  ///< of the version, where it is in the repository
  VersionId id;
  std::uint64_t inputs = 0;    ///< lines that were read
  std::uint64_t proved = 0;    ///< of the certified ones, proved again
  std::uint64_t unproved = 0;  ///< heuristic or computed: the same again, without proof
  /// What the file says and nothing proves or refutes: the program, the name of the version.
  std::vector<std::string> notices;
  std::vector<CertificateFault> faults;  ///< at most 100; empty: all is proved
  std::uint64_t fault_count = 0;
  double seconds = 0;
};

struct CertificateOptions {
  std::filesystem::path file;  ///< as --certificate wrote it
  /// The examples; empty: as the file names them.
  std::filesystem::path data, labels;
  std::string array;  ///< as EvaluationOptions::array
};

}  // namespace dlv
