#pragma once
/// \file
/// What a command takes: options and operands, their help, and their parsing (by CLI11, known only
/// in arguments.cc).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dlv/result.h"

namespace dlv::cli {

/// The targets must outlive Parse.
class Arguments {
 public:
  /// An option as help shows it.
  struct Entry {
    std::string names;       ///< "-o,--output"
    std::string value_name;  ///< "DIR"; empty for a flag
    std::string help;
    bool global = false;
  };

  /// An operand as usage and completion know it.
  struct OperandEntry {
    std::string name;  ///< "REF"
    bool many = false;
  };

  Arguments();
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  void Flag(const std::string& names, bool* target, const std::string& help);
  void Value(const std::string& names, std::optional<std::string>* target,
             const std::string& value_name, const std::string& help);
  /// May be given several times, one value each time.
  void Values(const std::string& names, std::vector<std::string>* target,
              const std::string& value_name, const std::string& help);
  void Number(const std::string& names, std::optional<std::uint64_t>* target,
              const std::string& value_name, const std::string& help);
  void Operand(const std::string& name, std::optional<std::string>* target, bool required = false);
  void Operands(const std::string& name, std::vector<std::string>* target, bool required = false);
  /// Options added from now on are global.
  void BeginGlobal() { global_ = true; }

  /// Errors: kInvalidArgument, with the nearest option as hint.
  Status Parse(std::vector<std::string> args);
  /// Errors: kInvalidArgument, when an operand that is required was not given.
  Status CheckRequired() const;

  const std::vector<Entry>& entries() const { return entries_; }
  const std::vector<OperandEntry>& operands() const { return operands_; }

 private:
  class Parser;
  Status RefuseExtras() const;
  void AddEntry(const std::string& names, const std::string& value_name, const std::string& help);

  std::unique_ptr<Parser> parser_;
  std::vector<Entry> entries_;
  std::vector<OperandEntry> operands_;
  bool global_ = false;
};

}  // namespace dlv::cli
