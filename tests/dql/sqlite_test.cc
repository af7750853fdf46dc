// The metadata part of the language against SQLite's own SQL: generated expressions over generated
// rows, each written in both languages, must give the same values in three-valued logic.
//
// Intended differences, and how the SQL is written so that they do not count:
// - `like` respects case: PRAGMA case_sensitive_like.
// - `/` divides reals: CAST(... AS REAL).
// - NaN is a value in DQL and NULL in SQLite; comparisons with it are NULL in both. `is null` and
//   `coalesce` are asked only of columns without NaN.
// - NULLs sort last in DQL: NULLS LAST.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdio>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/query/session.h"
#include "engine/query/value.h"
#include "tests/dql/fake_context.h"

namespace dlv::query {
namespace {

constexpr unsigned kSeed = 20151122;
constexpr int kRows = 60;
constexpr int kExpressions = 150;

/// The same expression in both languages.
struct Pair {
  std::string dql, sql;
};

std::string Wrapped(const std::string& text) { return "(" + text + ")"; }

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  int Below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool Chance(int percent) { return Below(100) < percent; }

  Pair Condition(int depth) {
    if (depth == 0 || Chance(20)) return Comparison(depth);
    switch (Below(4)) {
      case 0: {
        const Pair inner = Condition(depth - 1);
        return {"not " + Wrapped(inner.dql), "not " + Wrapped(inner.sql)};
      }
      case 1:
        return Joined(Condition(depth - 1), " and ", Condition(depth - 1));
      case 2:
        return Joined(Condition(depth - 1), " or ", Condition(depth - 1));
      default:
        return Comparison(depth - 1);
    }
  }

 private:
  static Pair Joined(const Pair& a, const std::string& op, const Pair& b) {
    return {Wrapped(a.dql) + op + Wrapped(b.dql), Wrapped(a.sql) + op + Wrapped(b.sql)};
  }

  std::string Operator() {
    static const char* const kOperators[] = {" = ", " != ", " < ", " <= ", " > ", " >= "};
    return kOperators[Below(6)];
  }

  Pair Comparison(int depth) {
    const std::string no = Chance(30) ? "not " : "";
    switch (Below(7)) {
      case 0: {
        const Pair x = Number(depth), low = Number(0), high = Number(0);
        return {Wrapped(x.dql) + " " + no + "between " + low.dql + " and " + high.dql,
                Wrapped(x.sql) + " " + no + "between " + low.sql + " and " + high.sql};
      }
      case 1:
        return In(no);
      case 2: {
        const Pair text = Text();
        static const char* const kPatterns[] = {"l%", "%net%", "_enet", "L%", "%", "", "res%\\_%"};
        const std::string pattern = std::string("'") + kPatterns[Below(7)] + "' escape '\\'";
        return {text.dql + " " + no + "like " + pattern, text.sql + " " + no + "like " + pattern};
      }
      case 3: {
        const Pair x = Chance(50) ? Text() : Integer(0);
        return {Wrapped(x.dql) + " is " + no + "null", Wrapped(x.sql) + " is " + no + "null"};
      }
      case 4: {
        const std::string op = Operator();
        return Joined(Text(), op, Text());
      }
      default: {
        const std::string op = Operator();
        return Joined(Number(depth), op, Number(depth));
      }
    }
  }

  Pair In(const std::string& no) {
    const bool texts = Chance(50);
    const Pair x = texts ? Text() : Integer(1);
    std::string list = texts ? "'lenet', 'none'" : "1, 2, 70000";
    if (Chance(40)) list += ", null";
    return {Wrapped(x.dql) + " " + no + "in (" + list + ")",
            Wrapped(x.sql) + " " + no + "in (" + list + ")"};
  }

  Pair Number(int depth) { return Chance(50) ? Integer(depth) : Real(depth); }

