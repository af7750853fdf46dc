#include "engine/kernels/cpu/onednn.h"

#include <exception>

namespace dlv::kernels {
namespace {

class OneDnnOrder : public Order {
 public:
  explicit OneDnnOrder(memory::desc desc) : desc_(std::move(desc)) {}
  const memory::desc& desc() const { return desc_; }
  std::size_t size_bytes() const override { return desc_.get_size(); }
  Result<Value> ToPlain(const Value& value, Memory& room) const override {
    DLV_ASSIGN(Value plain, room.Make(DType::kF32, value.shape()));
    const bool done =
        Tried([&] { Reorder(View(value), View(PlainDesc(desc_.dims()), plain.data())); });
    if (!done) return Error{ErrorCode::kInternal, "oneDNN cannot give back its own order"};
    return plain;
  }

 private:
  memory::desc desc_;
};

memory::dims DimsOf(const Shape& shape) { return shape.empty() ? memory::dims{1} : shape; }

}  // namespace

const dnnl::engine& CpuEngine() {
  // Never destroyed: other threads may still run when the program ends.
  static const auto* const kEngine = new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *kEngine;
}

dnnl::stream& CpuStream() {
  thread_local dnnl::stream stream(CpuEngine());
  return stream;
}

bool Tried(const std::function<void()>& what) {
  try {
    what();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

memory::desc PlainDesc(const memory::dims& dims) {
  return {dims, memory::data_type::f32, StridesOf(dims)};
}

memory::desc AnyDesc(const memory::dims& dims) {
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

memory::desc DescOf(const Value& value) {
  if (value.is_plain()) return PlainDesc(DimsOf(value.shape()));
  return static_cast<const OneDnnOrder&>(*value.order()).desc();
}

memory View(const memory::desc& desc, const std::byte* data) {
  return {desc, CpuEngine(), const_cast<std::byte*>(data)};  // who writes has the only copy
}

memory View(const Value& value) { return View(DescOf(value), value.data()); }

void Reorder(memory from, memory to) {
  dnnl::reorder(from, to).execute(CpuStream(), from, to);
  CpuStream().wait();
}

Result<Value> MakeOrdered(Memory& room, const Shape& shape, const memory::desc& desc) {
  if (desc == PlainDesc(desc.dims())) return room.Make(DType::kF32, shape);
  return room.Make(DType::kF32, shape, std::make_shared<OneDnnOrder>(desc));
}

Result<Value*> MakeOutput(Call& call, const Shape& shape, const memory::desc& desc) {
  DLV_ASSIGN(Value value, MakeOrdered(call.memory(), shape, desc));
  call.Share(0, std::move(value));
  return &call.outputs()[0];
}

Result<Value> Reordered(const Value& value, const memory::desc& wanted, Memory& room) {
  if (DescOf(value) == wanted) return value;
  DLV_ASSIGN(Value other, MakeOrdered(room, value.shape(), wanted));
  Reorder(View(value), View(wanted, other.data()));
  return other;
}

dnnl::primitive_attr KeptAttributes() {
  dnnl::primitive_attr attributes;
  attributes.set_fpmath_mode(dnnl::fpmath_mode::strict);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

Status Execute(const dnnl::primitive& primitive, const memory::desc& scratch, Arguments arguments,
               Memory& room) {
  const std::size_t bytes = scratch.get_size();
  Value own;  // until the primitive has run
  if (bytes > 0) {
    DLV_ASSIGN(own, room.Make(DType::kU8, {static_cast<std::int64_t>(bytes)}));
    arguments.emplace(DNNL_ARG_SCRATCHPAD, View(scratch, own.data()));
  }
  primitive.execute(CpuStream(), arguments);
  CpuStream().wait();
  return Ok();
}

unsigned ThreadsFor(const Call& call, std::int64_t operations) {
  constexpr std::int64_t kWorthWaking = std::int64_t{1} << 21;
  return operations < kWorthWaking ? 1 : call.threads();
}

Status RunReference(Call& call) {
  DLV_TRY(call.MakePlain());
  return FindKernel(Implementation::kReference, call.node().domain, call.node().op)(call);
}

}  // namespace dlv::kernels
