// Any other zip: its members are described each by its own reader (stable-baselines3 keeps two
// PyTorch files so). Deflated members that hold tensors are inflated and made again; what holds
// none is left as it is.

#include <algorithm>

#include "storage/interchange/formats.h"
#include "storage/interchange/roles.h"
#include "storage/interchange/side_tree.h"
#include "storage/interchange/sources.h"
#include "storage/interchange/text.h"
#include "storage/interchange/zip_recipe.h"

namespace dlv::interchange {
namespace {

constexpr std::string_view kSettingsMember = "data";  // JSON, of stable-baselines3
constexpr std::uint64_t kMaxSettingsBytes = 4u << 20;
constexpr std::size_t kMaxBundleMetadata = 512;

unsigned DepthOf(const std::vector<Instruction>& list) {
  unsigned depth = 0;
  for (const Instruction& item : list) {
    if (const auto* deflate = std::get_if<Deflate>(&item.body)) {
      depth = std::max(depth, DepthOf(deflate->inner));
    }
    if (const auto* inner = std::get_if<Inner>(&item.body)) {
      depth = std::max(depth, DepthOf(inner->inner));
    }
  }
  return depth + 1;
}

class Bundle {
 public:
  Bundle(const Probe& probe, const DescribeOptions& options)
      : probe_(probe),
        directory_(**probe.zip),
        inner_(directory_.members.size()),
        sources_(directory_.members.size()) {
    options_.include_optimizer = true;  // left out at the end, when no recipe needs them
    drop_ = options;
  }

  Result<FileDescription> Run() {
    for (std::size_t i = 0; i < directory_.members.size(); ++i) DLV_TRY(Look(i));
    description_.format = "zip";
    RecipeBuilder builder;
    const MemberWriter write = [&](std::size_t i, RecipeBuilder& out) {
      if (inner_[i]) {
        Adopt(i, out);
      } else {
        out.Literal(MemberSource(*probe_.file, directory_.members[i]));
      }
      return Ok();
    };
    const MakeAgain make_again = [&](std::size_t i) { return inner_[i].has_value(); };
    DLV_TRY(BuildZipRecipe(*probe_.file, directory_, write, builder, description_, make_again));
    AdoptTheRest();
    if (description_.tensors.empty()) return Whole();
    builder.Finish(description_);
    DropOptimizer(drop_, description_);
    return std::move(description_);
  }

 private:
  // A zip without tensors is a file like any other; only what was refused in it is told.
  FileDescription Whole() {
    FileDescription blob = DescribeAsBlob(*probe_.file, "");
    blob.warnings = std::move(description_.warnings);
    return blob;
  }

  // Describes a member, if it holds tensors and its recipe fits into this one.
  Status Look(std::size_t index) {
    const ZipMember& member = directory_.members[index];
    const bool deflated = member.method == ZipMethod::kDeflated;
    if (!deflated) DLV_TRY(CheckZipMember(*probe_.file, member));
    if (member.size == 0) return Ok();
    const auto source = MemberSource(*probe_.file, member, pool_);
    const unsigned depth = probe_.depth + (deflated ? 2 : 1);  // of the member's instructions
    if (member.name == kSettingsMember) LookAtSettings(*source, member);
    if (depth > kMaxRecipeDepth) return Ok();
    Result<FileDescription> inner = DescribeNested(*source, member.name, options_, depth);
    if (!inner.ok()) return Refused(member, std::move(inner).error());
    if (inner->tensors.empty() || !inner->recipe) return Ok();
    if (depth + DepthOf(inner->recipe->instructions) - 1 > kMaxRecipeDepth) return Ok();
    if (deflated) DLV_TRY(CheckZipMember(*probe_.file, member));
    inner_[index] = std::move(inner).value();
    sources_[index] = source;
    return Ok();
  }

  Status Refused(const ZipMember& member, Error error) {
    if (error.code != ErrorCode::kUnsafe && error.code != ErrorCode::kCorruption &&
        error.code != ErrorCode::kUnsupported) {
      return error;
    }
    description_.warnings.push_back("member " + Printable(member.name) +
                                    " is kept unread: " + error.message);
    return Ok();
  }

  // Learning rate, discount and so on; what cannot be read stays untold.
  void LookAtSettings(const io::ByteSource& source, const ZipMember& member) {
    if (member.size > kMaxSettingsBytes) return;
    const Result<std::string> text = ReadText(source);
    if (!text.ok()) return;
    const Result<Tree> tree = ParseJson(*text);
    if (!tree.ok() || tree->top().kind != TreeKind::kDict) return;
    // Dicts are Python's objects: pickles and docstrings.
    const TreeNode& top = tree->top();
    for (std::size_t i = 0; i + 1 < top.items.size(); i += 2) {
      const auto value = TextOfNode(*tree, tree->at(top.items[i + 1]));
      if (!value || description_.metadata.size() >= kMaxBundleMetadata) continue;
      description_.metadata.emplace_back(member.name + "//" + tree->at(top.items[i]).text, *value);
    }
  }

  void Adopt(std::size_t index, RecipeBuilder& out) {
    const ZipMember& member = directory_.members[index];
    const auto& source = sources_[index];
    FileDescription inner = std::move(*inner_[index]);
    adopted_.push_back(index);
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

  // Deflated members that zlib does not make again: their tensors are stored all the same.
  void AdoptTheRest() {
    RecipeBuilder unused;
    for (std::size_t i = 0; i < inner_.size(); ++i) {
      const bool done = std::find(adopted_.begin(), adopted_.end(), i) != adopted_.end();
      if (inner_[i] && !done) Adopt(i, unused);
    }
  }

  const Probe& probe_;
  const ZipDirectory& directory_;
  DescribeOptions options_;
  DescribeOptions drop_;
  std::shared_ptr<InflatePool> pool_ = MakeInflatePool();
  std::vector<std::optional<FileDescription>> inner_;  // of the members that hold tensors
  std::vector<std::shared_ptr<const io::ByteSource>> sources_;
  std::vector<std::size_t> adopted_;
  FileDescription description_;
};

}  // namespace

bool SniffZip(const Probe& probe) { return probe.zip_at_start; }

Result<FileDescription> DescribeZip(const Probe& probe, const DescribeOptions& options) {
  if (!probe.zip->ok()) return probe.zip->error();
  return Bundle(probe, options).Run();
}

}  // namespace dlv::interchange
