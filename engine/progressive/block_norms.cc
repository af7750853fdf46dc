// The norms of residual blocks, as derived data: of WeightLoader.

#include "engine/bounds/block_spectrum.h"
#include "engine/bounds/residual_block.h"
#include "engine/bounds/rounding.h"
#include "engine/progressive/weight_loader.h"

namespace dlv::progressive {
namespace {

using bounds::Above;

/// Changes whenever the norm of the same block would come out otherwise.
constexpr std::string_view kBlockAlgorithm = "block-1";

bounds::BlockConvolution ConvolutionOf(const LinearForm& form, const std::vector<double>& matrix) {
  const Window& window = form.window;
  return {matrix,
          form.rows,
          form.in.channels,
          {window.height, window.width},
          {window.stride_height, window.stride_width},
          {window.dilation_height, window.dilation_width},
          {window.pad_top, window.pad_left},
          {form.in.height, form.in.width},
          {form.out.height, form.out.width}};
}

}  // namespace

Result<WeightLoader::WholeMatrix> WeightLoader::ReadWhole(std::size_t linear) {
  const LinearPlan& plan = graph_.linears[linear];
  std::vector<double> elements = plan.constant;
  if (plan.parameter != nullptr) {
    DLV_ASSIGN(const LeveledTensor tensor, ReadLevel(linear, layers_[linear].levels.size() - 1));
    DLV_ASSIGN(elements, NumbersOf(tensor));
  }
  WholeMatrix whole{Arrange(plan, elements), 0};
  whole.off = NormsOfResidual(plan, whole.numbers, whole.numbers).rounding;
  return whole;
}

std::string WeightLoader::KeyOf(const ResidualBound& block) const {
  const ResidualBound::Places& places = block.places();
  std::string key = std::string(kBlockAlgorithm) + " " + layers_[places.first_linear].key +
                    " then " + layers_[places.second_linear].key + " skip";
  for (const std::int64_t channel : places.skip) key += " " + std::to_string(channel);
  return key;
}

/// The true maps are A + E and B + F, with norms of E and F at most `off` times the root of how
/// many windows overlap: (B + F) M (A + E) differs from B M A by at most ||F|| ||A + E|| + ||B||
/// ||E||.
Status WeightLoader::ComputeBlock(ResidualBound& block) {
  const ResidualBound::Places& places = block.places();
  const std::string key = KeyOf(block);
  const auto kept = derived_ == nullptr ? std::nullopt : derived_->Find(key);
  if (kept && !kept->empty()) {
    block.SetNorm(kept->front());
    return Ok();
  }
  block.SetNorm(bounds::kInfinity);
  const LinearForm& first_form = graph_.linears[places.first_linear].layer->form();
  const LinearForm& second_form = graph_.linears[places.second_linear].layer->form();
  // Of a block that is too large no weights are read.
  if (!bounds::BlockSpectrum::CanBeBySizes(
          {ConvolutionOf(first_form, {}), ConvolutionOf(second_form, {}), places.skip}))
    return Keep(key, {bounds::kInfinity});
  DLV_ASSIGN(const WholeMatrix first, ReadWhole(places.first_linear));
  DLV_ASSIGN(const WholeMatrix second, ReadWhole(places.second_linear));
  const bounds::BlockNorm found =
      bounds::ResidualBlockNormAbove({ConvolutionOf(first_form, first.numbers),
                                      ConvolutionOf(second_form, second.numbers), places.skip});
  // Kept as well: it would be looked for again, with all weights read, in every run.
  if (found.norm == bounds::kInfinity) return Keep(key, {bounds::kInfinity});
  const auto error = [&](std::size_t linear, double off) {
    const double overlap =
        static_cast<double>(graph_.linears[linear].layer->form().window.Overlap());
    return bounds::ProductAbove(bounds::RootAbove(overlap), off);
  };
  const double of_first = layers_[places.first_linear].whole->operator_whole;
  const double of_second = layers_[places.second_linear].whole->operator_whole;
  const double first_error = error(places.first_linear, first.off);
  const double second_error = error(places.second_linear, second.off);
  block.SetNorm(Above(
      found.norm + second_error * of_first + Above(of_second + second_error, 1) * first_error, 5));
  std::vector<double> values = {block.norm()};
  values.insert(values.end(), found.scales.begin(), found.scales.end());
  return Keep(key, values);
}

}  // namespace dlv::progressive
