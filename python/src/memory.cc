#include "python/src/memory.h"

#include <pybind11/stl.h>

#include <cstring>

namespace dlv::python {
namespace {

namespace py = pybind11;

std::size_t BytesOf(const py::buffer_info& buffer) {
  return static_cast<std::size_t>(buffer.size) * static_cast<std::size_t>(buffer.itemsize);
}

TensorRole RoleFromName(const std::string& name) {
  for (const TensorRole role :
       {TensorRole::kParameter, TensorRole::kBuffer, TensorRole::kOptimizer, TensorRole::kOther}) {
    if (NameOf(role) == name) return role;
  }
  throw py::value_error("role \"" + name + "\": want parameter, buffer, optimizer or other");
}

TensorInfo InfoFrom(const py::tuple& entry) {
  TensorInfo info;
  info.name = entry[0].cast<std::string>();
  info.role = RoleFromName(entry[1].cast<std::string>());
  const auto dtype = entry[2].cast<std::string>();
  const auto found = DTypeFromName(dtype);
  if (!found) throw py::value_error(info.name + ": dlv has no dtype \"" + dtype + "\"");
  info.dtype = *found;
  info.shape = entry[3].cast<Shape>();
  return info;
}

}  // namespace

py::tuple ShapeTuple(const Shape& shape) {
  py::tuple tuple(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) tuple[i] = py::int_(shape[i]);
  return tuple;
}

BufferSource::BufferSource(const py::list& entries) {
  for (const py::handle& item : entries) {
    const auto entry = item.cast<py::tuple>();
    TensorInfo info = InfoFrom(entry);
    py::buffer_info buffer = entry[4].cast<py::buffer>().request();
    if (BytesOf(buffer) != info.element_count() * SizeOf(info.dtype)) {
      throw py::value_error(info.name + ": got " + std::to_string(BytesOf(buffer)) +
                            " bytes, want " +
                            std::to_string(info.element_count() * SizeOf(info.dtype)));
    }
    infos_.push_back(std::move(info));
    buffers_.push_back(std::move(buffer));
  }
}

Status BufferSource::Read(std::size_t index, std::uint64_t offset, std::span<std::byte> out) {
  if (out.empty()) return Ok();
  std::memcpy(out.data(), static_cast<const std::byte*>(buffers_[index].ptr) + offset, out.size());
  return Ok();
}

Result<std::span<std::byte>> CallbackSink::Allocate(std::size_t, const TensorInfo& info) {
  const py::gil_scoped_acquire acquire;
  try {
    const py::object array = allocate_(info.name, info.file, std::string(NameOf(info.role)),
                                       std::string(NameOf(info.dtype)), ShapeTuple(info.shape));
    buffers_.push_back(array.cast<py::buffer>().request(true));
    return std::span(static_cast<std::byte*>(buffers_.back().ptr), BytesOf(buffers_.back()));
  } catch (py::error_already_set& error) {
    pending_.Keep(error);
  } catch (const py::cast_error&) {
    return Error{ErrorCode::kInvalidArgument, info.name + ": the array gives no buffer"};
  }
  return Error{ErrorCode::kCancelled, info.name + ": no memory was given"};
}

}  // namespace dlv::python
