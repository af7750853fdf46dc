#pragma once
/// \file
/// The AVX-512 form, in two files; DeltaKernels says what each does.

#include "storage/codec/delta_kernels.h"

namespace dlv::codec {

void Avx512DeltaModel(const DeltaShape* shape, const uint8_t* child, const uint8_t* base, size_t n,
                      float ratio, uint8_t* block_scale, uint8_t* block_ratio, DeltaTile* tile);
size_t Avx512DeltaEncodeLevel(unsigned level, unsigned level_bytes, const uint8_t* child,
                              const uint8_t* base, const uint8_t* scale, uint8_t* state,
                              const uint8_t* block_scale, size_t n, uint8_t* symbols,
                              uint8_t* contexts, DeltaBits* low, DeltaBits* high);
void Avx512DeltaPredict(const DeltaShape* shape, unsigned wanted, const uint8_t* base, size_t n,
                        float ratio, const uint8_t* block_scale, const uint8_t* block_ratio,
                        uint8_t* const* predictions, uint8_t* scale);
size_t Avx512DeltaContexts(const uint8_t* scale, const uint8_t* state, const uint8_t* block_scale,
                           size_t n, uint8_t* contexts);
size_t Avx512DeltaDecodeLevel(unsigned level, unsigned level_bytes, uint8_t* values, uint8_t* state,
                              const uint8_t* block_scale, size_t n, const uint8_t* symbols,
                              DeltaBitsIn* low, DeltaBitsIn* high);
void Avx512DeltaJoin(const DeltaShape* shape, unsigned levels, const uint8_t* const* values,
                     size_t n, uint8_t* elements);
void Avx512DeltaCount(const uint8_t* symbols, const uint8_t* contexts, size_t n,
                      uint32_t* histogram);
void Avx512DeltaFillTable(const uint16_t* frequencies, unsigned symbols, uint32_t* table);

}  // namespace dlv::codec
