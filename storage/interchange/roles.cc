#include "storage/interchange/roles.h"

#include <algorithm>
#include <array>

namespace dlv::interchange {
namespace {

constexpr std::array<std::string_view, 6> kBufferNames = {
    "running_mean", "running_var", "num_batches_tracked", "position_ids", "inv_freq", "attn_mask"};

}  // namespace

bool IsOptimizerKey(std::string_view key) {
  return key.starts_with("optim") || key.ends_with("_optimizer") ||
         key.ends_with("_optimizer_state");
}

TensorRole RoleOfName(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (std::find(kBufferNames.begin(), kBufferNames.end(), last) != kBufferNames.end()) {
    return TensorRole::kBuffer;
  }
  if (name.starts_with("optimizer.") || name.starts_with("optimizer_state"))
    return TensorRole::kOptimizer;
  return TensorRole::kParameter;
}

void DropOptimizer(const DescribeOptions& options, FileDescription& description) {
  if (options.include_optimizer) return;
  const auto is_optimizer = [](const DescribedTensor& t) {
    return t.role == TensorRole::kOptimizer;
  };
  auto& tensors = description.tensors;
  if (std::none_of(tensors.begin(), tensors.end(), is_optimizer)) return;
  // Views name their base by place: a view on a removed tensor is removed with it, or stands alone.
  std::vector<std::uint32_t> place(tensors.size(), UINT32_MAX);
  std::vector<DescribedTensor> kept;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (is_optimizer(tensors[i])) continue;
    place[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(tensors[i]));
  }
  for (DescribedTensor& tensor : kept) {
    if (!tensor.view) continue;
    tensor.view->base = place[tensor.view->base];
    if (tensor.view->base == UINT32_MAX) tensor.view.reset();
  }
  tensors = std::move(kept);
  description.recipe.reset();
  description.literals.clear();
}

}  // namespace dlv::interchange
