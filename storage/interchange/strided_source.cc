// Strided views in C order, with bounded memory whatever the strides.

#include <algorithm>
#include <cstring>

#include "storage/interchange/sources.h"

namespace dlv::interchange {
namespace {

constexpr std::uint64_t kSlabBytes = 64u << 20;          // of output kept between reads
constexpr std::uint64_t kGatherWindowBytes = 64u << 20;  // of input read at once
constexpr std::uint64_t kSmallBytes =
    4u << 20;  // input windows below this are read again rather than kept

std::uint64_t Product(std::span<const std::uint64_t> shape) {
  std::uint64_t product = 1;
  for (const std::uint64_t extent : shape) product *= extent;
  return product;
}

// The box [first_row, first_row + rows) x rest of a view, where "row" is an index of the leading
// axis.
struct Box {
  std::vector<std::uint64_t> shape;
  std::uint64_t offset = 0;  // of its first element in the base
};

class StridedSource final : public io::ByteSource {
 public:
  StridedSource(std::shared_ptr<const io::ByteSource> base, StridedView view,
                std::shared_ptr<SlabCache> cache)
      : base_(std::move(base)), view_(std::move(view)), cache_(std::move(cache)) {
    if (view_.shape.empty()) {  // rank 0 is one row of one element
      view_.shape = {1};
      view_.strides = {1};
    }
    count_ = Product(view_.shape);
    const std::lock_guard lock(cache_->mutex);
    id_ = cache_->next_id++;
  }

  std::uint64_t size() const override { return count_ * view_.element_size; }

  Status ReadAt(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > size() || out.size() > size() - offset) {
      return Error{ErrorCode::kCorruption, "read outside a strided view"};
    }
    if (out.empty()) return Ok();
    const std::uint64_t item = view_.element_size;
    const std::uint64_t first = offset / item;
    const std::uint64_t last = (offset + out.size() - 1) / item;
    if (WindowOf(first, last) <= kSmallBytes) {
      std::vector<std::byte> elements(static_cast<std::size_t>((last - first + 1) * item));
      DLV_TRY(Gather(first, elements));
      std::memcpy(out.data(), elements.data() + (offset - first * item), out.size());
      return Ok();
    }
    return ReadThroughCache(offset, out);
  }

 private:
  Status ReadThroughCache(std::uint64_t offset, std::span<std::byte> out) const {
    const std::uint64_t slab_elements = kSlabBytes / view_.element_size;
    const std::lock_guard lock(cache_->mutex);
    while (!out.empty()) {
      const std::uint64_t slab_first = offset / view_.element_size / slab_elements * slab_elements;
      if (cache_->owner != id_ || cache_->first != slab_first) {
        cache_->owner = 0;
        const std::uint64_t elements = std::min(slab_elements, count_ - slab_first);
        cache_->bytes.resize(static_cast<std::size_t>(elements * view_.element_size));
        DLV_TRY(Gather(slab_first, cache_->bytes));
        cache_->owner = id_;
        cache_->first = slab_first;
      }
      const std::uint64_t inside = offset - slab_first * view_.element_size;
      const std::size_t size =
          std::min(out.size(), cache_->bytes.size() - static_cast<std::size_t>(inside));
      std::memcpy(out.data(), cache_->bytes.data() + inside, size);
      out = out.subspan(size);
      offset += size;
    }
    return Ok();
  }

  // Bytes of the base between the lowest and the highest element of [first, last], rounded up to
  // whole leading rows.
  std::uint64_t WindowOf(std::uint64_t first, std::uint64_t last) const {
    const std::uint64_t row = count_ / view_.shape[0];
    std::uint64_t reach = (last / row - first / row) * view_.strides[0];
    for (std::size_t k = 1; k < view_.shape.size(); ++k) {
      reach += (view_.shape[k] - 1) * view_.strides[k];
    }
    return (reach + 1) * view_.element_size;
  }

