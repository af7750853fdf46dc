
// Generated from DQL.g4 by ANTLR 4.7.2



#include "DQL.h"


using namespace antlrcpp;
using namespace dlv_grammar;
using namespace antlr4;

DQL::DQL(TokenStream *input) : Parser(input) {
  _interpreter = new atn::ParserATNSimulator(this, _atn, _decisionToDFA, _sharedContextCache);
}

DQL::~DQL() {
  delete _interpreter;
}

std::string DQL::getGrammarFileName() const {
  return "DQL.g4";
}

const std::vector<std::string>& DQL::getRuleNames() const {
  return _ruleNames;
}

dfa::Vocabulary& DQL::getVocabulary() const {
  return _vocabulary;
}


//----------------- StatementContext ------------------------------------------------------------------

DQL::StatementContext::StatementContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::StatementContext::EOF() {
  return getToken(DQL::EOF, 0);
}

DQL::QueryContext* DQL::StatementContext::query() {
  return getRuleContext<DQL::QueryContext>(0);
}

DQL::CreateQueryContext* DQL::StatementContext::createQuery() {
  return getRuleContext<DQL::CreateQueryContext>(0);
}

DQL::DropQueryContext* DQL::StatementContext::dropQuery() {
  return getRuleContext<DQL::DropQueryContext>(0);
}

tree::TerminalNode* DQL::StatementContext::SEMICOLON() {
  return getToken(DQL::SEMICOLON, 0);
}

DQL::ExplainContext* DQL::StatementContext::explain() {
  return getRuleContext<DQL::ExplainContext>(0);
}


size_t DQL::StatementContext::getRuleIndex() const {
  return DQL::RuleStatement;
}


DQL::StatementContext* DQL::statement() {
  StatementContext *_localctx = _tracker.createInstance<StatementContext>(_ctx, getState());
  enterRule(_localctx, 0, DQL::RuleStatement);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(86);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::CONSTRUCT:
      case DQL::EVALUATE:
      case DQL::EXPLAIN:
      case DQL::SELECT:
      case DQL::SLICE: {
        setState(81);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::EXPLAIN) {
          setState(80);
          explain();
        }
        setState(83);
        query();
        break;
      }

      case DQL::CREATE: {
        setState(84);
        createQuery();
        break;
      }

      case DQL::DROP: {
        setState(85);
        dropQuery();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
    setState(89);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::SEMICOLON) {
      setState(88);
      match(DQL::SEMICOLON);
    }
    setState(91);
    match(DQL::EOF);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ExplainContext ------------------------------------------------------------------

DQL::ExplainContext::ExplainContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::ExplainContext::EXPLAIN() {
  return getToken(DQL::EXPLAIN, 0);
}

tree::TerminalNode* DQL::ExplainContext::ANALYZE() {
  return getToken(DQL::ANALYZE, 0);
}


size_t DQL::ExplainContext::getRuleIndex() const {
  return DQL::RuleExplain;
}


DQL::ExplainContext* DQL::explain() {
  ExplainContext *_localctx = _tracker.createInstance<ExplainContext>(_ctx, getState());
  enterRule(_localctx, 2, DQL::RuleExplain);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(93);
    match(DQL::EXPLAIN);
    setState(95);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ANALYZE) {
      setState(94);
      match(DQL::ANALYZE);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- CreateQueryContext ------------------------------------------------------------------

DQL::CreateQueryContext::CreateQueryContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::CreateQueryContext::CREATE() {
  return getToken(DQL::CREATE, 0);
}

tree::TerminalNode* DQL::CreateQueryContext::QUERY() {
  return getToken(DQL::QUERY, 0);
}

DQL::NameContext* DQL::CreateQueryContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::CreateQueryContext::AS() {
  return getToken(DQL::AS, 0);
}

DQL::QueryContext* DQL::CreateQueryContext::query() {
  return getRuleContext<DQL::QueryContext>(0);
}

tree::TerminalNode* DQL::CreateQueryContext::OR() {
  return getToken(DQL::OR, 0);
}

tree::TerminalNode* DQL::CreateQueryContext::REPLACE() {
  return getToken(DQL::REPLACE, 0);
}


size_t DQL::CreateQueryContext::getRuleIndex() const {
  return DQL::RuleCreateQuery;
}


DQL::CreateQueryContext* DQL::createQuery() {
  CreateQueryContext *_localctx = _tracker.createInstance<CreateQueryContext>(_ctx, getState());
  enterRule(_localctx, 4, DQL::RuleCreateQuery);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(97);
    match(DQL::CREATE);
    setState(100);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::OR) {
      setState(98);
      match(DQL::OR);
      setState(99);
      match(DQL::REPLACE);
    }
    setState(102);
    match(DQL::QUERY);
    setState(103);
    name();
    setState(104);
    match(DQL::AS);
    setState(105);
    query();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DropQueryContext ------------------------------------------------------------------

DQL::DropQueryContext::DropQueryContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::DropQueryContext::DROP() {
  return getToken(DQL::DROP, 0);
}

tree::TerminalNode* DQL::DropQueryContext::QUERY() {
  return getToken(DQL::QUERY, 0);
}

DQL::NameContext* DQL::DropQueryContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::DropQueryContext::IF() {
  return getToken(DQL::IF, 0);
}

tree::TerminalNode* DQL::DropQueryContext::EXISTS() {
  return getToken(DQL::EXISTS, 0);
}


size_t DQL::DropQueryContext::getRuleIndex() const {
  return DQL::RuleDropQuery;
}


DQL::DropQueryContext* DQL::dropQuery() {
  DropQueryContext *_localctx = _tracker.createInstance<DropQueryContext>(_ctx, getState());
  enterRule(_localctx, 6, DQL::RuleDropQuery);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(107);
    match(DQL::DROP);
    setState(108);
    match(DQL::QUERY);
    setState(111);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 5, _ctx)) {
    case 1: {
      setState(109);
      match(DQL::IF);
      setState(110);
      match(DQL::EXISTS);
      break;
    }

    }
    setState(113);
    name();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- QueryContext ------------------------------------------------------------------

DQL::QueryContext::QueryContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::SelectContext* DQL::QueryContext::select() {
  return getRuleContext<DQL::SelectContext>(0);
}

DQL::SliceContext* DQL::QueryContext::slice() {
  return getRuleContext<DQL::SliceContext>(0);
}

DQL::ConstructContext* DQL::QueryContext::construct() {
  return getRuleContext<DQL::ConstructContext>(0);
}

DQL::EvaluateContext* DQL::QueryContext::evaluate() {
  return getRuleContext<DQL::EvaluateContext>(0);
}

tree::TerminalNode* DQL::QueryContext::SAVE() {
  return getToken(DQL::SAVE, 0);
}

tree::TerminalNode* DQL::QueryContext::AS() {
  return getToken(DQL::AS, 0);
}

tree::TerminalNode* DQL::QueryContext::TEXT() {
  return getToken(DQL::TEXT, 0);
}

DQL::NameContext* DQL::QueryContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}


size_t DQL::QueryContext::getRuleIndex() const {
  return DQL::RuleQuery;
}


DQL::QueryContext* DQL::query() {
  QueryContext *_localctx = _tracker.createInstance<QueryContext>(_ctx, getState());
  enterRule(_localctx, 8, DQL::RuleQuery);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(119);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::SELECT: {
        setState(115);
        select();
        break;
      }

      case DQL::SLICE: {
        setState(116);
        slice();
        break;
      }

      case DQL::CONSTRUCT: {
        setState(117);
        construct();
        break;
      }

      case DQL::EVALUATE: {
        setState(118);
        evaluate();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
    setState(127);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::SAVE) {
      setState(121);
      match(DQL::SAVE);
      setState(122);
      match(DQL::AS);
      setState(125);
      _errHandler->sync(this);
      switch (_input->LA(1)) {
        case DQL::TEXT: {
          setState(123);
          match(DQL::TEXT);
          break;
        }

        case DQL::ANALYZE:
        case DQL::ASC:
        case DQL::AUTO:
        case DQL::CLOSURE:
        case DQL::CONFIG:
        case DQL::DESC:
        case DQL::ESCAPE:
        case DQL::FIRST:
        case DQL::IF:
        case DQL::LAST:
        case DQL::NAN_:
        case DQL::NEXT:
        case DQL::NULLS:
        case DQL::OFFSET:
        case DQL::PREV:
        case DQL::QUERY:
        case DQL::REPLACE:
        case DQL::IDENTIFIER:
        case DQL::QUOTED: {
          setState(124);
          name();
          break;
        }

      default:
        throw NoViableAltException(this);
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SelectContext ------------------------------------------------------------------

DQL::SelectContext::SelectContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::SelectContext::SELECT() {
  return getToken(DQL::SELECT, 0);
}

std::vector<DQL::ItemContext *> DQL::SelectContext::item() {
  return getRuleContexts<DQL::ItemContext>();
}

DQL::ItemContext* DQL::SelectContext::item(size_t i) {
  return getRuleContext<DQL::ItemContext>(i);
}

tree::TerminalNode* DQL::SelectContext::DISTINCT() {
  return getToken(DQL::DISTINCT, 0);
}

std::vector<tree::TerminalNode *> DQL::SelectContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::SelectContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

tree::TerminalNode* DQL::SelectContext::FROM() {
  return getToken(DQL::FROM, 0);
}

DQL::SourcesContext* DQL::SelectContext::sources() {
  return getRuleContext<DQL::SourcesContext>(0);
}

tree::TerminalNode* DQL::SelectContext::WHERE() {
  return getToken(DQL::WHERE, 0);
}

tree::TerminalNode* DQL::SelectContext::GROUP() {
  return getToken(DQL::GROUP, 0);
}

std::vector<tree::TerminalNode *> DQL::SelectContext::BY() {
  return getTokens(DQL::BY);
}

tree::TerminalNode* DQL::SelectContext::BY(size_t i) {
  return getToken(DQL::BY, i);
}

DQL::ArgumentsContext* DQL::SelectContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}

tree::TerminalNode* DQL::SelectContext::HAVING() {
  return getToken(DQL::HAVING, 0);
}

tree::TerminalNode* DQL::SelectContext::ORDER() {
  return getToken(DQL::ORDER, 0);
}

std::vector<DQL::OrderContext *> DQL::SelectContext::order() {
  return getRuleContexts<DQL::OrderContext>();
}

DQL::OrderContext* DQL::SelectContext::order(size_t i) {
  return getRuleContext<DQL::OrderContext>(i);
}

tree::TerminalNode* DQL::SelectContext::LIMIT() {
  return getToken(DQL::LIMIT, 0);
}

std::vector<DQL::ExpressionContext *> DQL::SelectContext::expression() {
  return getRuleContexts<DQL::ExpressionContext>();
}

DQL::ExpressionContext* DQL::SelectContext::expression(size_t i) {
  return getRuleContext<DQL::ExpressionContext>(i);
}

std::vector<DQL::OperandContext *> DQL::SelectContext::operand() {
  return getRuleContexts<DQL::OperandContext>();
}

DQL::OperandContext* DQL::SelectContext::operand(size_t i) {
  return getRuleContext<DQL::OperandContext>(i);
}

tree::TerminalNode* DQL::SelectContext::OFFSET() {
  return getToken(DQL::OFFSET, 0);
}


size_t DQL::SelectContext::getRuleIndex() const {
  return DQL::RuleSelect;
}


DQL::SelectContext* DQL::select() {
  SelectContext *_localctx = _tracker.createInstance<SelectContext>(_ctx, getState());
  enterRule(_localctx, 10, DQL::RuleSelect);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(129);
    match(DQL::SELECT);
    setState(131);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::DISTINCT) {
      setState(130);
      match(DQL::DISTINCT);
    }
    setState(133);
    item();
    setState(138);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 10, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(134);
        match(DQL::COMMA);
        setState(135);
        item(); 
      }
      setState(140);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 10, _ctx);
    }
    setState(142);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(141);
      match(DQL::COMMA);
    }
    setState(146);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::FROM) {
      setState(144);
      match(DQL::FROM);
      setState(145);
      sources();
    }
    setState(150);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(148);
      match(DQL::WHERE);
      setState(149);
      dynamic_cast<SelectContext *>(_localctx)->where = expression();
    }
    setState(155);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::GROUP) {
      setState(152);
      match(DQL::GROUP);
      setState(153);
      match(DQL::BY);
      setState(154);
      arguments();
    }
    setState(159);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::HAVING) {
      setState(157);
      match(DQL::HAVING);
      setState(158);
      dynamic_cast<SelectContext *>(_localctx)->having = expression();
    }
    setState(174);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ORDER) {
      setState(161);
      match(DQL::ORDER);
      setState(162);
      match(DQL::BY);
      setState(163);
      order();
      setState(168);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 16, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(164);
          match(DQL::COMMA);
          setState(165);
          order(); 
        }
        setState(170);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 16, _ctx);
      }
      setState(172);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(171);
        match(DQL::COMMA);
      }
    }
    setState(182);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::LIMIT) {
      setState(176);
      match(DQL::LIMIT);
      setState(177);
      dynamic_cast<SelectContext *>(_localctx)->limit = operand();
      setState(180);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::OFFSET) {
        setState(178);
        match(DQL::OFFSET);
        setState(179);
        dynamic_cast<SelectContext *>(_localctx)->offset = operand();
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ItemContext ------------------------------------------------------------------

DQL::ItemContext::ItemContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::ItemContext::STAR() {
  return getToken(DQL::STAR, 0);
}

DQL::ExpressionContext* DQL::ItemContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

tree::TerminalNode* DQL::ItemContext::DOT() {
  return getToken(DQL::DOT, 0);
}

DQL::AliasContext* DQL::ItemContext::alias() {
  return getRuleContext<DQL::AliasContext>(0);
}


size_t DQL::ItemContext::getRuleIndex() const {
  return DQL::RuleItem;
}


DQL::ItemContext* DQL::item() {
  ItemContext *_localctx = _tracker.createInstance<ItemContext>(_ctx, getState());
  enterRule(_localctx, 12, DQL::RuleItem);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(193);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::STAR: {
        enterOuterAlt(_localctx, 1);
        setState(184);
        match(DQL::STAR);
        break;
      }

      case DQL::ALL:
      case DQL::EXISTS:
      case DQL::FALSE:
      case DQL::NOT:
      case DQL::NULL_:
      case DQL::TRUE:
      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::TEXT:
      case DQL::INTEGER:
      case DQL::REAL:
      case DQL::PARAMETER:
      case DQL::LPAREN:
      case DQL::LBRACKET:
      case DQL::PLUS:
      case DQL::MINUS: {
        enterOuterAlt(_localctx, 2);
        setState(185);
        expression();
        setState(188);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::DOT) {
          setState(186);
          match(DQL::DOT);
          setState(187);
          match(DQL::STAR);
        }
        setState(191);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << DQL::AS)
          | (1ULL << DQL::ANALYZE)
          | (1ULL << DQL::ASC)
          | (1ULL << DQL::AUTO)
          | (1ULL << DQL::CLOSURE)
          | (1ULL << DQL::CONFIG)
          | (1ULL << DQL::DESC)
          | (1ULL << DQL::ESCAPE)
          | (1ULL << DQL::FIRST)
          | (1ULL << DQL::IF)
          | (1ULL << DQL::LAST)
          | (1ULL << DQL::NAN_)
          | (1ULL << DQL::NEXT)
          | (1ULL << DQL::NULLS)
          | (1ULL << DQL::OFFSET)
          | (1ULL << DQL::PREV)
          | (1ULL << DQL::QUERY)
          | (1ULL << DQL::REPLACE)
          | (1ULL << DQL::IDENTIFIER)
          | (1ULL << DQL::QUOTED))) != 0)) {
          setState(190);
          alias();
        }
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- AliasContext ------------------------------------------------------------------

DQL::AliasContext::AliasContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::AliasContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::AliasContext::AS() {
  return getToken(DQL::AS, 0);
}


size_t DQL::AliasContext::getRuleIndex() const {
  return DQL::RuleAlias;
}


DQL::AliasContext* DQL::alias() {
  AliasContext *_localctx = _tracker.createInstance<AliasContext>(_ctx, getState());
  enterRule(_localctx, 14, DQL::RuleAlias);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(196);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::AS) {
      setState(195);
      match(DQL::AS);
    }
    setState(198);
    name();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- OrderContext ------------------------------------------------------------------

DQL::OrderContext::OrderContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::ExpressionContext* DQL::OrderContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

tree::TerminalNode* DQL::OrderContext::NULLS() {
  return getToken(DQL::NULLS, 0);
}

tree::TerminalNode* DQL::OrderContext::ASC() {
  return getToken(DQL::ASC, 0);
}

tree::TerminalNode* DQL::OrderContext::DESC() {
  return getToken(DQL::DESC, 0);
}

tree::TerminalNode* DQL::OrderContext::FIRST() {
  return getToken(DQL::FIRST, 0);
}

tree::TerminalNode* DQL::OrderContext::LAST() {
  return getToken(DQL::LAST, 0);
}


size_t DQL::OrderContext::getRuleIndex() const {
  return DQL::RuleOrder;
}


DQL::OrderContext* DQL::order() {
  OrderContext *_localctx = _tracker.createInstance<OrderContext>(_ctx, getState());
  enterRule(_localctx, 16, DQL::RuleOrder);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(200);
    expression();
    setState(202);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ASC

    || _la == DQL::DESC) {
      setState(201);
      _la = _input->LA(1);
      if (!(_la == DQL::ASC

      || _la == DQL::DESC)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
    }
    setState(206);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::NULLS) {
      setState(204);
      match(DQL::NULLS);
      setState(205);
      _la = _input->LA(1);
      if (!(_la == DQL::FIRST

      || _la == DQL::LAST)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SourcesContext ------------------------------------------------------------------

DQL::SourcesContext::SourcesContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::SourceContext *> DQL::SourcesContext::source() {
  return getRuleContexts<DQL::SourceContext>();
}

DQL::SourceContext* DQL::SourcesContext::source(size_t i) {
  return getRuleContext<DQL::SourceContext>(i);
}

std::vector<tree::TerminalNode *> DQL::SourcesContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::SourcesContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

std::vector<DQL::JoinedContext *> DQL::SourcesContext::joined() {
  return getRuleContexts<DQL::JoinedContext>();
}

DQL::JoinedContext* DQL::SourcesContext::joined(size_t i) {
  return getRuleContext<DQL::JoinedContext>(i);
}


size_t DQL::SourcesContext::getRuleIndex() const {
  return DQL::RuleSources;
}


DQL::SourcesContext* DQL::sources() {
  SourcesContext *_localctx = _tracker.createInstance<SourcesContext>(_ctx, getState());
  enterRule(_localctx, 18, DQL::RuleSources);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(208);
    source();
    setState(214);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 28, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(212);
        _errHandler->sync(this);
        switch (_input->LA(1)) {
          case DQL::COMMA: {
            setState(209);
            match(DQL::COMMA);
            setState(210);
            source();
            break;
          }

          case DQL::INNER:
          case DQL::JOIN:
          case DQL::LEFT: {
            setState(211);
            joined();
            break;
          }

        default:
          throw NoViableAltException(this);
        } 
      }
      setState(216);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 28, _ctx);
    }
    setState(218);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(217);
      match(DQL::COMMA);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- JoinedContext ------------------------------------------------------------------

DQL::JoinedContext::JoinedContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::JoinedContext::JOIN() {
  return getToken(DQL::JOIN, 0);
}

DQL::SourceContext* DQL::JoinedContext::source() {
  return getRuleContext<DQL::SourceContext>(0);
}

tree::TerminalNode* DQL::JoinedContext::ON() {
  return getToken(DQL::ON, 0);
}

DQL::ExpressionContext* DQL::JoinedContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

tree::TerminalNode* DQL::JoinedContext::INNER() {
  return getToken(DQL::INNER, 0);
}

tree::TerminalNode* DQL::JoinedContext::LEFT() {
  return getToken(DQL::LEFT, 0);
}


size_t DQL::JoinedContext::getRuleIndex() const {
  return DQL::RuleJoined;
}


DQL::JoinedContext* DQL::joined() {
  JoinedContext *_localctx = _tracker.createInstance<JoinedContext>(_ctx, getState());
  enterRule(_localctx, 20, DQL::RuleJoined);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(221);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::INNER

    || _la == DQL::LEFT) {
      setState(220);
      _la = _input->LA(1);
      if (!(_la == DQL::INNER

      || _la == DQL::LEFT)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
    }
    setState(223);
    match(DQL::JOIN);
    setState(224);
    source();
    setState(227);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ON) {
      setState(225);
      match(DQL::ON);
      setState(226);
      expression();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SourceContext ------------------------------------------------------------------

DQL::SourceContext::SourceContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::SourceContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::SourceContext::AT() {
  return getToken(DQL::AT, 0);
}

DQL::MemberNameContext* DQL::SourceContext::memberName() {
  return getRuleContext<DQL::MemberNameContext>(0);
}

DQL::AliasContext* DQL::SourceContext::alias() {
  return getRuleContext<DQL::AliasContext>(0);
}

tree::TerminalNode* DQL::SourceContext::TEXT() {
  return getToken(DQL::TEXT, 0);
}

tree::TerminalNode* DQL::SourceContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

tree::TerminalNode* DQL::SourceContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

DQL::ArgumentsContext* DQL::SourceContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}

