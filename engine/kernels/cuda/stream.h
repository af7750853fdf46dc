#pragma once
/// \file
/// CUDA's stream without CUDA's headers.

struct CUstream_st;

namespace dlv::kernels::cuda {

/// What CUDA calls cudaStream_t.
using Stream = CUstream_st*;

}  // namespace dlv::kernels::cuda