  // Fills `out` with whole elements from `first` on: whole rows as boxes, and inside a partial row
  // the same again.
  Status Gather(std::uint64_t first, std::span<std::byte> out) const {
    return GatherAxis(0, view_.offset, first, out);
  }

  Status GatherAxis(std::size_t axis, std::uint64_t offset, std::uint64_t first,
                    std::span<std::byte> out) const {
    const std::uint64_t item = view_.element_size;
    const std::uint64_t row =
        Product(std::span(view_.shape).subspan(axis + 1));  // elements of one index of this axis
    while (!out.empty()) {
      const std::uint64_t index = first / row;
      const std::uint64_t inside = first % row;
      const std::uint64_t want = out.size() / item;
      if (inside != 0 || want < row) {  // a part of one row
        const std::uint64_t part = std::min(want, row - inside);
        DLV_TRY(GatherAxis(axis + 1, offset + index * view_.strides[axis], inside,
                           out.first(static_cast<std::size_t>(part * item))));
        out = out.subspan(static_cast<std::size_t>(part * item));
        first += part;
        continue;
      }
      Box box{{view_.shape.begin() + static_cast<std::ptrdiff_t>(axis), view_.shape.end()},
              offset + index * view_.strides[axis]};
      box.shape[0] = want / row;
      const std::uint64_t part = box.shape[0] * row;
      DLV_TRY(GatherBox(box, std::span(view_.strides).subspan(axis),
                        out.first(static_cast<std::size_t>(part * item))));
      out = out.subspan(static_cast<std::size_t>(part * item));
      first += part;
    }
    return Ok();
  }

  Status GatherBox(const Box& box, std::span<const std::uint64_t> strides,
                   std::span<std::byte> out) const {
    std::uint64_t reach = 0;
    for (std::size_t k = 0; k < strides.size(); ++k) reach += (box.shape[k] - 1) * strides[k];
    const std::uint64_t window = (reach + 1) * view_.element_size;
    if (window > kGatherWindowBytes) return GatherRuns(box, strides, out);
    std::vector<std::byte> input(static_cast<std::size_t>(window));
    DLV_TRY(base_->ReadAt(box.offset * view_.element_size, input));
    Pick(input, box, strides, out);
    return Ok();
  }

  // Copies the elements of the box out of a window that holds them all.
  void Pick(std::span<const std::byte> input, const Box& box,
            std::span<const std::uint64_t> strides, std::span<std::byte> out) const {
    const std::size_t item = view_.element_size;
    const std::size_t last = strides.size() - 1;
    std::vector<std::uint64_t> index(strides.size(), 0);
    std::byte* to = out.data();
    std::uint64_t at = 0;
    for (std::uint64_t left = Product(box.shape) / box.shape[last]; left != 0; --left) {
      const std::byte* from = input.data() + at * item;
      for (std::uint64_t i = 0; i < box.shape[last]; ++i, to += item) {
        std::memcpy(to, from + i * strides[last] * item, item);
      }
      for (std::size_t k = last; k-- > 0;) {
        at += strides[k];
        if (++index[k] < box.shape[k]) break;
        at -= box.shape[k] * strides[k];
        index[k] = 0;
      }
    }
  }

