#include "dlv/query.h"

#include "engine/api/query_context.h"
#include "engine/api/repository_impl.h"
#include "engine/query/session.h"
#include "engine/query/split.h"

namespace dlv {

Result<std::unique_ptr<QuerySession>> QuerySession::Open(Repository& repository,
                                                         const QueryOptions& options) {
  return query::MakeSession(api::MakeQueryContext(*repository.impl_->store), options);
}

std::vector<QuerySession::Statement> QuerySession::Split(std::string_view text) {
  return query::SplitStatements(text);
}

}  // namespace dlv
