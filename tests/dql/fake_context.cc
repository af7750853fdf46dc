#include "tests/dql/fake_context.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <sstream>

#include "engine/network/encoding.h"
#include "engine/network/shape_inference.h"

namespace dlv::query {
namespace {

/// An id that differs for different texts; a test needs no more.
template <class Id>
Id IdOf(const std::string& text) {
  Id id;
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (std::size_t round = 0; round < 4; ++round) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    std::memcpy(id.bytes.data() + round * 8, &hash, sizeof hash);
  }
  return id;
}

TensorId IdOfNumbers(const std::vector<float>& numbers) {
  std::string bytes(numbers.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return IdOf<TensorId>("tensor" + bytes);
}

NetworkAttribute AttributeOf(const std::string& word) {
  const std::size_t equal = word.find('=');
  const std::string name = word.substr(0, equal), text = word.substr(equal + 1);
  if (text.find(',') == std::string::npos) {
    if (text.find('.') != std::string::npos) return {name, std::stod(text)};
    return {name, std::int64_t{std::stoll(text)}};
  }
  std::vector<std::int64_t> numbers;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) numbers.push_back(std::stoll(part));
  return {name, numbers};
}

class NetworkBuilder {
 public:
  explicit NetworkBuilder(const std::string& name) {
    network_->name = name;
    network_->operator_sets = {{"", 13}};
  }

  void AddLine(const std::string& line) {
    std::istringstream words(line);
    NetworkNode node;
    if (!(words >> node.name >> node.op)) return;
    for (std::string word; words >> word;) {
      if (word.find('=') != std::string::npos) {
        node.attributes.push_back(AttributeOf(word));
      } else {
        node.operands.push_back(OperandOf(word));
      }
    }
    std::sort(node.attributes.begin(), node.attributes.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    node.original_name = node.name;
    node.outputs.push_back({node.name + "_out", DType::kF32, std::nullopt});
    places_[node.name] = static_cast<std::uint32_t>(network_->nodes.size());
    network_->nodes.push_back(std::move(node));
  }

  std::shared_ptr<const Network> Finish() {
    const Status shapes = network::InferShapes(*network_);
    EXPECT_TRUE(shapes.ok()) << network_->name << ": " << shapes.error().message;
    for (const auto& [name, place] : places_) {
      if (read_.contains(name)) continue;
      network_->outputs.push_back({name, {OperandKind::kNode, place, 0, {}}});
    }
    return network_;
  }

 private:
  NetworkOperand OperandOf(const std::string& written) {
    const std::size_t colon = written.find(':');
    const std::string word = written.substr(0, colon);
    std::optional<NetworkShape> shape;
    if (colon != std::string::npos) {
      std::istringstream sizes(written.substr(colon + 1));
      shape.emplace();
      for (std::string size; std::getline(sizes, size, 'x');) shape->push_back(std::stoll(size));
    }
    if (const auto node = places_.find(word); node != places_.end()) {
      read_.insert(word);
      return {OperandKind::kNode, node->second, 0, {}};
    }
    if (word.find('.') != std::string::npos) {
      network_->parameters.push_back({word, DType::kF32, shape, {}});
      return {OperandKind::kParameter,
              static_cast<std::uint32_t>(network_->parameters.size() - 1),
              0,
              {}};
    }
    for (std::uint32_t i = 0; i < network_->inputs.size(); ++i) {
      if (network_->inputs[i].name == word) return {OperandKind::kInput, i, 0, {}};
    }
    network_->inputs.push_back({word, DType::kF32, shape});
    return {OperandKind::kInput, static_cast<std::uint32_t>(network_->inputs.size() - 1), 0, {}};
  }

  std::shared_ptr<Network> network_ = std::make_shared<Network>();
  std::map<std::string, std::uint32_t> places_;
  std::set<std::string> read_;
};

/// Everything that tells two networks apart.
std::string TextOf(const Network& network) {
  std::ostringstream text;
  for (const NetworkNode& node : network.nodes) {
    text << node.name << ' ' << node.op;
    for (const NetworkOperand& operand : node.operands) {
      text << ' ' << static_cast<int>(operand.kind) << ':' << operand.index;
    }
    for (const NetworkAttribute& attribute : node.attributes) text << ' ' << attribute.name;
    text << '\n';
  }
  return text.str();
}

float Masked(float number, unsigned planes) {
  std::uint32_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  if (planes < 32) bits &= ~((1u << (32 - planes)) - 1);
  std::memcpy(&number, &bits, sizeof bits);
  return number;
}

}  // namespace

std::shared_ptr<const Network> TinyNetwork(const std::string& name, const std::string& lines) {
  NetworkBuilder builder(name);
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) builder.AddLine(line);
  return builder.Finish();
}

