#pragma once
/// \file
/// The readers of side information, for the table in side_table.cc, and what they share.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/interchange/side_information.h"
#include "storage/interchange/side_tree.h"

namespace dlv::interchange {

bool NamedConfigJson(std::string_view name, std::string_view folder);
Status ReadConfigJson(const io::ByteSource& file, SideCollector& out);
bool NamedTrainerState(std::string_view name, std::string_view folder);
Status ReadTrainerState(const io::ByteSource& file, SideCollector& out);
bool NamedParamsYaml(std::string_view name, std::string_view folder);
Status ReadParamsYaml(const io::ByteSource& file, SideCollector& out);
bool NamedHydraOverrides(std::string_view name, std::string_view folder);
Status ReadHydraOverrides(const io::ByteSource& file, SideCollector& out);
bool NamedSolver(std::string_view name, std::string_view folder);
Status ReadSolver(const io::ByteSource& file, SideCollector& out);
bool NamedCsv(std::string_view name, std::string_view folder);
Status ReadCsv(const io::ByteSource& file, SideCollector& out);
bool NamedJsonLines(std::string_view name, std::string_view folder);
Status ReadJsonLines(const io::ByteSource& file, SideCollector& out);
bool NamedEvents(std::string_view name, std::string_view folder);
Status ReadEvents(const io::ByteSource& file, SideCollector& out);
bool NamedCaffeLog(std::string_view name, std::string_view folder);
Status ReadCaffeLog(const io::ByteSource& file, SideCollector& out);
bool NamedCard(std::string_view name, std::string_view folder);
Status ReadCard(const io::ByteSource& file, SideCollector& out);

/// A row of a log: names with numbers.
using SideRow = std::vector<std::pair<std::string, double>>;

/// Adds a row's numbers under the step that it names ("step", "iteration", "epoch", ...); a row
/// without one is left out. Returns whether there was one.
bool AddRow(const SideRow& row, SideCollector& out);
/// Adds the numbers of a dict, those in dicts inside it with dotted names.
bool AddTreeRow(const Tree& tree, const TreeNode& dict, SideCollector& out);

}  // namespace dlv::interchange
