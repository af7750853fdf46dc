#include "engine/query/syntax_tree.h"

namespace dlv::query {
namespace {

bool SameQuery(const std::shared_ptr<const SyntaxQuery>& a,
               const std::shared_ptr<const SyntaxQuery>& b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

}  // namespace

bool SyntaxExpression::operator==(const SyntaxExpression& other) const {
  return kind == other.kind && text == other.text && negated == other.negated &&
         distinct == other.distinct && quoted == other.quoted && operands == other.operands &&
         SameQuery(query, other.query);
}

bool SyntaxSource::operator==(const SyntaxSource& other) const {
  return form == other.form && join == other.join && text == other.text &&
         version_name == other.version_name && alias == other.alias && call == other.call &&
         on == other.on && SameQuery(query, other.query);
}

}  // namespace dlv::query
