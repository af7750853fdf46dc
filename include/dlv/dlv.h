#pragma once
/// \file
/// Everything at once.

#include "dlv/commit.h"
#include "dlv/completion.h"
#include "dlv/diagnosis.h"
#include "dlv/diff.h"
#include "dlv/dtype.h"
#include "dlv/exit_status.h"
#include "dlv/ids.h"
#include "dlv/inspect.h"
#include "dlv/load.h"
#include "dlv/network.h"
#include "dlv/network_text.h"
#include "dlv/operations.h"
#include "dlv/portable.h"
#include "dlv/progress.h"
#include "dlv/repository.h"
#include "dlv/result.h"
#include "dlv/statistics.h"
#include "dlv/tensor.h"
#include "dlv/tensor_report.h"
#include "dlv/version_info.h"
