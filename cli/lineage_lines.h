#pragma once
/// \file
/// The drawing in front of the lines of `dlv lineage`: one line a version.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace dlv::cli {

/// A version as the drawing knows it.
struct LineagePoint {
  std::vector<std::size_t> parents;  ///< places of those that are shown
  bool hollow = false;               ///< not in this repository
};

/// Returns the places in the order in which they are shown: children before parents, a line of
/// first parents together where that is possible, later places first.
std::vector<std::size_t> OrderForLines(const std::vector<LineagePoint>& points);

/// Returns one drawing a point, e.g. "●", "├─●", "│ ●─╮". Parents stand at higher places; those
/// that do not are left out.
std::vector<std::string> DrawLineageLines(const std::vector<LineagePoint>& points, Glyphs glyphs);

}  // namespace dlv::cli
