#pragma once
/// \file
/// Lineage: how versions came from each other. Opening it reads the edges of the whole repository
/// at once (a few microseconds a version); ranges are walked lazily from there.
///
///     DLV_ASSIGN(auto lineage, Lineage::Open(repository));
///     DLV_ASSIGN(auto range, lineage->Ancestors("lenet:v9", {.relations =
///     {Relation::kFinetune}})); while (true) {
///       DLV_ASSIGN(const auto step, range->Next());
///       if (!step) break;
///       ... step->version, step->depth, step->relation ...
///     }

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/ids.h"
#include "dlv/result.h"
#include "dlv/version_info.h"

namespace dlv {

class Repository;

/// A version of a lineage. A parent that is not in this repository is named by its id alone.
struct LineageVersion {
  VersionId id;
  std::string reference;  ///< "lenet:v3", or "lenet@9f31c2..." where it is not here
  std::string model;
  std::uint64_t number = 0;  ///< 0: not here
  std::int64_t created = 0;  ///< 0: not here
  bool present = false;      ///< in this repository
};

/// A step of a walk.
struct LineageStep {
  LineageVersion version;
  std::size_t depth = 0;                   ///< edges from where the walk began, by the shortest way
  Relation relation = Relation::kRetrain;  ///< of the edge that led here
  VersionId from;                          ///< the version at the other end of that edge
};

/// Which edges a walk follows.
struct LineageFilter {
  std::vector<Relation> relations = {};  ///< empty: all
  std::size_t max_depth = 0;             ///< 0: no limit
  bool first_parents = false;            ///< only the first parent of each version
};

/// A walk in progress. Belongs to its Lineage and must not outlive it.
class LineageRange {
 public:
  virtual ~LineageRange() = default;
  /// The next version, breadth first, each once; nothing at the end.  Errors: kCorruption, kIo.
  virtual Result<std::optional<LineageStep>> Next() = 0;
};

/// One edge, from a child to its parent.
struct LineageEdge {
  LineageVersion child, parent;
  Relation relation = Relation::kRetrain;
  std::size_t ordinal = 0;  ///< 0: the first parent
  bool inferred = false;
};

/// A value of a metric along a line.
struct LineageMetric {
  LineageVersion version;
  std::optional<double> value;  ///< nothing: the version has no such metric
};

/// For one tensor: the version that last changed it.
struct BlameLine {
  std::string tensor;
  LineageVersion version;            ///< the oldest ancestor from which on it was the same
  std::string name_then;             ///< its name there, where it was renamed; else empty
  std::optional<Relation> relation;  ///< of that version to its parent, where it has one
  std::uint64_t elements = 0;
};

/// Questions about the lineage of one repository, on its state when opened. Const methods may run
/// together.
/// Common errors: kSyntax and kNotFound (a reference; with the nearest names), kInvalidArgument (a
/// reference that names tensors, but for Blame), kCorruption, kIo.
class Lineage {
 public:
  /// `repository` must outlive it.
  static Result<std::unique_ptr<Lineage>> Open(const Repository& repository);
  virtual ~Lineage() = default;

  virtual Result<std::unique_ptr<LineageRange>> Ancestors(
      std::string_view reference, const LineageFilter& filter = {}) const = 0;
  virtual Result<std::unique_ptr<LineageRange>> Descendants(
      std::string_view reference, const LineageFilter& filter = {}) const = 0;
  /// All edges among ancestors and descendants of a version, parents before children; an empty
  /// reference means the whole repository.
  virtual Result<std::vector<LineageEdge>> Edges(std::string_view reference) const = 0;
  /// One shortest way from `from` to `to` over edges in either direction; empty: there is none.
  virtual Result<std::vector<LineageVersion>> Path(std::string_view from,
                                                   std::string_view to) const = 0;
  /// The common ancestors that no other common ancestor descends from; a version is its own
  /// ancestor here.
  virtual Result<std::vector<LineageVersion>> LowestCommonAncestors(std::string_view a,
                                                                    std::string_view b) const = 0;
  /// The last value of a metric along first parents, oldest first.
  /// Errors also: kNotFound (no version has the metric; with the nearest names).
  virtual Result<std::vector<LineageMetric>> MetricAlong(std::string_view reference,
                                                         std::string_view metric) const = 0;
  /// For every tensor of the version (or snapshot; or that `REF/PATTERN` names), in its order, the
  /// version that last changed it. Compares ids with the default snapshot of each parent. A tensor
  /// that was only renamed is followed.
  /// Errors also: kNotFound (no tensor).
  virtual Result<std::vector<BlameLine>> Blame(std::string_view reference) const = 0;
  /// The graph around a version (or of all) in DOT.
  virtual Result<std::string> Dot(std::string_view reference) const = 0;
};

}  // namespace dlv
