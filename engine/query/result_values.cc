#include "engine/query/result_values.h"

#include <unordered_map>

namespace dlv::query {
namespace {

std::string ReferenceOf(const Snapshot& snapshot, VersionIndex version) {
  return version == kNoVersion ? std::string() : snapshot.ReferenceOf(version);
}

/// Snapshots are named REF#STEP; other rows have no name.
std::string NameOfRow(const Snapshot& snapshot, const RowRef& row) {
  if (row.kind != RowRef::Kind::kSnapshot) return "row";
  const SnapshotEntry& entry = snapshot.snapshots[row.row];
  const std::string reference = snapshot.ReferenceOf(entry.version);
  return entry.info.step ? reference + "#" + std::to_string(*entry.info.step) : reference;
}

struct Publish {
  const Snapshot& snapshot;
  QueryValue operator()(std::monostate) const { return {}; }
  QueryValue operator()(bool value) const { return {value}; }
  QueryValue operator()(std::int64_t value) const { return {value}; }
  QueryValue operator()(double value) const { return {value}; }
  QueryValue operator()(const std::string& value) const { return {value}; }
  QueryValue operator()(QueryTime value) const { return {value}; }
  QueryValue operator()(VersionRef value) const {
    if (value.index == kNoVersion) return {};
    return {QueryVersion{snapshot.versions.id[value.index], snapshot.ReferenceOf(value.index)}};
  }
  QueryValue operator()(const NodeRef& value) const {
    const network::OutlineNode& node = value.graph->node(value.node);
    return {QueryNode{ReferenceOf(snapshot, value.version), std::string(node.name),
                      std::string(node.op)}};
  }
  QueryValue operator()(const RowRef& value) const { return {NameOfRow(snapshot, value)}; }
  QueryValue operator()(const TensorRef& value) const {
    return {ReferenceOf(snapshot, value.version) + "/" + value.entry().name};
  }
  QueryValue operator()(const std::shared_ptr<const List>& value) const {
    QueryList list;
    for (const Value& member : *value) list.push_back(ToPublic(snapshot, member));
    return {std::move(list)};
  }
  QueryValue operator()(const std::shared_ptr<const TensorGroup>& value) const {
    QueryList list;
    for (const TensorRef& part : value->parts) list.push_back((*this)(part));
    return {std::move(list)};
  }
  QueryValue operator()(const std::shared_ptr<const MadeNetwork>& value) const {
    return {value->name + " of " + ReferenceOf(snapshot, value->source)};
  }
};

struct TakeIn {
  const Snapshot& snapshot;
  Value operator()(std::monostate) const { return {}; }
  Value operator()(bool value) const { return value; }
  Value operator()(std::int64_t value) const { return value; }
  Value operator()(double value) const { return value; }
  Value operator()(const std::string& value) const { return value; }
  Value operator()(QueryTime value) const { return value; }
  Value operator()(const QueryVersion& value) const {
    for (VersionIndex i = 0; i < snapshot.versions.size(); ++i) {
      if (snapshot.versions.id[i] != value.id) continue;
      if (value.reference.empty() || snapshot.ReferenceOf(i) == value.reference) {
        return VersionRef{i};
      }
    }
    return {};
  }
  Value operator()(const QueryNode&) const { return {}; }
  Value operator()(const QueryList& value) const {
    List list;
    for (const QueryValue& member : value) list.push_back(FromPublic(snapshot, member));
    return Value::OfList(std::move(list));
  }
};

/// Moves values from one state to another.
class Mover {
 public:
  Mover(const Snapshot& from, const Snapshot& to) : from_(from), same_(&from == &to) {
    if (same_) return;
    for (VersionIndex i = 0; i < to.versions.size(); ++i) {
      places_.emplace(to.ReferenceOf(i) + to.versions.id[i].Hex(), i);
    }
  }

  Value operator()(const Value& value) const {
    if (same_) return value;
    if (const auto* version = value.As<VersionRef>()) {
      const auto place = PlaceOf(version->index);
      return place ? Value(VersionRef{*place}) : Value();
    }
    if (const auto* node = value.As<NodeRef>()) return Moved(*node);
    if (const auto* tensor = value.As<TensorRef>()) return Moved(*tensor);
    if (const auto* made = value.As<std::shared_ptr<const MadeNetwork>>()) return Moved(**made);
    if (value.As<RowRef>() != nullptr) return {};
    const List* list = value.AsList();
    if (list == nullptr) return value;
    List moved;
    for (const Value& member : *list) moved.push_back((*this)(member));
    return Value::OfList(std::move(moved));
  }

 private:
  std::optional<VersionIndex> PlaceOf(VersionIndex version) const {
    if (version == kNoVersion) return std::nullopt;
    const auto found = places_.find(from_.ReferenceOf(version) + from_.versions.id[version].Hex());
    if (found == places_.end()) return std::nullopt;
    return found->second;
  }
  template <class Ref>
  Value Moved(const Ref& ref) const {
    const auto place = PlaceOf(ref.version);
    if (!place && ref.version != kNoVersion) return {};
    Ref moved = ref;
    if (place) moved.version = *place;
    return moved;
  }
  Value Moved(const MadeNetwork& made) const {
    const auto place = PlaceOf(made.source);
    if (!place) return {};
    auto moved = std::make_shared<MadeNetwork>(made);
    moved->source = *place;
    return std::shared_ptr<const MadeNetwork>(std::move(moved));
  }

  const Snapshot& from_;
  bool same_;
  std::unordered_map<std::string, VersionIndex> places_;
};

}  // namespace

QueryValue ToPublic(const Snapshot& snapshot, const Value& value) {
  return std::visit(Publish{snapshot}, value.data());
}

Value FromPublic(const Snapshot& snapshot, const QueryValue& value) {
  return std::visit(TakeIn{snapshot}, value.value);
}

std::string ResultTypeOf(Type type) {
  if (type.is_set()) type.kind = TypeKind::kList;
  return NameOf(type);
}

QueryNetwork ToPublic(const Snapshot& snapshot, const MadeNetwork& made) {
  QueryNetwork network;
  network.name = made.name;
  network.source = ReferenceOf(snapshot, made.source);
  network.network = *made.network;
  for (const auto& [parameter, tensor] : made.tensors) {
    network.tensors[parameter] = network.source + "/" + tensor;
  }
  network.notes = made.notes;
  return network;
}

void KeptRows::Keep(std::shared_ptr<const Snapshot> snapshot,
                    std::vector<std::pair<std::string, Type>> columns, std::vector<List> rows,
                    std::shared_ptr<GraphCache> graphs) {
  snapshot_ = std::move(snapshot);
  columns_ = std::move(columns);
  rows_ = std::move(rows);
  graphs_ = std::move(graphs);
}

PreviousRows KeptRows::In(const Snapshot& snapshot) const {
  PreviousRows previous;
  if (!any()) return previous;
  previous.columns = columns_;
  const Mover move(*snapshot_, snapshot);
  for (const List& row : rows_) {
    List moved;
    for (const Value& value : row) moved.push_back(move(value));
    previous.rows.push_back(std::move(moved));
  }
  return previous;
}

}  // namespace dlv::query
