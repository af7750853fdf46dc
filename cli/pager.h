#pragma once
/// \file
/// Long listings through a pager.

#include <cstdio>
#include <string>
#include <string_view>

namespace dlv::cli {

/// Whether the command prints a listing that may be longer than a screen.
bool UsesPager(std::string_view command);

/// While it lives after Start, standard output goes through the pager; the destructor waits until
/// the user leaves it.
class Pager {
 public:
  Pager() = default;
  ~Pager();
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

  /// Does nothing for no program, and where stdout is no terminal. A program that cannot be started
  /// is told by the shell, and the listing is lost: `core.pager` is what the user chose.
  void Start(const std::string& program);

 private:
  std::FILE* pipe_ = nullptr;
  int terminal_ = -1;
};

}  // namespace dlv::cli