std::size_t FakeContext::Add(Version version) {
  for (const auto& [name, numbers] : version.tensors) tensors_[IdOfNumbers(numbers)] = numbers;
  if (version.network != nullptr) {
    networks_[IdOf<NetworkId>(TextOf(*version.network))] = version.network;
  }
  versions_.push_back(std::move(version));
  return versions_.size() - 1;
}

Result<std::shared_ptr<const Snapshot>> FakeContext::Load(const Needs& needs) {
  auto snapshot = std::make_shared<Snapshot>();
  std::map<std::string, std::uint32_t> models;
  for (const Version& version : versions_) models[version.model];
  for (auto& [name, place] : models) {
    place = static_cast<std::uint32_t>(snapshot->models.size());
    snapshot->models.push_back({name, kNoVersion});
  }
  std::map<NetworkId, GraphIndex> graphs;
  for (VersionIndex i = 0; i < versions_.size(); ++i) {
    const Version& version = versions_[i];
    auto& columns = snapshot->versions;
    const std::string reference = version.model + ":v" + std::to_string(version.number);
    columns.id.push_back(IdOf<VersionId>(reference));
    columns.model.push_back(models[version.model]);
    columns.number.push_back(version.number);
    columns.created.push_back(version.created);
    columns.author.push_back(version.author);
    columns.message.push_back(version.message);
    columns.snapshot_count.push_back(version.tensors.empty() ? 0 : 1);
    columns.file_count.push_back(1);
    columns.parameter_count.push_back(version.parameter_count);
    columns.raw_bytes.push_back(version.raw_bytes);
    columns.stored_bytes.push_back(version.stored_bytes);
    ModelEntry& model = snapshot->models[models[version.model]];
    if (model.latest == kNoVersion || columns.number[model.latest] < version.number) {
      model.latest = i;
    }
    for (const auto& [name, points] : version.metrics) {
      MetricColumn& column = snapshot->metrics[name];
      column.value.resize(versions_.size());
      column.present.resize(versions_.size());
      column.last_step.resize(versions_.size());
      column.value[i] = points.back().value;
      column.present[i] = 1;
      column.last_step[i] = points.back().step;
      if (needs.all_series || needs.series.contains(name)) {
        snapshot->series.push_back({i, name, points});
      }
    }
    for (const auto& [name, value] : version.hparams) {
      snapshot->hparams[name].resize(versions_.size());
      snapshot->hparams[name][i] = value;
      snapshot->all_hparams.push_back({i, name, value});
    }
    for (const auto& [name, value] : version.tags) snapshot->tags.push_back({i, name, value});
    if (!version.note.empty()) snapshot->notes.push_back({i, {}, version.note});
    for (const std::string& alias : version.aliases) {
      snapshot->aliases.push_back({models[version.model], alias, i});
    }
    FileInfo file;
    file.path = "model.pt";
    file.size_bytes = version.raw_bytes;
    file.format = "pytorch-zip";
    snapshot->files.push_back({i, 0, file});
    if (!version.tensors.empty()) snapshot->snapshots.push_back({i, 0, {}});
    std::uint32_t ordinal = 0;
    for (const auto& [parent, relation] : version.parents) {
      const auto place = static_cast<VersionIndex>(parent);
      snapshot->lineage.push_back({i, place, columns.id[place], ordinal++, relation, false});
    }
    snapshot->graph_of.push_back(kNoGraph);
    if (version.network == nullptr) continue;
    const NetworkId id = IdOf<NetworkId>(TextOf(*version.network));
    const auto [graph, fresh] =
        graphs.emplace(id, static_cast<GraphIndex>(snapshot->graphs.size()));
    if (fresh) snapshot->graphs.push_back(id);
    snapshot->graph_of.back() = graph->second;
  }
  for (const auto& [name, text] : queries_) snapshot->queries.push_back({name, text, 0});
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

Result<std::vector<std::string>> FakeContext::ReadNames(NameKind kind) {
  std::set<std::string> names;
  const auto add_keys = [&](const auto& map) {
    for (const auto& [name, value] : map) names.insert(name);
  };
  for (const Version& version : versions_) {
    if (kind == NameKind::kModel) names.insert(version.model);
    if (kind == NameKind::kAlias) names.insert(version.aliases.begin(), version.aliases.end());
    if (kind == NameKind::kMetric) add_keys(version.metrics);
    if (kind == NameKind::kHparam) add_keys(version.hparams);
    if (kind == NameKind::kTag) add_keys(version.tags);
  }
  if (kind == NameKind::kQuery) add_keys(queries_);
  return std::vector<std::string>(names.begin(), names.end());
}

Result<bool> FakeContext::HasName(NameKind kind, std::string_view name) {
  DLV_ASSIGN(const auto names, ReadNames(kind));
  return std::find(names.begin(), names.end(), name) != names.end();
}

Status FakeContext::ReadGraphs(const Snapshot& snapshot, GraphIndex first, std::size_t count,
                               const GraphSink& sink) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto graph = static_cast<GraphIndex>(first + i);
    ++networks_read_;
    DLV_TRY(sink(graph, network::Encode(*networks_.at(snapshot.graphs[graph]))));
  }
  return Ok();
}

