#include "engine/kernels/cpu/kept_primitive.h"

#include <mutex>
#include <utility>
#include <vector>

#include "engine/kernels/cpu/onednn.h"

namespace dlv::kernels {

/// Of one run, in the order of its arguments.
struct KeptPrimitive::Objects {
  std::vector<memory> memories;  ///< own what `arguments` point to
  std::vector<dnnl_exec_arg_t> arguments;
  std::vector<const std::byte*> data;

  void Put(std::size_t place, const Argument& argument) {
    auto* const elements = const_cast<std::byte*>(argument.data);  // who writes has the only copy
    if (place == memories.size()) {
      memories.emplace_back(argument.desc, CpuEngine(), elements);
      arguments.push_back({argument.kind, memories.back().get()});
      data.push_back(elements);
    } else if (data[place] != elements) {
      memories[place].set_data_handle(elements);
      data[place] = elements;
    }
  }
};

/// As many as runs went on at the same time.
class KeptPrimitive::Idle {
 public:
  Objects Take() {
    const std::lock_guard lock(mutex_);
    if (objects_.empty()) return {};
    Objects taken = std::move(objects_.back());
    objects_.pop_back();
    return taken;
  }
  void Give(Objects objects) {
    const std::lock_guard lock(mutex_);
    objects_.push_back(std::move(objects));
  }

 private:
  std::mutex mutex_;
  std::vector<Objects> objects_;
};

KeptPrimitive::KeptPrimitive() = default;
KeptPrimitive::KeptPrimitive(dnnl::primitive made, memory::desc scratch)
    : primitive_(std::move(made)), scratch_(scratch), idle_(std::make_unique<Idle>()) {}
KeptPrimitive::KeptPrimitive(KeptPrimitive&&) noexcept = default;
KeptPrimitive& KeptPrimitive::operator=(KeptPrimitive&&) noexcept = default;
KeptPrimitive::~KeptPrimitive() = default;

Status KeptPrimitive::Run(std::span<const Argument> arguments, Memory& room) const {
  Value scratch;  // until the primitive has run
  if (const std::size_t bytes = scratch_.get_size(); bytes > 0) {
    DLV_ASSIGN(scratch, room.Make(DType::kU8, {static_cast<std::int64_t>(bytes)}));
  }
  Objects objects = idle_->Take();
  std::size_t count = 0;
  for (const Argument& argument : arguments) {
    if (argument.data != nullptr) objects.Put(count++, argument);
  }
  if (scratch.present()) objects.Put(count++, {DNNL_ARG_SCRATCHPAD, scratch_, scratch.data()});
  dnnl::error::wrap_c_api(dnnl_primitive_execute(primitive_.get(), CpuStream().get(),
                                                 static_cast<int>(count), objects.arguments.data()),
                          "could not execute a primitive");
  CpuStream().wait();
  idle_->Give(std::move(objects));
  return Ok();
}

dnnl::primitive_attr KeptAttributes() {
  dnnl::primitive_attr attributes;
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

}  // namespace dlv::kernels
