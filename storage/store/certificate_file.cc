#include "storage/store/certificate_file.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "storage/io/file_system.h"

namespace dlv::store {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kCertificateMagic = "certificates";

OrderedJson JsonNumber(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr);
}

/// Takes fields out of one line, and remembers the first that does not fit.
class Fields {
 public:
  explicit Fields(const OrderedJson& object) : object_(object) {
    if (!object.is_object()) wrong_ = "no object";
  }

  std::string Text(const char* name) {
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_string(); });
    return value == nullptr ? std::string() : value->get<std::string>();
  }
  std::uint64_t Count(const char* name) {
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_number_unsigned(); });
    return value == nullptr ? 0 : value->get<std::uint64_t>();
  }
  bool Truth(const char* name) {
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_boolean(); });
    return value != nullptr && value->get<bool>();
  }
  /// null is what no number says: infinite.
  double Number(const char* name) {
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_number() || found.is_null(); });
    return value == nullptr ? 0 : ToNumber(*value);
  }
  std::int64_t Class(const char* name) {
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_number_integer(); });
    return value == nullptr ? 0 : value->get<std::int64_t>();
  }
  const OrderedJson& List(const char* name) {
    static const OrderedJson empty = OrderedJson::array();
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_array(); });
    return value == nullptr ? empty : *value;
  }
  const OrderedJson& Object(const char* name) {
    static const OrderedJson empty = OrderedJson::object();
    const OrderedJson* const value =
        Find(name, [](const OrderedJson& found) { return found.is_object(); });
    return value == nullptr ? empty : *value;
  }
  template <class T>
  std::vector<T> Integers(const char* name) {
    std::vector<T> values;
    for (const OrderedJson& value : List(name)) {
      if (value.is_number_integer()) {
        values.push_back(value.get<T>());
      } else if (wrong_.empty()) {
        wrong_ = std::string("\"") + name + "\" has something else than whole numbers";
      }
    }
    return values;
  }
  static double ToNumber(const OrderedJson& value) {
    return value.is_number() ? value.get<double>() : std::numeric_limits<double>::infinity();
  }

  /// One of two words; whether it is the second.
  bool IsSecond(const char* name, std::string_view first, std::string_view second) {
    const std::string word = Text(name);
    if (word != first && word != second && wrong_.empty()) {
      wrong_ = std::string("\"") + name + "\" is \"" + word + "\", want \"" + std::string(first) +
               "\" or \"" + std::string(second) + "\"";
    }
    return word == second;
  }

  /// Nothing may be said that nobody looks at.
  void End() {
    if (!object_.is_object() || !wrong_.empty()) return;
    for (const auto& [name, value] : object_.items()) {
      if (!asked_.contains(name)) wrong_ = "\"" + name + "\" is no key of this form";
    }
  }
  /// Ends `other`, a part of this one.
  void Take(Fields& other) {
    other.End();
    if (wrong_.empty()) wrong_ = other.wrong_;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  template <class Fits>
  const OrderedJson* Find(const char* name, Fits fits) {
    asked_.insert(name);
    const auto found = object_.is_object() ? object_.find(name) : object_.end();
    if (object_.is_object() && found != object_.end() && fits(*found)) return &*found;
    if (wrong_.empty()) wrong_ = std::string("\"") + name + "\" is missing or of another kind";
    return nullptr;
  }

  const OrderedJson& object_;
  std::set<std::string, std::less<>> asked_;
  std::string wrong_;
};

/// "planes": 12, or "bit_step": 271.
const char* NumberName(bool by_significance) { return by_significance ? "bit_step" : "planes"; }

unsigned NumberOf(Fields& fields, bool by_significance) {
  const std::uint64_t number = fields.Count(NumberName(by_significance));
  return static_cast<unsigned>(std::min<std::uint64_t>(number, 65535));
}

