#include <algorithm>

#include "engine/query/binder.h"

namespace dlv::query {

Result<BoundExpression> Binder::ChooseNode(BoundExpression base,
                                           std::shared_ptr<const Selector> selector, Place place,
                                           CaptureFrame* frame) {
  ++frame->uses;
  for (const CaptureFrame::Chosen& chosen : frame->chosen) {
    if (chosen.node.selector->text() == selector->text() && chosen.base == base) {
      return MakeVariable(chosen.node.variable, kNodeType, place);
    }
  }
  CaptureFrame::Chosen made;
  made.node.variable = AddVariable("", kNodeType, RelationId::kNodes);
  made.node.in_where = !frame->where_over;
  made.node.place = place;
  made.base = std::move(base);
  for (const unsigned number : selector->captures()) {
    BoundExpression own = MakeExpression(ExpressionKind::kCapture, kTextType, place);
    own.variable = made.node.variable;
    own.index = number;
    for (CaptureFrame* at = frame; at != nullptr; at = at->outer) {
      const auto earlier = std::find_if(
          at->chosen.begin(), at->chosen.end(), [&](const CaptureFrame::Chosen& other) {
            const auto& numbers = other.node.selector->captures();
            return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
          });
      if (earlier == at->chosen.end()) continue;
      ++at->uses;
      BoundExpression other = own;
      other.variable = earlier->node.variable;
      made.equal.push_back(
          MakeBinary(ExpressionKind::kEqual, kBooleanType, place, std::move(other), own));
      break;
    }
  }
  made.node.selector = std::move(selector);
  frame->chosen.push_back(std::move(made));
  return MakeVariable(frame->chosen.back().node.variable, kNodeType, place);
}

Result<BoundExpression> Binder::FindCapture(unsigned number, Place place, CaptureFrame* frame) {
  for (; frame != nullptr; frame = frame->outer) {
    for (const CaptureFrame::Chosen& chosen : frame->chosen) {
      const auto& numbers = chosen.node.selector->captures();
      if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) continue;
      ++frame->uses;
      BoundExpression capture = MakeExpression(ExpressionKind::kCapture, kTextType, place);
      capture.variable = chosen.node.variable;
      capture.index = number;
      return capture;
    }
  }
  const std::string name = "$" + std::to_string(number);
  return Wrong(place, "no selector captures " + name, "m[\"conv*(" + name + ")\"] does");
}

Result<BoundExpression> Binder::BindCapturedText(const std::string& text, Place place,
                                                 Scope* scope) {
  BoundExpressions pieces;
  std::string literal;
  const auto finish = [&] {
    if (!literal.empty())
      pieces.push_back(MakeConstant(std::exchange(literal, {}), kTextType, place));
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool capture =
        text[i] == '$' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9';
    if (!capture) {
      literal.push_back(text[i]);
      continue;
    }
    finish();
    DLV_ASSIGN(BoundExpression one,
               FindCapture(static_cast<unsigned>(text[i + 1] - '0'), place, scope->frame));
    pieces.push_back(std::move(one));
    ++i;
  }
  finish();
  if (pieces.empty()) return MakeConstant(std::string(), kTextType, place);
  BoundExpression joined = std::move(pieces[0]);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    joined = MakeBinary(ExpressionKind::kConcatenate, kTextType, place, std::move(joined),
                        std::move(pieces[i]));
  }
  return joined;
}

BoundExpression Binder::WrapChosen(CaptureFrame* frame, BoundExpression body) {
  for (auto chosen = frame->chosen.rbegin(); chosen != frame->chosen.rend(); ++chosen) {
    const Place place = chosen->node.place;
    if (!chosen->equal.empty()) {
      BoundExpressions parts = std::move(chosen->equal);
      parts.push_back(std::move(body));
      body = MakeExpression(ExpressionKind::kAnd, kBooleanType, place, std::move(parts));
    }
    BoundExpression set =
        MakeUnary(ExpressionKind::kSelect, SetOf(TypeKind::kNode), place, std::move(chosen->base));
    set.selector = chosen->node.selector;
    body = MakeBinary(ExpressionKind::kSome, kBooleanType, place, std::move(set), std::move(body));
    body.variable = chosen->node.variable;
  }
  return body;
}

}  // namespace dlv::query
