// bench_query FOLDER [--distinct] [--only TEXT] [VERSIONS...]: what statements cost on catalogs of
// many versions (10,000 unless given), beside what they may cost. The catalogs are made in FOLDER
// where they are not there yet (query_catalog.h), with 200 distinct networks, or with as many as
// versions.
//
// A row has the median of five runs, each in a session of its own, which has read nothing: from the
// text to the rows, with parsing, on an open repository. Wall time, then the processor time of all
// threads, then wall time of the same statement once more in that session.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "dlv/query.h"
#include "dlv/repository.h"
#include "tests/bench/query_catalog.h"

namespace {

using dlv::bench::CatalogSizes;

constexpr std::size_t kRuns = 5, kProcesses = 11, kDistinct = 1000;
/// At most n log n: of ten times the versions against the versions.
constexpr double kMostGrowth = 13;

struct Statement {
  const char* what;
  const char* text;  ///< LAST stands for the last version
  double target;     ///< milliseconds at 10,000 versions; 0: none is set
};

constexpr std::array kStatements = {
    Statement{"or, in, order by",
              "select m.reference, m.metrics[\"val_acc\"] acc where (m.author = \"ada\" or m.name "
              "in (\"model-1\", \"model-2\")) and acc > 0.5 order by acc desc",
              50},
    Statement{"the same of hyper-parameters",
              "select m.reference where (m.hparams[\"lr\"] = 0.1 or m.hparams[\"batch\"] in (32, "
              "128)) and m.message like \"epoch 4%\" order by m.name, m.number desc limit 100",
              50},
    Statement{"group by",
              "select m.name, count(*) n, max(m.metrics[\"val_acc\"]) best group by m.name order "
              "by best desc",
              50},
    Statement{"two hops",
              "select m where m[\"conv*\"].next.next has RELU() and m[\"relu2\"].next has "
              "POOL(\"AVG\")",
              200},
    Statement{"two hops, with sizes",
              "select m where m[\"@BatchNormalization\"].next.next has POOL(\"AVG\", 2, 2)", 200},
    Statement{"all behind a node",
              "select m where m[\"re:conv[1-3]\"].next* has POOL(\"AVG\") and not m[\"conv9\"]"
              ".prev.prev has POOL(\"MAX\")",
              200},
    Statement{"two hops, by expression",
              "select m where m[\"re:(conv|dense)[0-9]+\"].next.next has RELU() and "
              "m[\"re:relu.*2$\"].next has POOL(\"AVG\")",
              200},
    Statement{"ancestors, counted",
              "select count(*) n from m, ancestor(m) a where m.reference = \"LAST\"", 50},
    Statement{"ancestors, the best ten",
              "select a, a.metrics[\"val_acc\"] acc from m, ancestor(m) a where m.reference = "
              "\"LAST\" and acc > 0.5 order by acc desc limit 10",
              50},
    Statement{"all points of all series",
              "select max(s.value) x from metrics s where s.name = \"val_acc\"", 0},
};

double Seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

/// Milliseconds of wall time and of processor time since it was made.
class Watch {
 public:
  double wall() const { return 1e3 * (Seconds(CLOCK_MONOTONIC) - wall_); }
  double processor() const { return 1e3 * (Seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_); }

