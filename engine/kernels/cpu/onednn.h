#pragma once
/// \file
/// oneDNN for the kernels of this folder: its engine, values as its memory, and its exceptions,
/// which end here. A value's order (order.h) is a oneDNN memory descriptor.

#include <functional>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/kernels/call.h"
#include "engine/kernels/cpu/kept_primitive.h"
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/threads.h"

namespace dlv::kernels {

using dnnl::memory;

const dnnl::engine& CpuEngine();
/// One a thread.
dnnl::stream& CpuStream();

/// Runs what calls oneDNN. Returns whether it threw nothing: it throws where it has no code for
/// what is asked.
bool Tried(const std::function<void()>& what);

/// f32 in C order, and in whatever order suits the primitive.
memory::desc PlainDesc(const memory::dims& dims);
memory::desc AnyDesc(const memory::dims& dims);

/// Where the elements of an f32 value stand.
memory::desc DescOf(const Value& value);

/// Copies elements from one order to another of the same dims. Throws what oneDNN throws. Errors:
/// as Memory::Make.
Status Reorder(const memory::desc& from_order, const std::byte* from, const memory::desc& to_order,
               std::byte* to, Memory& room);

/// Returns some of the elements of an f32 value as a view: of `shape`, with those steps, from the
/// place `first` on (in elements); a value in C order where that is what it is. Nothing where a
/// step is negative.
std::optional<Value> MakeView(const Value& value, const Shape& shape, const Strides& steps,
                              std::int64_t first);
/// The steps of a value in C order or of a view.
Strides StepsOf(const Value& value);

/// An order that oneDNN has a name for, with its axes in some order or in blocks of channels.
struct NamedOrder {
  memory::format_tag tag = memory::format_tag::undef;
  std::int64_t block = 1;  ///< channels that stand together, at every position
};
/// The order of an f32 value that is neither in C order nor a view; nothing where it is none of
/// those that convolutions like.
std::optional<NamedOrder> NamedOrderOf(const Value& value);

/// Returns images, in an order by name without room between elements, as rows of `shape`: a folded
/// value, whose elements stay where they are. Nothing where that is not what they are.
std::optional<Value> Folded(const Value& images, const Shape& shape);
/// Returns the order of so many images like those of a folded value; no order of another value.
memory::desc ImageOf(const Value& value, std::int64_t count = 1);

/// Room for f32 elements of `shape` (the dims of `desc`, or as many elements) in that order.
/// `work`: what MadeFor gives of the value, as long as it is in another order than C order; null:
/// nothing.
Result<Value> MakeOrdered(Memory& memory, const Shape& shape, const memory::desc& desc,
                          std::shared_ptr<const KeptWork> work = nullptr);
/// The work that an f32 value was made for, or null.
const KeptWork* MadeFor(const Value& value);
/// Elements of `whole` from a byte on, which stand together in the order of `desc`.
Value PartOf(const Value& whole, const Shape& shape, const memory::desc& desc,
             std::size_t first_byte);
/// Room as an output of the call; in the result of a Concat that reads it, where it can be.
Result<Value*> MakeOutput(Call& call, const Shape& shape, const memory::desc& desc);

/// Returns the value in the order of `wanted`: itself where it has it.
Result<Value> Reordered(const Value& value, const memory::desc& wanted, Memory& memory);

/// Threads for so many operations: few are done before another thread has woken up.
unsigned ThreadsFor(const Call& call, std::int64_t operations);

/// Whether an implementation of oneDNN is its plain one, slower than ours.
template <class Desc>
bool IsSlow(const Desc& chosen) {
  const std::string_view name = chosen.impl_info_str();
  return name.starts_with("ref") || name.starts_with("simple:ref");
}

/// Runs the reference kernel of the call's operator, on operands in C order.
Status RunReference(Call& call);

/// Returns the kept work that `fits`, else what `make` makes of this call (null: it cannot be
/// done), which is kept then.
template <class Work, class Fits, class Make>
std::shared_ptr<const Work> KeptOrMade(Call& call, Fits&& fits, Make&& make) {
  std::shared_ptr<const Work> work;
  bool is_new = false;
  const bool done = Tried([&] {  // a value of too many axes has no place in oneDNN
    if (call.state() != nullptr) work = call.state()->Find<Work>(fits);
    is_new = work == nullptr;
    if (is_new) work = make();
  });
  if (!done) return nullptr;
  if (work != nullptr && is_new && call.state() != nullptr) call.state()->Put(work);
  return work;
}

}  // namespace dlv::kernels