Result<std::vector<ParameterBinding>> FakeContext::ReadBindings(const VersionId& id) {
  std::vector<ParameterBinding> bindings;
  for (const Version& version : versions_) {
    if (IdOf<VersionId>(version.model + ":v" + std::to_string(version.number)) != id) continue;
    if (version.network == nullptr) continue;
    for (const NetworkParameter& parameter : version.network->parameters) {
      const bool known = version.tensors.contains(parameter.name);
      bindings.push_back({parameter.name, known ? parameter.name : "",
                          known ? ParameterMatch::kName : ParameterMatch::kNone});
    }
  }
  return bindings;
}

Result<std::shared_ptr<const std::vector<TensorEntry>>> FakeContext::ReadTensors(
    const VersionId& id, std::optional<std::int64_t>) {
  auto list = std::make_shared<std::vector<TensorEntry>>();
  for (const Version& version : versions_) {
    if (IdOf<VersionId>(version.model + ":v" + std::to_string(version.number)) != id) continue;
    for (const auto& [name, numbers] : version.tensors) {
      list->push_back({name,
                       TensorRole::kParameter,
                       DType::kF32,
                       {static_cast<std::int64_t>(numbers.size())},
                       IdOfNumbers(numbers)});
    }
  }
  return std::shared_ptr<const std::vector<TensorEntry>>(std::move(list));
}

Result<TensorRead> FakeContext::StreamTensor(const TensorId& id, unsigned planes,
                                             const ChunkSink& sink, const Operation&) {
  const unsigned given = planes == 0 || planes > 32 ? 32 : planes;
  const std::vector<float>& numbers = tensors_.at(id);
  constexpr std::size_t kChunk = 100;  // small, so that sums run over several
  TensorRead read;
  read.planes = given;
  read.exact = given == 32;
  for (std::size_t begin = 0; begin < numbers.size(); begin += kChunk) {
    std::vector<float> chunk;
    for (std::size_t i = begin; i < std::min(numbers.size(), begin + kChunk); ++i) {
      chunk.push_back(Masked(numbers[i], given));
    }
    DLV_TRY(sink(std::as_bytes(std::span(chunk)), given));
  }
  read.read_bytes = (numbers.size() * given + 7) / 8;
  read_bytes_ += read.read_bytes;
  return read;
}

