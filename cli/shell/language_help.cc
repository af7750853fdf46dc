#include "cli/shell/language_help.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace dlv::cli {
namespace {

struct LanguageTopic {
  std::string_view word;
  std::string_view text;
};

constexpr std::array<LanguageTopic, 18> kLanguageTopics = {{
    {"select",
     "select [distinct] ITEM [NAME], ... [from SOURCE VARIABLE, ...] [where CONDITION]\n"
     "  [group by ...] [having ...] [order by ... [asc|desc]] [limit N]\n\n"
     "  select m where m.metrics[\"val_acc\"] > 0.9;\n"
     "  select m.name, count(*) n from versions m group by m.name order by n desc;\n"},
    {"from",
     "from versions m      a relation: .schema lists them\n"
     "from \"q3\" m          a stored query, else a pattern of model names\n"
     "from parent(a) b     what a came from; also ancestor(a), descendant(a)\n"
     "from unnest(S) n     a row for each of a set or list\n\n"
     "  select a, b from versions a, ancestor(a) b where b.name = \"lenet\";\n"},
    {"where",
     "=  !=  <  <=  >  >=  and  or  not  in (...)  between A and B  is [not] null\n"
     "like \"a%\"  ilike  ~ \"regex\"  exists  has\n\n"
     "  select m where m.name like \"res%\" and m.hparams[\"lr\"] in (0.1, 0.01);\n"},
    {"selectors",
     "m[\"conv*\"]           nodes by name; * ? [ab] [a,b10], ($n) captures, \"re:...\"\n"
     "m[\"@Conv\"]           by operator; m[\"@CONV\"] by family\n"
     "m[\"conv1\"].next      what reads it; .prev, .next* (any number of steps)\n"
     "S has POOL(\"MAX\")    some node fits the template; S exists; all\n\n"
     "  select m where m[\"conv*\"].next has POOL(\"AVG\");\n"},
    {"has",
     "S has T              some node of S fits the template; not S has T: none does\n"
     "CONV POOL FULL NORM RELU SOFTMAX DROPOUT LRN CONCAT ADD, or an operator: Gemm\n"
     "CONV(\"c*\")           its name; POOL(\"AVG\") its kind; CONV(group=1) an attribute\n\n"
     "  select m where m[\"conv*\"].next has POOL(\"MAX\");\n"
     "  select m where m[\"fc*\"].next* has SOFTMAX();\n"},
    {"group",
     "group by ITEM, ... [having CONDITION]\n"
     "count(*) count(x) count(distinct x) sum avg min max\n\n"
     "  select m.name, max(m.metrics[\"val_acc\"]) best from versions m group by m.name;\n"},
    {"order",
     "order by ITEM [asc|desc] [nulls first|last], ... limit N [offset M]\n\n"
     "  select m, m.metrics[\"val_acc\"] acc order by acc desc limit 5;\n"},
    {"parameters",
     ":name stands for a value, given with dlv query -p NAME=VALUE or by a program.\n"
     "A statement in the shell has values instead.\n\n"
     "  dlv query 'select m where m.metrics[\"val_acc\"] > :limit' -p limit=0.9\n"},
    {"save",
     "save as \"NAME\"        behind slice or construct: commits what they made; weights\n"
     "                      are shared with their source; the lineage keeps the text\n\n"
     "  slice f from \"lenet\" m mutate f.input = m[\"conv1\"] and f.output = m[\"fc1\"]\n"
     "  save as \"features\";\n"},
    {"metrics",
     "m.metrics[\"x\"]       at the last step; .min .max .at(STEP) .series\n"
     "from metrics s       a row for each step: s.version, s.name, s.step, s.value\n\n"
     "  select m, m.metrics[\"val_acc\"] acc where acc > 0.9 order by acc desc;\n"
     "  select s.step, s.value from metrics s where s.name = \"loss\" limit 20;\n"},
    {"tensors",
     "norm(t) mean(t) std(t) min(t) max(t) nan_count(t) sparsity(t) distance(a, b)\n"
     "cosine(a, b) changed(a, b) shape(t) numel(t) dtype(t) entropy(t)\n\n"
     "  select m, norm(m[\"fc*\"].weight) n where n > 3;\n"
     "  select m where nan_count(m[\"conv1\"].weight) > 0;\n"},
    {"lineage",
     "parent(m)  ancestor(m)  descendant(m)  path(a, b)  lca(a, b)  depth(a, b)\n"
     "from lineage e       a row for each edge\n\n"
     "  select m where exists(ancestor(m) a where a.name = \"resnet18\");\n"
     "  select e.child, e.parent, e.relation from lineage e;\n"},
    {"slice",
     "slice NEW from M where ... mutate NEW.input = M[\"a\"] and NEW.output = M[\"b\"]\n"
     "  [with closure] [save as \"name\"]\n\n"
     "  slice f from m where m.name = \"alexnet\"\n"
     "  mutate f.input = m[\"conv1\"] and f.output = m[\"fc7\"] save as \"features\";\n"},
    {"construct",
     "construct NEW from M where ... mutate M[\"a\"].insert = T and M[\"b\"].delete\n"
     "  [save as \"name\"]\n\n"
     "  construct n from m where m[\"conv*($1)\"].next has POOL(\"AVG\")\n"
     "  mutate m[\"conv*($1)\"].insert = RELU(\"relu$1\") save as \"with-relu\";\n"},
    {"predict",
     "predict M [from ...] on \"DATA\" [top K] [exact | heuristic [TAU] | within K planes]\n"
     "  [with preprocess = \"...\"] [where ...] [order by ...] [limit N]\n\n"
     "A row for each input: version, input, label, labels, truth, correct, status, bits, ...\n\n"
     "  predict m on \"mnist/\" where m.name = \"lenet\" and input < 10;\n"
     "  select version, avg(correct) acc from (predict m on \"batch.npz\")\n"
     "  group by version order by acc desc limit 1;\n"},
    {"evaluate",
     "evaluate M [from ...] [on \"DATA\"] [with config = \"FILE\"] [where ...]\n"
     "  [vary config.preprocess in [...]] [keep top(5, M[\"loss\"], 100)] [save]\n\n"
     "Runs networks, also those of slice and construct, on data with labels; trains nothing.\n\n"
     "  evaluate m on \"batch.npz\" where m.name = \"cifar\" keep top(1, m[\"top1\"]);\n"
     "  evaluate n from (construct n from m mutate m[\"drop*\"].delete) on \"cifar/\";\n"},
    {"create",
     "create [or replace] query NAME as STATEMENT;  drop query [if exists] NAME;\n\n"
     "  create query good as select m where m.metrics[\"val_acc\"] > 0.9;\n"
     "  select m.name from \"good\" m;\n"},
    {"explain",
     "explain STATEMENT            how it would be done, with estimated rows\n"
     "explain analyze STATEMENT    runs it: real rows, time, bytes and planes read\n\n"
     "  explain analyze select m where norm(m[\"fc*\"].weight) > 3;\n"},
}};

/// Words that a topic speaks of, and its name.
constexpr std::array<std::array<std::string_view, 2>, 28> kElsewhere = {{
    {"and", "where"},        {"or", "where"},          {"not", "where"},
    {"like", "where"},       {"ilike", "where"},       {"in", "where"},
    {"between", "where"},    {"is", "where"},          {"exists", "where"},
    {"next", "selectors"},   {"prev", "selectors"},    {"selector", "selectors"},
    {"templates", "has"},    {"having", "group"},      {"count", "group"},
    {"limit", "order"},      {"offset", "order"},      {"join", "from"},
    {"parent", "lineage"},   {"ancestor", "lineage"},  {"descendant", "lineage"},
    {"norm", "tensors"},     {"functions", "tensors"}, {"insert", "construct"},
    {"delete", "construct"}, {"mutate", "construct"},  {"drop", "create"},
    {"analyze", "explain"},
}};

}  // namespace

std::optional<std::string> LanguageHelp(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [elsewhere, topic] : kElsewhere) {
    if (elsewhere == lower) lower = topic;
  }
  for (const LanguageTopic& topic : kLanguageTopics) {
    if (topic.word == lower) return std::string(topic.text);
  }
  return std::nullopt;
}

std::string LanguageSummary() {
  std::string text =
      "DQL, the language of dlv query and dlv shell, in short; docs/dql.md has all of it\n";
  for (const LanguageTopic& topic : kLanguageTopics)
    text += "\n" + std::string(topic.word) + "\n\n" + std::string(topic.text);
  return text;
}

std::vector<std::string> LanguageTopics() {
  std::vector<std::string> words;
  for (const LanguageTopic& topic : kLanguageTopics) words.emplace_back(topic.word);
  return words;
}

}  // namespace dlv::cli