OrderedJson StepsOf(const CertificateHeader& header) {
  OrderedJson steps = OrderedJson::array();
  for (const auto& step : header.steps) {
    OrderedJson levels = OrderedJson::array();
    for (const CertificateLevel& level : step) {
      levels.push_back({{"parameter", level.parameter},
                        {NumberName(level.by_significance), level.planes},
                        {"exact", level.exact}});
    }
    steps.push_back({{"levels", std::move(levels)}});
  }
  return steps;
}

CertificateHeader HeaderOf(Fields& fields) {
  CertificateHeader header;
  header.form = fields.Count("form");
  header.program = fields.Text("program");
  header.algorithm = fields.Text("algorithm");
  header.version = fields.Text("version");
  header.reference = fields.Text("reference");
  header.network = fields.Text("network");
  header.preprocess = fields.Text("preprocess");
  Fields data(fields.Object("data"));
  header.data = data.Text("path");
  header.data_sha256 = data.Text("sha256");
  header.first = data.Count("first");
  header.examples = data.Count("examples");
  fields.Take(data);
  header.top_k = static_cast<unsigned>(std::min<std::uint64_t>(fields.Count("top_k"), 1U << 20));
  header.method = fields.Text("method");
  header.stop = fields.Text("stop");
  header.precision = fields.Text("precision");
  for (const OrderedJson& one : fields.List("tensors")) {
    Fields tensor(one);
    header.tensors.push_back({tensor.Text("parameter"), tensor.Text("id"), tensor.Text("dtype"),
                              tensor.Integers<std::int64_t>("shape")});
    fields.Take(tensor);
  }
  for (const OrderedJson& one : fields.List("steps")) {
    Fields step(one);
    header.steps.emplace_back();
    for (const OrderedJson& entry : step.List("levels")) {
      Fields level(entry);
      const bool by_significance = entry.contains("bit_step");
      const unsigned number = NumberOf(level, by_significance);
      header.steps.back().push_back(
          {level.Text("parameter"), number, level.Truth("exact"), by_significance});
      step.Take(level);
    }
    fields.Take(step);
  }
  return header;
}

CertificateAnswer AnswerOf(Fields& fields) {
  CertificateAnswer answer;
  answer.input = fields.Count("input");
  answer.sha256 = fields.Text("sha256");
  answer.status = fields.Text("status");
  answer.reason = fields.Text("reason");
  answer.step = fields.Count("step");
  answer.by_backward = fields.IsSecond("by", "forward", "backward");
  answer.classes = fields.Integers<std::int64_t>("classes");
  answer.margin = fields.Number("margin");
  answer.lower_bound = fields.Number("lower_bound");
  for (const OrderedJson& one : fields.List("contrasts")) {
    Fields contrast(one);
    answer.contrasts.push_back({contrast.Class("over"), contrast.Class("under"),
                                contrast.Number("margin"), contrast.Number("lower_bound")});
    fields.Take(contrast);
  }
  return answer;
}

/// Hands out the lines of a file, whatever its length.
class LineReader {
 public:
  explicit LineReader(const io::ReadableFile& file) : file_(file) {}

  Status Open() {
    DLV_ASSIGN(const io::FileStat stat, file_.Stat());
    size_ = stat.size_bytes;
    return Ok();
  }

  /// Returns false after the last one.
  Result<bool> Next(std::string& line) {
    line.clear();
    ++number_;
    while (true) {
      const auto end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        line.append(buffer_, at_, end - at_);
        at_ = end + 1;
        return true;
      }
      line.append(buffer_, at_);
      if (line.size() > kMostLineBytes) return Bad("longer than any that dlv writes");
      if (offset_ == size_) {
        buffer_.clear();
        at_ = 0;
        return !line.empty();
      }
      DLV_TRY(Fill());
    }
  }

  Error Bad(const std::string& what) const {
    return {ErrorCode::kCorruption,
            file_.path() + ", line " + std::to_string(number_) + ": " + what};
  }
  std::uint64_t number() const { return number_; }

 private:
  Status Fill() {
    constexpr std::uint64_t kPiece = 1u << 20;
    buffer_.resize(static_cast<std::size_t>(std::min(kPiece, size_ - offset_)));
    at_ = 0;
    DLV_TRY(
        file_.ReadAt(offset_, std::as_writable_bytes(std::span(buffer_.data(), buffer_.size()))));
    offset_ += buffer_.size();
    return Ok();
  }

  const io::ReadableFile& file_;
  std::uint64_t size_ = 0, offset_ = 0, number_ = 0;
  std::string buffer_;
  std::size_t at_ = 0;
};

