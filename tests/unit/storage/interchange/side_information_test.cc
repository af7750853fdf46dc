// Readers of side information, each on a small file, and on files that lie.

#include "storage/interchange/side_information.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "storage/interchange/side_crc32c.h"
#include "storage/interchange/side_tree.h"
#include "tests/unit/storage/interchange/build_files.h"

namespace dlv::interchange {
namespace {

SideInformation ReadSide(const std::string& path, std::string_view text) {
  const Bytes bytes = ToBytes(text);
  const auto file = io::MakeViewSource(bytes);
  const int kind = SideReaderFor(path);
  EXPECT_GE(kind, 0) << path;
  return kind < 0 ? SideInformation{} : ReadSideFile(kind, *file, path);
}

std::string AllWarnings(const SideInformation& found) {
  std::string all;
  for (const std::string& warning : found.warnings) all += warning + "\n";
  return all;
}

// "loss 1:0.5 2:0.25".
std::string SeriesText(const SideInformation& found, std::string_view name) {
  for (const Metric& metric : found.metrics) {
    if (metric.name != name) continue;
    std::string text;
    for (const MetricPoint& point : metric.points) {
      char buffer[64];
      std::snprintf(buffer, sizeof buffer, "%s%lld:%g", text.empty() ? "" : " ",
                    static_cast<long long>(point.step), point.value);
      text += buffer;
    }
    return text;
  }
  return "none";
}

TEST(SideInformation, KnowsFilesByTheirNames) {
  const std::pair<const char*, const char*> known[] = {
      {"run/config.json", "config.json"},
      {"params.yaml", "params.yaml"},
      {"run/.hydra/config.yaml", "params.yaml"},
      {"run/.hydra/overrides.yaml", "overrides.yaml"},
      {"trainer_state.json", "trainer_state.json"},
      {"version_0/metrics.csv", "metrics.csv"},
      {"version_0/hparams.yaml", "params.yaml"},
      {"events.out.tfevents.1700000000.host", "events.out.tfevents"},
      {"cifar10_full_solver.prototxt", "solver.prototxt"},
      {"caffe.host.user.log.INFO.20200101", "caffe.log"},
      {"train_log.jsonl", "log.jsonl"},
      {"README.md", "README.md"}};
  for (const auto& [path, kind] : known) {
    const int found = SideReaderFor(path);
    ASSERT_GE(found, 0) << path;
    EXPECT_EQ(SideReaders()[static_cast<std::size_t>(found)].kind, kind) << path;
  }
  for (const char* path : {"model.pt", "tokenizer.json", "train.csv", "data.jsonl",
                           "deploy.prototxt", "overrides.yaml", "readme.txt"}) {
    EXPECT_EQ(SideReaderFor(path), -1) << path;
  }
}

TEST(SideInformation, ConfigJsonBecomesDottedNames) {
  const SideInformation found = ReadSide("config.json", R"({
    "hidden_size": 768, "rope": {"theta": 1e4, "scaling": null}, "tie": true,
    "architectures": ["LlamaForCausalLM"], "layers": [{"kind": "a"}, {"kind": "b"}],
    "epsilon": NaN, "name": "x\ny"})");
  const KeyValues want = {{"architectures", "[LlamaForCausalLM]"},
                          {"epsilon", "NaN"},
                          {"hidden_size", "768"},
                          {"layers.0.kind", "a"},
                          {"layers.1.kind", "b"},
                          {"name", "x\ny"},
                          {"rope.scaling", "null"},
                          {"rope.theta", "1e4"},
                          {"tie", "true"}};
  EXPECT_EQ(found.hparams, want);
  EXPECT_TRUE(found.warnings.empty()) << AllWarnings(found);
}

TEST(SideInformation, BrokenFilesAreWarningsWithPathAndOffset) {
  const SideInformation json = ReadSide("a/config.json", "{\"a\": 1,}");
  EXPECT_TRUE(json.empty());
  ASSERT_EQ(json.warnings.size(), 1u);
  EXPECT_EQ(json.warnings[0],
            "a/config.json: JSON, offset 8: want '\"', got }; nothing is taken from it");
  const SideInformation yaml = ReadSide("params.yaml", "a: [1, 2\nb: }\n");
  EXPECT_NE(AllWarnings(yaml).find("params.yaml: YAML, offset "), std::string::npos);
  const SideInformation solver = ReadSide("solver.prototxt", "base_lr: 0.1 {");
  EXPECT_NE(AllWarnings(solver).find("prototxt, offset 13"), std::string::npos)
      << AllWarnings(solver);
}

TEST(SideInformation, NamesAndValuesAreHeldToTheLimits) {
  std::string big = "{";
  for (int i = 0; i < 250; ++i) big += "\"k" + std::to_string(i) + "\": 1, ";
  big += "\"" + std::string(300, 'n') + "\": 1, \"long\": \"" + std::string(5000, 'v') +
         "\", \"a=b\": 1, \"\\u0007\": 1}";
  const SideInformation found = ReadSide("config.json", big);
  EXPECT_EQ(found.hparams.size(), 250u);
  EXPECT_NE(AllWarnings(found).find("4 entries are left out"), std::string::npos);
  std::string labels = "{\"id2label\": {";
  for (int i = 0; i < 1000; ++i) labels += (i ? ",\"" : "\"") + std::to_string(i) + "\": \"x\"";
  EXPECT_EQ(ReadSide("config.json", labels + "}, \"a\": 1}").hparams, (KeyValues{{"a", "1"}}));
}

TEST(SideInformation, SecretsAreLeftOut) {
  const SideInformation found = ReadSide(
      "params.yaml", "wandb:\n  API-Key: 123\n  hub_token:\npad_token: x\ndb_password: hunter2\n");
  EXPECT_EQ(found.hparams, (KeyValues{{"pad_token", "x"}, {"wandb.hub_token", "null"}}));
  EXPECT_NE(AllWarnings(found).find("'wandb.API-Key' looks like a secret"), std::string::npos);
  EXPECT_EQ(AllWarnings(found).find("hunter2"), std::string::npos);
}

TEST(SideInformation, JsonThatNestsTooDeepIsRefused) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_NE(AllWarnings(ReadSide("config.json", deep)).find("nest too deep"), std::string::npos);
  EXPECT_NE(AllWarnings(ReadSide("params.yaml", std::string(5'000, '['))).find("YAML"),
            std::string::npos);
  std::string messages;
  for (int i = 0; i < 1000; ++i) messages += "a {";
  EXPECT_NE(AllWarnings(ReadSide("solver.prototxt", messages)).find("nest too deep"),
            std::string::npos);
}

TEST(SideInformation, YamlWithAliasesAndMergeKeys) {
  const SideInformation found = ReadSide("params.yaml",
                                         "base: &base\n  lr: 0.1\n  decay: 1e-4\n"
                                         "train:\n  <<: *base\n  lr: 0.5\n  on: yes\n"
                                         "sizes: [1, 2]\ntext: '007'\nempty:\n"
                                         "obj: !!python/object:os.system {x: 1}\n");
  const KeyValues want = {{"base.lr", "0.1"},  {"base.decay", "1e-4"},  {"train.lr", "0.5"},
                          {"train.on", "yes"}, {"train.decay", "1e-4"}, {"sizes", "[1, 2]"},
                          {"text", "007"},     {"empty", "null"},       {"obj.x", "1"}};
  EXPECT_EQ(found.hparams, want);
}

TEST(SideInformation, BillionLaughsEndSoon) {
  std::string text = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {p: " + before +
            ", q: " + before + "}\n";
  }
  const SideInformation found = ReadSide("params.yaml", text);
  EXPECT_LE(found.hparams.size(), 4096u);
  EXPECT_NE(AllWarnings(found).find("repeated too often"), std::string::npos);
  EXPECT_NE(AllWarnings(ReadSide("params.yaml", "a: &a [*a]\n")).find("unknown anchor"),
            std::string::npos);
}

TEST(SideInformation, EmptyFilesSayNothing) {
  for (const char* path : {"params.yaml", "solver.prototxt", ".hydra/overrides.yaml", "metrics.csv",
                           "log.jsonl", "a.tfevents", "caffe.log", "README.md"}) {
    for (const char* text : {"", " ", "\n"}) {
      const SideInformation found = ReadSide(path, text);
      EXPECT_TRUE(found.empty()) << path;
      EXPECT_TRUE(found.warnings.empty()) << path << ": " << AllWarnings(found);
    }
  }
  EXPECT_NE(AllWarnings(ReadSide("config.json", "")).find("JSON, offset 0"), std::string::npos);
}

TEST(SideInformation, HydraOverrides) {
  EXPECT_EQ(ReadSide(".hydra/overrides.yaml", "- lr=0.1\n- model=big\n").hparams,
            (KeyValues{{"hydra.overrides", "[lr=0.1, model=big]"}}));
}

TEST(SideInformation, TrainerStateGivesSeries) {
  const SideInformation found = ReadSide("trainer_state.json", R"({
    "best_metric": 0.91, "max_steps": 1000, "train_batch_size": 8,
    "log_history": [{"epoch": 0.1, "step": 10, "loss": 2.5, "learning_rate": 1e-4},
                    {"epoch": 0.2, "step": 20, "loss": NaN},
                    {"epoch": 0.2, "step": 20, "eval_loss": 2.0}, {"no": "step"}]})");
  EXPECT_EQ(SeriesText(found, "loss"), "10:2.5 20:nan");
  EXPECT_EQ(SeriesText(found, "eval_loss"), "20:2");
  EXPECT_EQ(SeriesText(found, "best_metric"), "-1:0.91");
  EXPECT_EQ(SeriesText(found, "epoch"), "none");
  EXPECT_EQ(found.hparams, (KeyValues{{"max_steps", "1000"}, {"train_batch_size", "8"}}));
}

TEST(SideInformation, CsvOfLightning) {
  const SideInformation found =
      ReadSide("metrics.csv",
               "epoch,step,train_loss,\"val,acc\"\r\n0,9,0.5,\r\n0,19,,0.25\r\n1,9,0.75,\r\n");
  EXPECT_EQ(SeriesText(found, "train_loss"), "9:0.75");  // the last of two at one step
  EXPECT_EQ(SeriesText(found, "val,acc"), "19:0.25");
  EXPECT_TRUE(ReadSide("results.csv", "name,size\nx,3\n").empty());
  EXPECT_NE(AllWarnings(ReadSide("metrics.csv", "step,a\n1,2\n1,2,3\n")).find("line 3"),
            std::string::npos);
}

TEST(SideInformation, JsonLinesWithNestedNumbersAndATornTail) {
  const SideInformation found =
      ReadSide("train_log.jsonl",
               "{\"step\": 1, \"train\": {\"loss\": 3}, \"tag\": \"x\"}\n"
               "\n{\"step\": 2, \"train\": {\"loss\": 2}}\n{\"step\": 3, ");
  EXPECT_EQ(SeriesText(found, "train.loss"), "1:3 2:2");
  EXPECT_TRUE(found.warnings.empty());
  EXPECT_NE(AllWarnings(ReadSide("log.jsonl", "{\"step\": 1}\nno\n{}\n")).find("offset 12"),
            std::string::npos);
}

TEST(SideInformation, SolverPrototxt) {
  const SideInformation found =
      ReadSide("lenet_solver.prototxt",
               "# comment\nnet: \"a\" 'b'\nbase_lr: 0.01\n"
               "stepvalue: 10 stepvalue: 20, stepvalue: 30;\n"
               "solver_mode: GPU\nnet_param { name: \"n\" }\nx: [1, 2]\n");
  const KeyValues want = {
      {"net", "ab"},          {"base_lr", "0.01"},     {"stepvalue", "[10, 20, 30]"},
      {"solver_mode", "GPU"}, {"net_param.name", "n"}, {"x", "[1, 2]"}};
  EXPECT_EQ(found.hparams, want);
}

TEST(SideInformation, CaffeLog) {
  const std::string at = "I0813 15:14:31.1 42 solver.cpp:228] ";
  const SideInformation found =
      ReadSide("caffe.log", "Log file created at: x\n" + at + "Iteration 0, Testing net (#0)\n" +
                                at + "    Test net output #0: accuracy = 0.1\n" + at +
                                "Iteration 100 (9.1 iter/s, 11s/100 iters), loss = 2.5\n" + at +
                                "    Train net output #0: loss = 2.25 (* 1 = 2.25 loss)\n" + at +
                                "Iteration 100, lr = 0.01\n" + "Iteration 5, loss = 1\nIteration");
  EXPECT_EQ(SeriesText(found, "loss"), "100:2.5");
  EXPECT_EQ(SeriesText(found, "lr"), "100:0.01");
  EXPECT_EQ(SeriesText(found, "test_accuracy"), "0:0.1");
  EXPECT_EQ(SeriesText(found, "train_loss"), "100:2.25");
}

TEST(SideInformation, ModelCard) {
  const SideInformation found = ReadSide("README.md",
                                         "---\nlicense: apache-2.0\ntags: [vision, x=y]\n"
                                         "datasets:\n- imagenet\n- cub200\nbase_model: a/b\n"
                                         "model-index:\n- name: m\n  results:\n"
                                         "  - dataset: {name: A, type: a}\n"
                                         "    metrics:\n    - {type: accuracy, value: 0.9}\n"
                                         "  - dataset: {name: B, type: b}\n"
                                         "    metrics:\n    - {type: accuracy, value: 0.8}\n"
                                         "    - {type: f1, value: 0.7}\n"
                                         "    - {type: text, value: high}\n---\n# Title\n");
  const KeyValues want = {{"license", "apache-2.0"},
                          {"vision", ""},
                          {"datasets", "imagenet, cub200"},
                          {"base_model", "a/b"}};
  EXPECT_EQ(found.tags, want);
  EXPECT_EQ(SeriesText(found, "accuracy (A)"), "-1:0.9");
  EXPECT_EQ(SeriesText(found, "accuracy (B)"), "-1:0.8");
  EXPECT_EQ(SeriesText(found, "f1"), "-1:0.7");
  EXPECT_TRUE(ReadSide("README.md", "# no front matter\nlicense: x\n").empty());
  EXPECT_TRUE(ReadSide("README.md", "---\nlicense: x\n").empty());
}

// --- event files ---

void PutVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

std::string EventField(unsigned number, std::string_view bytes) {
  std::string out;
  PutVarint(out, number << 3 | 2);
  PutVarint(out, bytes.size());
  return out + std::string(bytes);
}

template <typename T>
std::string Raw(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string Varint(unsigned number, std::uint64_t value) {
  std::string out;
  PutVarint(out, number << 3);
  PutVarint(out, value);
  return out;
}

std::string Fixed(unsigned number, float value) {
  std::string out;
  PutVarint(out, number << 3 | 5);
  return out + Raw(value);
}

std::string Record(std::string_view data) {
  const std::string size = Raw<std::uint64_t>(data.size());
  return size + Raw(MaskedCrc32c(size)) + std::string(data) + Raw(MaskedCrc32c(data));
}

std::string Event(std::uint64_t step, const std::string& values) {
  return Record(Varint(2, step) + EventField(5, values));
}

std::string SimpleValue(std::string_view tag, float value) {
  return EventField(1, EventField(1, tag) + Fixed(2, value));
}

TEST(SideEvents, ChecksumIsCastagnoli) {
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);  // RFC 3720, B.4: the check value of the catalogue
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
}

TEST(SideEvents, SimpleValuesAndTensorsBecomeSeries) {
  const std::string tensor = EventField(
      1, EventField(1, "acc") +
             EventField(8, Varint(1, 1) + EventField(2, "") + EventField(4, Raw(0.25f))));
  const std::string packed =
      EventField(1, EventField(1, "lr") + EventField(8, Varint(1, 2) + EventField(6, Raw(0.125))));
  const std::string vector =
      EventField(1, EventField(1, "hist") +
                        EventField(8, Varint(1, 1) + EventField(2, EventField(2, Varint(1, 1))) +
                                          EventField(5, Raw(1.0f))));
  const std::string file = Record(EventField(3, "brain.Event:2")) +
                           Event(1, SimpleValue("loss", 2) + tensor) +
                           Event(2, SimpleValue("loss", 1) + packed + vector);
  const SideInformation found = ReadSide("events.out.tfevents.1", file);
  EXPECT_EQ(SeriesText(found, "loss"), "1:2 2:1");
  EXPECT_EQ(SeriesText(found, "acc"), "1:0.25");
  EXPECT_EQ(SeriesText(found, "lr"), "2:0.125");
  EXPECT_EQ(SeriesText(found, "hist"), "none");
  EXPECT_TRUE(found.warnings.empty()) << AllWarnings(found);
}

TEST(SideEvents, HyperParametersOfThePlugin) {
  std::string number;
  PutVarint(number, 2 << 3 | 1);
  number += Raw(0.5);
  const std::string map =
      EventField(1, EventField(1, "lr") + EventField(2, number)) +
      EventField(1, EventField(1, "opt") + EventField(2, EventField(3, "adam")));
  const std::string plugin = EventField(1, "hparams") + EventField(2, EventField(3, map));
  const std::string value = EventField(
      1, EventField(1, "_hparams_/session_start_info") + EventField(9, EventField(1, plugin)));
  EXPECT_EQ(ReadSide("x.tfevents", Event(0, value)).hparams,
            (KeyValues{{"lr", "0.5"}, {"opt", "adam"}}));
}

TEST(SideEvents, TornTailsAreSilentAndDamageIsTold) {
  const std::string first = Event(1, SimpleValue("loss", 2));
  const std::string both = first + Event(2, SimpleValue("loss", 1));
  for (std::size_t size = first.size(); size < both.size(); ++size) {
    const SideInformation cut = ReadSide("a.tfevents", both.substr(0, size));
    EXPECT_EQ(SeriesText(cut, "loss"), "1:2") << size;
    EXPECT_TRUE(cut.warnings.empty()) << AllWarnings(cut);
  }
  for (std::size_t at = first.size(); at < both.size(); ++at) {
    std::string damaged = both;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const SideInformation found = ReadSide("a.tfevents", damaged);
    EXPECT_EQ(SeriesText(found, "loss"), "1:2") << at;
    EXPECT_NE(AllWarnings(found).find("offset " + std::to_string(first.size())), std::string::npos)
        << at;
  }
}

TEST(SideEvents, LengthsThatLieTakeNoMemory) {
  const std::string size = Raw<std::uint64_t>(std::uint64_t{1} << 60);
  const SideInformation found =
      ReadSide("a.tfevents", size + Raw(MaskedCrc32c(size)) + std::string(16, 'x'));
  EXPECT_NE(AllWarnings(found).find("record of 1152921504606846976 bytes"), std::string::npos);
  // A message whose lengths lie inside a whole record.
  const SideInformation broken = ReadSide("a.tfevents", Record("\x2a\xff\xff\xff\xff\x0f"));
  EXPECT_NE(AllWarnings(broken).find("malformed"), std::string::npos);
}

// --- metadata of checkpoints, numbers ---

TEST(SideMetadata, TakesSettingsByFormat) {
  const auto of = [](std::string_view format,
                     std::vector<std::pair<std::string, std::string>> metadata) {
    return ReadSideMetadata(format, metadata, "m");
  };
  EXPECT_EQ(of("safetensors", {{"format", "pt"}, {"seed", "1"}}).hparams,
            (KeyValues{{"seed", "1"}}));
  EXPECT_EQ(of("gguf", {{"general.license", "mit"}, {"tokenizer.x", "1"}}).tags,
            (KeyValues{{"license", "mit"}}));
  EXPECT_EQ(of("pytorch-zip", {{"epoch", "3"}, {"hyper_parameters.lr", "0.1"}, {"x", "1"}}).hparams,
            (KeyValues{{"epoch", "3"}, {"lr", "0.1"}}));
  EXPECT_EQ(of("zip", {{"data//gamma", "0.99"}, {"data//env", "null"}, {"p//x", "1"}}).hparams,
            (KeyValues{{"gamma", "0.99"}}));
  EXPECT_TRUE(of("npz", {{"a", "1"}}).empty());
}

TEST(SideTree, NumbersAreWhatPythonWrites) {
  for (const char* text : {"1", "-1.5", "+2", ".5", "1e400", "-1e400", "inf", "-Infinity", "nan"}) {
    EXPECT_TRUE(NumberIn(text).has_value()) << text;
  }
  for (const char* text : {"", "-", "1x", "0x10", "e5", "--1", "1_000", "infinit"}) {
    EXPECT_FALSE(NumberIn(text).has_value()) << text;
  }
  EXPECT_TRUE(std::isinf(*NumberIn("1e400")));
  EXPECT_EQ(*NumberIn("1e-400"), 0.0);
}

TEST(SharedData, CaffeSolverIsRead) {
  const char* folder = std::getenv("DLV_SHARED_DATA");
  if (folder == nullptr) GTEST_SKIP() << "DLV_SHARED_DATA is not set: REAL FILES ARE NOT TESTED";
  const std::filesystem::path path =
      std::filesystem::path(folder) / "caffe_cifar10_full_series/cifar10_full_solver.prototxt";
  std::ifstream in(path);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const SideInformation found = ReadSide("cifar10_full_solver.prototxt", text);
  EXPECT_TRUE(found.hparams.contains("base_lr"));
  EXPECT_TRUE(found.hparams.contains("momentum"));
  EXPECT_TRUE(found.warnings.empty()) << AllWarnings(found);
}

}  // namespace
}  // namespace dlv::interchange