 private:
  double wall_ = Seconds(CLOCK_MONOTONIC), processor_ = Seconds(CLOCK_PROCESS_CPUTIME_ID);
};

struct Cost {
  double wall = 0, processor = 0, again = 0;
  std::size_t rows = 0;
};

void PrintHead(const char* title) {
  std::printf("%-30s %10s %10s %10s %10s  %s\n", title, "ms", "processor", "again", "target", "");
}
void PrintRow(const char* what, const Cost& cost, double target, const std::string& note) {
  std::printf("%-30s %10.2f %10.2f %10.2f ", what, cost.wall, cost.processor, cost.again);
  if (target == 0) {
    std::printf("%10s  %s\n", "", note.c_str());
  } else {
    std::printf("%10.0f  %s%s\n", target, note.c_str(), cost.wall < target ? "" : "  MISSED");
  }
}

std::string Text(const Statement& statement, const CatalogSizes& sizes) {
  std::string text = statement.text;
  const std::size_t at = text.find("LAST");
  if (at != text.npos) text.replace(at, 4, dlv::bench::LastReference(sizes));
  return text;
}

dlv::Result<std::size_t> Run(dlv::QuerySession& session, const std::string& text) {
  DLV_ASSIGN(const auto query, session.Prepare(text));
  DLV_ASSIGN(const auto result, query->Run());
  return result.rows.size();
}

dlv::Result<Cost> Measure(dlv::Repository& repository, const std::string& text) {
  std::vector<double> wall, processor, again;
  Cost cost;
  for (std::size_t i = 0; i < kRuns; ++i) {
    const Watch first;
    DLV_ASSIGN(const auto session, dlv::QuerySession::Open(repository));
    DLV_ASSIGN(cost.rows, Run(*session, text));
    wall.push_back(first.wall());
    processor.push_back(first.processor());
    const Watch second;
    DLV_TRY(Run(*session, text));
    again.push_back(second.wall());
  }
  cost.wall = Median(wall);
  cost.processor = Median(processor);
  cost.again = Median(again);
  return cost;
}

/// What a process pays for its first statement: opening, parsing and binding, running.
struct FirstCost {
  double open = 0, bind = 0, run = 0;
};

dlv::Status MeasureFirst(const std::string& folder, FirstCost& cost) {
  const Watch open;
  DLV_ASSIGN(const auto repository, dlv::Repository::Open(folder));
  DLV_ASSIGN(const auto session, dlv::QuerySession::Open(*repository));
  cost.open = open.wall();
  const Watch bind;
  DLV_ASSIGN(const auto query, session->Prepare(kStatements[0].text));
  cost.bind = bind.wall();
  const Watch run;
  DLV_TRY(query->Run());
  cost.run = run.wall();
  return dlv::Ok();
}

/// In a child, since a process has only one first statement.
bool FirstOfChild(const std::string& folder, FirstCost& cost) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  const pid_t child = fork();
  if (child == 0) {
    const bool good = MeasureFirst(folder, cost).ok() &&
                      write(ends[1], &cost, sizeof cost) == static_cast<ssize_t>(sizeof cost);
    _exit(good ? 0 : 1);
  }
  close(ends[1]);
  const bool good = child > 0 && read(ends[0], &cost, sizeof cost) == ssize_t{sizeof cost};
  close(ends[0]);
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && good;
}

void PrintFirst(const std::string& folder) {
  std::vector<double> open, bind, run;
  for (std::size_t i = 0; i < kProcesses; ++i) {
    FirstCost cost;
    if (!FirstOfChild(folder, cost)) return;
    open.push_back(cost.open);
    bind.push_back(cost.bind);
    run.push_back(cost.run);
  }
  std::printf("%-30s %10.2f %32.0f  opening %.2f, running %.2f; median of %zu processes\n",
              "first statement of a process", Median(bind), 20.0, Median(open), Median(run),
              kProcesses);
}

/// Statement `i` of a thousand that differ in names, in numbers and in their clauses.
std::string DistinctStatement(std::size_t i) {
  constexpr const char* kOutputs[] = {"m", "m.reference", "m.name, m.number", "m.id, m.created"};
  constexpr const char* kConditions[] = {
      "m.author = \"ada\"", "m.name in (\"model-1\", \"model-2\")", "m.message like \"epoch %\"",
      "m[\"conv*\"].next has POOL(\"MAX\")", "not (m.number between 3 and 7)"};
  constexpr const char* kEnds[] = {"", " order by m.number desc", " order by acc limit 10"};
  const std::string number = std::to_string(i);
  return std::string("select ") + kOutputs[i % 4] + ", m.metrics[\"val_acc\"] acc, m.number + " +
         number + " as a" + number + " where " + kConditions[i % 5] + " and acc > 0." + number +
         (i % 2 == 0 ? " or " : " and ") + kConditions[i / 7 % 5] + kEnds[i % 3];
}