void TakeSegments(Fields& fields, CertificateFooter& footer) {
  for (const OrderedJson& one : fields.List("segments")) {
    Fields segment(one);
    const bool by_significance = one.contains("bit_step");
    const unsigned number = NumberOf(segment, by_significance);
    footer.segments.push_back(
        {segment.Text("parameter"), number, by_significance, segment.Text("sha256")});
    fields.Take(segment);
  }
  for (const OrderedJson& one : fields.List("rules")) {
    Fields rule(one);
    footer.rules.push_back({rule.Text("node"), rule.Text("rule")});
    fields.Take(rule);
  }
}

Result<CertificateFooter> FooterOf(const OrderedJson& object, std::uint64_t form,
                                   const LineReader& lines) {
  Fields fields(object);
  CertificateFooter footer;
  footer.inputs = fields.Count("inputs");
  if (form >= 2) TakeSegments(fields, footer);
  for (const auto& [key, values] : fields.Object("bounds").items()) {
    if (!values.is_array()) return lines.Bad("the bounds " + key + " are no list");
    std::vector<double>& numbers = footer.bounds[key];
    for (const OrderedJson& value : values) numbers.push_back(Fields::ToNumber(value));
  }
  fields.End();
  if (!fields.wrong().empty()) return lines.Bad(fields.wrong());
  return footer;
}

}  // namespace

Result<std::unique_ptr<CertificateWriter>> CertificateWriter::Create(const std::string& path) {
  const std::filesystem::path whole(path);
  const std::filesystem::path folder = whole.has_parent_path() ? whole.parent_path() : ".";
  DLV_ASSIGN(const auto output, io::OutputFolder::Open(folder.string()));
  DLV_ASSIGN(auto file, output.Create(whole.filename().string()));
  return std::unique_ptr<CertificateWriter>(new CertificateWriter(std::move(file)));
}

Status CertificateWriter::WriteLine(std::string line) {
  line.push_back('\n');
  return file_->Write(std::as_bytes(std::span(line.data(), line.size())));
}

Status CertificateWriter::Write(const CertificateHeader& header) {
  OrderedJson tensors = OrderedJson::array();
  for (const CertificateTensor& tensor : header.tensors) {
    tensors.push_back({{"parameter", tensor.parameter},
                       {"id", tensor.id},
                       {"dtype", tensor.dtype},
                       {"shape", tensor.shape}});
  }
  const OrderedJson object = {{"dlv", kCertificateMagic},
                              {"form", header.form},
                              {"program", header.program},
                              {"algorithm", header.algorithm},
                              {"version", header.version},
                              {"reference", header.reference},
                              {"network", header.network},
                              {"preprocess", header.preprocess},
                              {"data",
                               {{"path", header.data},
                                {"sha256", header.data_sha256},
                                {"first", header.first},
                                {"examples", header.examples}}},
                              {"top_k", header.top_k},
                              {"method", header.method},
                              {"stop", header.stop},
                              {"precision", header.precision},
                              {"tensors", std::move(tensors)},
                              {"steps", StepsOf(header)}};
  return WriteLine(object.dump(-1, ' ', true, OrderedJson::error_handler_t::replace));
}

