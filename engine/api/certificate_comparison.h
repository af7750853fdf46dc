#pragma once
/// \file
/// What a line of a certificate file states, against what was computed anew.

#include <string>

#include "engine/progressive/run.h"
#include "storage/store/certificate_file.h"

namespace dlv::api {

/// Whether a bound is the stated one, up to what another library rounds otherwise. Infinite ones
/// and NaN, which bound nothing, are written alike and equal each other.
bool IsSameNumber(double stated, double computed);

/// Returns in what the line differs from `got`, which was answered at its step; empty: in nothing.
/// Numbers may differ by what another library rounds otherwise: 1e-6 of them.
std::string DifferenceOf(const store::CertificateHeader& header,
                         const store::CertificateAnswer& stated, const progressive::Answer& got);

}  // namespace dlv::api
