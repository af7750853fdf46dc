#pragma once
/// \file
/// Values of query results as text.

#include <string>

#include "dlv/query.h"

namespace dlv::cli {

/// How a value is written for people: numbers to six digits, NULL as "NULL", lists in brackets.
/// Printable.
std::string ValueForPeople(const QueryValue& value);
/// How a value is written for programs: numbers exactly, NULL as nothing. As it is: not sanitised.
std::string ValueForPrograms(const QueryValue& value);

bool IsNull(const QueryValue& value);
/// Whether a column of this type stands to the right.
bool IsNumberType(const std::string& type);

/// "2026-11-20 16:02:11", UTC.
std::string TimeText(const QueryTime& time);
/// The shortest text that reads back as the same number; "nan", "inf", "-inf".
std::string ExactNumber(double value);

}  // namespace dlv::cli
