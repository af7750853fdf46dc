#pragma once
/// \file
/// The Sniff and Describe functions of the formats, for the table in format_table.cc.

#include "storage/interchange/format_table.h"

namespace dlv::interchange {

inline constexpr std::uint64_t kMaxSafetensorsHeaderBytes =
    100'000'000;  ///< the limit of the reference library
bool SniffSafetensors(const Probe& probe);
Result<FileDescription> DescribeSafetensors(const Probe& probe, const DescribeOptions& options);

bool SniffNpy(const Probe& probe);
Result<FileDescription> DescribeNpy(const Probe& probe, const DescribeOptions& options);

bool SniffTorchLegacy(const Probe& probe);
Result<FileDescription> DescribeTorchLegacy(const Probe& probe, const DescribeOptions& options);

bool SniffTorchTar(const Probe& probe);
Result<FileDescription> DescribeTorchTar(const Probe& probe, const DescribeOptions& options);

bool SniffTorchScript(const Probe& probe);
Result<FileDescription> DescribeTorchScript(const Probe& probe, const DescribeOptions& options);

bool SniffTorchZip(const Probe& probe);
Result<FileDescription> DescribeTorchZip(const Probe& probe, const DescribeOptions& options);

bool SniffNpz(const Probe& probe);
Result<FileDescription> DescribeNpz(const Probe& probe, const DescribeOptions& options);

bool SniffOnnx(const Probe& probe);
Result<FileDescription> DescribeOnnx(const Probe& probe, const DescribeOptions& options);

bool SniffOnnxTensor(const Probe& probe);
Result<FileDescription> DescribeOnnxTensor(const Probe& probe, const DescribeOptions& options);

bool SniffCaffeNet(const Probe& probe);
Result<FileDescription> DescribeCaffeNet(const Probe& probe, const DescribeOptions& options);

bool SniffCaffeSolver(const Probe& probe);
Result<FileDescription> DescribeCaffeSolver(const Probe& probe, const DescribeOptions& options);

bool SniffCaffeBlob(const Probe& probe);
Result<FileDescription> DescribeCaffeBlob(const Probe& probe, const DescribeOptions& options);

bool SniffGguf(const Probe& probe);
Result<FileDescription> DescribeGguf(const Probe& probe, const DescribeOptions& options);

/// For formats that are read on request only.
bool SniffNever(const Probe& probe);
Result<FileDescription> DescribeLlama2c(const Probe& probe, const DescribeOptions& options);

bool SniffZip(const Probe& probe);
Result<FileDescription> DescribeZip(const Probe& probe, const DescribeOptions& options);

}  // namespace dlv::interchange