DQL::QueryContext* DQL::SourceContext::query() {
  return getRuleContext<DQL::QueryContext>(0);
}


size_t DQL::SourceContext::getRuleIndex() const {
  return DQL::RuleSource;
}


DQL::SourceContext* DQL::source() {
  SourceContext *_localctx = _tracker.createInstance<SourceContext>(_ctx, getState());
  enterRule(_localctx, 22, DQL::RuleSource);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(260);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 39, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(229);
      name();
      setState(232);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::AT) {
        setState(230);
        match(DQL::AT);
        setState(231);
        memberName();
      }
      setState(235);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << DQL::AS)
        | (1ULL << DQL::ANALYZE)
        | (1ULL << DQL::ASC)
        | (1ULL << DQL::AUTO)
        | (1ULL << DQL::CLOSURE)
        | (1ULL << DQL::CONFIG)
        | (1ULL << DQL::DESC)
        | (1ULL << DQL::ESCAPE)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::IDENTIFIER)
        | (1ULL << DQL::QUOTED))) != 0)) {
        setState(234);
        alias();
      }
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(237);
      match(DQL::TEXT);
      setState(240);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::AT) {
        setState(238);
        match(DQL::AT);
        setState(239);
        memberName();
      }
      setState(243);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << DQL::AS)
        | (1ULL << DQL::ANALYZE)
        | (1ULL << DQL::ASC)
        | (1ULL << DQL::AUTO)
        | (1ULL << DQL::CLOSURE)
        | (1ULL << DQL::CONFIG)
        | (1ULL << DQL::DESC)
        | (1ULL << DQL::ESCAPE)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::IDENTIFIER)
        | (1ULL << DQL::QUOTED))) != 0)) {
        setState(242);
        alias();
      }
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(245);
      name();
      setState(246);
      match(DQL::LPAREN);
      setState(248);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << DQL::ALL)
        | (1ULL << DQL::EXISTS)
        | (1ULL << DQL::FALSE)
        | (1ULL << DQL::NOT)
        | (1ULL << DQL::NULL_)
        | (1ULL << DQL::TRUE)
        | (1ULL << DQL::ANALYZE)
        | (1ULL << DQL::ASC)
        | (1ULL << DQL::AUTO)
        | (1ULL << DQL::CLOSURE)
        | (1ULL << DQL::CONFIG)
        | (1ULL << DQL::DESC)
        | (1ULL << DQL::ESCAPE)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::IDENTIFIER)
        | (1ULL << DQL::QUOTED)
        | (1ULL << DQL::TEXT)
        | (1ULL << DQL::INTEGER)
        | (1ULL << DQL::REAL)
        | (1ULL << DQL::PARAMETER))) != 0) || ((((_la - 66) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 66)) & ((1ULL << (DQL::LPAREN - 66))
        | (1ULL << (DQL::LBRACKET - 66))
        | (1ULL << (DQL::PLUS - 66))
        | (1ULL << (DQL::MINUS - 66)))) != 0)) {
        setState(247);
        arguments();
      }
      setState(250);
      match(DQL::RPAREN);
      setState(252);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << DQL::AS)
        | (1ULL << DQL::ANALYZE)
        | (1ULL << DQL::ASC)
        | (1ULL << DQL::AUTO)
        | (1ULL << DQL::CLOSURE)
        | (1ULL << DQL::CONFIG)
        | (1ULL << DQL::DESC)
        | (1ULL << DQL::ESCAPE)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::IDENTIFIER)
        | (1ULL << DQL::QUOTED))) != 0)) {
        setState(251);
        alias();
      }
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(254);
      match(DQL::LPAREN);
      setState(255);
      query();
      setState(256);
      match(DQL::RPAREN);
      setState(258);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << DQL::AS)
        | (1ULL << DQL::ANALYZE)
        | (1ULL << DQL::ASC)
        | (1ULL << DQL::AUTO)
        | (1ULL << DQL::CLOSURE)
        | (1ULL << DQL::CONFIG)
        | (1ULL << DQL::DESC)
        | (1ULL << DQL::ESCAPE)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::IDENTIFIER)
        | (1ULL << DQL::QUOTED))) != 0)) {
        setState(257);
        alias();
      }
      break;
    }

    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SliceContext ------------------------------------------------------------------

DQL::SliceContext::SliceContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::SliceContext::SLICE() {
  return getToken(DQL::SLICE, 0);
}

DQL::NameContext* DQL::SliceContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::SliceContext::FROM() {
  return getToken(DQL::FROM, 0);
}

DQL::SourcesContext* DQL::SliceContext::sources() {
  return getRuleContext<DQL::SourcesContext>(0);
}

tree::TerminalNode* DQL::SliceContext::MUTATE() {
  return getToken(DQL::MUTATE, 0);
}

std::vector<DQL::SliceEndContext *> DQL::SliceContext::sliceEnd() {
  return getRuleContexts<DQL::SliceEndContext>();
}

DQL::SliceEndContext* DQL::SliceContext::sliceEnd(size_t i) {
  return getRuleContext<DQL::SliceEndContext>(i);
}

tree::TerminalNode* DQL::SliceContext::WHERE() {
  return getToken(DQL::WHERE, 0);
}

DQL::ExpressionContext* DQL::SliceContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

std::vector<tree::TerminalNode *> DQL::SliceContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::SliceContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

tree::TerminalNode* DQL::SliceContext::WITH() {
  return getToken(DQL::WITH, 0);
}

tree::TerminalNode* DQL::SliceContext::CLOSURE() {
  return getToken(DQL::CLOSURE, 0);
}

std::vector<tree::TerminalNode *> DQL::SliceContext::AND() {
  return getTokens(DQL::AND);
}

tree::TerminalNode* DQL::SliceContext::AND(size_t i) {
  return getToken(DQL::AND, i);
}


size_t DQL::SliceContext::getRuleIndex() const {
  return DQL::RuleSlice;
}


DQL::SliceContext* DQL::slice() {
  SliceContext *_localctx = _tracker.createInstance<SliceContext>(_ctx, getState());
  enterRule(_localctx, 24, DQL::RuleSlice);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(262);
    match(DQL::SLICE);
    setState(263);
    name();
    setState(264);
    match(DQL::FROM);
    setState(265);
    sources();
    setState(268);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(266);
      match(DQL::WHERE);
      setState(267);
      expression();
    }
    setState(270);
    match(DQL::MUTATE);
    setState(271);
    sliceEnd();
    setState(276);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 41, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(272);
        _la = _input->LA(1);
        if (!(_la == DQL::AND

        || _la == DQL::COMMA)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(273);
        sliceEnd(); 
      }
      setState(278);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 41, _ctx);
    }
    setState(280);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(279);
      match(DQL::COMMA);
    }
    setState(284);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WITH) {
      setState(282);
      match(DQL::WITH);
      setState(283);
      match(DQL::CLOSURE);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SliceEndContext ------------------------------------------------------------------

DQL::SliceEndContext::SliceEndContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::SliceEndContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::SliceEndContext::DOT() {
  return getToken(DQL::DOT, 0);
}

DQL::MemberNameContext* DQL::SliceEndContext::memberName() {
  return getRuleContext<DQL::MemberNameContext>(0);
}

tree::TerminalNode* DQL::SliceEndContext::EQUAL() {
  return getToken(DQL::EQUAL, 0);
}

DQL::NodesContext* DQL::SliceEndContext::nodes() {
  return getRuleContext<DQL::NodesContext>(0);
}


size_t DQL::SliceEndContext::getRuleIndex() const {
  return DQL::RuleSliceEnd;
}


DQL::SliceEndContext* DQL::sliceEnd() {
  SliceEndContext *_localctx = _tracker.createInstance<SliceEndContext>(_ctx, getState());
  enterRule(_localctx, 26, DQL::RuleSliceEnd);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(286);
    name();
    setState(287);
    match(DQL::DOT);
    setState(288);
    memberName();
    setState(289);
    match(DQL::EQUAL);
    setState(290);
    nodes();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ConstructContext ------------------------------------------------------------------

DQL::ConstructContext::ConstructContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::ConstructContext::CONSTRUCT() {
  return getToken(DQL::CONSTRUCT, 0);
}

DQL::NameContext* DQL::ConstructContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::ConstructContext::FROM() {
  return getToken(DQL::FROM, 0);
}

DQL::SourcesContext* DQL::ConstructContext::sources() {
  return getRuleContext<DQL::SourcesContext>(0);
}

tree::TerminalNode* DQL::ConstructContext::MUTATE() {
  return getToken(DQL::MUTATE, 0);
}

std::vector<DQL::EditContext *> DQL::ConstructContext::edit() {
  return getRuleContexts<DQL::EditContext>();
}

DQL::EditContext* DQL::ConstructContext::edit(size_t i) {
  return getRuleContext<DQL::EditContext>(i);
}

tree::TerminalNode* DQL::ConstructContext::WHERE() {
  return getToken(DQL::WHERE, 0);
}

DQL::ExpressionContext* DQL::ConstructContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

std::vector<tree::TerminalNode *> DQL::ConstructContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::ConstructContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

std::vector<tree::TerminalNode *> DQL::ConstructContext::AND() {
  return getTokens(DQL::AND);
}

tree::TerminalNode* DQL::ConstructContext::AND(size_t i) {
  return getToken(DQL::AND, i);
}


size_t DQL::ConstructContext::getRuleIndex() const {
  return DQL::RuleConstruct;
}


DQL::ConstructContext* DQL::construct() {
  ConstructContext *_localctx = _tracker.createInstance<ConstructContext>(_ctx, getState());
  enterRule(_localctx, 28, DQL::RuleConstruct);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(292);
    match(DQL::CONSTRUCT);
    setState(293);
    name();
    setState(294);
    match(DQL::FROM);
    setState(295);
    sources();
    setState(298);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(296);
      match(DQL::WHERE);
      setState(297);
      expression();
    }
    setState(300);
    match(DQL::MUTATE);
    setState(301);
    edit();
    setState(306);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 45, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(302);
        _la = _input->LA(1);
        if (!(_la == DQL::AND

        || _la == DQL::COMMA)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(303);
        edit(); 
      }
      setState(308);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 45, _ctx);
    }
    setState(310);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(309);
      match(DQL::COMMA);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- EditContext ------------------------------------------------------------------

DQL::EditContext::EditContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::NodesContext *> DQL::EditContext::nodes() {
  return getRuleContexts<DQL::NodesContext>();
}

DQL::NodesContext* DQL::EditContext::nodes(size_t i) {
  return getRuleContext<DQL::NodesContext>(i);
}

tree::TerminalNode* DQL::EditContext::EQUAL() {
  return getToken(DQL::EQUAL, 0);
}

tree::TerminalNode* DQL::EditContext::KEEP() {
  return getToken(DQL::KEEP, 0);
}

tree::TerminalNode* DQL::EditContext::INTEGER() {
  return getToken(DQL::INTEGER, 0);
}

DQL::NodeTemplateContext* DQL::EditContext::nodeTemplate() {
  return getRuleContext<DQL::NodeTemplateContext>(0);
}


size_t DQL::EditContext::getRuleIndex() const {
  return DQL::RuleEdit;
}


DQL::EditContext* DQL::edit() {
  EditContext *_localctx = _tracker.createInstance<EditContext>(_ctx, getState());
  enterRule(_localctx, 30, DQL::RuleEdit);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(312);
    nodes();
    setState(318);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::EQUAL) {
      setState(313);
      match(DQL::EQUAL);
      setState(316);
      _errHandler->sync(this);
      switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 47, _ctx)) {
      case 1: {
        setState(314);
        nodeTemplate();
        break;
      }

      case 2: {
        setState(315);
        dynamic_cast<EditContext *>(_localctx)->value = nodes();
        break;
      }

      }
    }
    setState(322);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::KEEP) {
      setState(320);
      match(DQL::KEEP);
      setState(321);
      match(DQL::INTEGER);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NodesContext ------------------------------------------------------------------

DQL::NodesContext::NodesContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::NodesContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

std::vector<DQL::PostfixContext *> DQL::NodesContext::postfix() {
  return getRuleContexts<DQL::PostfixContext>();
}

DQL::PostfixContext* DQL::NodesContext::postfix(size_t i) {
  return getRuleContext<DQL::PostfixContext>(i);
}


size_t DQL::NodesContext::getRuleIndex() const {
  return DQL::RuleNodes;
}


DQL::NodesContext* DQL::nodes() {
  NodesContext *_localctx = _tracker.createInstance<NodesContext>(_ctx, getState());
  enterRule(_localctx, 32, DQL::RuleNodes);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(324);
    name();
    setState(326); 
    _errHandler->sync(this);
    _la = _input->LA(1);
    do {
      setState(325);
      postfix();
      setState(328); 
      _errHandler->sync(this);
      _la = _input->LA(1);
    } while (((((_la - 65) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 65)) & ((1ULL << (DQL::DOT - 65))
      | (1ULL << (DQL::LBRACKET - 65))
      | (1ULL << (DQL::AT - 65)))) != 0));
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- EvaluateContext ------------------------------------------------------------------

DQL::EvaluateContext::EvaluateContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::EvaluateContext::EVALUATE() {
  return getToken(DQL::EVALUATE, 0);
}

DQL::NameContext* DQL::EvaluateContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::EvaluateContext::FROM() {
  return getToken(DQL::FROM, 0);
}

DQL::SourceContext* DQL::EvaluateContext::source() {
  return getRuleContext<DQL::SourceContext>(0);
}

tree::TerminalNode* DQL::EvaluateContext::WITH() {
  return getToken(DQL::WITH, 0);
}

tree::TerminalNode* DQL::EvaluateContext::CONFIG() {
  return getToken(DQL::CONFIG, 0);
}

tree::TerminalNode* DQL::EvaluateContext::EQUAL() {
  return getToken(DQL::EQUAL, 0);
}

tree::TerminalNode* DQL::EvaluateContext::TEXT() {
  return getToken(DQL::TEXT, 0);
}

tree::TerminalNode* DQL::EvaluateContext::VARY() {
  return getToken(DQL::VARY, 0);
}

std::vector<DQL::DimensionContext *> DQL::EvaluateContext::dimension() {
  return getRuleContexts<DQL::DimensionContext>();
}

DQL::DimensionContext* DQL::EvaluateContext::dimension(size_t i) {
  return getRuleContext<DQL::DimensionContext>(i);
}

tree::TerminalNode* DQL::EvaluateContext::KEEP() {
  return getToken(DQL::KEEP, 0);
}

std::vector<DQL::CallContext *> DQL::EvaluateContext::call() {
  return getRuleContexts<DQL::CallContext>();
}

DQL::CallContext* DQL::EvaluateContext::call(size_t i) {
  return getRuleContext<DQL::CallContext>(i);
}

std::vector<tree::TerminalNode *> DQL::EvaluateContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::EvaluateContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

std::vector<tree::TerminalNode *> DQL::EvaluateContext::AND() {
  return getTokens(DQL::AND);
}

tree::TerminalNode* DQL::EvaluateContext::AND(size_t i) {
  return getToken(DQL::AND, i);
}


size_t DQL::EvaluateContext::getRuleIndex() const {
  return DQL::RuleEvaluate;
}


DQL::EvaluateContext* DQL::evaluate() {
  EvaluateContext *_localctx = _tracker.createInstance<EvaluateContext>(_ctx, getState());
  enterRule(_localctx, 34, DQL::RuleEvaluate);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(330);
    match(DQL::EVALUATE);
    setState(331);
    name();
    setState(332);
    match(DQL::FROM);
    setState(333);
    source();
    setState(338);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WITH) {
      setState(334);
      match(DQL::WITH);
      setState(335);
      match(DQL::CONFIG);
      setState(336);
      match(DQL::EQUAL);
      setState(337);
      match(DQL::TEXT);
    }
    setState(352);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::VARY) {
      setState(340);
      match(DQL::VARY);
      setState(341);
      dimension();
      setState(346);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 52, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(342);
          _la = _input->LA(1);
          if (!(_la == DQL::AND

          || _la == DQL::COMMA)) {
          _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(343);
          dimension(); 
        }
        setState(348);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 52, _ctx);
      }
      setState(350);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(349);
        match(DQL::COMMA);
      }
    }
    setState(366);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::KEEP) {
      setState(354);
      match(DQL::KEEP);
      setState(355);
      call();
      setState(360);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 55, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(356);
          _la = _input->LA(1);
          if (!(_la == DQL::AND

          || _la == DQL::COMMA)) {
          _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(357);
          call(); 
        }
        setState(362);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 55, _ctx);
      }
      setState(364);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(363);
        match(DQL::COMMA);
      }
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DimensionContext ------------------------------------------------------------------

DQL::DimensionContext::DimensionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::DimensionContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::DimensionContext::IN() {
  return getToken(DQL::IN, 0);
}

tree::TerminalNode* DQL::DimensionContext::AUTO() {
  return getToken(DQL::AUTO, 0);
}

std::vector<DQL::PostfixContext *> DQL::DimensionContext::postfix() {
  return getRuleContexts<DQL::PostfixContext>();
}

DQL::PostfixContext* DQL::DimensionContext::postfix(size_t i) {
  return getRuleContext<DQL::PostfixContext>(i);
}

DQL::ListContext* DQL::DimensionContext::list() {
  return getRuleContext<DQL::ListContext>(0);
}

tree::TerminalNode* DQL::DimensionContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

tree::TerminalNode* DQL::DimensionContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

DQL::ArgumentsContext* DQL::DimensionContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}


size_t DQL::DimensionContext::getRuleIndex() const {
  return DQL::RuleDimension;
}


