#include "engine/api/search_chain.h"

#include <algorithm>
#include <cctype>

#include "engine/network/families.h"

namespace dlv::api {
namespace {

using network::Adjacency;
using network::NodeIndex;
using network::NodeSet;

std::string Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") + 1 - first));
}

std::string InSmallLetters(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool IsChainName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == ':';
  });
}

Error ChainError(std::string_view text, std::size_t at, const std::string& wanted) {
  return Error{ErrorCode::kSyntax,
               "architecture \"" + std::string(text) + "\", column " + std::to_string(at + 1) +
                   ": want " + wanted,
               "as in: Conv->Relu->MaxPool"};
}

/// "POOL(MAX)", "Conv", "*".
Result<ChainLink> ParseLink(std::string_view text, std::size_t at, std::string_view part) {
  ChainLink link;
  std::string name = Trimmed(part);
  if (name.starts_with("*") && name.size() > 1) {
    link.further = true;
    name = Trimmed(std::string_view(name).substr(1));
  }
  if (name == "*") {
    link.op = name;
    return link;
  }
  const std::size_t open = name.find('(');
  if (open != std::string::npos && name.ends_with(")")) {
    link.kind = Trimmed(std::string_view(name).substr(open + 1, name.size() - open - 2));
    std::transform(link.kind.begin(), link.kind.end(), link.kind.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    name = Trimmed(std::string_view(name).substr(0, open));
  }
  if (!IsChainName(name)) return ChainError(text, at, "an operator or a family of operators");
  link.op = InSmallLetters(name);
  if (const auto family = network::FindFamily(name)) link.family = *family;
  if (!link.kind.empty() && link.kind != "MAX" && link.kind != "AVG" && link.kind != "GLOBAL")
    return ChainError(text, at, "a kind of pool: MAX, AVG or GLOBAL");
  return link;
}

bool Fits(const Network& network, NodeIndex node, const ChainLink& link) {
  if (link.op == "*") return true;
  const bool named = InSmallLetters(network.nodes[node].op) == link.op;
  const bool related = !link.family.empty() && network::IsOf(network, node, link.family);
  return (named || related) &&
         (link.kind.empty() || network::HasKind(network.nodes[node].op, link.kind));
}

NodeSet Fitting(const Network& network, const ChainLink& link) {
  NodeSet set(network.nodes.size());
  for (NodeIndex node = 0; node < network.nodes.size(); ++node) {
    if (Fits(network, node, link)) set.Add(node);
  }
  return set;
}

}  // namespace

Result<std::vector<ChainLink>> ParseChain(std::string_view text) {
  std::vector<ChainLink> chain;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(text.find("->", at), text.size());
    DLV_ASSIGN(ChainLink link, ParseLink(text, at, text.substr(at, end - at)));
    if (chain.empty() && link.further) return ChainError(text, at, "an operator to begin with");
    chain.push_back(std::move(link));
    if (end == text.size()) return chain;
    at = end + 2;
  }
}

std::optional<ChainMatch> MatchChain(const Network& network, const std::vector<ChainLink>& chain) {
  const Adjacency adjacency(network);
  std::vector<NodeSet> reached;
  for (const ChainLink& link : chain) {
    NodeSet here = Fitting(network, link);
    if (!reached.empty()) {
      here &= link.further ? adjacency.After(reached.back()) : adjacency.Next(reached.back());
    }
    if (here.empty()) return std::nullopt;
    reached.push_back(std::move(here));
  }
  ChainMatch match;
  match.count = reached.back().count();
  match.nodes = {reached.back().Members().front()};
  for (std::size_t i = chain.size() - 1; i-- > 0;) {  // back along one way
    NodeSet last(network.nodes.size());
    last.Add(match.nodes.back());
    NodeSet before = chain[i + 1].further ? adjacency.Before(last) : adjacency.Prev(last);
    before &= reached[i];
    match.nodes.push_back(before.Members().front());
  }
  std::reverse(match.nodes.begin(), match.nodes.end());
  return match;
}

}  // namespace dlv::api
