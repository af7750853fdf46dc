// What Caffe writes while it trains:
//   I0813 15:14:31.1 42 solver.cpp:228] Iteration 100, loss = 0.5
//   I0813 15:14:31.1 42 solver.cpp:404]     Test net output #0: accuracy = 0.71

#include "storage/interchange/side_readers.h"

namespace dlv::interchange {
namespace {

// Takes `word` off the front.
bool Accept(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// The number at the front.
std::optional<double> TakeNumber(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of(" ,(\t"), text.size());
  const std::optional<double> value = NumberIn(text.substr(0, end));
  text.remove_prefix(end);
  return value;
}

class LogReader {
 public:
  explicit LogReader(SideCollector& out) : out_(out) {}

  void Line(std::string_view line) {
    const std::size_t bracket = line.find("] ");
    if (bracket == std::string_view::npos || line.find(".cpp:") > bracket) return;
    line.remove_prefix(bracket + 2);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (Accept(line, "Iteration ")) return Iteration(line);
    if (Accept(line, "Train net output #")) return Output("train_", line);
    if (Accept(line, "Test net output #")) return Output("test_", line);
  }

 private:
  // "100, loss = 0.5", "100 (9.1 iter/s, 11s/100 iters), loss = 0.5", "100, lr = 0.01".
  void Iteration(std::string_view line) {
    const std::optional<double> step = TakeNumber(line);
    if (!step || !(*step >= 0) || *step > 9e15) return;
    step_ = static_cast<std::int64_t>(*step);
    for (const std::string_view name : {"loss", "lr"}) {
      const std::string wanted = ", " + std::string(name) + " = ";
      const std::size_t at = line.find(wanted);
      if (at == std::string_view::npos) continue;
      std::string_view rest = line.substr(at + wanted.size());
      if (const auto value = TakeNumber(rest)) out_.AddPoint(name, step_, *value);
    }
  }

  // "0: accuracy = 0.71", "1: loss = 0.5 (* 1 = 0.5 loss)".
  void Output(const std::string& prefix, std::string_view line) {
    const std::size_t colon = line.find(": ");
    const std::size_t equals = line.find(" = ");
    if (step_ < 0 || colon == std::string_view::npos || equals == std::string_view::npos ||
        equals < colon + 2) {
      return;
    }
    const std::string name(line.substr(colon + 2, equals - colon - 2));
    line.remove_prefix(equals + 3);
    if (const auto value = TakeNumber(line)) out_.AddPoint(prefix + name, step_, *value);
  }

  SideCollector& out_;
  std::int64_t step_ = -1;
};

}  // namespace

bool NamedCaffeLog(std::string_view name, std::string_view) {
  return name.ends_with(".log") || name.ends_with(".log.txt") || name == "log.txt" ||
         name.find(".INFO") != std::string_view::npos;
}

Status ReadCaffeLog(const io::ByteSource& file, SideCollector& out) {
  DLV_ASSIGN(const std::string text, ReadText(file));
  LogReader reader(out);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    reader.Line(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return Ok();
}

}  // namespace dlv::interchange