DQL::DimensionContext* DQL::dimension() {
  DimensionContext *_localctx = _tracker.createInstance<DimensionContext>(_ctx, getState());
  enterRule(_localctx, 36, DQL::RuleDimension);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(368);
    name();
    setState(372);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (((((_la - 65) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 65)) & ((1ULL << (DQL::DOT - 65))
      | (1ULL << (DQL::LBRACKET - 65))
      | (1ULL << (DQL::AT - 65)))) != 0)) {
      setState(369);
      postfix();
      setState(374);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(385);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::IN: {
        setState(375);
        match(DQL::IN);
        setState(382);
        _errHandler->sync(this);
        switch (_input->LA(1)) {
          case DQL::LBRACKET: {
            setState(376);
            list();
            break;
          }

          case DQL::LPAREN: {
            setState(377);
            match(DQL::LPAREN);
            setState(379);
            _errHandler->sync(this);

            _la = _input->LA(1);
            if ((((_la & ~ 0x3fULL) == 0) &&
              ((1ULL << _la) & ((1ULL << DQL::ALL)
              | (1ULL << DQL::EXISTS)
              | (1ULL << DQL::FALSE)
              | (1ULL << DQL::NOT)
              | (1ULL << DQL::NULL_)
              | (1ULL << DQL::TRUE)
              | (1ULL << DQL::ANALYZE)
              | (1ULL << DQL::ASC)
              | (1ULL << DQL::AUTO)
              | (1ULL << DQL::CLOSURE)
              | (1ULL << DQL::CONFIG)
              | (1ULL << DQL::DESC)
              | (1ULL << DQL::ESCAPE)
              | (1ULL << DQL::FIRST)
              | (1ULL << DQL::IF)
              | (1ULL << DQL::LAST)
              | (1ULL << DQL::NAN_)
              | (1ULL << DQL::NEXT)
              | (1ULL << DQL::NULLS)
              | (1ULL << DQL::OFFSET)
              | (1ULL << DQL::PREV)
              | (1ULL << DQL::QUERY)
              | (1ULL << DQL::REPLACE)
              | (1ULL << DQL::IDENTIFIER)
              | (1ULL << DQL::QUOTED)
              | (1ULL << DQL::TEXT)
              | (1ULL << DQL::INTEGER)
              | (1ULL << DQL::REAL)
              | (1ULL << DQL::PARAMETER))) != 0) || ((((_la - 66) & ~ 0x3fULL) == 0) &&
              ((1ULL << (_la - 66)) & ((1ULL << (DQL::LPAREN - 66))
              | (1ULL << (DQL::LBRACKET - 66))
              | (1ULL << (DQL::PLUS - 66))
              | (1ULL << (DQL::MINUS - 66)))) != 0)) {
              setState(378);
              arguments();
            }
            setState(381);
            match(DQL::RPAREN);
            break;
          }

        default:
          throw NoViableAltException(this);
        }
        break;
      }

      case DQL::AUTO: {
        setState(384);
        match(DQL::AUTO);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ExpressionContext ------------------------------------------------------------------

DQL::ExpressionContext::ExpressionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::ConjunctionContext *> DQL::ExpressionContext::conjunction() {
  return getRuleContexts<DQL::ConjunctionContext>();
}

DQL::ConjunctionContext* DQL::ExpressionContext::conjunction(size_t i) {
  return getRuleContext<DQL::ConjunctionContext>(i);
}

std::vector<tree::TerminalNode *> DQL::ExpressionContext::OR() {
  return getTokens(DQL::OR);
}

tree::TerminalNode* DQL::ExpressionContext::OR(size_t i) {
  return getToken(DQL::OR, i);
}


size_t DQL::ExpressionContext::getRuleIndex() const {
  return DQL::RuleExpression;
}


DQL::ExpressionContext* DQL::expression() {
  ExpressionContext *_localctx = _tracker.createInstance<ExpressionContext>(_ctx, getState());
  enterRule(_localctx, 38, DQL::RuleExpression);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(387);
    conjunction();
    setState(392);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == DQL::OR) {
      setState(388);
      match(DQL::OR);
      setState(389);
      conjunction();
      setState(394);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ConjunctionContext ------------------------------------------------------------------

DQL::ConjunctionContext::ConjunctionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::NegationContext *> DQL::ConjunctionContext::negation() {
  return getRuleContexts<DQL::NegationContext>();
}

DQL::NegationContext* DQL::ConjunctionContext::negation(size_t i) {
  return getRuleContext<DQL::NegationContext>(i);
}

std::vector<tree::TerminalNode *> DQL::ConjunctionContext::AND() {
  return getTokens(DQL::AND);
}

tree::TerminalNode* DQL::ConjunctionContext::AND(size_t i) {
  return getToken(DQL::AND, i);
}


size_t DQL::ConjunctionContext::getRuleIndex() const {
  return DQL::RuleConjunction;
}


DQL::ConjunctionContext* DQL::conjunction() {
  ConjunctionContext *_localctx = _tracker.createInstance<ConjunctionContext>(_ctx, getState());
  enterRule(_localctx, 40, DQL::RuleConjunction);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(395);
    negation();
    setState(400);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == DQL::AND) {
      setState(396);
      match(DQL::AND);
      setState(397);
      negation();
      setState(402);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NegationContext ------------------------------------------------------------------

DQL::NegationContext::NegationContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::NegationContext::NOT() {
  return getToken(DQL::NOT, 0);
}

DQL::NegationContext* DQL::NegationContext::negation() {
  return getRuleContext<DQL::NegationContext>(0);
}

DQL::ConditionContext* DQL::NegationContext::condition() {
  return getRuleContext<DQL::ConditionContext>(0);
}


size_t DQL::NegationContext::getRuleIndex() const {
  return DQL::RuleNegation;
}


DQL::NegationContext* DQL::negation() {
  NegationContext *_localctx = _tracker.createInstance<NegationContext>(_ctx, getState());
  enterRule(_localctx, 42, DQL::RuleNegation);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(406);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::NOT: {
        enterOuterAlt(_localctx, 1);
        setState(403);
        match(DQL::NOT);
        setState(404);
        negation();
        break;
      }

      case DQL::ALL:
      case DQL::EXISTS:
      case DQL::FALSE:
      case DQL::NULL_:
      case DQL::TRUE:
      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::TEXT:
      case DQL::INTEGER:
      case DQL::REAL:
      case DQL::PARAMETER:
      case DQL::LPAREN:
      case DQL::LBRACKET:
      case DQL::PLUS:
      case DQL::MINUS: {
        enterOuterAlt(_localctx, 2);
        setState(405);
        condition();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ConditionContext ------------------------------------------------------------------

DQL::ConditionContext::ConditionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::OperandContext* DQL::ConditionContext::operand() {
  return getRuleContext<DQL::OperandContext>(0);
}

tree::TerminalNode* DQL::ConditionContext::ALL() {
  return getToken(DQL::ALL, 0);
}

DQL::PredicateContext* DQL::ConditionContext::predicate() {
  return getRuleContext<DQL::PredicateContext>(0);
}


size_t DQL::ConditionContext::getRuleIndex() const {
  return DQL::RuleCondition;
}


DQL::ConditionContext* DQL::condition() {
  ConditionContext *_localctx = _tracker.createInstance<ConditionContext>(_ctx, getState());
  enterRule(_localctx, 44, DQL::RuleCondition);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(409);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ALL) {
      setState(408);
      match(DQL::ALL);
    }
    setState(411);
    operand();
    setState(413);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << DQL::BETWEEN)
      | (1ULL << DQL::EXISTS)
      | (1ULL << DQL::HAS)
      | (1ULL << DQL::ILIKE)
      | (1ULL << DQL::IN)
      | (1ULL << DQL::IS)
      | (1ULL << DQL::LIKE)
      | (1ULL << DQL::NOT))) != 0) || ((((_la - 76) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 76)) & ((1ULL << (DQL::EQUAL - 76))
      | (1ULL << (DQL::NOT_EQUAL - 76))
      | (1ULL << (DQL::LESS - 76))
      | (1ULL << (DQL::LESS_EQUAL - 76))
      | (1ULL << (DQL::GREATER - 76))
      | (1ULL << (DQL::GREATER_EQUAL - 76))
      | (1ULL << (DQL::TILDE - 76)))) != 0)) {
      setState(412);
      predicate();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PredicateContext ------------------------------------------------------------------

DQL::PredicateContext::PredicateContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::OperandContext *> DQL::PredicateContext::operand() {
  return getRuleContexts<DQL::OperandContext>();
}

DQL::OperandContext* DQL::PredicateContext::operand(size_t i) {
  return getRuleContext<DQL::OperandContext>(i);
}

tree::TerminalNode* DQL::PredicateContext::EQUAL() {
  return getToken(DQL::EQUAL, 0);
}

tree::TerminalNode* DQL::PredicateContext::NOT_EQUAL() {
  return getToken(DQL::NOT_EQUAL, 0);
}

tree::TerminalNode* DQL::PredicateContext::LESS() {
  return getToken(DQL::LESS, 0);
}

tree::TerminalNode* DQL::PredicateContext::LESS_EQUAL() {
  return getToken(DQL::LESS_EQUAL, 0);
}

tree::TerminalNode* DQL::PredicateContext::GREATER() {
  return getToken(DQL::GREATER, 0);
}

tree::TerminalNode* DQL::PredicateContext::GREATER_EQUAL() {
  return getToken(DQL::GREATER_EQUAL, 0);
}

tree::TerminalNode* DQL::PredicateContext::LIKE() {
  return getToken(DQL::LIKE, 0);
}

tree::TerminalNode* DQL::PredicateContext::ILIKE() {
  return getToken(DQL::ILIKE, 0);
}

tree::TerminalNode* DQL::PredicateContext::NOT() {
  return getToken(DQL::NOT, 0);
}

tree::TerminalNode* DQL::PredicateContext::ESCAPE() {
  return getToken(DQL::ESCAPE, 0);
}

tree::TerminalNode* DQL::PredicateContext::TILDE() {
  return getToken(DQL::TILDE, 0);
}

tree::TerminalNode* DQL::PredicateContext::BETWEEN() {
  return getToken(DQL::BETWEEN, 0);
}

tree::TerminalNode* DQL::PredicateContext::AND() {
  return getToken(DQL::AND, 0);
}

tree::TerminalNode* DQL::PredicateContext::IN() {
  return getToken(DQL::IN, 0);
}

DQL::MembersContext* DQL::PredicateContext::members() {
  return getRuleContext<DQL::MembersContext>(0);
}

tree::TerminalNode* DQL::PredicateContext::HAS() {
  return getToken(DQL::HAS, 0);
}

DQL::NodeTemplateContext* DQL::PredicateContext::nodeTemplate() {
  return getRuleContext<DQL::NodeTemplateContext>(0);
}

tree::TerminalNode* DQL::PredicateContext::IS() {
  return getToken(DQL::IS, 0);
}

tree::TerminalNode* DQL::PredicateContext::NULL_() {
  return getToken(DQL::NULL_, 0);
}

tree::TerminalNode* DQL::PredicateContext::NAN_() {
  return getToken(DQL::NAN_, 0);
}

tree::TerminalNode* DQL::PredicateContext::EXISTS() {
  return getToken(DQL::EXISTS, 0);
}


size_t DQL::PredicateContext::getRuleIndex() const {
  return DQL::RulePredicate;
}


DQL::PredicateContext* DQL::predicate() {
  PredicateContext *_localctx = _tracker.createInstance<PredicateContext>(_ctx, getState());
  enterRule(_localctx, 46, DQL::RulePredicate);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(455);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 74, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(415);
      _la = _input->LA(1);
      if (!(((((_la - 76) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 76)) & ((1ULL << (DQL::EQUAL - 76))
        | (1ULL << (DQL::NOT_EQUAL - 76))
        | (1ULL << (DQL::LESS - 76))
        | (1ULL << (DQL::LESS_EQUAL - 76))
        | (1ULL << (DQL::GREATER - 76))
        | (1ULL << (DQL::GREATER_EQUAL - 76)))) != 0))) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(416);
      operand();
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(418);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(417);
        match(DQL::NOT);
      }
      setState(420);
      _la = _input->LA(1);
      if (!(_la == DQL::ILIKE

      || _la == DQL::LIKE)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(421);
      operand();
      setState(424);
      _errHandler->sync(this);

      switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 68, _ctx)) {
      case 1: {
        setState(422);
        match(DQL::ESCAPE);
        setState(423);
        operand();
        break;
      }

      }
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(427);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(426);
        match(DQL::NOT);
      }
      setState(429);
      match(DQL::TILDE);
      setState(430);
      operand();
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(432);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(431);
        match(DQL::NOT);
      }
      setState(434);
      match(DQL::BETWEEN);
      setState(435);
      operand();
      setState(436);
      match(DQL::AND);
      setState(437);
      operand();
      break;
    }

    case 5: {
      enterOuterAlt(_localctx, 5);
      setState(440);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(439);
        match(DQL::NOT);
      }
      setState(442);
      match(DQL::IN);
      setState(443);
      members();
      break;
    }

    case 6: {
      enterOuterAlt(_localctx, 6);
      setState(445);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(444);
        match(DQL::NOT);
      }
      setState(447);
      match(DQL::HAS);
      setState(448);
      nodeTemplate();
      break;
    }

    case 7: {
      enterOuterAlt(_localctx, 7);
      setState(449);
      match(DQL::IS);
      setState(451);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(450);
        match(DQL::NOT);
      }
      setState(453);
      _la = _input->LA(1);
      if (!(_la == DQL::NULL_

      || _la == DQL::NAN_)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      break;
    }

    case 8: {
      enterOuterAlt(_localctx, 8);
      setState(454);
      match(DQL::EXISTS);
      break;
    }

    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MembersContext ------------------------------------------------------------------

DQL::MembersContext::MembersContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::MembersContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

tree::TerminalNode* DQL::MembersContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

DQL::QueryContext* DQL::MembersContext::query() {
  return getRuleContext<DQL::QueryContext>(0);
}

DQL::ArgumentsContext* DQL::MembersContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}

DQL::ListContext* DQL::MembersContext::list() {
  return getRuleContext<DQL::ListContext>(0);
}

DQL::CallContext* DQL::MembersContext::call() {
  return getRuleContext<DQL::CallContext>(0);
}

DQL::NameContext* DQL::MembersContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::MembersContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}

std::vector<DQL::PostfixContext *> DQL::MembersContext::postfix() {
  return getRuleContexts<DQL::PostfixContext>();
}

DQL::PostfixContext* DQL::MembersContext::postfix(size_t i) {
  return getRuleContext<DQL::PostfixContext>(i);
}


size_t DQL::MembersContext::getRuleIndex() const {
  return DQL::RuleMembers;
}


DQL::MembersContext* DQL::members() {
  MembersContext *_localctx = _tracker.createInstance<MembersContext>(_ctx, getState());
  enterRule(_localctx, 48, DQL::RuleMembers);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    setState(477);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::LPAREN: {
        enterOuterAlt(_localctx, 1);
        setState(457);
        match(DQL::LPAREN);
        setState(462);
        _errHandler->sync(this);
        switch (_input->LA(1)) {
          case DQL::CONSTRUCT:
          case DQL::EVALUATE:
          case DQL::SELECT:
          case DQL::SLICE: {
            setState(458);
            query();
            break;
          }

          case DQL::ALL:
          case DQL::EXISTS:
          case DQL::FALSE:
          case DQL::NOT:
          case DQL::NULL_:
          case DQL::TRUE:
          case DQL::ANALYZE:
          case DQL::ASC:
          case DQL::AUTO:
          case DQL::CLOSURE:
          case DQL::CONFIG:
          case DQL::DESC:
          case DQL::ESCAPE:
          case DQL::FIRST:
          case DQL::IF:
          case DQL::LAST:
          case DQL::NAN_:
          case DQL::NEXT:
          case DQL::NULLS:
          case DQL::OFFSET:
          case DQL::PREV:
          case DQL::QUERY:
          case DQL::REPLACE:
          case DQL::IDENTIFIER:
          case DQL::QUOTED:
          case DQL::TEXT:
          case DQL::INTEGER:
          case DQL::REAL:
          case DQL::PARAMETER:
          case DQL::LPAREN:
          case DQL::RPAREN:
          case DQL::LBRACKET:
          case DQL::PLUS:
          case DQL::MINUS: {
            setState(460);
            _errHandler->sync(this);

            _la = _input->LA(1);
            if ((((_la & ~ 0x3fULL) == 0) &&
              ((1ULL << _la) & ((1ULL << DQL::ALL)
              | (1ULL << DQL::EXISTS)
              | (1ULL << DQL::FALSE)
              | (1ULL << DQL::NOT)
              | (1ULL << DQL::NULL_)
              | (1ULL << DQL::TRUE)
              | (1ULL << DQL::ANALYZE)
              | (1ULL << DQL::ASC)
              | (1ULL << DQL::AUTO)
              | (1ULL << DQL::CLOSURE)
              | (1ULL << DQL::CONFIG)
              | (1ULL << DQL::DESC)
              | (1ULL << DQL::ESCAPE)
              | (1ULL << DQL::FIRST)
              | (1ULL << DQL::IF)
              | (1ULL << DQL::LAST)
              | (1ULL << DQL::NAN_)
              | (1ULL << DQL::NEXT)
              | (1ULL << DQL::NULLS)
              | (1ULL << DQL::OFFSET)
              | (1ULL << DQL::PREV)
              | (1ULL << DQL::QUERY)
              | (1ULL << DQL::REPLACE)
              | (1ULL << DQL::IDENTIFIER)
              | (1ULL << DQL::QUOTED)
              | (1ULL << DQL::TEXT)
              | (1ULL << DQL::INTEGER)
              | (1ULL << DQL::REAL)
              | (1ULL << DQL::PARAMETER))) != 0) || ((((_la - 66) & ~ 0x3fULL) == 0) &&
              ((1ULL << (_la - 66)) & ((1ULL << (DQL::LPAREN - 66))
              | (1ULL << (DQL::LBRACKET - 66))
              | (1ULL << (DQL::PLUS - 66))
              | (1ULL << (DQL::MINUS - 66)))) != 0)) {
              setState(459);
              arguments();
            }
            break;
          }

        default:
          throw NoViableAltException(this);
        }
        setState(464);
        match(DQL::RPAREN);
        break;
      }

      case DQL::LBRACKET: {
        enterOuterAlt(_localctx, 2);
        setState(465);
        list();
        break;
      }

      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::PARAMETER: {
        enterOuterAlt(_localctx, 3);
        setState(469);
        _errHandler->sync(this);
        switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 77, _ctx)) {
        case 1: {
          setState(466);
          call();
          break;
        }

        case 2: {
          setState(467);
          name();
          break;
        }

        case 3: {
          setState(468);
          match(DQL::PARAMETER);
          break;
        }

        }
        setState(474);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 78, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(471);
            postfix(); 
          }
          setState(476);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 78, _ctx);
        }
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NodeTemplateContext ------------------------------------------------------------------

DQL::NodeTemplateContext::NodeTemplateContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::NodeTemplateContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::NodeTemplateContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

tree::TerminalNode* DQL::NodeTemplateContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

std::vector<DQL::TemplateArgumentContext *> DQL::NodeTemplateContext::templateArgument() {
  return getRuleContexts<DQL::TemplateArgumentContext>();
}

DQL::TemplateArgumentContext* DQL::NodeTemplateContext::templateArgument(size_t i) {
  return getRuleContext<DQL::TemplateArgumentContext>(i);
}

std::vector<tree::TerminalNode *> DQL::NodeTemplateContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::NodeTemplateContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}


size_t DQL::NodeTemplateContext::getRuleIndex() const {
  return DQL::RuleNodeTemplate;
}


DQL::NodeTemplateContext* DQL::nodeTemplate() {
  NodeTemplateContext *_localctx = _tracker.createInstance<NodeTemplateContext>(_ctx, getState());
  enterRule(_localctx, 50, DQL::RuleNodeTemplate);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(479);
    name();
    setState(495);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::LPAREN) {
      setState(480);
      match(DQL::LPAREN);
      setState(492);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (((((_la - 13) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 13)) & ((1ULL << (DQL::FALSE - 13))
        | (1ULL << (DQL::NULL_ - 13))
        | (1ULL << (DQL::TRUE - 13))
        | (1ULL << (DQL::ANALYZE - 13))
        | (1ULL << (DQL::ASC - 13))
        | (1ULL << (DQL::AUTO - 13))
        | (1ULL << (DQL::CLOSURE - 13))
        | (1ULL << (DQL::CONFIG - 13))
        | (1ULL << (DQL::DESC - 13))
        | (1ULL << (DQL::ESCAPE - 13))
        | (1ULL << (DQL::FIRST - 13))
        | (1ULL << (DQL::IF - 13))
        | (1ULL << (DQL::LAST - 13))
        | (1ULL << (DQL::NAN_ - 13))
        | (1ULL << (DQL::NEXT - 13))
        | (1ULL << (DQL::NULLS - 13))
        | (1ULL << (DQL::OFFSET - 13))
        | (1ULL << (DQL::PREV - 13))
        | (1ULL << (DQL::QUERY - 13))
        | (1ULL << (DQL::REPLACE - 13))
        | (1ULL << (DQL::IDENTIFIER - 13))
        | (1ULL << (DQL::QUOTED - 13))
        | (1ULL << (DQL::TEXT - 13))
        | (1ULL << (DQL::INTEGER - 13))
        | (1ULL << (DQL::REAL - 13))
        | (1ULL << (DQL::PARAMETER - 13))
        | (1ULL << (DQL::LBRACKET - 13))
        | (1ULL << (DQL::PLUS - 13))
        | (1ULL << (DQL::MINUS - 13)))) != 0)) {
        setState(481);
        templateArgument();
        setState(486);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 80, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(482);
            match(DQL::COMMA);
            setState(483);
            templateArgument(); 
          }
          setState(488);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 80, _ctx);
        }
        setState(490);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::COMMA) {
          setState(489);
          match(DQL::COMMA);
        }
      }
      setState(494);
      match(DQL::RPAREN);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- TemplateArgumentContext ------------------------------------------------------------------

DQL::TemplateArgumentContext::TemplateArgumentContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NodeTemplateContext* DQL::TemplateArgumentContext::nodeTemplate() {
  return getRuleContext<DQL::NodeTemplateContext>(0);
}

DQL::LiteralContext* DQL::TemplateArgumentContext::literal() {
  return getRuleContext<DQL::LiteralContext>(0);
}

DQL::ListContext* DQL::TemplateArgumentContext::list() {
  return getRuleContext<DQL::ListContext>(0);
}

tree::TerminalNode* DQL::TemplateArgumentContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}

DQL::NameContext* DQL::TemplateArgumentContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::TemplateArgumentContext::EQUAL() {
  return getToken(DQL::EQUAL, 0);
}

tree::TerminalNode* DQL::TemplateArgumentContext::MINUS() {
  return getToken(DQL::MINUS, 0);
}

tree::TerminalNode* DQL::TemplateArgumentContext::PLUS() {
  return getToken(DQL::PLUS, 0);
}


size_t DQL::TemplateArgumentContext::getRuleIndex() const {
  return DQL::RuleTemplateArgument;
}