Result<TensorFigures> FakeContext::ReadStatistics(const TensorId& id, const Operation&) {
  TensorFigures figures;
  TensorStatistics& out = figures.statistics;
  const std::vector<float>& numbers = tensors_.at(id);
  long double sum = 0, squares = 0, magnitudes = 0;
  std::uint64_t finite = 0;
  for (const float number : numbers) {
    ++out.count;
    if (std::isnan(number)) ++out.nan_count;
    if (std::isinf(number)) ++out.inf_count;
    if (number == 0) ++out.zero_count;
    if (!std::isfinite(number)) continue;
    const double value = number;
    out.min = finite == 0 ? value : std::min(out.min, value);
    out.max = finite == 0 ? value : std::max(out.max, value);
    ++finite;
    sum += value;
    squares += static_cast<long double>(value) * value;
    magnitudes += std::fabs(value);
    out.norm_inf = std::max(out.norm_inf, std::fabs(value));
  }
  out.norm1 = static_cast<double>(magnitudes);
  out.norm2 = static_cast<double>(std::sqrt(squares));
  if (finite != 0) {
    const long double mean = sum / static_cast<long double>(finite);
    long double deviation = 0;
    for (const float number : numbers) {
      if (std::isfinite(number)) deviation += (number - mean) * (number - mean);
    }
    out.mean = static_cast<double>(mean);
    out.std = static_cast<double>(std::sqrt(deviation / static_cast<long double>(finite)));
  }
  figures.read_bytes = numbers.size() * 4;
  read_bytes_ += figures.read_bytes;
  return figures;
}

Result<PairFigures> FakeContext::ReadPair(const TensorId& a, const TensorId& b, unsigned planes,
                                          const Operation&) {
  const unsigned given = planes == 0 || planes > 32 ? 32 : planes;
  const std::vector<float>&x = tensors_.at(a), &y = tensors_.at(b);
  long double squares_x = 0, squares_y = 0, difference = 0, products = 0, radii = 0;
  std::uint64_t nonfinite = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) {
      ++nonfinite;
      continue;
    }
    const double p = Masked(x[i], given), q = Masked(y[i], given);
    squares_x += p * p;
    squares_y += q * q;
    products += p * q;
    difference += (q - p) * (q - p);
    const double unit = std::ldexp(1.0, 9 - static_cast<int>(given));
    const double radius = given == 32 ? 0 : (std::fabs(p) + std::fabs(q) + 1e-30) * unit;
    radii += radius * radius;
  }
  PairFigures figures;
  PairStatistics& out = figures.statistics;
  out.count = x.size();
  out.nonfinite = nonfinite;
  out.norm_before = static_cast<double>(std::sqrt(squares_x));
  out.norm_after = static_cast<double>(std::sqrt(squares_y));
  out.norm_difference = static_cast<double>(std::sqrt(difference));
  out.cosine = static_cast<double>(products / std::sqrt(squares_x * squares_y));
  out.planes = given == 32 ? 0 : given;
  out.norm_read = out.norm_difference;
  out.norm_error = static_cast<double>(std::sqrt(radii));
  figures.read_bytes = (x.size() * given + 7) / 8 * 2;
  read_bytes_ += figures.read_bytes;
  return figures;
}

Result<std::vector<std::string>> FakeContext::Save(std::span<const NewVersion> versions,
                                                   const Operation&) {
  std::vector<std::string> references;
  for (const NewVersion& version : versions) {
    std::uint64_t number = 1;
    for (const Version& known : versions_) {
      if (known.model == version.model) number = std::max(number, known.number + 1);
    }
    Version made;
    made.model = version.model;
    made.number = number;
    made.network = std::make_shared<const Network>(version.network);
    for (std::size_t i = 0; i < versions_.size(); ++i) {
      const std::string reference = versions_[i].model + ":v" + std::to_string(versions_[i].number);
      if (reference != version.source_reference) continue;
      made.parents.emplace_back(i, version.relation);
      for (const auto& [parameter, tensor] : version.tensors) {
        made.tensors[parameter] = versions_[i].tensors.at(tensor);
      }
    }
    Add(std::move(made));
    saved_.push_back(version);
    references.push_back(version.model + ":v" + std::to_string(number));
  }
  return references;
}

Status FakeContext::StoreQuery(std::string_view name, std::string_view text, bool replace) {
  if (queries_.contains(std::string(name)) && !replace) {
    return Error{ErrorCode::kConflict, "there is a query \"" + std::string(name) + "\" already"};
  }
  queries_[std::string(name)] = text;
  return Ok();
}

Status FakeContext::DropQuery(std::string_view name) {
  if (queries_.erase(std::string(name)) != 0) return Ok();
  return Error{ErrorCode::kNotFound, "no query \"" + std::string(name) + "\""};
}

}  // namespace dlv::query
