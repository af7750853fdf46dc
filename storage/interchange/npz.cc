// .npz: a zip of .npy members.

#include <algorithm>
#include <set>

#include "storage/interchange/formats.h"
#include "storage/interchange/npy_header.h"
#include "storage/interchange/npy_objects.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/interchange/zip_recipe.h"

namespace dlv::interchange {
namespace {

constexpr std::string_view kSuffix = ".npy";

struct Array {
  NpyHeader header;
  std::uint32_t tensor = 0;
  std::shared_ptr<const io::ByteSource> member;
  std::optional<NpyObjects> objects;  ///< a pickle in place of numbers
};

std::string NameOf(const ZipMember& member) {
  return member.name.substr(0, member.name.size() - kSuffix.size());
}

Result<Array> ReadMember(const io::ByteSource& file, const ZipMember& member,
                         const std::shared_ptr<InflatePool>& pool) {
  Array array;
  array.member = MemberSource(file, member, pool);
  const auto named = [&](Error error) {
    error.message = "member " + Printable(member.name) + ": " + error.message;
    return error;
  };
  Result<NpyHeader> header = ReadNpyHeader(*array.member);
  if (!header.ok()) return named(std::move(header).error());
  array.header = std::move(header).value();
  if (!array.header.objects) return array;
  Result<NpyObjects> objects = NpyObjects::Read(array.member, array.header, NameOf(member));
  if (!objects.ok()) return named(std::move(objects).error());
  array.objects = std::move(objects).value();
  return array;
}

void DescribeNumbers(Array& array, const std::string& name, const std::shared_ptr<SlabCache>& cache,
                     FileDescription& description) {
  DescribedTensor tensor = TensorOfNpy(array.header, array.member, name, cache);
  tensor.role = RoleOfName(name);
  if (tensor.dtype == DType::kOpaque) {
    description.warnings.push_back("tensor " + Printable(name) + ": dtype '" +
                                   tensor.foreign_dtype + "' is kept as bytes");
  }
  description.tensors.push_back(std::move(tensor));
}

Status WriteArray(const Array& array, const FileDescription& description, RecipeBuilder& builder) {
  const NpyHeader& header = array.header;
  const std::uint64_t end = header.data_offset + header.data_bytes;
  DLV_TRY(builder.FrameRange(*array.member, 0, header.data_offset));
  if (array.objects) return array.objects->Write(description, builder);
  const DescribedTensor& tensor = description.tensors[array.tensor];
  if (auto part = InstructionOfNpy(header, tensor, array.tensor)) builder.Tensor(std::move(*part));
  if (end != array.member->size())
    builder.Literal(MakeRange(array.member, end, array.member->size() - end));
  return Ok();
}

// Members "a.npy" with {'b': ...} and "a.b.npy" both give "a.b".
void MakeNamesUnique(FileDescription& description) {
  std::set<std::string> names;
  for (DescribedTensor& tensor : description.tensors) {
    const std::string plain = tensor.name;
    for (unsigned uses = 2; !names.insert(tensor.name).second; ++uses) {
      tensor.name = plain + "~" + std::to_string(uses);
    }
  }
}

}  // namespace

bool SniffNpz(const Probe& probe) {
  if (!probe.zip || !probe.zip_at_start || !probe.zip->ok()) return false;
  const auto& members = (*probe.zip)->members;
  return !members.empty() &&
         std::all_of(members.begin(), members.end(), [](const ZipMember& member) {
           return member.name.ends_with(kSuffix) && member.name.size() > kSuffix.size();
         });
}

Result<FileDescription> DescribeNpz(const Probe& probe, const DescribeOptions& options) {
  const io::ByteSource& file = *probe.file;
  const ZipDirectory& directory = **probe.zip;
  DLV_TRY(CheckZipMembers(file, directory));
  FileDescription description;
  description.format = "npz";
  const auto cache = std::make_shared<SlabCache>();
  const auto pool = MakeInflatePool();
  std::vector<Array> arrays;
  for (const ZipMember& member : directory.members) {
    DLV_ASSIGN(Array array, ReadMember(file, member, pool));
    array.tensor = static_cast<std::uint32_t>(description.tensors.size());
    if (array.objects) {
      description.objects.push_back(NameOf(member));
      DLV_TRY(array.objects->Describe(description, cache));
    } else {
      DescribeNumbers(array, NameOf(member), cache, description);
    }
    arrays.push_back(std::move(array));
  }
  MakeNamesUnique(description);
  RecipeBuilder builder;
  const MemberWriter write = [&](std::size_t i, RecipeBuilder& out) {
    return WriteArray(arrays[i], description, out);
  };
  DLV_TRY(BuildZipRecipe(file, directory, write, builder, description));
  builder.Finish(description);
  DropOptimizer(options, description);
  return description;
}

}  // namespace dlv::interchange