  // The window is too large to hold: reads runs along the axis that is densest in the base, and
  // scatters them.
  Status GatherRuns(const Box& box, std::span<const std::uint64_t> strides,
                    std::span<std::byte> out) const {
    std::size_t run = 0;
    for (std::size_t k = 0; k < strides.size(); ++k) {
      if (box.shape[k] > 1 && (box.shape[run] <= 1 || strides[k] < strides[run])) run = k;
    }
    const std::size_t item = view_.element_size;
    const std::uint64_t reach = ((box.shape[run] - 1) * strides[run] + 1) * item;
    if (reach > kGatherWindowBytes) return GatherSingly(box, strides, out);
    const std::vector<std::uint64_t> places = ContiguousStrides(box.shape);
    std::vector<std::byte> input(static_cast<std::size_t>(reach));
    std::vector<std::uint64_t> index(strides.size(), 0);
    std::uint64_t from = box.offset;
    std::uint64_t to = 0;
    for (std::uint64_t left = Product(box.shape) / box.shape[run]; left != 0; --left) {
      DLV_TRY(base_->ReadAt(from * item, input));
      for (std::uint64_t i = 0; i < box.shape[run]; ++i) {
        std::memcpy(out.data() + (to + i * places[run]) * item,
                    input.data() + i * strides[run] * item, item);
      }
      for (std::size_t k = strides.size(); k-- > 0;) {
        if (k == run) continue;
        from += strides[k];
        to += places[k];
        if (++index[k] < box.shape[k]) break;
        from -= box.shape[k] * strides[k];
        to -= box.shape[k] * places[k];
        index[k] = 0;
      }
    }
    return Ok();
  }

  // No axis is dense (a few elements far apart): one read an element.
  Status GatherSingly(const Box& box, std::span<const std::uint64_t> strides,
                      std::span<std::byte> out) const {
    const std::size_t item = view_.element_size;
    std::vector<std::uint64_t> index(strides.size(), 0);
    std::uint64_t from = box.offset;
    for (std::size_t at = 0; at < out.size(); at += item) {
      DLV_TRY(base_->ReadAt(from * item, out.subspan(at, item)));
      for (std::size_t k = strides.size(); k-- > 0;) {
        from += strides[k];
        if (++index[k] < box.shape[k]) break;
        from -= box.shape[k] * strides[k];
        index[k] = 0;
      }
    }
    return Ok();
  }

  std::shared_ptr<const io::ByteSource> base_;
  StridedView view_;
  std::shared_ptr<SlabCache> cache_;  // shared by the views of one file
  std::uint64_t count_ = 0;
  std::uint64_t id_ = 0;
};

}  // namespace

std::optional<std::uint64_t> ElementCount(std::span<const std::uint64_t> shape) {
  std::uint64_t product = 1;
  bool empty = false;
  for (const std::uint64_t extent : shape) {
    // Extents beside a zero are bounded too, so that every product of a part of the shape is in
    // range.
    if (extent == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(product, extent, &product) || product > INT64_MAX) {
      return std::nullopt;
    }
  }
  return empty ? 0 : product;
}

std::optional<std::uint64_t> ViewEnd(const StridedView& view) {
  const std::optional<std::uint64_t> count = ElementCount(view.shape);
  if (!count) return std::nullopt;
  if (*count == 0) return 0;
  std::uint64_t end = view.offset;
  for (std::size_t k = 0; k < view.shape.size(); ++k) {
    std::uint64_t reach = 0;
    if (__builtin_mul_overflow(view.shape[k] - 1, view.strides[k], &reach) ||
        __builtin_add_overflow(end, reach, &end)) {
      return std::nullopt;
    }
  }
  if (end >= INT64_MAX) return std::nullopt;
  return end + 1;
}

std::vector<std::uint64_t> ContiguousStrides(std::span<const std::uint64_t> shape) {
  std::vector<std::uint64_t> strides(shape.size(), 1);
  for (std::size_t k = shape.size(); k-- > 1;) {
    strides[k - 1] = strides[k] * std::max<std::uint64_t>(shape[k], 1);
  }
  return strides;
}

std::shared_ptr<const io::ByteSource> MakeStrided(std::shared_ptr<const io::ByteSource> base,
                                                  StridedView view,
                                                  std::shared_ptr<SlabCache> cache) {
  if (ElementCount(view.shape).value_or(0) == 0) return MakeRange(std::move(base), 0, 0);
  return std::make_shared<StridedSource>(std::move(base), std::move(view), std::move(cache));
}

}  // namespace dlv::interchange