dlv::Status PrintBinding(dlv::Repository& repository) {
  DLV_ASSIGN(const auto session, dlv::QuerySession::Open(repository));
  std::vector<double> wall, processor;
  for (std::size_t i = 0; i < kDistinct; ++i) {
    const std::string text = DistinctStatement(i);
    const Watch watch;
    DLV_TRY(session->Prepare(text));
    wall.push_back(watch.wall());
    processor.push_back(watch.processor());
  }
  std::sort(wall.begin(), wall.end());
  std::printf("%-30s %10.3f %10.3f %21.0f  median of %zu distinct statements; 99 %% below %.3f\n",
              "parse and bind", wall[kDistinct / 2], Median(processor), 1.0, kDistinct,
              wall[kDistinct * 99 / 100]);
  return dlv::Ok();
}

std::string FolderOf(const std::string& folder, const CatalogSizes& sizes) {
  return folder + "/" + std::to_string(sizes.versions) + "-" + std::to_string(sizes.networks);
}

/// Measures a catalog; costs are one a statement.
dlv::Status MeasureCatalog(const std::string& folder, const CatalogSizes& sizes, const char* only,
                           std::vector<Cost>& costs) {
  DLV_TRY(dlv::bench::MakeQueryCatalog(folder, sizes));
  std::printf("\n%zu versions of %zu models, %zu distinct networks\n", sizes.versions, sizes.models,
              sizes.networks);
  PrintHead("");
  if (*only == 0) PrintFirst(folder);
  DLV_ASSIGN(const auto repository, dlv::Repository::Open(folder));
  if (*only == 0) DLV_TRY(PrintBinding(*repository));
  for (const Statement& statement : kStatements) {
    if (std::strstr(statement.what, only) == nullptr) continue;
    DLV_ASSIGN(const Cost cost, Measure(*repository, Text(statement, sizes)));
    const double target = sizes.versions == 10'000 ? statement.target : 0;
    PrintRow(statement.what, cost, target, std::to_string(cost.rows) + " rows");
    std::fflush(stdout);
    costs.push_back(cost);
  }
  return dlv::Ok();
}

void PrintGrowth(std::size_t from, std::size_t to, const std::vector<Cost>& before,
                 const std::vector<Cost>& after) {
  std::printf("\n%-30s %10s %10s %10s\n",
              ("time at " + std::to_string(to) + " / " + std::to_string(from)).c_str(), "wall",
              "processor", "at most");
  for (std::size_t i = 0; i < kStatements.size(); ++i) {
    const double processor = after[i].processor / before[i].processor;
    std::printf("%-30s %10.1f %10.1f %10.0f%s\n", kStatements[i].what,
                after[i].wall / before[i].wall, processor, kMostGrowth,
                processor <= kMostGrowth ? "" : "  MISSED");
  }
}

dlv::Status MeasureAll(const std::string& folder, const std::vector<std::size_t>& versions,
                       bool distinct, const char* only) {
  std::vector<std::vector<Cost>> costs;
  for (const std::size_t count : versions) {
    CatalogSizes sizes;
    sizes.versions = count;
    if (distinct) sizes.networks = count;
    DLV_TRY(MeasureCatalog(FolderOf(folder, sizes), sizes, only, costs.emplace_back()));
  }
  for (std::size_t i = 1; i < costs.size(); ++i) {
    if (*only == 0 && versions[i] == 10 * versions[i - 1]) {
      PrintGrowth(versions[i - 1], versions[i], costs[i - 1], costs[i]);
    }
  }
  return dlv::Ok();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> versions;
  bool distinct = false;
  const char* only = "";
  for (int i = 2; i < argc; ++i) {
    if (std::strcmp(argv[i], "--distinct") == 0) {
      distinct = true;
    } else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      only = argv[++i];
    } else if (const std::size_t count = std::strtoull(argv[i], nullptr, 10); count > 0) {
      versions.push_back(count);
    } else {
      argc = 0;
    }
  }
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_query FOLDER [--distinct] [--only TEXT] [VERSIONS...]\n");
    return 2;
  }
  if (versions.empty()) versions.push_back(10'000);
  const dlv::Status measured = MeasureAll(argv[1], versions, distinct, only);
  if (measured.ok()) return 0;
  std::fprintf(stderr, "bench_query: %s\n", measured.error().message.c_str());
  return 1;
}
