#pragma once
/// \file
/// The evaluation at hand of a statement that selects id, version, created, dataset, name, value,
/// attributes.

#include <limits>

#include "storage/catalog/connection.h"
#include "storage/catalog/encoding.h"
#include "storage/catalog/rows.h"

namespace dlv::catalog {

/// Errors: kCorruption (the attributes).
inline Result<EvaluationRow> EvaluationOf(const Statement& row) {
  EvaluationRow evaluation;
  evaluation.row = row.Int(0);
  evaluation.version = row.Int(1);
  evaluation.created = row.Int(2);
  evaluation.dataset = row.Text(3);
  evaluation.name = row.Text(4);
  // SQLite keeps NaN as null.
  evaluation.value = row.IsNull(5) ? std::numeric_limits<double>::quiet_NaN() : row.Real(5);
  DLV_ASSIGN(evaluation.attributes, DecodeKeyValues(row.Blob(6)));
  return evaluation;
}

}  // namespace dlv::catalog