  Pair Integer(int depth) {
    if (depth > 0 && Chance(40)) {
      static const char* const kOperators[] = {" + ", " - ", " * ", " % "};
      const std::string op = kOperators[Below(4)];
      return Joined(Integer(depth - 1), op, Integer(depth - 1));
    }
    if (Chance(20)) return {"length(m.name)", "length(name)"};
    if (Chance(20)) return {"nullif(m.number, 2)", "nullif(number, 2)"};
    if (Chance(40)) return {"m.number", "number"};
    if (Chance(40)) return {"m.parameter_count", "parameter_count"};
    const std::string literal = std::to_string(Below(7) - 2);
    return {Wrapped(literal), Wrapped(literal)};
  }

  Pair Real(int depth) {
    if (depth > 0 && Chance(25)) {
      const Pair a = Number(depth - 1), b = Number(depth - 1);
      return {Wrapped(a.dql) + " / " + Wrapped(b.dql),
              "CAST(" + a.sql + " AS REAL) / " + Wrapped(b.sql)};
    }
    if (depth > 0 && Chance(30)) {
      static const char* const kOperators[] = {" + ", " - ", " * "};
      const std::string op = kOperators[Below(3)];
      return Joined(Number(depth - 1), op, Real(depth - 1));
    }
    if (Chance(15)) return {"coalesce(m.metrics[\"acc\"], 0.25)", "coalesce(acc, 0.25)"};
    if (Chance(15)) return {"abs(m.metrics[\"acc\"] - 0.5)", "abs(acc - 0.5)"};
    if (Chance(40)) return {"m.metrics[\"acc\"]", "acc"};
    if (Chance(40)) return {"m.metrics[\"loss\"]", "loss"};
    const std::string literal = "0." + std::to_string(Below(10));
    return {literal, literal};
  }

  Pair Text() {
    switch (Below(6)) {
      case 0:
        return {"m.author", "author"};
      case 1:
        return {"m.tags[\"stage\"]", "stage"};
      case 2:
        return {"lower(m.name)", "lower(name)"};
      case 3:
        return {"m.name || m.author", "name || author"};
      case 4:
        return {"'lenet'", "'lenet'"};
      default:
        return {"m.name", "name"};
    }
  }

  std::mt19937 random_;
};

class Judge {
 public:
  Judge() {
    sqlite3_open(":memory:", &handle_);
    Execute("PRAGMA case_sensitive_like = ON");
    Execute(
        "CREATE TABLE v(reference TEXT, name TEXT, number INTEGER, author TEXT, "
        "parameter_count INTEGER, acc REAL, loss REAL, stage TEXT)");
  }
  ~Judge() { sqlite3_close(handle_); }
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  void Execute(const std::string& sql) {
    char* message = nullptr;
    sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message);
    ASSERT_EQ(message, nullptr) << sql << ": " << message;
  }

  /// Rows with " | " between the columns.
  std::vector<std::string> Rows(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(handle_);
    std::vector<std::string> rows;
    while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
      std::string line;
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        line += (i == 0 ? "" : " | ") + std::string(text == nullptr ? "NULL" : text);
      }
      rows.push_back(line);
    }
    sqlite3_finalize(statement);
    return rows;
  }

 private:
  sqlite3* handle_ = nullptr;
};