DQL::TemplateArgumentContext* DQL::templateArgument() {
  TemplateArgumentContext *_localctx = _tracker.createInstance<TemplateArgumentContext>(_ctx, getState());
  enterRule(_localctx, 52, DQL::RuleTemplateArgument);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(500);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 84, _ctx)) {
    case 1: {
      setState(497);
      name();
      setState(498);
      match(DQL::EQUAL);
      break;
    }

    }
    setState(509);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::IDENTIFIER:
      case DQL::QUOTED: {
        setState(502);
        nodeTemplate();
        break;
      }

      case DQL::FALSE:
      case DQL::NULL_:
      case DQL::TRUE:
      case DQL::TEXT:
      case DQL::INTEGER:
      case DQL::REAL:
      case DQL::PLUS:
      case DQL::MINUS: {
        setState(504);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::PLUS

        || _la == DQL::MINUS) {
          setState(503);
          _la = _input->LA(1);
          if (!(_la == DQL::PLUS

          || _la == DQL::MINUS)) {
          _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
        }
        setState(506);
        literal();
        break;
      }

      case DQL::LBRACKET: {
        setState(507);
        list();
        break;
      }

      case DQL::PARAMETER: {
        setState(508);
        match(DQL::PARAMETER);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- OperandContext ------------------------------------------------------------------

DQL::OperandContext::OperandContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::ProductContext *> DQL::OperandContext::product() {
  return getRuleContexts<DQL::ProductContext>();
}

DQL::ProductContext* DQL::OperandContext::product(size_t i) {
  return getRuleContext<DQL::ProductContext>(i);
}

std::vector<tree::TerminalNode *> DQL::OperandContext::PLUS() {
  return getTokens(DQL::PLUS);
}

tree::TerminalNode* DQL::OperandContext::PLUS(size_t i) {
  return getToken(DQL::PLUS, i);
}

std::vector<tree::TerminalNode *> DQL::OperandContext::MINUS() {
  return getTokens(DQL::MINUS);
}

tree::TerminalNode* DQL::OperandContext::MINUS(size_t i) {
  return getToken(DQL::MINUS, i);
}

std::vector<tree::TerminalNode *> DQL::OperandContext::CONCAT() {
  return getTokens(DQL::CONCAT);
}

tree::TerminalNode* DQL::OperandContext::CONCAT(size_t i) {
  return getToken(DQL::CONCAT, i);
}


size_t DQL::OperandContext::getRuleIndex() const {
  return DQL::RuleOperand;
}


DQL::OperandContext* DQL::operand() {
  OperandContext *_localctx = _tracker.createInstance<OperandContext>(_ctx, getState());
  enterRule(_localctx, 54, DQL::RuleOperand);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(511);
    product();
    setState(516);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (((((_la - 73) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 73)) & ((1ULL << (DQL::PLUS - 73))
      | (1ULL << (DQL::MINUS - 73))
      | (1ULL << (DQL::CONCAT - 73)))) != 0)) {
      setState(512);
      _la = _input->LA(1);
      if (!(((((_la - 73) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 73)) & ((1ULL << (DQL::PLUS - 73))
        | (1ULL << (DQL::MINUS - 73))
        | (1ULL << (DQL::CONCAT - 73)))) != 0))) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(513);
      product();
      setState(518);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ProductContext ------------------------------------------------------------------

DQL::ProductContext::ProductContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::FactorContext *> DQL::ProductContext::factor() {
  return getRuleContexts<DQL::FactorContext>();
}

DQL::FactorContext* DQL::ProductContext::factor(size_t i) {
  return getRuleContext<DQL::FactorContext>(i);
}

std::vector<tree::TerminalNode *> DQL::ProductContext::STAR() {
  return getTokens(DQL::STAR);
}

tree::TerminalNode* DQL::ProductContext::STAR(size_t i) {
  return getToken(DQL::STAR, i);
}

std::vector<tree::TerminalNode *> DQL::ProductContext::SLASH() {
  return getTokens(DQL::SLASH);
}

tree::TerminalNode* DQL::ProductContext::SLASH(size_t i) {
  return getToken(DQL::SLASH, i);
}

std::vector<tree::TerminalNode *> DQL::ProductContext::PERCENT() {
  return getTokens(DQL::PERCENT);
}

tree::TerminalNode* DQL::ProductContext::PERCENT(size_t i) {
  return getToken(DQL::PERCENT, i);
}


size_t DQL::ProductContext::getRuleIndex() const {
  return DQL::RuleProduct;
}


DQL::ProductContext* DQL::product() {
  ProductContext *_localctx = _tracker.createInstance<ProductContext>(_ctx, getState());
  enterRule(_localctx, 56, DQL::RuleProduct);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(519);
    factor();
    setState(524);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (((((_la - 70) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 70)) & ((1ULL << (DQL::STAR - 70))
      | (1ULL << (DQL::SLASH - 70))
      | (1ULL << (DQL::PERCENT - 70)))) != 0)) {
      setState(520);
      _la = _input->LA(1);
      if (!(((((_la - 70) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 70)) & ((1ULL << (DQL::STAR - 70))
        | (1ULL << (DQL::SLASH - 70))
        | (1ULL << (DQL::PERCENT - 70)))) != 0))) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(521);
      factor();
      setState(526);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- FactorContext ------------------------------------------------------------------

DQL::FactorContext::FactorContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::FactorContext* DQL::FactorContext::factor() {
  return getRuleContext<DQL::FactorContext>(0);
}

tree::TerminalNode* DQL::FactorContext::MINUS() {
  return getToken(DQL::MINUS, 0);
}

tree::TerminalNode* DQL::FactorContext::PLUS() {
  return getToken(DQL::PLUS, 0);
}

DQL::PrimaryContext* DQL::FactorContext::primary() {
  return getRuleContext<DQL::PrimaryContext>(0);
}

std::vector<DQL::PostfixContext *> DQL::FactorContext::postfix() {
  return getRuleContexts<DQL::PostfixContext>();
}

DQL::PostfixContext* DQL::FactorContext::postfix(size_t i) {
  return getRuleContext<DQL::PostfixContext>(i);
}


size_t DQL::FactorContext::getRuleIndex() const {
  return DQL::RuleFactor;
}


DQL::FactorContext* DQL::factor() {
  FactorContext *_localctx = _tracker.createInstance<FactorContext>(_ctx, getState());
  enterRule(_localctx, 58, DQL::RuleFactor);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    setState(536);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::PLUS:
      case DQL::MINUS: {
        enterOuterAlt(_localctx, 1);
        setState(527);
        _la = _input->LA(1);
        if (!(_la == DQL::PLUS

        || _la == DQL::MINUS)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(528);
        factor();
        break;
      }

      case DQL::EXISTS:
      case DQL::FALSE:
      case DQL::NULL_:
      case DQL::TRUE:
      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::TEXT:
      case DQL::INTEGER:
      case DQL::REAL:
      case DQL::PARAMETER:
      case DQL::LPAREN:
      case DQL::LBRACKET: {
        enterOuterAlt(_localctx, 2);
        setState(529);
        primary();
        setState(533);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 89, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(530);
            postfix(); 
          }
          setState(535);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 89, _ctx);
        }
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PostfixContext ------------------------------------------------------------------

DQL::PostfixContext::PostfixContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::PostfixContext::DOT() {
  return getToken(DQL::DOT, 0);
}

tree::TerminalNode* DQL::PostfixContext::STAR() {
  return getToken(DQL::STAR, 0);
}

tree::TerminalNode* DQL::PostfixContext::NEXT() {
  return getToken(DQL::NEXT, 0);
}

tree::TerminalNode* DQL::PostfixContext::PREV() {
  return getToken(DQL::PREV, 0);
}

DQL::MemberNameContext* DQL::PostfixContext::memberName() {
  return getRuleContext<DQL::MemberNameContext>(0);
}

tree::TerminalNode* DQL::PostfixContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

tree::TerminalNode* DQL::PostfixContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

DQL::ArgumentsContext* DQL::PostfixContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}

tree::TerminalNode* DQL::PostfixContext::LBRACKET() {
  return getToken(DQL::LBRACKET, 0);
}

DQL::ExpressionContext* DQL::PostfixContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

tree::TerminalNode* DQL::PostfixContext::RBRACKET() {
  return getToken(DQL::RBRACKET, 0);
}

tree::TerminalNode* DQL::PostfixContext::AT() {
  return getToken(DQL::AT, 0);
}


size_t DQL::PostfixContext::getRuleIndex() const {
  return DQL::RulePostfix;
}


DQL::PostfixContext* DQL::postfix() {
  PostfixContext *_localctx = _tracker.createInstance<PostfixContext>(_ctx, getState());
  enterRule(_localctx, 60, DQL::RulePostfix);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(556);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 93, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(538);
      match(DQL::DOT);
      setState(539);
      _la = _input->LA(1);
      if (!(_la == DQL::NEXT

      || _la == DQL::PREV)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(540);
      match(DQL::STAR);
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(541);
      match(DQL::DOT);
      setState(542);
      memberName();
      setState(548);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::LPAREN) {
        setState(543);
        match(DQL::LPAREN);
        setState(545);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << DQL::ALL)
          | (1ULL << DQL::EXISTS)
          | (1ULL << DQL::FALSE)
          | (1ULL << DQL::NOT)
          | (1ULL << DQL::NULL_)
          | (1ULL << DQL::TRUE)
          | (1ULL << DQL::ANALYZE)
          | (1ULL << DQL::ASC)
          | (1ULL << DQL::AUTO)
          | (1ULL << DQL::CLOSURE)
          | (1ULL << DQL::CONFIG)
          | (1ULL << DQL::DESC)
          | (1ULL << DQL::ESCAPE)
          | (1ULL << DQL::FIRST)
          | (1ULL << DQL::IF)
          | (1ULL << DQL::LAST)
          | (1ULL << DQL::NAN_)
          | (1ULL << DQL::NEXT)
          | (1ULL << DQL::NULLS)
          | (1ULL << DQL::OFFSET)
          | (1ULL << DQL::PREV)
          | (1ULL << DQL::QUERY)
          | (1ULL << DQL::REPLACE)
          | (1ULL << DQL::IDENTIFIER)
          | (1ULL << DQL::QUOTED)
          | (1ULL << DQL::TEXT)
          | (1ULL << DQL::INTEGER)
          | (1ULL << DQL::REAL)
          | (1ULL << DQL::PARAMETER))) != 0) || ((((_la - 66) & ~ 0x3fULL) == 0) &&
          ((1ULL << (_la - 66)) & ((1ULL << (DQL::LPAREN - 66))
          | (1ULL << (DQL::LBRACKET - 66))
          | (1ULL << (DQL::PLUS - 66))
          | (1ULL << (DQL::MINUS - 66)))) != 0)) {
          setState(544);
          arguments();
        }
        setState(547);
        match(DQL::RPAREN);
      }
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(550);
      match(DQL::LBRACKET);
      setState(551);
      expression();
      setState(552);
      match(DQL::RBRACKET);
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(554);
      match(DQL::AT);
      setState(555);
      memberName();
      break;
    }

    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PrimaryContext ------------------------------------------------------------------

DQL::PrimaryContext::PrimaryContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::LiteralContext* DQL::PrimaryContext::literal() {
  return getRuleContext<DQL::LiteralContext>(0);
}

tree::TerminalNode* DQL::PrimaryContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}

DQL::ListContext* DQL::PrimaryContext::list() {
  return getRuleContext<DQL::ListContext>(0);
}

tree::TerminalNode* DQL::PrimaryContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

DQL::ExpressionContext* DQL::PrimaryContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

tree::TerminalNode* DQL::PrimaryContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

DQL::QueryContext* DQL::PrimaryContext::query() {
  return getRuleContext<DQL::QueryContext>(0);
}

tree::TerminalNode* DQL::PrimaryContext::EXISTS() {
  return getToken(DQL::EXISTS, 0);
}

DQL::CallContext* DQL::PrimaryContext::call() {
  return getRuleContext<DQL::CallContext>(0);
}

DQL::NameContext* DQL::PrimaryContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}


size_t DQL::PrimaryContext::getRuleIndex() const {
  return DQL::RulePrimary;
}


DQL::PrimaryContext* DQL::primary() {
  PrimaryContext *_localctx = _tracker.createInstance<PrimaryContext>(_ctx, getState());
  enterRule(_localctx, 62, DQL::RulePrimary);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(576);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 94, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(558);
      literal();
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(559);
      match(DQL::PARAMETER);
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(560);
      list();
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(561);
      match(DQL::LPAREN);
      setState(562);
      expression();
      setState(563);
      match(DQL::RPAREN);
      break;
    }

    case 5: {
      enterOuterAlt(_localctx, 5);
      setState(565);
      match(DQL::LPAREN);
      setState(566);
      query();
      setState(567);
      match(DQL::RPAREN);
      break;
    }

    case 6: {
      enterOuterAlt(_localctx, 6);
      setState(569);
      match(DQL::EXISTS);
      setState(570);
      match(DQL::LPAREN);
      setState(571);
      query();
      setState(572);
      match(DQL::RPAREN);
      break;
    }

    case 7: {
      enterOuterAlt(_localctx, 7);
      setState(574);
      call();
      break;
    }

    case 8: {
      enterOuterAlt(_localctx, 8);
      setState(575);
      name();
      break;
    }

    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- CallContext ------------------------------------------------------------------

DQL::CallContext::CallContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::CallContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::CallContext::LPAREN() {
  return getToken(DQL::LPAREN, 0);
}

tree::TerminalNode* DQL::CallContext::RPAREN() {
  return getToken(DQL::RPAREN, 0);
}

tree::TerminalNode* DQL::CallContext::STAR() {
  return getToken(DQL::STAR, 0);
}

DQL::ArgumentsContext* DQL::CallContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}

tree::TerminalNode* DQL::CallContext::DISTINCT() {
  return getToken(DQL::DISTINCT, 0);
}


size_t DQL::CallContext::getRuleIndex() const {
  return DQL::RuleCall;
}


DQL::CallContext* DQL::call() {
  CallContext *_localctx = _tracker.createInstance<CallContext>(_ctx, getState());
  enterRule(_localctx, 64, DQL::RuleCall);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(578);
    name();
    setState(579);
    match(DQL::LPAREN);
    setState(585);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::STAR: {
        setState(580);
        match(DQL::STAR);
        break;
      }

      case DQL::ALL:
      case DQL::DISTINCT:
      case DQL::EXISTS:
      case DQL::FALSE:
      case DQL::NOT:
      case DQL::NULL_:
      case DQL::TRUE:
      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::TEXT:
      case DQL::INTEGER:
      case DQL::REAL:
      case DQL::PARAMETER:
      case DQL::LPAREN:
      case DQL::LBRACKET:
      case DQL::PLUS:
      case DQL::MINUS: {
        setState(582);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::DISTINCT) {
          setState(581);
          match(DQL::DISTINCT);
        }
        setState(584);
        arguments();
        break;
      }

      case DQL::RPAREN: {
        break;
      }

    default:
      break;
    }
    setState(587);
    match(DQL::RPAREN);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ListContext ------------------------------------------------------------------

DQL::ListContext::ListContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::ListContext::LBRACKET() {
  return getToken(DQL::LBRACKET, 0);
}

tree::TerminalNode* DQL::ListContext::RBRACKET() {
  return getToken(DQL::RBRACKET, 0);
}

DQL::ArgumentsContext* DQL::ListContext::arguments() {
  return getRuleContext<DQL::ArgumentsContext>(0);
}


size_t DQL::ListContext::getRuleIndex() const {
  return DQL::RuleList;
}


DQL::ListContext* DQL::list() {
  ListContext *_localctx = _tracker.createInstance<ListContext>(_ctx, getState());
  enterRule(_localctx, 66, DQL::RuleList);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(589);
    match(DQL::LBRACKET);
    setState(591);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << DQL::ALL)
      | (1ULL << DQL::EXISTS)
      | (1ULL << DQL::FALSE)
      | (1ULL << DQL::NOT)
      | (1ULL << DQL::NULL_)
      | (1ULL << DQL::TRUE)
      | (1ULL << DQL::ANALYZE)
      | (1ULL << DQL::ASC)
      | (1ULL << DQL::AUTO)
      | (1ULL << DQL::CLOSURE)
      | (1ULL << DQL::CONFIG)
      | (1ULL << DQL::DESC)
      | (1ULL << DQL::ESCAPE)
      | (1ULL << DQL::FIRST)
      | (1ULL << DQL::IF)
      | (1ULL << DQL::LAST)
      | (1ULL << DQL::NAN_)
      | (1ULL << DQL::NEXT)
      | (1ULL << DQL::NULLS)
      | (1ULL << DQL::OFFSET)
      | (1ULL << DQL::PREV)
      | (1ULL << DQL::QUERY)
      | (1ULL << DQL::REPLACE)
      | (1ULL << DQL::IDENTIFIER)
      | (1ULL << DQL::QUOTED)
      | (1ULL << DQL::TEXT)
      | (1ULL << DQL::INTEGER)
      | (1ULL << DQL::REAL)
      | (1ULL << DQL::PARAMETER))) != 0) || ((((_la - 66) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 66)) & ((1ULL << (DQL::LPAREN - 66))
      | (1ULL << (DQL::LBRACKET - 66))
      | (1ULL << (DQL::PLUS - 66))
      | (1ULL << (DQL::MINUS - 66)))) != 0)) {
      setState(590);
      arguments();
    }
    setState(593);
    match(DQL::RBRACKET);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ArgumentsContext ------------------------------------------------------------------

DQL::ArgumentsContext::ArgumentsContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<DQL::ExpressionContext *> DQL::ArgumentsContext::expression() {
  return getRuleContexts<DQL::ExpressionContext>();
}

DQL::ExpressionContext* DQL::ArgumentsContext::expression(size_t i) {
  return getRuleContext<DQL::ExpressionContext>(i);
}

std::vector<tree::TerminalNode *> DQL::ArgumentsContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::ArgumentsContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}


size_t DQL::ArgumentsContext::getRuleIndex() const {
  return DQL::RuleArguments;
}


DQL::ArgumentsContext* DQL::arguments() {
  ArgumentsContext *_localctx = _tracker.createInstance<ArgumentsContext>(_ctx, getState());
  enterRule(_localctx, 68, DQL::RuleArguments);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(595);
    expression();
    setState(600);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 98, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(596);
        match(DQL::COMMA);
        setState(597);
        expression(); 
      }
      setState(602);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 98, _ctx);
    }
    setState(604);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(603);
      match(DQL::COMMA);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LiteralContext ------------------------------------------------------------------

DQL::LiteralContext::LiteralContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::LiteralContext::TEXT() {
  return getToken(DQL::TEXT, 0);
}

tree::TerminalNode* DQL::LiteralContext::INTEGER() {
  return getToken(DQL::INTEGER, 0);
}

tree::TerminalNode* DQL::LiteralContext::REAL() {
  return getToken(DQL::REAL, 0);
}

tree::TerminalNode* DQL::LiteralContext::TRUE() {
  return getToken(DQL::TRUE, 0);
}

tree::TerminalNode* DQL::LiteralContext::FALSE() {
  return getToken(DQL::FALSE, 0);
}

tree::TerminalNode* DQL::LiteralContext::NULL_() {
  return getToken(DQL::NULL_, 0);
}


size_t DQL::LiteralContext::getRuleIndex() const {
  return DQL::RuleLiteral;
}


DQL::LiteralContext* DQL::literal() {
  LiteralContext *_localctx = _tracker.createInstance<LiteralContext>(_ctx, getState());
  enterRule(_localctx, 70, DQL::RuleLiteral);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(606);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << DQL::FALSE)
      | (1ULL << DQL::NULL_)
      | (1ULL << DQL::TRUE)
      | (1ULL << DQL::TEXT)
      | (1ULL << DQL::INTEGER)
      | (1ULL << DQL::REAL))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- NameContext ------------------------------------------------------------------

DQL::NameContext::NameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::NameContext::IDENTIFIER() {
  return getToken(DQL::IDENTIFIER, 0);
}

tree::TerminalNode* DQL::NameContext::QUOTED() {
  return getToken(DQL::QUOTED, 0);
}

DQL::SoftKeywordContext* DQL::NameContext::softKeyword() {
  return getRuleContext<DQL::SoftKeywordContext>(0);
}


size_t DQL::NameContext::getRuleIndex() const {
  return DQL::RuleName;
}


