#pragma once
/// \file
/// Which forms of the kernels the machine could run, whatever is chosen.

#include "storage/codec/cpu_dispatch.h"

namespace dlv::codec {

bool MachineHas(KernelLevel level);

}  // namespace dlv::codec
