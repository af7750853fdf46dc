#include "engine/api/lineage_dot.h"

#include <unordered_map>

namespace dlv::api {
namespace {

/// Text for a quoted string of DOT; control characters, which it cannot say, become question marks.
std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return escaped;
}

class Drawing {
 public:
  explicit Drawing(const VersionId* focus) : focus_(focus) {}

  std::size_t Add(const LineageVersion& version) {
    const auto [found, fresh] = numbers_.emplace(version.id, numbers_.size());
    if (fresh) {
      nodes_ += "  v" + std::to_string(found->second) + " [label=\"" + Escape(version.reference);
      if (version.present) nodes_ += "\\n" + version.id.Hex(8);
      nodes_ += "\"";
      if (!version.present) nodes_ += ", style=dashed";
      if (focus_ != nullptr && *focus_ == version.id) nodes_ += ", penwidth=2.5";
      nodes_ += "];\n";
    }
    return found->second;
  }

  void Add(const LineageEdge& edge) {
    const std::size_t parent = Add(edge.parent);
    const std::size_t child = Add(edge.child);
    edges_ += "  v" + std::to_string(parent) + " -> v" + std::to_string(child) + " [label=\"" +
              std::string(NameOf(edge.relation)) + "\"" + (edge.inferred ? ", style=dashed" : "") +
              "];\n";
  }

  std::string Finish() const {
    return "digraph lineage {\n  rankdir=TB;\n  node [shape=box, fontname=\"sans-serif\"];\n"
           "  edge [fontname=\"sans-serif\", fontsize=10];\n" +
           nodes_ + edges_ + "}\n";
  }

 private:
  const VersionId* focus_;
  std::unordered_map<VersionId, std::size_t> numbers_;
  std::string nodes_, edges_;
};

}  // namespace

std::string DrawDot(std::span<const LineageEdge> edges, std::span<const LineageVersion> alone,
                    const VersionId* focus) {
  Drawing drawing(focus);
  for (const LineageVersion& version : alone) drawing.Add(version);
  for (const LineageEdge& edge : edges) drawing.Add(edge);
  return drawing.Finish();
}

}  // namespace dlv::api
