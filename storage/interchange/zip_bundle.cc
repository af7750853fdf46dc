// Any other zip: its stored members (deflated ones are left as they are) are described each by its
// own reader (stable-baselines3 keeps two PyTorch files so).

#include <algorithm>

#include "storage/interchange/formats.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/interchange/zip_recipe.h"

namespace dlv::interchange {
namespace {

class Bundle {
 public:
  Bundle(const Probe& probe, const DescribeOptions& options) : probe_(probe), options_(options) {}

  Result<FileDescription> Run() {
    const ZipDirectory& directory = **probe_.zip;
    description_.format = "zip";
    RecipeBuilder builder;
    const MemberWriter write = [&](std::size_t i, RecipeBuilder& out) {
      return Write(directory.members[i], out);
    };
    DLV_TRY(
        BuildZipRecipe(*probe_.file, directory, write, builder, description_, Deflated::kLeave));
    if (description_.tensors.empty()) return Whole();
    builder.Finish(description_);
    DropOptimizer(options_, description_);
    return std::move(description_);
  }

 private:
  // A zip without tensors is a file like any other; only what was refused in it is told.
  FileDescription Whole() {
    FileDescription blob = DescribeAsBlob(*probe_.file, "");
    blob.warnings = std::move(description_.warnings);
    return blob;
  }

  Status Write(const ZipMember& member, RecipeBuilder& out) {
    DLV_TRY(CheckZipMember(*probe_.file, member));
    const auto source = MemberSource(*probe_.file, member);
    // One level of lists for the file and two for the zip inside.
    const bool looked_at = probe_.depth < 3 && member.size != 0;
    if (looked_at) {
      DescribeOptions all = options_;
      all.include_optimizer = true;  // left out at the end, when the recipe no longer needs them
      Result<FileDescription> inner = DescribeNested(*source, member.name, all, probe_.depth + 1);
      if (inner.ok() && !inner->tensors.empty() && inner->recipe) {
        Adopt(member, source, std::move(inner).value(), out);
        return Ok();
      }
      if (!inner.ok()) {
        const Error error = std::move(inner).error();
        if (error.code != ErrorCode::kUnsafe && error.code != ErrorCode::kCorruption &&
            error.code != ErrorCode::kUnsupported) {
          return error;
        }
        description_.warnings.push_back("member " + Printable(member.name) +
                                        " is kept unread: " + error.message);
      }
    }
    out.Literal(source);
    return Ok();
  }

  void Adopt(const ZipMember& member, const std::shared_ptr<const io::ByteSource>& source,
             FileDescription inner, RecipeBuilder& out) {
    const auto first = static_cast<std::uint32_t>(description_.tensors.size());
    for (auto& literal : inner.literals) literal = MakeKeeping(std::move(literal), source);
    out.AppendInner(inner, first);
    const bool optimizer_file = member.name.find("optimizer") != std::string::npos;
    for (DescribedTensor& tensor : inner.tensors) {
      tensor.name = member.name + "//" + tensor.name;
      if (optimizer_file) tensor.role = TensorRole::kOptimizer;
      if (tensor.view) tensor.view->base += first;
      tensor.source = MakeKeeping(std::move(tensor.source), source);
      description_.tensors.push_back(std::move(tensor));
    }
    for (auto& [key, value] : inner.metadata) {
      description_.metadata.emplace_back(member.name + "//" + key, std::move(value));
    }
    for (const std::string& warning : inner.warnings) {
      description_.warnings.push_back("member " + Printable(member.name) + ": " + warning);
    }
  }

  const Probe& probe_;
  const DescribeOptions& options_;
  FileDescription description_;
};

}  // namespace

bool SniffZip(const Probe& probe) { return probe.zip_at_start; }

Result<FileDescription> DescribeZip(const Probe& probe, const DescribeOptions& options) {
  if (!probe.zip->ok()) return probe.zip->error();
  return Bundle(probe, options).Run();
}

}  // namespace dlv::interchange
