// A single .npy file.

#include "storage/interchange/formats.h"
#include "storage/interchange/npy_header.h"
#include "storage/interchange/npy_objects.h"
#include "storage/interchange/recipe_builder.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"

namespace dlv::interchange {
namespace {

// A lone array has no name inside; the file's name without folder and suffix is the best there is.
std::string NameOfFile(std::string_view path) {
  if (const std::size_t slash = path.rfind('/'); slash != std::string_view::npos) {
    path.remove_prefix(slash + 1);
  }
  if (path.ends_with(".npy")) path.remove_suffix(4);
  return IsTensorName(path) ? std::string(path) : std::string("array");
}

// An array of Python objects, for instance a dict of arrays.
Result<FileDescription> DescribeObjects(const io::ByteSource& file, const NpyHeader& header,
                                        std::string name, const DescribeOptions& options) {
  DLV_ASSIGN(NpyObjects objects, NpyObjects::Read(MakeRange(file, 0, file.size()), header, ""));
  FileDescription description;
  description.format = "npy";
  description.objects = {std::move(name)};
  DLV_TRY(objects.Describe(description, std::make_shared<SlabCache>()));
  RecipeBuilder builder;
  DLV_TRY(builder.FrameRange(file, 0, header.data_offset));
  DLV_TRY(objects.Write(description, builder));
  builder.Finish(description);
  if (description.tensors.empty()) description.note = "its Python objects hold no array";
  DropOptimizer(options, description);
  return description;
}

}  // namespace

bool SniffNpy(const Probe& probe) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  return probe.head.size() >= kMagic.size() &&
         std::string_view(reinterpret_cast<const char*>(probe.head.data()), kMagic.size()) ==
             kMagic;
}

Result<FileDescription> DescribeNpy(const Probe& probe, const DescribeOptions& options) {
  const io::ByteSource& file = *probe.file;
  DLV_ASSIGN(const NpyHeader header, ReadNpyHeader(file));
  if (header.objects) return DescribeObjects(file, header, NameOfFile(probe.name), options);
  FileDescription description;
  description.format = "npy";
  DescribedTensor tensor = TensorOfNpy(header, MakeRange(file, 0, file.size()),
                                       NameOfFile(probe.name), std::make_shared<SlabCache>());
  if (tensor.dtype == DType::kOpaque) {
    description.warnings.push_back("dtype '" + tensor.foreign_dtype + "' is kept as bytes");
  }
  const std::uint64_t end = header.data_offset + header.data_bytes;
  RecipeBuilder builder;
  builder.LiteralRange(file, 0, header.data_offset);
  if (auto part = InstructionOfNpy(header, tensor, 0)) builder.Tensor(std::move(*part));
  builder.LiteralRange(file, end, file.size());
  if (end != file.size()) {
    description.warnings.push_back(std::to_string(file.size() - end) +
                                   " bytes after the array are kept as they are");
  }
  description.tensors.push_back(std::move(tensor));
  builder.Finish(description);
  DropOptimizer(options, description);
  return description;
}

}  // namespace dlv::interchange
