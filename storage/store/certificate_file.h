#pragma once
/// \file
/// Files of certificates: JSON lines, one an input (docs/progressive.md, "Certificates").

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "dlv/tensor.h"
#include "storage/io/output_folder.h"

namespace dlv::store {

inline constexpr std::uint64_t kCertificateForm = 2;

struct CertificateTensor {
  std::string parameter, id, dtype;  ///< id: hexadecimal
  Shape shape;
};

/// What is read of a tensor at a step.
struct CertificateLevel {
  std::string parameter;
  unsigned planes = 0;  ///< by significance: the last step that is known
  bool exact = false;
  bool by_significance = false;
};

/// The first line.
struct CertificateHeader {
  std::uint64_t form = kCertificateForm;
  std::string program;    ///< "0.1.0"
  std::string algorithm;  ///< of bounds and decision
  std::string version, reference, network;
  std::string preprocess, data, data_sha256, input_type = "f32";
  std::uint64_t first = 0, examples = 0;  ///< of the data
  unsigned top_k = 1;
  std::string method, stop, precision = "f64";
  std::vector<CertificateTensor> tensors;
  std::vector<std::vector<CertificateLevel>> steps;
};

struct CertificateContrast {
  std::int64_t over = 0, under = 0;
  double margin = 0, lower_bound = 0;
};

/// One line for each input.
struct CertificateAnswer {
  std::uint64_t input = 0;
  std::string sha256;  ///< of the elements that the network gets
  std::string status, reason;
  std::uint64_t step = 0;
  bool by_backward = false;
  std::vector<std::int64_t> classes;
  double margin = 0, lower_bound = 0;
  std::vector<CertificateContrast> contrasts;
};

/// What a level gave that an answer was taken from.
struct CertificateSegment {
  std::string parameter;
  unsigned planes = 0;  ///< as in CertificateLevel
  bool by_significance = false;
  std::string sha256;  ///< of the centres, doubles in C order
  friend bool operator==(const CertificateSegment&, const CertificateSegment&) = default;
};

/// The rule that bounds the spread behind a node.
struct CertificateRule {
  std::string node, rule;  ///< "conv1 (Conv)", "linear"
  friend bool operator==(const CertificateRule&, const CertificateRule&) = default;
};

/// The last line: what was used, and how many inputs there are.
struct CertificateFooter {
  std::vector<CertificateSegment> segments;  ///< from form 2 on, as are the rules
  std::vector<CertificateRule> rules;
  std::map<std::string, std::vector<double>, std::less<>> bounds;
  std::uint64_t inputs = 0;
};

/// Writes a file, which is there whole or not at all.
class CertificateWriter {
 public:
  /// Errors: kIo, kConflict (a folder stands there).
  static Result<std::unique_ptr<CertificateWriter>> Create(const std::string& path);
  Status Write(const CertificateHeader& header);
  Status Write(const CertificateAnswer& answer);
  /// Writes the last line and gives the file its name.
  Status Finish(const CertificateFooter& footer);

 private:
  explicit CertificateWriter(std::unique_ptr<io::OutputFile> file) : file_(std::move(file)) {}
  Status WriteLine(std::string line);
  std::unique_ptr<io::OutputFile> file_;
};

/// Reads a file from its first line to its last. `on_answer` gets the number of the line, counted
/// from 1.
/// Errors: kNotFound, kIo; kCorruption naming the line (no JSON, a field that is missing, of
/// another kind or unknown, no last line, lines behind it, longer than kMostLineBytes);
/// kUnsupported (a newer form); those of the callbacks.
inline constexpr std::uint64_t kMostLineBytes = std::uint64_t{256} << 20;
Result<CertificateFooter> ReadCertificates(
    const std::string& path, const std::function<Status(const CertificateHeader&)>& on_header,
    const std::function<Status(const CertificateAnswer&, std::uint64_t line)>& on_answer);

}  // namespace dlv::store
