#pragma once
/// \file
/// Histograms of tensors of several versions below each other, on a terminal and for drawings.

#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/plots/histogram_plot.h"
#include "dlv/tensor_report.h"

namespace dlv::cli {

/// The tensors of one version, looked at with a histogram.
struct NamedReports {
  std::string version;
  std::vector<TensorReport> reports;
};

/// A panel for each tensor name in the order of the first version that has it; each has a histogram
/// for every version, without edges where a version has no such tensor. With `together` one panel
/// that has a histogram for each tensor of each version. Logarithmic edges become logarithms.
std::vector<plots::HistogramPanel> HistogramPanels(const std::vector<NamedReports>& versions,
                                                   bool together);

/// Gives all histograms of a panel the same edges, `bins` equal parts of the whole range; 0: as
/// many as the number of elements deserves.
void PutOnOneScale(std::vector<plots::HistogramPanel>& panels, std::size_t bins);

/// Charts below each other. `logarithms`: the edges, the same in all of a panel, are such.
void ShowHistograms(Output& out, const std::vector<plots::HistogramPanel>& panels, bool logarithms);

/// The counts of `histogram` in `bins` equal parts of low..high; a bin that lies across an edge is
/// shared out, and what is not empty does not become so.
std::vector<std::uint64_t> OnScale(const Histogram& histogram, double low, double high,
                                   std::size_t bins);

}  // namespace dlv::cli
