#pragma once
/// \file
/// Commands: one file each in commands/, all listed in commands.cc.

#include <memory>
#include <span>

#include "cli/arguments.h"
#include "cli/context.h"
#include "dlv/result.h"

namespace dlv::cli {

/// A command while it runs; its members are the targets of its options.
class Command {
 public:
  virtual ~Command() = default;
  virtual void Declare(Arguments& arguments) = 0;
  /// Returns the exit status; an error is reported by the caller.
  virtual Result<int> Run(Context& context) = 0;
};

/// A command as the list of commands and its help know it.
struct CommandEntry {
  const char* name;
  const char* group;     ///< heading in `dlv help`
  const char* summary;   ///< one line
  const char* usage;     ///< "[REF] [options]"
  const char* examples;  ///< lines "command\tcomment"
  const char* notes;     ///< paragraphs after the options; may be empty
  std::unique_ptr<Command> (*make)();
  bool mends = false;  ///< runs also where the files of settings make no sense
};

template <class T>
std::unique_ptr<Command> Make() {
  return std::make_unique<T>();
}

/// All commands in the order of `dlv help`.
std::span<const CommandEntry* const> AllCommands();
/// Words that will be commands, and are not yet.
std::span<const char* const> LaterCommands();

}  // namespace dlv::cli