Status CertificateWriter::Write(const CertificateAnswer& answer) {
  OrderedJson contrasts = OrderedJson::array();
  for (const CertificateContrast& contrast : answer.contrasts) {
    contrasts.push_back({{"over", contrast.over},
                         {"under", contrast.under},
                         {"margin", JsonNumber(contrast.margin)},
                         {"lower_bound", JsonNumber(contrast.lower_bound)}});
  }
  const OrderedJson object = {{"input", answer.input},
                              {"sha256", answer.sha256},
                              {"status", answer.status},
                              {"reason", answer.reason},
                              {"step", answer.step},
                              {"by", answer.by_backward ? "backward" : "forward"},
                              {"classes", answer.classes},
                              {"margin", JsonNumber(answer.margin)},
                              {"lower_bound", JsonNumber(answer.lower_bound)},
                              {"contrasts", std::move(contrasts)}};
  return WriteLine(object.dump(-1, ' ', true, OrderedJson::error_handler_t::replace));
}

Status CertificateWriter::Finish(const CertificateFooter& footer) {
  OrderedJson bounds = OrderedJson::object();
  for (const auto& [key, values] : footer.bounds) {
    OrderedJson numbers = OrderedJson::array();
    for (const double value : values) numbers.push_back(JsonNumber(value));
    bounds[key] = std::move(numbers);
  }
  OrderedJson segments = OrderedJson::array(), rules = OrderedJson::array();
  for (const CertificateSegment& segment : footer.segments) {
    segments.push_back({{"parameter", segment.parameter},
                        {NumberName(segment.by_significance), segment.planes},
                        {"sha256", segment.sha256}});
  }
  for (const CertificateRule& rule : footer.rules)
    rules.push_back({{"node", rule.node}, {"rule", rule.rule}});
  const OrderedJson object = {{"inputs", footer.inputs},
                              {"segments", std::move(segments)},
                              {"rules", std::move(rules)},
                              {"bounds", std::move(bounds)}};
  DLV_TRY(WriteLine(object.dump(-1, ' ', true, OrderedJson::error_handler_t::replace)));
  return file_->Commit(0644);
}

Result<CertificateFooter> ReadCertificates(
    const std::string& path, const std::function<Status(const CertificateHeader&)>& on_header,
    const std::function<Status(const CertificateAnswer&, std::uint64_t line)>& on_answer) {
  DLV_ASSIGN(const auto file, io::PosixFileSystem().OpenForReading(path));
  LineReader lines(*file);
  DLV_TRY(lines.Open());
  std::string line;
  std::uint64_t answers = 0, form = 0;
  while (true) {
    DLV_ASSIGN(const bool more, lines.Next(line));
    if (!more) return lines.Bad("the last line is missing: the file was cut off");
    const OrderedJson object = OrderedJson::parse(line, nullptr, false);
    if (object.is_discarded()) return lines.Bad("no JSON");
    Fields fields(object);
    if (lines.number() == 1) {
      if (fields.Text("dlv") != kCertificateMagic) return lines.Bad("no certificates of dlv");
      form = fields.Count("form");
      if (form > kCertificateForm) {
        return Error{ErrorCode::kUnsupported, path + ": certificates of a newer release"};
      }
      const CertificateHeader header = HeaderOf(fields);
      fields.End();
      if (!fields.wrong().empty()) return lines.Bad(fields.wrong());
      DLV_TRY(on_header(header));
    } else if (object.contains("bounds")) {
      DLV_ASSIGN(CertificateFooter footer, FooterOf(object, form, lines));
      if (footer.inputs != answers) {
        return lines.Bad("says " + std::to_string(footer.inputs) + " inputs, there are " +
                         std::to_string(answers));
      }
      DLV_ASSIGN(const bool is_more, lines.Next(line));
      if (is_more) return lines.Bad("comes behind the last line");
      return footer;
    } else {
      const CertificateAnswer answer = AnswerOf(fields);
      fields.End();
      if (!fields.wrong().empty()) return lines.Bad(fields.wrong());
      DLV_TRY(on_answer(answer, lines.number()));
      ++answers;
    }
  }
}

}  // namespace dlv::store