/// The same rows for both.
std::unique_ptr<FakeContext> MakeRows(Generator& generator, Judge& judge) {
  auto context = std::make_unique<FakeContext>();
  std::map<std::string, std::uint64_t> numbers;
  static const char* const kNames[] = {"lenet", "Lenet", "resnet_20", "resnet20", "net"};
  for (int i = 0; i < kRows; ++i) {
    FakeContext::Version version;
    version.model = kNames[generator.Below(5)];
    version.number = ++numbers[version.model];
    version.author = generator.Chance(50) ? "ada" : "lenet";
    version.parameter_count = static_cast<std::uint64_t>(generator.Below(4)) * 35000;
    std::string acc = "NULL", loss = "NULL", stage = "NULL";
    if (generator.Chance(70)) {
      const double value = generator.Below(10) / 8.0;
      version.metrics["acc"] = {{1, value}};
      acc = FormatReal(value);
    }
    if (generator.Chance(70)) {
      const bool is_nan = generator.Chance(30);
      const double value =
          is_nan ? std::numeric_limits<double>::quiet_NaN() : generator.Below(10) / 4.0;
      version.metrics["loss"] = {{1, value}};
      if (!is_nan) loss = FormatReal(value);
    }
    if (generator.Chance(50)) {
      version.tags["stage"] = generator.Chance(50) ? "ada" : "prod";
      stage = "'" + version.tags["stage"] + "'";
    }
    judge.Execute("INSERT INTO v VALUES('" + version.model + ":v" + std::to_string(version.number) +
                  "', '" + version.model + "', " + std::to_string(version.number) + ", '" +
                  version.author + "', " + std::to_string(version.parameter_count) + ", " + acc +
                  ", " + loss + ", " + stage + ")");
    context->Add(std::move(version));
  }
  return context;
}

std::vector<std::string> Rows(QuerySession& session, const std::string& text) {
  auto query = session.Prepare(text);
  auto result = query.ok() ? (*query)->Run() : Result<QueryResult>(query.error());
  if (!result.ok()) return {"error: " + result.error().message};
  std::vector<std::string> rows;
  for (const auto& row : result->rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& value = row[i].value;
      line += i == 0 ? "" : " | ";
      if (const auto* flag = std::get_if<bool>(&value)) line += *flag ? "1" : "0";
      if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
      if (const auto* written = std::get_if<std::string>(&value)) line += *written;
      if (std::holds_alternative<std::monostate>(value)) line += "NULL";
    }
    rows.push_back(line);
  }
  return rows;
}

TEST(AgainstSqlite, ConditionsHaveTheSameValues) {
  std::printf("seed %u\n", kSeed);
  Generator generator(kSeed);
  Judge judge;
  const auto session = MakeSession(MakeRows(generator, judge), {}, {});
  for (int i = 0; i < kExpressions; ++i) {
    const Pair condition = generator.Condition(3);
    ASSERT_EQ(Rows(*session, "select m.reference, (" + condition.dql + ") value"),
              judge.Rows("SELECT reference, (" + condition.sql + ") FROM v"))
        << condition.dql << "\n"
        << condition.sql;
  }
}

TEST(AgainstSqlite, ClausesGiveTheSameRows) {
  Generator generator(kSeed + 1);
  Judge judge;
  const auto session = MakeSession(MakeRows(generator, judge), {}, {});
  for (int i = 0; i < 20; ++i) {
    const Pair where = generator.Condition(2);
    EXPECT_EQ(Rows(*session, "select m.reference where " + where.dql +
                                 " order by m.tags[\"stage\"] desc, m.reference limit 7 offset 2"),
              judge.Rows("SELECT reference FROM v WHERE " + where.sql +
                         " ORDER BY stage DESC NULLS LAST, reference LIMIT 7 OFFSET 2"))
        << where.dql;
    EXPECT_EQ(
        Rows(*session, "select m.name, m.tags[\"stage\"] s, count(*) n, sum(m.number) t where " +
                           where.dql +
                           " group by m.name, m.tags[\"stage\"] having count(*) > 1 "
                           "order by m.name, m.tags[\"stage\"]"),
        judge.Rows("SELECT name, stage, count(*), sum(number) FROM v WHERE " + where.sql +
                   " GROUP BY name, stage HAVING count(*) > 1 ORDER BY name, stage NULLS LAST"))
        << where.dql;
    EXPECT_EQ(Rows(*session, "select distinct m.author, m.tags[\"stage\"] s where " + where.dql +
                                 " order by 1, 2"),
              judge.Rows("SELECT DISTINCT author, stage FROM v WHERE " + where.sql +
                         " ORDER BY 1, 2 NULLS LAST"))
        << where.dql;
  }
}

}  // namespace
}  // namespace dlv::query
