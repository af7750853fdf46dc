#pragma once
/// \file
/// Help: of dlv, of a command (its examples first), of a topic.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/style.h"

namespace dlv::cli {

/// `width` 0 means no terminal: lines are then broken at 100 columns.
std::string MainHelp(std::size_t width, const Style& style);
std::string CommandHelp(const CommandEntry& entry, const Arguments& arguments, std::size_t width,
                        const Style& style);
/// Returns the text of `dlv help TOPIC`, or nothing for a topic that is not there.
std::optional<std::string> TopicHelp(std::string_view topic);
std::span<const char* const> AllTopics();

}  // namespace dlv::cli