DQL::NameContext* DQL::name() {
  NameContext *_localctx = _tracker.createInstance<NameContext>(_ctx, getState());
  enterRule(_localctx, 72, DQL::RuleName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(611);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::IDENTIFIER: {
        enterOuterAlt(_localctx, 1);
        setState(608);
        match(DQL::IDENTIFIER);
        break;
      }

      case DQL::QUOTED: {
        enterOuterAlt(_localctx, 2);
        setState(609);
        match(DQL::QUOTED);
        break;
      }

      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE: {
        enterOuterAlt(_localctx, 3);
        setState(610);
        softKeyword();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MemberNameContext ------------------------------------------------------------------

DQL::MemberNameContext::MemberNameContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::MemberNameContext::IDENTIFIER() {
  return getToken(DQL::IDENTIFIER, 0);
}

tree::TerminalNode* DQL::MemberNameContext::QUOTED() {
  return getToken(DQL::QUOTED, 0);
}

DQL::SoftKeywordContext* DQL::MemberNameContext::softKeyword() {
  return getRuleContext<DQL::SoftKeywordContext>(0);
}

DQL::ReservedWordContext* DQL::MemberNameContext::reservedWord() {
  return getRuleContext<DQL::ReservedWordContext>(0);
}


size_t DQL::MemberNameContext::getRuleIndex() const {
  return DQL::RuleMemberName;
}


DQL::MemberNameContext* DQL::memberName() {
  MemberNameContext *_localctx = _tracker.createInstance<MemberNameContext>(_ctx, getState());
  enterRule(_localctx, 74, DQL::RuleMemberName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(617);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::IDENTIFIER: {
        enterOuterAlt(_localctx, 1);
        setState(613);
        match(DQL::IDENTIFIER);
        break;
      }

      case DQL::QUOTED: {
        enterOuterAlt(_localctx, 2);
        setState(614);
        match(DQL::QUOTED);
        break;
      }

      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::FIRST:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE: {
        enterOuterAlt(_localctx, 3);
        setState(615);
        softKeyword();
        break;
      }

      case DQL::ALL:
      case DQL::AND:
      case DQL::AS:
      case DQL::BETWEEN:
      case DQL::BY:
      case DQL::CONSTRUCT:
      case DQL::CREATE:
      case DQL::DISTINCT:
      case DQL::DROP:
      case DQL::EVALUATE:
      case DQL::EXISTS:
      case DQL::EXPLAIN:
      case DQL::FALSE:
      case DQL::FROM:
      case DQL::GROUP:
      case DQL::HAS:
      case DQL::HAVING:
      case DQL::ILIKE:
      case DQL::IN:
      case DQL::INNER:
      case DQL::IS:
      case DQL::JOIN:
      case DQL::KEEP:
      case DQL::LEFT:
      case DQL::LIKE:
      case DQL::LIMIT:
      case DQL::MUTATE:
      case DQL::NOT:
      case DQL::NULL_:
      case DQL::ON:
      case DQL::OR:
      case DQL::ORDER:
      case DQL::SAVE:
      case DQL::SELECT:
      case DQL::SLICE:
      case DQL::TRUE:
      case DQL::VARY:
      case DQL::WHERE:
      case DQL::WITH: {
        enterOuterAlt(_localctx, 4);
        setState(616);
        reservedWord();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SoftKeywordContext ------------------------------------------------------------------

DQL::SoftKeywordContext::SoftKeywordContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::SoftKeywordContext::ANALYZE() {
  return getToken(DQL::ANALYZE, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::ASC() {
  return getToken(DQL::ASC, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::AUTO() {
  return getToken(DQL::AUTO, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::CLOSURE() {
  return getToken(DQL::CLOSURE, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::CONFIG() {
  return getToken(DQL::CONFIG, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::DESC() {
  return getToken(DQL::DESC, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::ESCAPE() {
  return getToken(DQL::ESCAPE, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::FIRST() {
  return getToken(DQL::FIRST, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::IF() {
  return getToken(DQL::IF, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::LAST() {
  return getToken(DQL::LAST, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::NAN_() {
  return getToken(DQL::NAN_, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::NEXT() {
  return getToken(DQL::NEXT, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::NULLS() {
  return getToken(DQL::NULLS, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::OFFSET() {
  return getToken(DQL::OFFSET, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::PREV() {
  return getToken(DQL::PREV, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::QUERY() {
  return getToken(DQL::QUERY, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::REPLACE() {
  return getToken(DQL::REPLACE, 0);
}


size_t DQL::SoftKeywordContext::getRuleIndex() const {
  return DQL::RuleSoftKeyword;
}


DQL::SoftKeywordContext* DQL::softKeyword() {
  SoftKeywordContext *_localctx = _tracker.createInstance<SoftKeywordContext>(_ctx, getState());
  enterRule(_localctx, 76, DQL::RuleSoftKeyword);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(619);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << DQL::ANALYZE)
      | (1ULL << DQL::ASC)
      | (1ULL << DQL::AUTO)
      | (1ULL << DQL::CLOSURE)
      | (1ULL << DQL::CONFIG)
      | (1ULL << DQL::DESC)
      | (1ULL << DQL::ESCAPE)
      | (1ULL << DQL::FIRST)
      | (1ULL << DQL::IF)
      | (1ULL << DQL::LAST)
      | (1ULL << DQL::NAN_)
      | (1ULL << DQL::NEXT)
      | (1ULL << DQL::NULLS)
      | (1ULL << DQL::OFFSET)
      | (1ULL << DQL::PREV)
      | (1ULL << DQL::QUERY)
      | (1ULL << DQL::REPLACE))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ReservedWordContext ------------------------------------------------------------------

DQL::ReservedWordContext::ReservedWordContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::ReservedWordContext::ALL() {
  return getToken(DQL::ALL, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::AND() {
  return getToken(DQL::AND, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::AS() {
  return getToken(DQL::AS, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::BETWEEN() {
  return getToken(DQL::BETWEEN, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::BY() {
  return getToken(DQL::BY, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::CONSTRUCT() {
  return getToken(DQL::CONSTRUCT, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::CREATE() {
  return getToken(DQL::CREATE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::DISTINCT() {
  return getToken(DQL::DISTINCT, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::DROP() {
  return getToken(DQL::DROP, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::EVALUATE() {
  return getToken(DQL::EVALUATE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::EXISTS() {
  return getToken(DQL::EXISTS, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::EXPLAIN() {
  return getToken(DQL::EXPLAIN, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::FALSE() {
  return getToken(DQL::FALSE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::FROM() {
  return getToken(DQL::FROM, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::GROUP() {
  return getToken(DQL::GROUP, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::HAS() {
  return getToken(DQL::HAS, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::HAVING() {
  return getToken(DQL::HAVING, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::ILIKE() {
  return getToken(DQL::ILIKE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::IN() {
  return getToken(DQL::IN, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::INNER() {
  return getToken(DQL::INNER, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::IS() {
  return getToken(DQL::IS, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::JOIN() {
  return getToken(DQL::JOIN, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::KEEP() {
  return getToken(DQL::KEEP, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::LEFT() {
  return getToken(DQL::LEFT, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::LIKE() {
  return getToken(DQL::LIKE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::LIMIT() {
  return getToken(DQL::LIMIT, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::MUTATE() {
  return getToken(DQL::MUTATE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::NOT() {
  return getToken(DQL::NOT, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::NULL_() {
  return getToken(DQL::NULL_, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::ON() {
  return getToken(DQL::ON, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::OR() {
  return getToken(DQL::OR, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::ORDER() {
  return getToken(DQL::ORDER, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::SAVE() {
  return getToken(DQL::SAVE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::SELECT() {
  return getToken(DQL::SELECT, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::SLICE() {
  return getToken(DQL::SLICE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::TRUE() {
  return getToken(DQL::TRUE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::VARY() {
  return getToken(DQL::VARY, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::WHERE() {
  return getToken(DQL::WHERE, 0);
}

tree::TerminalNode* DQL::ReservedWordContext::WITH() {
  return getToken(DQL::WITH, 0);
}


size_t DQL::ReservedWordContext::getRuleIndex() const {
  return DQL::RuleReservedWord;
}


DQL::ReservedWordContext* DQL::reservedWord() {
  ReservedWordContext *_localctx = _tracker.createInstance<ReservedWordContext>(_ctx, getState());
  enterRule(_localctx, 78, DQL::RuleReservedWord);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(621);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << DQL::ALL)
      | (1ULL << DQL::AND)
      | (1ULL << DQL::AS)
      | (1ULL << DQL::BETWEEN)
      | (1ULL << DQL::BY)
      | (1ULL << DQL::CONSTRUCT)
      | (1ULL << DQL::CREATE)
      | (1ULL << DQL::DISTINCT)
      | (1ULL << DQL::DROP)
      | (1ULL << DQL::EVALUATE)
      | (1ULL << DQL::EXISTS)
      | (1ULL << DQL::EXPLAIN)
      | (1ULL << DQL::FALSE)
      | (1ULL << DQL::FROM)
      | (1ULL << DQL::GROUP)
      | (1ULL << DQL::HAS)
      | (1ULL << DQL::HAVING)
      | (1ULL << DQL::ILIKE)
      | (1ULL << DQL::IN)
      | (1ULL << DQL::INNER)
      | (1ULL << DQL::IS)
      | (1ULL << DQL::JOIN)
      | (1ULL << DQL::KEEP)
      | (1ULL << DQL::LEFT)
      | (1ULL << DQL::LIKE)
      | (1ULL << DQL::LIMIT)
      | (1ULL << DQL::MUTATE)
      | (1ULL << DQL::NOT)
      | (1ULL << DQL::NULL_)
      | (1ULL << DQL::ON)
      | (1ULL << DQL::OR)
      | (1ULL << DQL::ORDER)
      | (1ULL << DQL::SAVE)
      | (1ULL << DQL::SELECT)
      | (1ULL << DQL::SLICE)
      | (1ULL << DQL::TRUE)
      | (1ULL << DQL::VARY)
      | (1ULL << DQL::WHERE)
      | (1ULL << DQL::WITH))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

// Static vars and initialization.
std::vector<dfa::DFA> DQL::_decisionToDFA;
atn::PredictionContextCache DQL::_sharedContextCache;

// We own the ATN which in turn owns the ATN states.
atn::ATN DQL::_atn;
std::vector<uint16_t> DQL::_serializedATN;

std::vector<std::string> DQL::_ruleNames = {
  "statement", "explain", "createQuery", "dropQuery", "query", "select", 
  "item", "alias", "order", "sources", "joined", "source", "slice", "sliceEnd", 
  "construct", "edit", "nodes", "evaluate", "dimension", "expression", "conjunction", 
  "negation", "condition", "predicate", "members", "nodeTemplate", "templateArgument", 
  "operand", "product", "factor", "postfix", "primary", "call", "list", 
  "arguments", "literal", "name", "memberName", "softKeyword", "reservedWord"
};

std::vector<std::string> DQL::_literalNames = {
};

std::vector<std::string> DQL::_symbolicNames = {
  "", "ALL", "AND", "AS", "BETWEEN", "BY", "CONSTRUCT", "CREATE", "DISTINCT", 
  "DROP", "EVALUATE", "EXISTS", "EXPLAIN", "FALSE", "FROM", "GROUP", "HAS", 
  "HAVING", "ILIKE", "IN", "INNER", "IS", "JOIN", "KEEP", "LEFT", "LIKE", 
  "LIMIT", "MUTATE", "NOT", "NULL_", "ON", "OR", "ORDER", "SAVE", "SELECT", 
  "SLICE", "TRUE", "VARY", "WHERE", "WITH", "ANALYZE", "ASC", "AUTO", "CLOSURE", 
  "CONFIG", "DESC", "ESCAPE", "FIRST", "IF", "LAST", "NAN_", "NEXT", "NULLS", 
  "OFFSET", "PREV", "QUERY", "REPLACE", "IDENTIFIER", "QUOTED", "TEXT", 
  "INTEGER", "REAL", "PARAMETER", "SEMICOLON", "COMMA", "DOT", "LPAREN", 
  "RPAREN", "LBRACKET", "RBRACKET", "STAR", "SLASH", "PERCENT", "PLUS", 
  "MINUS", "CONCAT", "EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", 
  "GREATER_EQUAL", "TILDE", "AT"
};

dfa::Vocabulary DQL::_vocabulary(_literalNames, _symbolicNames);

std::vector<std::string> DQL::_tokenNames;

DQL::Initializer::Initializer() {
	for (size_t i = 0; i < _symbolicNames.size(); ++i) {
		std::string name = _vocabulary.getLiteralName(i);
		if (name.empty()) {
			name = _vocabulary.getSymbolicName(i);
		}

		if (name.empty()) {
			_tokenNames.push_back("<INVALID>");
		} else {
      _tokenNames.push_back(name);
    }
	}

  _serializedATN = {
    0x3, 0x608b, 0xa72a, 0x8133, 0xb9ed, 0x417c, 0x3be7, 0x7786, 0x5964, 
    0x3, 0x55, 0x272, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 
    0x9, 0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 
    0x4, 0x8, 0x9, 0x8, 0x4, 0x9, 0x9, 0x9, 0x4, 0xa, 0x9, 0xa, 0x4, 0xb, 
    0x9, 0xb, 0x4, 0xc, 0x9, 0xc, 0x4, 0xd, 0x9, 0xd, 0x4, 0xe, 0x9, 0xe, 
    0x4, 0xf, 0x9, 0xf, 0x4, 0x10, 0x9, 0x10, 0x4, 0x11, 0x9, 0x11, 0x4, 
    0x12, 0x9, 0x12, 0x4, 0x13, 0x9, 0x13, 0x4, 0x14, 0x9, 0x14, 0x4, 0x15, 
    0x9, 0x15, 0x4, 0x16, 0x9, 0x16, 0x4, 0x17, 0x9, 0x17, 0x4, 0x18, 0x9, 
    0x18, 0x4, 0x19, 0x9, 0x19, 0x4, 0x1a, 0x9, 0x1a, 0x4, 0x1b, 0x9, 0x1b, 
    0x4, 0x1c, 0x9, 0x1c, 0x4, 0x1d, 0x9, 0x1d, 0x4, 0x1e, 0x9, 0x1e, 0x4, 
    0x1f, 0x9, 0x1f, 0x4, 0x20, 0x9, 0x20, 0x4, 0x21, 0x9, 0x21, 0x4, 0x22, 
    0x9, 0x22, 0x4, 0x23, 0x9, 0x23, 0x4, 0x24, 0x9, 0x24, 0x4, 0x25, 0x9, 
    0x25, 0x4, 0x26, 0x9, 0x26, 0x4, 0x27, 0x9, 0x27, 0x4, 0x28, 0x9, 0x28, 
    0x4, 0x29, 0x9, 0x29, 0x3, 0x2, 0x5, 0x2, 0x54, 0xa, 0x2, 0x3, 0x2, 
    0x3, 0x2, 0x3, 0x2, 0x5, 0x2, 0x59, 0xa, 0x2, 0x3, 0x2, 0x5, 0x2, 0x5c, 
    0xa, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 0x3, 0x3, 0x3, 0x5, 0x3, 0x62, 0xa, 
    0x3, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x5, 0x4, 0x67, 0xa, 0x4, 0x3, 0x4, 
    0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 
    0x3, 0x5, 0x5, 0x5, 0x72, 0xa, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x6, 0x3, 
    0x6, 0x3, 0x6, 0x3, 0x6, 0x5, 0x6, 0x7a, 0xa, 0x6, 0x3, 0x6, 0x3, 0x6, 
    0x3, 0x6, 0x3, 0x6, 0x5, 0x6, 0x80, 0xa, 0x6, 0x5, 0x6, 0x82, 0xa, 0x6, 
    0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0x86, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 
    0x7, 0x7, 0x7, 0x8b, 0xa, 0x7, 0xc, 0x7, 0xe, 0x7, 0x8e, 0xb, 0x7, 0x3, 
    0x7, 0x5, 0x7, 0x91, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0x95, 0xa, 
    0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0x99, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 
    0x3, 0x7, 0x5, 0x7, 0x9e, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0xa2, 
    0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x7, 0x7, 
    0xa9, 0xa, 0x7, 0xc, 0x7, 0xe, 0x7, 0xac, 0xb, 0x7, 0x3, 0x7, 0x5, 0x7, 
    0xaf, 0xa, 0x7, 0x5, 0x7, 0xb1, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 
    0x3, 0x7, 0x5, 0x7, 0xb7, 0xa, 0x7, 0x5, 0x7, 0xb9, 0xa, 0x7, 0x3, 0x8, 
    0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x5, 0x8, 0xbf, 0xa, 0x8, 0x3, 0x8, 0x5, 
    0x8, 0xc2, 0xa, 0x8, 0x5, 0x8, 0xc4, 0xa, 0x8, 0x3, 0x9, 0x5, 0x9, 0xc7, 
    0xa, 0x9, 0x3, 0x9, 0x3, 0x9, 0x3, 0xa, 0x3, 0xa, 0x5, 0xa, 0xcd, 0xa, 
    0xa, 0x3, 0xa, 0x3, 0xa, 0x5, 0xa, 0xd1, 0xa, 0xa, 0x3, 0xb, 0x3, 0xb, 
    0x3, 0xb, 0x3, 0xb, 0x7, 0xb, 0xd7, 0xa, 0xb, 0xc, 0xb, 0xe, 0xb, 0xda, 
    0xb, 0xb, 0x3, 0xb, 0x5, 0xb, 0xdd, 0xa, 0xb, 0x3, 0xc, 0x5, 0xc, 0xe0, 
    0xa, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0xe6, 0xa, 
    0xc, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0xeb, 0xa, 0xd, 0x3, 0xd, 
    0x5, 0xd, 0xee, 0xa, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0xf3, 
    0xa, 0xd, 0x3, 0xd, 0x5, 0xd, 0xf6, 0xa, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 
    0xd, 0x5, 0xd, 0xfb, 0xa, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0xff, 0xa, 
    0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0x105, 0xa, 0xd, 
    0x5, 0xd, 0x107, 0xa, 0xd, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 
    0xe, 0x3, 0xe, 0x5, 0xe, 0x10f, 0xa, 0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 
    0x3, 0xe, 0x7, 0xe, 0x115, 0xa, 0xe, 0xc, 0xe, 0xe, 0xe, 0x118, 0xb, 
    0xe, 0x3, 0xe, 0x5, 0xe, 0x11b, 0xa, 0xe, 0x3, 0xe, 0x3, 0xe, 0x5, 0xe, 
    0x11f, 0xa, 0xe, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 
    0xf, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 
    0x5, 0x10, 0x12d, 0xa, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 
    0x7, 0x10, 0x133, 0xa, 0x10, 0xc, 0x10, 0xe, 0x10, 0x136, 0xb, 0x10, 
    0x3, 0x10, 0x5, 0x10, 0x139, 0xa, 0x10, 0x3, 0x11, 0x3, 0x11, 0x3, 0x11, 
    0x3, 0x11, 0x5, 0x11, 0x13f, 0xa, 0x11, 0x5, 0x11, 0x141, 0xa, 0x11, 
    0x3, 0x11, 0x3, 0x11, 0x5, 0x11, 0x145, 0xa, 0x11, 0x3, 0x12, 0x3, 0x12, 
    0x6, 0x12, 0x149, 0xa, 0x12, 0xd, 0x12, 0xe, 0x12, 0x14a, 0x3, 0x13, 
    0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 
    0x13, 0x5, 0x13, 0x155, 0xa, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 
    0x3, 0x13, 0x7, 0x13, 0x15b, 0xa, 0x13, 0xc, 0x13, 0xe, 0x13, 0x15e, 
    0xb, 0x13, 0x3, 0x13, 0x5, 0x13, 0x161, 0xa, 0x13, 0x5, 0x13, 0x163, 
    0xa, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x7, 0x13, 0x169, 
    0xa, 0x13, 0xc, 0x13, 0xe, 0x13, 0x16c, 0xb, 0x13, 0x3, 0x13, 0x5, 0x13, 
    0x16f, 0xa, 0x13, 0x5, 0x13, 0x171, 0xa, 0x13, 0x3, 0x14, 0x3, 0x14, 
    0x7, 0x14, 0x175, 0xa, 0x14, 0xc, 0x14, 0xe, 0x14, 0x178, 0xb, 0x14, 
    0x3, 0x14, 0x3, 0x14, 0x3, 0x14, 0x3, 0x14, 0x5, 0x14, 0x17e, 0xa, 0x14, 
    0x3, 0x14, 0x5, 0x14, 0x181, 0xa, 0x14, 0x3, 0x14, 0x5, 0x14, 0x184, 
    0xa, 0x14, 0x3, 0x15, 0x3, 0x15, 0x3, 0x15, 0x7, 0x15, 0x189, 0xa, 0x15, 
    0xc, 0x15, 0xe, 0x15, 0x18c, 0xb, 0x15, 0x3, 0x16, 0x3, 0x16, 0x3, 0x16, 
    0x7, 0x16, 0x191, 0xa, 0x16, 0xc, 0x16, 0xe, 0x16, 0x194, 0xb, 0x16, 
    0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x5, 0x17, 0x199, 0xa, 0x17, 0x3, 0x18, 
    0x5, 0x18, 0x19c, 0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 0x1a0, 
    0xa, 0x18, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 0x5, 0x19, 0x1a5, 0xa, 0x19, 
    0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 0x5, 0x19, 0x1ab, 0xa, 0x19, 
    0x3, 0x19, 0x5, 0x19, 0x1ae, 0xa, 0x19, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 
    0x5, 0x19, 0x1b3, 0xa, 0x19, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 
    0x3, 0x19, 0x3, 0x19, 0x5, 0x19, 0x1bb, 0xa, 0x19, 0x3, 0x19, 0x3, 0x19, 
    0x3, 0x19, 0x5, 0x19, 0x1c0, 0xa, 0x19, 0x3, 0x19, 0x3, 0x19, 0x3, 0x19, 
    0x3, 0x19, 0x5, 0x19, 0x1c6, 0xa, 0x19, 0x3, 0x19, 0x3, 0x19, 0x5, 0x19, 
    0x1ca, 0xa, 0x19, 0x3, 0x1a, 0x3, 0x1a, 0x3, 0x1a, 0x5, 0x1a, 0x1cf, 
    0xa, 0x1a, 0x5, 0x1a, 0x1d1, 0xa, 0x1a, 0x3, 0x1a, 0x3, 0x1a, 0x3, 0x1a, 
    0x3, 0x1a, 0x3, 0x1a, 0x5, 0x1a, 0x1d8, 0xa, 0x1a, 0x3, 0x1a, 0x7, 0x1a, 
    0x1db, 0xa, 0x1a, 0xc, 0x1a, 0xe, 0x1a, 0x1de, 0xb, 0x1a, 0x5, 0x1a, 
    0x1e0, 0xa, 0x1a, 0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1b, 
    0x7, 0x1b, 0x1e7, 0xa, 0x1b, 0xc, 0x1b, 0xe, 0x1b, 0x1ea, 0xb, 0x1b, 
    0x3, 0x1b, 0x5, 0x1b, 0x1ed, 0xa, 0x1b, 0x5, 0x1b, 0x1ef, 0xa, 0x1b, 
    0x3, 0x1b, 0x5, 0x1b, 0x1f2, 0xa, 0x1b, 0x3, 0x1c, 0x3, 0x1c, 0x3, 0x1c, 
    0x5, 0x1c, 0x1f7, 0xa, 0x1c, 0x3, 0x1c, 0x3, 0x1c, 0x5, 0x1c, 0x1fb, 
    0xa, 0x1c, 0x3, 0x1c, 0x3, 0x1c, 0x3, 0x1c, 0x5, 0x1c, 0x200, 0xa, 0x1c, 
    0x3, 0x1d, 0x3, 0x1d, 0x3, 0x1d, 0x7, 0x1d, 0x205, 0xa, 0x1d, 0xc, 0x1d, 
    0xe, 0x1d, 0x208, 0xb, 0x1d, 0x3, 0x1e, 0x3, 0x1e, 0x3, 0x1e, 0x7, 0x1e, 
    0x20d, 0xa, 0x1e, 0xc, 0x1e, 0xe, 0x1e, 0x210, 0xb, 0x1e, 0x3, 0x1f, 
    0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x7, 0x1f, 0x216, 0xa, 0x1f, 0xc, 0x1f, 
    0xe, 0x1f, 0x219, 0xb, 0x1f, 0x5, 0x1f, 0x21b, 0xa, 0x1f, 0x3, 0x20, 
    0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x5, 
    0x20, 0x224, 0xa, 0x20, 0x3, 0x20, 0x5, 0x20, 0x227, 0xa, 0x20, 0x3, 
    0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x5, 0x20, 
    0x22f, 0xa, 0x20, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 
    0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 
    0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 
    0x5, 0x21, 0x243, 0xa, 0x21, 0x3, 0x22, 0x3, 0x22, 0x3, 0x22, 0x3, 0x22, 
    0x5, 0x22, 0x249, 0xa, 0x22, 0x3, 0x22, 0x5, 0x22, 0x24c, 0xa, 0x22, 
    0x3, 0x22, 0x3, 0x22, 0x3, 0x23, 0x3, 0x23, 0x5, 0x23, 0x252, 0xa, 0x23, 
    0x3, 0x23, 0x3, 0x23, 0x3, 0x24, 0x3, 0x24, 0x3, 0x24, 0x7, 0x24, 0x259, 
    0xa, 0x24, 0xc, 0x24, 0xe, 0x24, 0x25c, 0xb, 0x24, 0x3, 0x24, 0x5, 0x24, 
    0x25f, 0xa, 0x24, 0x3, 0x25, 0x3, 0x25, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 
    0x5, 0x26, 0x266, 0xa, 0x26, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 
    0x5, 0x27, 0x26c, 0xa, 0x27, 0x3, 0x28, 0x3, 0x28, 0x3, 0x29, 0x3, 0x29, 
    0x3, 0x29, 0x2, 0x2, 0x2a, 0x2, 0x4, 0x6, 0x8, 0xa, 0xc, 0xe, 0x10, 
    0x12, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x20, 0x22, 0x24, 0x26, 0x28, 
    0x2a, 0x2c, 0x2e, 0x30, 0x32, 0x34, 0x36, 0x38, 0x3a, 0x3c, 0x3e, 0x40, 
    0x42, 0x44, 0x46, 0x48, 0x4a, 0x4c, 0x4e, 0x50, 0x2, 0x10, 0x4, 0x2, 
    0x2b, 0x2b, 0x2f, 0x2f, 0x4, 0x2, 0x31, 0x31, 0x33, 0x33, 0x4, 0x2, 
    0x16, 0x16, 0x1a, 0x1a, 0x4, 0x2, 0x4, 0x4, 0x42, 0x42, 0x3, 0x2, 0x4e, 
    0x53, 0x4, 0x2, 0x14, 0x14, 0x1b, 0x1b, 0x4, 0x2, 0x1f, 0x1f, 0x34, 
    0x34, 0x3, 0x2, 0x4b, 0x4c, 0x3, 0x2, 0x4b, 0x4d, 0x3, 0x2, 0x48, 0x4a, 
    0x4, 0x2, 0x35, 0x35, 0x38, 0x38, 0x6, 0x2, 0xf, 0xf, 0x1f, 0x1f, 0x26, 
    0x26, 0x3d, 0x3f, 0x3, 0x2, 0x2a, 0x3a, 0x3, 0x2, 0x3, 0x29, 0x2, 0x2ca, 
    0x2, 0x58, 0x3, 0x2, 0x2, 0x2, 0x4, 0x5f, 0x3, 0x2, 0x2, 0x2, 0x6, 0x63, 
    0x3, 0x2, 0x2, 0x2, 0x8, 0x6d, 0x3, 0x2, 0x2, 0x2, 0xa, 0x79, 0x3, 0x2, 
    0x2, 0x2, 0xc, 0x83, 0x3, 0x2, 0x2, 0x2, 0xe, 0xc3, 0x3, 0x2, 0x2, 0x2, 
    0x10, 0xc6, 0x3, 0x2, 0x2, 0x2, 0x12, 0xca, 0x3, 0x2, 0x2, 0x2, 0x14, 
    0xd2, 0x3, 0x2, 0x2, 0x2, 0x16, 0xdf, 0x3, 0x2, 0x2, 0x2, 0x18, 0x106, 
    0x3, 0x2, 0x2, 0x2, 0x1a, 0x108, 0x3, 0x2, 0x2, 0x2, 0x1c, 0x120, 0x3, 
    0x2, 0x2, 0x2, 0x1e, 0x126, 0x3, 0x2, 0x2, 0x2, 0x20, 0x13a, 0x3, 0x2, 
    0x2, 0x2, 0x22, 0x146, 0x3, 0x2, 0x2, 0x2, 0x24, 0x14c, 0x3, 0x2, 0x2, 
    0x2, 0x26, 0x172, 0x3, 0x2, 0x2, 0x2, 0x28, 0x185, 0x3, 0x2, 0x2, 0x2, 
    0x2a, 0x18d, 0x3, 0x2, 0x2, 0x2, 0x2c, 0x198, 0x3, 0x2, 0x2, 0x2, 0x2e, 
    0x19b, 0x3, 0x2, 0x2, 0x2, 0x30, 0x1c9, 0x3, 0x2, 0x2, 0x2, 0x32, 0x1df, 
    0x3, 0x2, 0x2, 0x2, 0x34, 0x1e1, 0x3, 0x2, 0x2, 0x2, 0x36, 0x1f6, 0x3, 
    0x2, 0x2, 0x2, 0x38, 0x201, 0x3, 0x2, 0x2, 0x2, 0x3a, 0x209, 0x3, 0x2, 
    0x2, 0x2, 0x3c, 0x21a, 0x3, 0x2, 0x2, 0x2, 0x3e, 0x22e, 0x3, 0x2, 0x2, 
    0x2, 0x40, 0x242, 0x3, 0x2, 0x2, 0x2, 0x42, 0x244, 0x3, 0x2, 0x2, 0x2, 
    0x44, 0x24f, 0x3, 0x2, 0x2, 0x2, 0x46, 0x255, 0x3, 0x2, 0x2, 0x2, 0x48, 
    0x260, 0x3, 0x2, 0x2, 0x2, 0x4a, 0x265, 0x3, 0x2, 0x2, 0x2, 0x4c, 0x26b, 
    0x3, 0x2, 0x2, 0x2, 0x4e, 0x26d, 0x3, 0x2, 0x2, 0x2, 0x50, 0x26f, 0x3, 
    0x2, 0x2, 0x2, 0x52, 0x54, 0x5, 0x4, 0x3, 0x2, 0x53, 0x52, 0x3, 0x2, 
    0x2, 0x2, 0x53, 0x54, 0x3, 0x2, 0x2, 0x2, 0x54, 0x55, 0x3, 0x2, 0x2, 
    0x2, 0x55, 0x59, 0x5, 0xa, 0x6, 0x2, 0x56, 0x59, 0x5, 0x6, 0x4, 0x2, 
    0x57, 0x59, 0x5, 0x8, 0x5, 0x2, 0x58, 0x53, 0x3, 0x2, 0x2, 0x2, 0x58, 
    0x56, 0x3, 0x2, 0x2, 0x2, 0x58, 0x57, 0x3, 0x2, 0x2, 0x2, 0x59, 0x5b, 
    0x3, 0x2, 0x2, 0x2, 0x5a, 0x5c, 0x7, 0x41, 0x2, 0x2, 0x5b, 0x5a, 0x3, 
    0x2, 0x2, 0x2, 0x5b, 0x5c, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x5d, 0x3, 0x2, 
    0x2, 0x2, 0x5d, 0x5e, 0x7, 0x2, 0x2, 0x3, 0x5e, 0x3, 0x3, 0x2, 0x2, 
    0x2, 0x5f, 0x61, 0x7, 0xe, 0x2, 0x2, 0x60, 0x62, 0x7, 0x2a, 0x2, 0x2, 
    0x61, 0x60, 0x3, 0x2, 0x2, 0x2, 0x61, 0x62, 0x3, 0x2, 0x2, 0x2, 0x62, 
    0x5, 0x3, 0x2, 0x2, 0x2, 0x63, 0x66, 0x7, 0x9, 0x2, 0x2, 0x64, 0x65, 
    0x7, 0x21, 0x2, 0x2, 0x65, 0x67, 0x7, 0x3a, 0x2, 0x2, 0x66, 0x64, 0x3, 
    0x2, 0x2, 0x2, 0x66, 0x67, 0x3, 0x2, 0x2, 0x2, 0x67, 0x68, 0x3, 0x2, 
    0x2, 0x2, 0x68, 0x69, 0x7, 0x39, 0x2, 0x2, 0x69, 0x6a, 0x5, 0x4a, 0x26, 
    0x2, 0x6a, 0x6b, 0x7, 0x5, 0x2, 0x2, 0x6b, 0x6c, 0x5, 0xa, 0x6, 0x2, 
    0x6c, 0x7, 0x3, 0x2, 0x2, 0x2, 0x6d, 0x6e, 0x7, 0xb, 0x2, 0x2, 0x6e, 
    0x71, 0x7, 0x39, 0x2, 0x2, 0x6f, 0x70, 0x7, 0x32, 0x2, 0x2, 0x70, 0x72, 
    0x7, 0xd, 0x2, 0x2, 0x71, 0x6f, 0x3, 0x2, 0x2, 0x2, 0x71, 0x72, 0x3, 
    0x2, 0x2, 0x2, 0x72, 0x73, 0x3, 0x2, 0x2, 0x2, 0x73, 0x74, 0x5, 0x4a, 
    0x26, 0x2, 0x74, 0x9, 0x3, 0x2, 0x2, 0x2, 0x75, 0x7a, 0x5, 0xc, 0x7, 
    0x2, 0x76, 0x7a, 0x5, 0x1a, 0xe, 0x2, 0x77, 0x7a, 0x5, 0x1e, 0x10, 0x2, 
    0x78, 0x7a, 0x5, 0x24, 0x13, 0x2, 0x79, 0x75, 0x3, 0x2, 0x2, 0x2, 0x79, 
    0x76, 0x3, 0x2, 0x2, 0x2, 0x79, 0x77, 0x3, 0x2, 0x2, 0x2, 0x79, 0x78, 
    0x3, 0x2, 0x2, 0x2, 0x7a, 0x81, 0x3, 0x2, 0x2, 0x2, 0x7b, 0x7c, 0x7, 
    0x23, 0x2, 0x2, 0x7c, 0x7f, 0x7, 0x5, 0x2, 0x2, 0x7d, 0x80, 0x7, 0x3d, 
    0x2, 0x2, 0x7e, 0x80, 0x5, 0x4a, 0x26, 0x2, 0x7f, 0x7d, 0x3, 0x2, 0x2, 
    0x2, 0x7f, 0x7e, 0x3, 0x2, 0x2, 0x2, 0x80, 0x82, 0x3, 0x2, 0x2, 0x2, 
    0x81, 0x7b, 0x3, 0x2, 0x2, 0x2, 0x81, 0x82, 0x3, 0x2, 0x2, 0x2, 0x82, 
    0xb, 0x3, 0x2, 0x2, 0x2, 0x83, 0x85, 0x7, 0x24, 0x2, 0x2, 0x84, 0x86, 
    0x7, 0xa, 0x2, 0x2, 0x85, 0x84, 0x3, 0x2, 0x2, 0x2, 0x85, 0x86, 0x3, 
    0x2, 0x2, 0x2, 0x86, 0x87, 0x3, 0x2, 0x2, 0x2, 0x87, 0x8c, 0x5, 0xe, 
    0x8, 0x2, 0x88, 0x89, 0x7, 0x42, 0x2, 0x2, 0x89, 0x8b, 0x5, 0xe, 0x8, 
    0x2, 0x8a, 0x88, 0x3, 0x2, 0x2, 0x2, 0x8b, 0x8e, 0x3, 0x2, 0x2, 0x2, 
    0x8c, 0x8a, 0x3, 0x2, 0x2, 0x2, 0x8c, 0x8d, 0x3, 0x2, 0x2, 0x2, 0x8d, 
    0x90, 0x3, 0x2, 0x2, 0x2, 0x8e, 0x8c, 0x3, 0x2, 0x2, 0x2, 0x8f, 0x91, 
    0x7, 0x42, 0x2, 0x2, 0x90, 0x8f, 0x3, 0x2, 0x2, 0x2, 0x90, 0x91, 0x3, 
    0x2, 0x2, 0x2, 0x91, 0x94, 0x3, 0x2, 0x2, 0x2, 0x92, 0x93, 0x7, 0x10, 
    0x2, 0x2, 0x93, 0x95, 0x5, 0x14, 0xb, 0x2, 0x94, 0x92, 0x3, 0x2, 0x2, 
    0x2, 0x94, 0x95, 0x3, 0x2, 0x2, 0x2, 0x95, 0x98, 0x3, 0x2, 0x2, 0x2, 
    0x96, 0x97, 0x7, 0x28, 0x2, 0x2, 0x97, 0x99, 0x5, 0x28, 0x15, 0x2, 0x98, 
    0x96, 0x3, 0x2, 0x2, 0x2, 0x98, 0x99, 0x3, 0x2, 0x2, 0x2, 0x99, 0x9d, 
    0x3, 0x2, 0x2, 0x2, 0x9a, 0x9b, 0x7, 0x11, 0x2, 0x2, 0x9b, 0x9c, 0x7, 
    0x7, 0x2, 0x2, 0x9c, 0x9e, 0x5, 0x46, 0x24, 0x2, 0x9d, 0x9a, 0x3, 0x2, 
    0x2, 0x2, 0x9d, 0x9e, 0x3, 0x2, 0x2, 0x2, 0x9e, 0xa1, 0x3, 0x2, 0x2, 
    0x2, 0x9f, 0xa0, 0x7, 0x13, 0x2, 0x2, 0xa0, 0xa2, 0x5, 0x28, 0x15, 0x2, 
    0xa1, 0x9f, 0x3, 0x2, 0x2, 0x2, 0xa1, 0xa2, 0x3, 0x2, 0x2, 0x2, 0xa2, 
    0xb0, 0x3, 0x2, 0x2, 0x2, 0xa3, 0xa4, 0x7, 0x22, 0x2, 0x2, 0xa4, 0xa5, 
    0x7, 0x7, 0x2, 0x2, 0xa5, 0xaa, 0x5, 0x12, 0xa, 0x2, 0xa6, 0xa7, 0x7, 
    0x42, 0x2, 0x2, 0xa7, 0xa9, 0x5, 0x12, 0xa, 0x2, 0xa8, 0xa6, 0x3, 0x2, 
    0x2, 0x2, 0xa9, 0xac, 0x3, 0x2, 0x2, 0x2, 0xaa, 0xa8, 0x3, 0x2, 0x2, 
    0x2, 0xaa, 0xab, 0x3, 0x2, 0x2, 0x2, 0xab, 0xae, 0x3, 0x2, 0x2, 0x2, 
    0xac, 0xaa, 0x3, 0x2, 0x2, 0x2, 0xad, 0xaf, 0x7, 0x42, 0x2, 0x2, 0xae, 
    0xad, 0x3, 0x2, 0x2, 0x2, 0xae, 0xaf, 0x3, 0x2, 0x2, 0x2, 0xaf, 0xb1, 
    0x3, 0x2, 0x2, 0x2, 0xb0, 0xa3, 0x3, 0x2, 0x2, 0x2, 0xb0, 0xb1, 0x3, 
    0x2, 0x2, 0x2, 0xb1, 0xb8, 0x3, 0x2, 0x2, 0x2, 0xb2, 0xb3, 0x7, 0x1c, 
    0x2, 0x2, 0xb3, 0xb6, 0x5, 0x38, 0x1d, 0x2, 0xb4, 0xb5, 0x7, 0x37, 0x2, 
    0x2, 0xb5, 0xb7, 0x5, 0x38, 0x1d, 0x2, 0xb6, 0xb4, 0x3, 0x2, 0x2, 0x2, 
    0xb6, 0xb7, 0x3, 0x2, 0x2, 0x2, 0xb7, 0xb9, 0x3, 0x2, 0x2, 0x2, 0xb8, 
    0xb2, 0x3, 0x2, 0x2, 0x2, 0xb8, 0xb9, 0x3, 0x2, 0x2, 0x2, 0xb9, 0xd, 
    0x3, 0x2, 0x2, 0x2, 0xba, 0xc4, 0x7, 0x48, 0x2, 0x2, 0xbb, 0xbe, 0x5, 
    0x28, 0x15, 0x2, 0xbc, 0xbd, 0x7, 0x43, 0x2, 0x2, 0xbd, 0xbf, 0x7, 0x48, 
    0x2, 0x2, 0xbe, 0xbc, 0x3, 0x2, 0x2, 0x2, 0xbe, 0xbf, 0x3, 0x2, 0x2, 
    0x2, 0xbf, 0xc1, 0x3, 0x2, 0x2, 0x2, 0xc0, 0xc2, 0x5, 0x10, 0x9, 0x2, 
    0xc1, 0xc0, 0x3, 0x2, 0x2, 0x2, 0xc1, 0xc2, 0x3, 0x2, 0x2, 0x2, 0xc2, 
    0xc4, 0x3, 0x2, 0x2, 0x2, 0xc3, 0xba, 0x3, 0x2, 0x2, 0x2, 0xc3, 0xbb, 
    0x3, 0x2, 0x2, 0x2, 0xc4, 0xf, 0x3, 0x2, 0x2, 0x2, 0xc5, 0xc7, 0x7, 
    0x5, 0x2, 0x2, 0xc6, 0xc5, 0x3, 0x2, 0x2, 0x2, 0xc6, 0xc7, 0x3, 0x2, 
    0x2, 0x2, 0xc7, 0xc8, 0x3, 0x2, 0x2, 0x2, 0xc8, 0xc9, 0x5, 0x4a, 0x26, 
    0x2, 0xc9, 0x11, 0x3, 0x2, 0x2, 0x2, 0xca, 0xcc, 0x5, 0x28, 0x15, 0x2, 
    0xcb, 0xcd, 0x9, 0x2, 0x2, 0x2, 0xcc, 0xcb, 0x3, 0x2, 0x2, 0x2, 0xcc, 
    0xcd, 0x3, 0x2, 0x2, 0x2, 0xcd, 0xd0, 0x3, 0x2, 0x2, 0x2, 0xce, 0xcf, 
    0x7, 0x36, 0x2, 0x2, 0xcf, 0xd1, 0x9, 0x3, 0x2, 0x2, 0xd0, 0xce, 0x3, 
    0x2, 0x2, 0x2, 0xd0, 0xd1, 0x3, 0x2, 0x2, 0x2, 0xd1, 0x13, 0x3, 0x2, 
    0x2, 0x2, 0xd2, 0xd8, 0x5, 0x18, 0xd, 0x2, 0xd3, 0xd4, 0x7, 0x42, 0x2, 
    0x2, 0xd4, 0xd7, 0x5, 0x18, 0xd, 0x2, 0xd5, 0xd7, 0x5, 0x16, 0xc, 0x2, 
    0xd6, 0xd3, 0x3, 0x2, 0x2, 0x2, 0xd6, 0xd5, 0x3, 0x2, 0x2, 0x2, 0xd7, 
    0xda, 0x3, 0x2, 0x2, 0x2, 0xd8, 0xd6, 0x3, 0x2, 0x2, 0x2, 0xd8, 0xd9, 
    0x3, 0x2, 0x2, 0x2, 0xd9, 0xdc, 0x3, 0x2, 0x2, 0x2, 0xda, 0xd8, 0x3, 
    0x2, 0x2, 0x2, 0xdb, 0xdd, 0x7, 0x42, 0x2, 0x2, 0xdc, 0xdb, 0x3, 0x2, 
    0x2, 0x2, 0xdc, 0xdd, 0x3, 0x2, 0x2, 0x2, 0xdd, 0x15, 0x3, 0x2, 0x2, 
    0x2, 0xde, 0xe0, 0x9, 0x4, 0x2, 0x2, 0xdf, 0xde, 0x3, 0x2, 0x2, 0x2, 
    0xdf, 0xe0, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xe1, 0x3, 0x2, 0x2, 0x2, 0xe1, 
    0xe2, 0x7, 0x18, 0x2, 0x2, 0xe2, 0xe5, 0x5, 0x18, 0xd, 0x2, 0xe3, 0xe4, 
    0x7, 0x20, 0x2, 0x2, 0xe4, 0xe6, 0x5, 0x28, 0x15, 0x2, 0xe5, 0xe3, 0x3, 
    0x2, 0x2, 0x2, 0xe5, 0xe6, 0x3, 0x2, 0x2, 0x2, 0xe6, 0x17, 0x3, 0x2, 
    0x2, 0x2, 0xe7, 0xea, 0x5, 0x4a, 0x26, 0x2, 0xe8, 0xe9, 0x7, 0x55, 0x2, 
    0x2, 0xe9, 0xeb, 0x5, 0x4c, 0x27, 0x2, 0xea, 0xe8, 0x3, 0x2, 0x2, 0x2, 
    0xea, 0xeb, 0x3, 0x2, 0x2, 0x2, 0xeb, 0xed, 0x3, 0x2, 0x2, 0x2, 0xec, 
    0xee, 0x5, 0x10, 0x9, 0x2, 0xed, 0xec, 0x3, 0x2, 0x2, 0x2, 0xed, 0xee, 
    0x3, 0x2, 0x2, 0x2, 0xee, 0x107, 0x3, 0x2, 0x2, 0x2, 0xef, 0xf2, 0x7, 
    0x3d, 0x2, 0x2, 0xf0, 0xf1, 0x7, 0x55, 0x2, 0x2, 0xf1, 0xf3, 0x5, 0x4c, 
    0x27, 0x2, 0xf2, 0xf0, 0x3, 0x2, 0x2, 0x2, 0xf2, 0xf3, 0x3, 0x2, 0x2, 
    0x2, 0xf3, 0xf5, 0x3, 0x2, 0x2, 0x2, 0xf4, 0xf6, 0x5, 0x10, 0x9, 0x2, 
    0xf5, 0xf4, 0x3, 0x2, 0x2, 0x2, 0xf5, 0xf6, 0x3, 0x2, 0x2, 0x2, 0xf6, 
    0x107, 0x3, 0x2, 0x2, 0x2, 0xf7, 0xf8, 0x5, 0x4a, 0x26, 0x2, 0xf8, 0xfa, 
    0x7, 0x44, 0x2, 0x2, 0xf9, 0xfb, 0x5, 0x46, 0x24, 0x2, 0xfa, 0xf9, 0x3, 
    0x2, 0x2, 0x2, 0xfa, 0xfb, 0x3, 0x2, 0x2, 0x2, 0xfb, 0xfc, 0x3, 0x2, 
    0x2, 0x2, 0xfc, 0xfe, 0x7, 0x45, 0x2, 0x2, 0xfd, 0xff, 0x5, 0x10, 0x9, 
    0x2, 0xfe, 0xfd, 0x3, 0x2, 0x2, 0x2, 0xfe, 0xff, 0x3, 0x2, 0x2, 0x2, 
    0xff, 0x107, 0x3, 0x2, 0x2, 0x2, 0x100, 0x101, 0x7, 0x44, 0x2, 0x2, 
    0x101, 0x102, 0x5, 0xa, 0x6, 0x2, 0x102, 0x104, 0x7, 0x45, 0x2, 0x2, 
    0x103, 0x105, 0x5, 0x10, 0x9, 0x2, 0x104, 0x103, 0x3, 0x2, 0x2, 0x2, 
    0x104, 0x105, 0x3, 0x2, 0x2, 0x2, 0x105, 0x107, 0x3, 0x2, 0x2, 0x2, 
    0x106, 0xe7, 0x3, 0x2, 0x2, 0x2, 0x106, 0xef, 0x3, 0x2, 0x2, 0x2, 0x106, 
    0xf7, 0x3, 0x2, 0x2, 0x2, 0x106, 0x100, 0x3, 0x2, 0x2, 0x2, 0x107, 0x19, 
    0x3, 0x2, 0x2, 0x2, 0x108, 0x109, 0x7, 0x25, 0x2, 0x2, 0x109, 0x10a, 
    0x5, 0x4a, 0x26, 0x2, 0x10a, 0x10b, 0x7, 0x10, 0x2, 0x2, 0x10b, 0x10e, 
    0x5, 0x14, 0xb, 0x2, 0x10c, 0x10d, 0x7, 0x28, 0x2, 0x2, 0x10d, 0x10f, 
    0x5, 0x28, 0x15, 0x2, 0x10e, 0x10c, 0x3, 0x2, 0x2, 0x2, 0x10e, 0x10f, 
    0x3, 0x2, 0x2, 0x2, 0x10f, 0x110, 0x3, 0x2, 0x2, 0x2, 0x110, 0x111, 
    0x7, 0x1d, 0x2, 0x2, 0x111, 0x116, 0x5, 0x1c, 0xf, 0x2, 0x112, 0x113, 
    0x9, 0x5, 0x2, 0x2, 0x113, 0x115, 0x5, 0x1c, 0xf, 0x2, 0x114, 0x112, 
    0x3, 0x2, 0x2, 0x2, 0x115, 0x118, 0x3, 0x2, 0x2, 0x2, 0x116, 0x114, 
    0x3, 0x2, 0x2, 0x2, 0x116, 0x117, 0x3, 0x2, 0x2, 0x2, 0x117, 0x11a, 
    0x3, 0x2, 0x2, 0x2, 0x118, 0x116, 0x3, 0x2, 0x2, 0x2, 0x119, 0x11b, 
    0x7, 0x42, 0x2, 0x2, 0x11a, 0x119, 0x3, 0x2, 0x2, 0x2, 0x11a, 0x11b, 
    0x3, 0x2, 0x2, 0x2, 0x11b, 0x11e, 0x3, 0x2, 0x2, 0x2, 0x11c, 0x11d, 
    0x7, 0x29, 0x2, 0x2, 0x11d, 0x11f, 0x7, 0x2d, 0x2, 0x2, 0x11e, 0x11c, 
    0x3, 0x2, 0x2, 0x2, 0x11e, 0x11f, 0x3, 0x2, 0x2, 0x2, 0x11f, 0x1b, 0x3, 
    0x2, 0x2, 0x2, 0x120, 0x121, 0x5, 0x4a, 0x26, 0x2, 0x121, 0x122, 0x7, 
    0x43, 0x2, 0x2, 0x122, 0x123, 0x5, 0x4c, 0x27, 0x2, 0x123, 0x124, 0x7, 
    0x4e, 0x2, 0x2, 0x124, 0x125, 0x5, 0x22, 0x12, 0x2, 0x125, 0x1d, 0x3, 
    0x2, 0x2, 0x2, 0x126, 0x127, 0x7, 0x8, 0x2, 0x2, 0x127, 0x128, 0x5, 
    0x4a, 0x26, 0x2, 0x128, 0x129, 0x7, 0x10, 0x2, 0x2, 0x129, 0x12c, 0x5, 
    0x14, 0xb, 0x2, 0x12a, 0x12b, 0x7, 0x28, 0x2, 0x2, 0x12b, 0x12d, 0x5, 
    0x28, 0x15, 0x2, 0x12c, 0x12a, 0x3, 0x2, 0x2, 0x2, 0x12c, 0x12d, 0x3, 
    0x2, 0x2, 0x2, 0x12d, 0x12e, 0x3, 0x2, 0x2, 0x2, 0x12e, 0x12f, 0x7, 
    0x1d, 0x2, 0x2, 0x12f, 0x134, 0x5, 0x20, 0x11, 0x2, 0x130, 0x131, 0x9, 
    0x5, 0x2, 0x2, 0x131, 0x133, 0x5, 0x20, 0x11, 0x2, 0x132, 0x130, 0x3, 
    0x2, 0x2, 0x2, 0x133, 0x136, 0x3, 0x2, 0x2, 0x2, 0x134, 0x132, 0x3, 
    0x2, 0x2, 0x2, 0x134, 0x135, 0x3, 0x2, 0x2, 0x2, 0x135, 0x138, 0x3, 
    0x2, 0x2, 0x2, 0x136, 0x134, 0x3, 0x2, 0x2, 0x2, 0x137, 0x139, 0x7, 
    0x42, 0x2, 0x2, 0x138, 0x137, 0x3, 0x2, 0x2, 0x2, 0x138, 0x139, 0x3, 
    0x2, 0x2, 0x2, 0x139, 0x1f, 0x3, 0x2, 0x2, 0x2, 0x13a, 0x140, 0x5, 0x22, 
    0x12, 0x2, 0x13b, 0x13e, 0x7, 0x4e, 0x2, 0x2, 0x13c, 0x13f, 0x5, 0x34, 
    0x1b, 0x2, 0x13d, 0x13f, 0x5, 0x22, 0x12, 0x2, 0x13e, 0x13c, 0x3, 0x2, 
    0x2, 0x2, 0x13e, 0x13d, 0x3, 0x2, 0x2, 0x2, 0x13f, 0x141, 0x3, 0x2, 
    0x2, 0x2, 0x140, 0x13b, 0x3, 0x2, 0x2, 0x2, 0x140, 0x141, 0x3, 0x2, 
    0x2, 0x2, 0x141, 0x144, 0x3, 0x2, 0x2, 0x2, 0x142, 0x143, 0x7, 0x19, 
    0x2, 0x2, 0x143, 0x145, 0x7, 0x3e, 0x2, 0x2, 0x144, 0x142, 0x3, 0x2, 
    0x2, 0x2, 0x144, 0x145, 0x3, 0x2, 0x2, 0x2, 0x145, 0x21, 0x3, 0x2, 0x2, 
    0x2, 0x146, 0x148, 0x5, 0x4a, 0x26, 0x2, 0x147, 0x149, 0x5, 0x3e, 0x20, 
    0x2, 0x148, 0x147, 0x3, 0x2, 0x2, 0x2, 0x149, 0x14a, 0x3, 0x2, 0x2, 
    0x2, 0x14a, 0x148, 0x3, 0x2, 0x2, 0x2, 0x14a, 0x14b, 0x3, 0x2, 0x2, 
    0x2, 0x14b, 0x23, 0x3, 0x2, 0x2, 0x2, 0x14c, 0x14d, 0x7, 0xc, 0x2, 0x2, 
    0x14d, 0x14e, 0x5, 0x4a, 0x26, 0x2, 0x14e, 0x14f, 0x7, 0x10, 0x2, 0x2, 
    0x14f, 0x154, 0x5, 0x18, 0xd, 0x2, 0x150, 0x151, 0x7, 0x29, 0x2, 0x2, 
    0x151, 0x152, 0x7, 0x2e, 0x2, 0x2, 0x152, 0x153, 0x7, 0x4e, 0x2, 0x2, 
    0x153, 0x155, 0x7, 0x3d, 0x2, 0x2, 0x154, 0x150, 0x3, 0x2, 0x2, 0x2, 
    0x154, 0x155, 0x3, 0x2, 0x2, 0x2, 0x155, 0x162, 0x3, 0x2, 0x2, 0x2, 
    0x156, 0x157, 0x7, 0x27, 0x2, 0x2, 0x157, 0x15c, 0x5, 0x26, 0x14, 0x2, 
    0x158, 0x159, 0x9, 0x5, 0x2, 0x2, 0x159, 0x15b, 0x5, 0x26, 0x14, 0x2, 
    0x15a, 0x158, 0x3, 0x2, 0x2, 0x2, 0x15b, 0x15e, 0x3, 0x2, 0x2, 0x2, 
    0x15c, 0x15a, 0x3, 0x2, 0x2, 0x2, 0x15c, 0x15d, 0x3, 0x2, 0x2, 0x2, 
    0x15d, 0x160, 0x3, 0x2, 0x2, 0x2, 0x15e, 0x15c, 0x3, 0x2, 0x2, 0x2, 
    0x15f, 0x161, 0x7, 0x42, 0x2, 0x2, 0x160, 0x15f, 0x3, 0x2, 0x2, 0x2, 
    0x160, 0x161, 0x3, 0x2, 0x2, 0x2, 0x161, 0x163, 0x3, 0x2, 0x2, 0x2, 
    0x162, 0x156, 0x3, 0x2, 0x2, 0x2, 0x162, 0x163, 0x3, 0x2, 0x2, 0x2, 
    0x163, 0x170, 0x3, 0x2, 0x2, 0x2, 0x164, 0x165, 0x7, 0x19, 0x2, 0x2, 
    0x165, 0x16a, 0x5, 0x42, 0x22, 0x2, 0x166, 0x167, 0x9, 0x5, 0x2, 0x2, 
    0x167, 0x169, 0x5, 0x42, 0x22, 0x2, 0x168, 0x166, 0x3, 0x2, 0x2, 0x2, 
    0x169, 0x16c, 0x3, 0x2, 0x2, 0x2, 0x16a, 0x168, 0x3, 0x2, 0x2, 0x2, 
    0x16a, 0x16b, 0x3, 0x2, 0x2, 0x2, 0x16b, 0x16e, 0x3, 0x2, 0x2, 0x2, 
    0x16c, 0x16a, 0x3, 0x2, 0x2, 0x2, 0x16d, 0x16f, 0x7, 0x42, 0x2, 0x2, 
    0x16e, 0x16d, 0x3, 0x2, 0x2, 0x2, 0x16e, 0x16f, 0x3, 0x2, 0x2, 0x2, 
    0x16f, 0x171, 0x3, 0x2, 0x2, 0x2, 0x170, 0x164, 0x3, 0x2, 0x2, 0x2, 
    0x170, 0x171, 0x3, 0x2, 0x2, 0x2, 0x171, 0x25, 0x3, 0x2, 0x2, 0x2, 0x172, 
    0x176, 0x5, 0x4a, 0x26, 0x2, 0x173, 0x175, 0x5, 0x3e, 0x20, 0x2, 0x174, 
    0x173, 0x3, 0x2, 0x2, 0x2, 0x175, 0x178, 0x3, 0x2, 0x2, 0x2, 0x176, 
    0x174, 0x3, 0x2, 0x2, 0x2, 0x176, 0x177, 0x3, 0x2, 0x2, 0x2, 0x177, 
    0x183, 0x3, 0x2, 0x2, 0x2, 0x178, 0x176, 0x3, 0x2, 0x2, 0x2, 0x179, 
    0x180, 0x7, 0x15, 0x2, 0x2, 0x17a, 0x181, 0x5, 0x44, 0x23, 0x2, 0x17b, 
    0x17d, 0x7, 0x44, 0x2, 0x2, 0x17c, 0x17e, 0x5, 0x46, 0x24, 0x2, 0x17d, 
    0x17c, 0x3, 0x2, 0x2, 0x2, 0x17d, 0x17e, 0x3, 0x2, 0x2, 0x2, 0x17e, 
    0x17f, 0x3, 0x2, 0x2, 0x2, 0x17f, 0x181, 0x7, 0x45, 0x2, 0x2, 0x180, 
    0x17a, 0x3, 0x2, 0x2, 0x2, 0x180, 0x17b, 0x3, 0x2, 0x2, 0x2, 0x181, 
    0x184, 0x3, 0x2, 0x2, 0x2, 0x182, 0x184, 0x7, 0x2c, 0x2, 0x2, 0x183, 
    0x179, 0x3, 0x2, 0x2, 0x2, 0x183, 0x182, 0x3, 0x2, 0x2, 0x2, 0x184, 
    0x27, 0x3, 0x2, 0x2, 0x2, 0x185, 0x18a, 0x5, 0x2a, 0x16, 0x2, 0x186, 
    0x187, 0x7, 0x21, 0x2, 0x2, 0x187, 0x189, 0x5, 0x2a, 0x16, 0x2, 0x188, 
    0x186, 0x3, 0x2, 0x2, 0x2, 0x189, 0x18c, 0x3, 0x2, 0x2, 0x2, 0x18a, 
    0x188, 0x3, 0x2, 0x2, 0x2, 0x18a, 0x18b, 0x3, 0x2, 0x2, 0x2, 0x18b, 
    0x29, 0x3, 0x2, 0x2, 0x2, 0x18c, 0x18a, 0x3, 0x2, 0x2, 0x2, 0x18d, 0x192, 
    0x5, 0x2c, 0x17, 0x2, 0x18e, 0x18f, 0x7, 0x4, 0x2, 0x2, 0x18f, 0x191, 
    0x5, 0x2c, 0x17, 0x2, 0x190, 0x18e, 0x3, 0x2, 0x2, 0x2, 0x191, 0x194, 
    0x3, 0x2, 0x2, 0x2, 0x192, 0x190, 0x3, 0x2, 0x2, 0x2, 0x192, 0x193, 
    0x3, 0x2, 0x2, 0x2, 0x193, 0x2b, 0x3, 0x2, 0x2, 0x2, 0x194, 0x192, 0x3, 
    0x2, 0x2, 0x2, 0x195, 0x196, 0x7, 0x1e, 0x2, 0x2, 0x196, 0x199, 0x5, 
    0x2c, 0x17, 0x2, 0x197, 0x199, 0x5, 0x2e, 0x18, 0x2, 0x198, 0x195, 0x3, 
    0x2, 0x2, 0x2, 0x198, 0x197, 0x3, 0x2, 0x2, 0x2, 0x199, 0x2d, 0x3, 0x2, 
    0x2, 0x2, 0x19a, 0x19c, 0x7, 0x3, 0x2, 0x2, 0x19b, 0x19a, 0x3, 0x2, 
    0x2, 0x2, 0x19b, 0x19c, 0x3, 0x2, 0x2, 0x2, 0x19c, 0x19d, 0x3, 0x2, 
    0x2, 0x2, 0x19d, 0x19f, 0x5, 0x38, 0x1d, 0x2, 0x19e, 0x1a0, 0x5, 0x30, 
    0x19, 0x2, 0x19f, 0x19e, 0x3, 0x2, 0x2, 0x2, 0x19f, 0x1a0, 0x3, 0x2, 
    0x2, 0x2, 0x1a0, 0x2f, 0x3, 0x2, 0x2, 0x2, 0x1a1, 0x1a2, 0x9, 0x6, 0x2, 
    0x2, 0x1a2, 0x1ca, 0x5, 0x38, 0x1d, 0x2, 0x1a3, 0x1a5, 0x7, 0x1e, 0x2, 
    0x2, 0x1a4, 0x1a3, 0x3, 0x2, 0x2, 0x2, 0x1a4, 0x1a5, 0x3, 0x2, 0x2, 
    0x2, 0x1a5, 0x1a6, 0x3, 0x2, 0x2, 0x2, 0x1a6, 0x1a7, 0x9, 0x7, 0x2, 
    0x2, 0x1a7, 0x1aa, 0x5, 0x38, 0x1d, 0x2, 0x1a8, 0x1a9, 0x7, 0x30, 0x2, 
    0x2, 0x1a9, 0x1ab, 0x5, 0x38, 0x1d, 0x2, 0x1aa, 0x1a8, 0x3, 0x2, 0x2, 
    0x2, 0x1aa, 0x1ab, 0x3, 0x2, 0x2, 0x2, 0x1ab, 0x1ca, 0x3, 0x2, 0x2, 
    0x2, 0x1ac, 0x1ae, 0x7, 0x1e, 0x2, 0x2, 0x1ad, 0x1ac, 0x3, 0x2, 0x2, 
    0x2, 0x1ad, 0x1ae, 0x3, 0x2, 0x2, 0x2, 0x1ae, 0x1af, 0x3, 0x2, 0x2, 
    0x2, 0x1af, 0x1b0, 0x7, 0x54, 0x2, 0x2, 0x1b0, 0x1ca, 0x5, 0x38, 0x1d, 
    0x2, 0x1b1, 0x1b3, 0x7, 0x1e, 0x2, 0x2, 0x1b2, 0x1b1, 0x3, 0x2, 0x2, 
    0x2, 0x1b2, 0x1b3, 0x3, 0x2, 0x2, 0x2, 0x1b3, 0x1b4, 0x3, 0x2, 0x2, 
    0x2, 0x1b4, 0x1b5, 0x7, 0x6, 0x2, 0x2, 0x1b5, 0x1b6, 0x5, 0x38, 0x1d, 
    0x2, 0x1b6, 0x1b7, 0x7, 0x4, 0x2, 0x2, 0x1b7, 0x1b8, 0x5, 0x38, 0x1d, 
    0x2, 0x1b8, 0x1ca, 0x3, 0x2, 0x2, 0x2, 0x1b9, 0x1bb, 0x7, 0x1e, 0x2, 
    0x2, 0x1ba, 0x1b9, 0x3, 0x2, 0x2, 0x2, 0x1ba, 0x1bb, 0x3, 0x2, 0x2, 
    0x2, 0x1bb, 0x1bc, 0x3, 0x2, 0x2, 0x2, 0x1bc, 0x1bd, 0x7, 0x15, 0x2, 
    0x2, 0x1bd, 0x1ca, 0x5, 0x32, 0x1a, 0x2, 0x1be, 0x1c0, 0x7, 0x1e, 0x2, 
    0x2, 0x1bf, 0x1be, 0x3, 0x2, 0x2, 0x2, 0x1bf, 0x1c0, 0x3, 0x2, 0x2, 
    0x2, 0x1c0, 0x1c1, 0x3, 0x2, 0x2, 0x2, 0x1c1, 0x1c2, 0x7, 0x12, 0x2, 
    0x2, 0x1c2, 0x1ca, 0x5, 0x34, 0x1b, 0x2, 0x1c3, 0x1c5, 0x7, 0x17, 0x2, 
    0x2, 0x1c4, 0x1c6, 0x7, 0x1e, 0x2, 0x2, 0x1c5, 0x1c4, 0x3, 0x2, 0x2, 
    0x2, 0x1c5, 0x1c6, 0x3, 0x2, 0x2, 0x2, 0x1c6, 0x1c7, 0x3, 0x2, 0x2, 
    0x2, 0x1c7, 0x1ca, 0x9, 0x8, 0x2, 0x2, 0x1c8, 0x1ca, 0x7, 0xd, 0x2, 
    0x2, 0x1c9, 0x1a1, 0x3, 0x2, 0x2, 0x2, 0x1c9, 0x1a4, 0x3, 0x2, 0x2, 
    0x2, 0x1c9, 0x1ad, 0x3, 0x2, 0x2, 0x2, 0x1c9, 0x1b2, 0x3, 0x2, 0x2, 
    0x2, 0x1c9, 0x1ba, 0x3, 0x2, 0x2, 0x2, 0x1c9, 0x1bf, 0x3, 0x2, 0x2, 
    0x2, 0x1c9, 0x1c3, 0x3, 0x2, 0x2, 0x2, 0x1c9, 0x1c8, 0x3, 0x2, 0x2, 
    0x2, 0x1ca, 0x31, 0x3, 0x2, 0x2, 0x2, 0x1cb, 0x1d0, 0x7, 0x44, 0x2, 
    0x2, 0x1cc, 0x1d1, 0x5, 0xa, 0x6, 0x2, 0x1cd, 0x1cf, 0x5, 0x46, 0x24, 
    0x2, 0x1ce, 0x1cd, 0x3, 0x2, 0x2, 0x2, 0x1ce, 0x1cf, 0x3, 0x2, 0x2, 
    0x2, 0x1cf, 0x1d1, 0x3, 0x2, 0x2, 0x2, 0x1d0, 0x1cc, 0x3, 0x2, 0x2, 
    0x2, 0x1d0, 0x1ce, 0x3, 0x2, 0x2, 0x2, 0x1d1, 0x1d2, 0x3, 0x2, 0x2, 
    0x2, 0x1d2, 0x1e0, 0x7, 0x45, 0x2, 0x2, 0x1d3, 0x1e0, 0x5, 0x44, 0x23, 
    0x2, 0x1d4, 0x1d8, 0x5, 0x42, 0x22, 0x2, 0x1d5, 0x1d8, 0x5, 0x4a, 0x26, 
    0x2, 0x1d6, 0x1d8, 0x7, 0x40, 0x2, 0x2, 0x1d7, 0x1d4, 0x3, 0x2, 0x2, 
    0x2, 0x1d7, 0x1d5, 0x3, 0x2, 0x2, 0x2, 0x1d7, 0x1d6, 0x3, 0x2, 0x2, 
    0x2, 0x1d8, 0x1dc, 0x3, 0x2, 0x2, 0x2, 0x1d9, 0x1db, 0x5, 0x3e, 0x20, 
    0x2, 0x1da, 0x1d9, 0x3, 0x2, 0x2, 0x2, 0x1db, 0x1de, 0x3, 0x2, 0x2, 
    0x2, 0x1dc, 0x1da, 0x3, 0x2, 0x2, 0x2, 0x1dc, 0x1dd, 0x3, 0x2, 0x2, 
    0x2, 0x1dd, 0x1e0, 0x3, 0x2, 0x2, 0x2, 0x1de, 0x1dc, 0x3, 0x2, 0x2, 
    0x2, 0x1df, 0x1cb, 0x3, 0x2, 0x2, 0x2, 0x1df, 0x1d3, 0x3, 0x2, 0x2, 
    0x2, 0x1df, 0x1d7, 0x3, 0x2, 0x2, 0x2, 0x1e0, 0x33, 0x3, 0x2, 0x2, 0x2, 
    0x1e1, 0x1f1, 0x5, 0x4a, 0x26, 0x2, 0x1e2, 0x1ee, 0x7, 0x44, 0x2, 0x2, 
    0x1e3, 0x1e8, 0x5, 0x36, 0x1c, 0x2, 0x1e4, 0x1e5, 0x7, 0x42, 0x2, 0x2, 
    0x1e5, 0x1e7, 0x5, 0x36, 0x1c, 0x2, 0x1e6, 0x1e4, 0x3, 0x2, 0x2, 0x2, 
    0x1e7, 0x1ea, 0x3, 0x2, 0x2, 0x2, 0x1e8, 0x1e6, 0x3, 0x2, 0x2, 0x2, 
    0x1e8, 0x1e9, 0x3, 0x2, 0x2, 0x2, 0x1e9, 0x1ec, 0x3, 0x2, 0x2, 0x2, 
    0x1ea, 0x1e8, 0x3, 0x2, 0x2, 0x2, 0x1eb, 0x1ed, 0x7, 0x42, 0x2, 0x2, 
    0x1ec, 0x1eb, 0x3, 0x2, 0x2, 0x2, 0x1ec, 0x1ed, 0x3, 0x2, 0x2, 0x2, 
    0x1ed, 0x1ef, 0x3, 0x2, 0x2, 0x2, 0x1ee, 0x1e3, 0x3, 0x2, 0x2, 0x2, 
    0x1ee, 0x1ef, 0x3, 0x2, 0x2, 0x2, 0x1ef, 0x1f0, 0x3, 0x2, 0x2, 0x2, 
    0x1f0, 0x1f2, 0x7, 0x45, 0x2, 0x2, 0x1f1, 0x1e2, 0x3, 0x2, 0x2, 0x2, 
    0x1f1, 0x1f2, 0x3, 0x2, 0x2, 0x2, 0x1f2, 0x35, 0x3, 0x2, 0x2, 0x2, 0x1f3, 
    0x1f4, 0x5, 0x4a, 0x26, 0x2, 0x1f4, 0x1f5, 0x7, 0x4e, 0x2, 0x2, 0x1f5, 
    0x1f7, 0x3, 0x2, 0x2, 0x2, 0x1f6, 0x1f3, 0x3, 0x2, 0x2, 0x2, 0x1f6, 
    0x1f7, 0x3, 0x2, 0x2, 0x2, 0x1f7, 0x1ff, 0x3, 0x2, 0x2, 0x2, 0x1f8, 
    0x200, 0x5, 0x34, 0x1b, 0x2, 0x1f9, 0x1fb, 0x9, 0x9, 0x2, 0x2, 0x1fa, 
    0x1f9, 0x3, 0x2, 0x2, 0x2, 0x1fa, 0x1fb, 0x3, 0x2, 0x2, 0x2, 0x1fb, 
    0x1fc, 0x3, 0x2, 0x2, 0x2, 0x1fc, 0x200, 0x5, 0x48, 0x25, 0x2, 0x1fd, 
    0x200, 0x5, 0x44, 0x23, 0x2, 0x1fe, 0x200, 0x7, 0x40, 0x2, 0x2, 0x1ff, 
    0x1f8, 0x3, 0x2, 0x2, 0x2, 0x1ff, 0x1fa, 0x3, 0x2, 0x2, 0x2, 0x1ff, 
    0x1fd, 0x3, 0x2, 0x2, 0x2, 0x1ff, 0x1fe, 0x3, 0x2, 0x2, 0x2, 0x200, 
    0x37, 0x3, 0x2, 0x2, 0x2, 0x201, 0x206, 0x5, 0x3a, 0x1e, 0x2, 0x202, 
    0x203, 0x9, 0xa, 0x2, 0x2, 0x203, 0x205, 0x5, 0x3a, 0x1e, 0x2, 0x204, 
    0x202, 0x3, 0x2, 0x2, 0x2, 0x205, 0x208, 0x3, 0x2, 0x2, 0x2, 0x206, 
    0x204, 0x3, 0x2, 0x2, 0x2, 0x206, 0x207, 0x3, 0x2, 0x2, 0x2, 0x207, 
    0x39, 0x3, 0x2, 0x2, 0x2, 0x208, 0x206, 0x3, 0x2, 0x2, 0x2, 0x209, 0x20e, 
    0x5, 0x3c, 0x1f, 0x2, 0x20a, 0x20b, 0x9, 0xb, 0x2, 0x2, 0x20b, 0x20d, 
    0x5, 0x3c, 0x1f, 0x2, 0x20c, 0x20a, 0x3, 0x2, 0x2, 0x2, 0x20d, 0x210, 
    0x3, 0x2, 0x2, 0x2, 0x20e, 0x20c, 0x3, 0x2, 0x2, 0x2, 0x20e, 0x20f, 
    0x3, 0x2, 0x2, 0x2, 0x20f, 0x3b, 0x3, 0x2, 0x2, 0x2, 0x210, 0x20e, 0x3, 
    0x2, 0x2, 0x2, 0x211, 0x212, 0x9, 0x9, 0x2, 0x2, 0x212, 0x21b, 0x5, 
    0x3c, 0x1f, 0x2, 0x213, 0x217, 0x5, 0x40, 0x21, 0x2, 0x214, 0x216, 0x5, 
    0x3e, 0x20, 0x2, 0x215, 0x214, 0x3, 0x2, 0x2, 0x2, 0x216, 0x219, 0x3, 
    0x2, 0x2, 0x2, 0x217, 0x215, 0x3, 0x2, 0x2, 0x2, 0x217, 0x218, 0x3, 
    0x2, 0x2, 0x2, 0x218, 0x21b, 0x3, 0x2, 0x2, 0x2, 0x219, 0x217, 0x3, 
    0x2, 0x2, 0x2, 0x21a, 0x211, 0x3, 0x2, 0x2, 0x2, 0x21a, 0x213, 0x3, 
    0x2, 0x2, 0x2, 0x21b, 0x3d, 0x3, 0x2, 0x2, 0x2, 0x21c, 0x21d, 0x7, 0x43, 
    0x2, 0x2, 0x21d, 0x21e, 0x9, 0xc, 0x2, 0x2, 0x21e, 0x22f, 0x7, 0x48, 
    0x2, 0x2, 0x21f, 0x220, 0x7, 0x43, 0x2, 0x2, 0x220, 0x226, 0x5, 0x4c, 
    0x27, 0x2, 0x221, 0x223, 0x7, 0x44, 0x2, 0x2, 0x222, 0x224, 0x5, 0x46, 
    0x24, 0x2, 0x223, 0x222, 0x3, 0x2, 0x2, 0x2, 0x223, 0x224, 0x3, 0x2, 
    0x2, 0x2, 0x224, 0x225, 0x3, 0x2, 0x2, 0x2, 0x225, 0x227, 0x7, 0x45, 
    0x2, 0x2, 0x226, 0x221, 0x3, 0x2, 0x2, 0x2, 0x226, 0x227, 0x3, 0x2, 
    0x2, 0x2, 0x227, 0x22f, 0x3, 0x2, 0x2, 0x2, 0x228, 0x229, 0x7, 0x46, 
    0x2, 0x2, 0x229, 0x22a, 0x5, 0x28, 0x15, 0x2, 0x22a, 0x22b, 0x7, 0x47, 
    0x2, 0x2, 0x22b, 0x22f, 0x3, 0x2, 0x2, 0x2, 0x22c, 0x22d, 0x7, 0x55, 
    0x2, 0x2, 0x22d, 0x22f, 0x5, 0x4c, 0x27, 0x2, 0x22e, 0x21c, 0x3, 0x2, 
    0x2, 0x2, 0x22e, 0x21f, 0x3, 0x2, 0x2, 0x2, 0x22e, 0x228, 0x3, 0x2, 
    0x2, 0x2, 0x22e, 0x22c, 0x3, 0x2, 0x2, 0x2, 0x22f, 0x3f, 0x3, 0x2, 0x2, 
    0x2, 0x230, 0x243, 0x5, 0x48, 0x25, 0x2, 0x231, 0x243, 0x7, 0x40, 0x2, 
    0x2, 0x232, 0x243, 0x5, 0x44, 0x23, 0x2, 0x233, 0x234, 0x7, 0x44, 0x2, 
    0x2, 0x234, 0x235, 0x5, 0x28, 0x15, 0x2, 0x235, 0x236, 0x7, 0x45, 0x2, 
    0x2, 0x236, 0x243, 0x3, 0x2, 0x2, 0x2, 0x237, 0x238, 0x7, 0x44, 0x2, 
    0x2, 0x238, 0x239, 0x5, 0xa, 0x6, 0x2, 0x239, 0x23a, 0x7, 0x45, 0x2, 
    0x2, 0x23a, 0x243, 0x3, 0x2, 0x2, 0x2, 0x23b, 0x23c, 0x7, 0xd, 0x2, 
    0x2, 0x23c, 0x23d, 0x7, 0x44, 0x2, 0x2, 0x23d, 0x23e, 0x5, 0xa, 0x6, 
    0x2, 0x23e, 0x23f, 0x7, 0x45, 0x2, 0x2, 0x23f, 0x243, 0x3, 0x2, 0x2, 
    0x2, 0x240, 0x243, 0x5, 0x42, 0x22, 0x2, 0x241, 0x243, 0x5, 0x4a, 0x26, 
    0x2, 0x242, 0x230, 0x3, 0x2, 0x2, 0x2, 0x242, 0x231, 0x3, 0x2, 0x2, 
    0x2, 0x242, 0x232, 0x3, 0x2, 0x2, 0x2, 0x242, 0x233, 0x3, 0x2, 0x2, 
    0x2, 0x242, 0x237, 0x3, 0x2, 0x2, 0x2, 0x242, 0x23b, 0x3, 0x2, 0x2, 
    0x2, 0x242, 0x240, 0x3, 0x2, 0x2, 0x2, 0x242, 0x241, 0x3, 0x2, 0x2, 
    0x2, 0x243, 0x41, 0x3, 0x2, 0x2, 0x2, 0x244, 0x245, 0x5, 0x4a, 0x26, 
    0x2, 0x245, 0x24b, 0x7, 0x44, 0x2, 0x2, 0x246, 0x24c, 0x7, 0x48, 0x2, 
    0x2, 0x247, 0x249, 0x7, 0xa, 0x2, 0x2, 0x248, 0x247, 0x3, 0x2, 0x2, 
    0x2, 0x248, 0x249, 0x3, 0x2, 0x2, 0x2, 0x249, 0x24a, 0x3, 0x2, 0x2, 
    0x2, 0x24a, 0x24c, 0x5, 0x46, 0x24, 0x2, 0x24b, 0x246, 0x3, 0x2, 0x2, 
    0x2, 0x24b, 0x248, 0x3, 0x2, 0x2, 0x2, 0x24b, 0x24c, 0x3, 0x2, 0x2, 
    0x2, 0x24c, 0x24d, 0x3, 0x2, 0x2, 0x2, 0x24d, 0x24e, 0x7, 0x45, 0x2, 
    0x2, 0x24e, 0x43, 0x3, 0x2, 0x2, 0x2, 0x24f, 0x251, 0x7, 0x46, 0x2, 
    0x2, 0x250, 0x252, 0x5, 0x46, 0x24, 0x2, 0x251, 0x250, 0x3, 0x2, 0x2, 
    0x2, 0x251, 0x252, 0x3, 0x2, 0x2, 0x2, 0x252, 0x253, 0x3, 0x2, 0x2, 
    0x2, 0x253, 0x254, 0x7, 0x47, 0x2, 0x2, 0x254, 0x45, 0x3, 0x2, 0x2, 
    0x2, 0x255, 0x25a, 0x5, 0x28, 0x15, 0x2, 0x256, 0x257, 0x7, 0x42, 0x2, 
    0x2, 0x257, 0x259, 0x5, 0x28, 0x15, 0x2, 0x258, 0x256, 0x3, 0x2, 0x2, 
    0x2, 0x259, 0x25c, 0x3, 0x2, 0x2, 0x2, 0x25a, 0x258, 0x3, 0x2, 0x2, 
    0x2, 0x25a, 0x25b, 0x3, 0x2, 0x2, 0x2, 0x25b, 0x25e, 0x3, 0x2, 0x2, 
    0x2, 0x25c, 0x25a, 0x3, 0x2, 0x2, 0x2, 0x25d, 0x25f, 0x7, 0x42, 0x2, 
    0x2, 0x25e, 0x25d, 0x3, 0x2, 0x2, 0x2, 0x25e, 0x25f, 0x3, 0x2, 0x2, 
    0x2, 0x25f, 0x47, 0x3, 0x2, 0x2, 0x2, 0x260, 0x261, 0x9, 0xd, 0x2, 0x2, 
    0x261, 0x49, 0x3, 0x2, 0x2, 0x2, 0x262, 0x266, 0x7, 0x3b, 0x2, 0x2, 
    0x263, 0x266, 0x7, 0x3c, 0x2, 0x2, 0x264, 0x266, 0x5, 0x4e, 0x28, 0x2, 
    0x265, 0x262, 0x3, 0x2, 0x2, 0x2, 0x265, 0x263, 0x3, 0x2, 0x2, 0x2, 
    0x265, 0x264, 0x3, 0x2, 0x2, 0x2, 0x266, 0x4b, 0x3, 0x2, 0x2, 0x2, 0x267, 
    0x26c, 0x7, 0x3b, 0x2, 0x2, 0x268, 0x26c, 0x7, 0x3c, 0x2, 0x2, 0x269, 
    0x26c, 0x5, 0x4e, 0x28, 0x2, 0x26a, 0x26c, 0x5, 0x50, 0x29, 0x2, 0x26b, 
    0x267, 0x3, 0x2, 0x2, 0x2, 0x26b, 0x268, 0x3, 0x2, 0x2, 0x2, 0x26b, 
    0x269, 0x3, 0x2, 0x2, 0x2, 0x26b, 0x26a, 0x3, 0x2, 0x2, 0x2, 0x26c, 
    0x4d, 0x3, 0x2, 0x2, 0x2, 0x26d, 0x26e, 0x9, 0xe, 0x2, 0x2, 0x26e, 0x4f, 
    0x3, 0x2, 0x2, 0x2, 0x26f, 0x270, 0x9, 0xf, 0x2, 0x2, 0x270, 0x51, 0x3, 
    0x2, 0x2, 0x2, 0x68, 0x53, 0x58, 0x5b, 0x61, 0x66, 0x71, 0x79, 0x7f, 
    0x81, 0x85, 0x8c, 0x90, 0x94, 0x98, 0x9d, 0xa1, 0xaa, 0xae, 0xb0, 0xb6, 
    0xb8, 0xbe, 0xc1, 0xc3, 0xc6, 0xcc, 0xd0, 0xd6, 0xd8, 0xdc, 0xdf, 0xe5, 
    0xea, 0xed, 0xf2, 0xf5, 0xfa, 0xfe, 0x104, 0x106, 0x10e, 0x116, 0x11a, 
    0x11e, 0x12c, 0x134, 0x138, 0x13e, 0x140, 0x144, 0x14a, 0x154, 0x15c, 
    0x160, 0x162, 0x16a, 0x16e, 0x170, 0x176, 0x17d, 0x180, 0x183, 0x18a, 
    0x192, 0x198, 0x19b, 0x19f, 0x1a4, 0x1aa, 0x1ad, 0x1b2, 0x1ba, 0x1bf, 
    0x1c5, 0x1c9, 0x1ce, 0x1d0, 0x1d7, 0x1dc, 0x1df, 0x1e8, 0x1ec, 0x1ee, 
    0x1f1, 0x1f6, 0x1fa, 0x1ff, 0x206, 0x20e, 0x217, 0x21a, 0x223, 0x226, 
    0x22e, 0x242, 0x248, 0x24b, 0x251, 0x25a, 0x25e, 0x265, 0x26b, 
  };

  atn::ATNDeserializer deserializer;
  _atn = deserializer.deserialize(_serializedATN);

  size_t count = _atn.getNumberOfDecisions();
  _decisionToDFA.reserve(count);
  for (size_t i = 0; i < count; i++) { 
    _decisionToDFA.emplace_back(_atn.getDecisionState(i), i);
  }
}

