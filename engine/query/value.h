#pragma once
/// \file
/// Values as the engine computes with them: like dlv::QueryValue, but objects are places in the
/// statement's Snapshot instead of texts.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dlv/query.h"
#include "engine/query/context.h"

namespace dlv::query {

class GraphView;  // engine/query/execute/graph_view.h

struct VersionRef {
  VersionIndex index = kNoVersion;
  bool operator==(const VersionRef&) const = default;
};

/// A node of a version's network. The graph is kept by the statement.
struct NodeRef {
  GraphView* graph = nullptr;
  VersionIndex version = kNoVersion;
  std::uint32_t node = 0;
  bool operator==(const NodeRef&) const = default;
};

/// A row of a relation that has no object of its own.
struct RowRef {
  enum class Kind : std::uint8_t {
    kModel,
    kSnapshot,
    kEdge,
    kMetric,
    kHparam,
    kTag,
    kEvaluation,
    kFile,
    kLineage,
    kQuery,
  } kind = Kind::kModel;
  VersionIndex version = kNoVersion;  ///< kEdge: whose network
  std::uint32_t row = 0;              ///< in the Snapshot's list; kEdge: in the graph's edges
  std::uint32_t point = 0;            ///< kMetric: of the series
  bool operator==(const RowRef&) const = default;
};

/// A tensor of a version's snapshot.
struct TensorRef {
  std::shared_ptr<const std::vector<TensorEntry>> entries;  ///< shared by all of the snapshot
  std::uint32_t place = 0;
  VersionIndex version = kNoVersion;
  std::uint32_t snapshot = kDefaultSnapshot;  ///< place in Snapshot::snapshots
  static constexpr std::uint32_t kDefaultSnapshot = 0xffffffff;
  const TensorEntry& entry() const { return (*entries)[place]; }
  bool operator==(const TensorRef& other) const {
    return version == other.version && place == other.place &&
           entries->size() == other.entries->size();
  }
};

struct MadeNetwork;  // engine/query/execute/made_network.h

class Value;
using List = std::vector<Value>;
/// Tensors taken as one, end to end: concat(S).
struct TensorGroup {
  std::vector<TensorRef> parts;
};

class Value {
 public:
  using Data = std::variant<std::monostate, bool, std::int64_t, double, std::string, QueryTime,
                            VersionRef, NodeRef, RowRef, TensorRef, std::shared_ptr<const List>,
                            std::shared_ptr<const TensorGroup>, std::shared_ptr<const MadeNetwork>>;
  Value() = default;
  template <class T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Value> && std::is_constructible_v<Data, T&&>)
      Value(T&& data)
      : data_(std::forward<T>(data)) {}  // NOLINT: a value of any kind
  Value(const char* text) : data_(std::string(text)) {}
  Value(std::string_view text) : data_(std::string(text)) {}
  static Value OfList(List list) { return Value(std::make_shared<const List>(std::move(list))); }

  bool is_null() const { return data_.index() == 0; }
  template <class T>
  const T* As() const {
    return std::get_if<T>(&data_);
  }
  const List* AsList() const {
    const auto* list = As<std::shared_ptr<const List>>();
    return list == nullptr ? nullptr : list->get();
  }
  bool is_number() const { return As<std::int64_t>() != nullptr || As<double>() != nullptr; }
  /// The number as a double; nothing for what is none.
  std::optional<double> Number() const {
    if (const auto* integer = As<std::int64_t>()) return static_cast<double>(*integer);
    if (const auto* real = As<double>()) return *real;
    return std::nullopt;
  }
  bool is_nan() const {
    const auto* real = As<double>();
    return real != nullptr && *real != *real;
  }
  const Data& data() const { return data_; }

 private:
  Data data_;
};

/// Returns less than, equal to or greater than 0; nothing where SQL says NULL: one is NULL or NaN,
/// or they are of different types. Integers and reals compare as numbers, exactly.
std::optional<int> Compare(const Value& a, const Value& b);

/// A total order for sorting and grouping: numbers, then NaN, then texts, ..., NULL last.
int Order(const Value& a, const Value& b);
/// For `order by`: NaN comes after all numbers in both directions, NULL after that, or first.
int OrderBy(const Value& a, const Value& b, bool descending, bool nulls_first);

/// Equal by Order, and a hash that fits it: for distinct, group by and hash joins.
struct ValueHash {
  std::size_t operator()(const Value& value) const;
  std::size_t operator()(const List& values) const;
};
struct ValueSame {
  bool operator()(const Value& a, const Value& b) const { return Order(a, b) == 0; }
  bool operator()(const List& a, const List& b) const;
};

/// "integer", "text", ...: what a value is, for messages.
std::string_view KindOf(const Value& value);

/// Parses "2015-11-22" (midnight) and "2015-11-22 10:30[:00]" (also with T and Z), UTC.
std::optional<QueryTime> ParseTime(std::string_view text);
/// Returns "2015-11-22T10:30:00Z".
std::string FormatTime(QueryTime time);
/// The shortest text that reads back as the same number; "nan", "inf".
std::string FormatReal(double value);

}  // namespace dlv::query
