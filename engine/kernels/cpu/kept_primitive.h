#pragma once
/// \file
/// Primitives of oneDNN that are made once and run many times.

#include <cstddef>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <span>

#include "engine/kernels/memory.h"

namespace dlv::kernels {

/// Elements that a primitive reads or writes, in the order that it was made for.
struct Argument {
  int kind = 0;  ///< DNNL_ARG_...
  const dnnl::memory::desc& desc;
  const std::byte* data = nullptr;  ///< null: left out
};

/// Room for a primitive's own intermediate results comes from whoever runs it: oneDNN's is bound to
/// the thread that made the primitive, and kept ones run on several threads at once.
dnnl::primitive_attr KeptAttributes();

/// A primitive made with KeptAttributes. oneDNN's objects for its arguments are kept too, and told
/// only of elements that are somewhere else than in the run before: to make them anew takes some
/// microseconds, as long as a small layer.
class KeptPrimitive {
 public:
  KeptPrimitive();
  /// `chosen`: the primitive_desc of what was made.
  template <class Chosen>
  KeptPrimitive(dnnl::primitive made, const Chosen& chosen)
      : KeptPrimitive(std::move(made), chosen.scratchpad_desc()) {}
  KeptPrimitive(dnnl::primitive made, dnnl::memory::desc scratch);
  KeptPrimitive(KeptPrimitive&&) noexcept;
  KeptPrimitive& operator=(KeptPrimitive&&) noexcept;
  ~KeptPrimitive();

  /// Whether there is one.
  explicit operator bool() const { return static_cast<bool>(primitive_); }

  /// Runs it; each run has the same kinds of arguments in the same orders. Throws what oneDNN
  /// throws. Errors: as Memory::Make. Thread-safe.
  Status Run(std::span<const Argument> arguments, Memory& room) const;
  Status Run(std::initializer_list<Argument> arguments, Memory& room) const {
    return Run(std::span(arguments.begin(), arguments.size()), room);
  }

 private:
  struct Objects;
  class Idle;

  dnnl::primitive primitive_;
  dnnl::memory::desc scratch_;
  std::unique_ptr<Idle> idle_;  ///< objects that no run uses; null: no primitive
};

}  // namespace dlv::kernels
