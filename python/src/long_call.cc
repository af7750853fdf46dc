#include "python/src/long_call.h"

namespace dlv::python {

void CallbackProgress::Report(std::string_view stage, std::uint64_t done, std::uint64_t total) {
  constexpr auto kInterval = std::chrono::milliseconds(50);
  const auto now = std::chrono::steady_clock::now();
  if (token_.cancelled() || (done < total && now - last_ < kInterval)) return;
  last_ = now;
  const pybind11::gil_scoped_acquire acquire;
  try {
    callback_(std::string(stage), done, total);
  } catch (pybind11::error_already_set& error) {
    pending_.Keep(error);
    token_.Cancel();
  }
}

}  // namespace dlv::python
