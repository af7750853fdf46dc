
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
    setState(98);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::CONSTRUCT:
      case DQL::EVALUATE:
      case DQL::EXPLAIN:
      case DQL::PREDICT:
      case DQL::SELECT:
      case DQL::SLICE: {
        setState(93);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::EXPLAIN) {
          setState(92);
          explain();
        }
        setState(95);
        query();
        break;
      }

      case DQL::CREATE: {
        setState(96);
        createQuery();
        break;
      }

      case DQL::DROP: {
        setState(97);
        dropQuery();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
    setState(101);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::SEMICOLON) {
      setState(100);
      match(DQL::SEMICOLON);
    }
    setState(103);
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
    setState(105);
    match(DQL::EXPLAIN);
    setState(107);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ANALYZE) {
      setState(106);
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
    setState(109);
    match(DQL::CREATE);
    setState(112);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::OR) {
      setState(110);
      match(DQL::OR);
      setState(111);
      match(DQL::REPLACE);
    }
    setState(114);
    match(DQL::QUERY);
    setState(115);
    name();
    setState(116);
    match(DQL::AS);
    setState(117);
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
    setState(119);
    match(DQL::DROP);
    setState(120);
    match(DQL::QUERY);
    setState(123);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 5, _ctx)) {
    case 1: {
      setState(121);
      match(DQL::IF);
      setState(122);
      match(DQL::EXISTS);
      break;
    }

    }
    setState(125);
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

DQL::PredictContext* DQL::QueryContext::predict() {
  return getRuleContext<DQL::PredictContext>(0);
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

tree::TerminalNode* DQL::QueryContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
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
    setState(132);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::SELECT: {
        setState(127);
        select();
        break;
      }

      case DQL::SLICE: {
        setState(128);
        slice();
        break;
      }

      case DQL::CONSTRUCT: {
        setState(129);
        construct();
        break;
      }

      case DQL::EVALUATE: {
        setState(130);
        evaluate();
        break;
      }

      case DQL::PREDICT: {
        setState(131);
        predict();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
    setState(141);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::SAVE) {
      setState(134);
      match(DQL::SAVE);
      setState(135);
      match(DQL::AS);
      setState(139);
      _errHandler->sync(this);
      switch (_input->LA(1)) {
        case DQL::TEXT: {
          setState(136);
          match(DQL::TEXT);
          break;
        }

        case DQL::PARAMETER: {
          setState(137);
          match(DQL::PARAMETER);
          break;
        }

        case DQL::ANALYZE:
        case DQL::ASC:
        case DQL::AUTO:
        case DQL::CLOSURE:
        case DQL::CONFIG:
        case DQL::DESC:
        case DQL::ESCAPE:
        case DQL::EXACT:
        case DQL::FIRST:
        case DQL::HEURISTIC:
        case DQL::IF:
        case DQL::LAST:
        case DQL::NAN_:
        case DQL::NEXT:
        case DQL::NULLS:
        case DQL::OFFSET:
        case DQL::PLANES:
        case DQL::PREV:
        case DQL::QUERY:
        case DQL::REPLACE:
        case DQL::TOP:
        case DQL::WITHIN:
        case DQL::IDENTIFIER:
        case DQL::QUOTED: {
          setState(138);
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
    setState(143);
    match(DQL::SELECT);
    setState(145);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::DISTINCT) {
      setState(144);
      match(DQL::DISTINCT);
    }
    setState(147);
    item();
    setState(152);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 10, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(148);
        match(DQL::COMMA);
        setState(149);
        item(); 
      }
      setState(154);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 10, _ctx);
    }
    setState(156);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(155);
      match(DQL::COMMA);
    }
    setState(160);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::FROM) {
      setState(158);
      match(DQL::FROM);
      setState(159);
      sources();
    }
    setState(164);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(162);
      match(DQL::WHERE);
      setState(163);
      dynamic_cast<SelectContext *>(_localctx)->where = expression();
    }
    setState(169);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::GROUP) {
      setState(166);
      match(DQL::GROUP);
      setState(167);
      match(DQL::BY);
      setState(168);
      arguments();
    }
    setState(173);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::HAVING) {
      setState(171);
      match(DQL::HAVING);
      setState(172);
      dynamic_cast<SelectContext *>(_localctx)->having = expression();
    }
    setState(188);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ORDER) {
      setState(175);
      match(DQL::ORDER);
      setState(176);
      match(DQL::BY);
      setState(177);
      order();
      setState(182);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 16, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(178);
          match(DQL::COMMA);
          setState(179);
          order(); 
        }
        setState(184);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 16, _ctx);
      }
      setState(186);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(185);
        match(DQL::COMMA);
      }
    }
    setState(196);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::LIMIT) {
      setState(190);
      match(DQL::LIMIT);
      setState(191);
      dynamic_cast<SelectContext *>(_localctx)->limit = operand();
      setState(194);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::OFFSET) {
        setState(192);
        match(DQL::OFFSET);
        setState(193);
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
    setState(207);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::STAR: {
        enterOuterAlt(_localctx, 1);
        setState(198);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN:
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
        setState(199);
        expression();
        setState(202);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::DOT) {
          setState(200);
          match(DQL::DOT);
          setState(201);
          match(DQL::STAR);
        }
        setState(205);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (((((_la - 3) & ~ 0x3fULL) == 0) &&
          ((1ULL << (_la - 3)) & ((1ULL << (DQL::AS - 3))
          | (1ULL << (DQL::ANALYZE - 3))
          | (1ULL << (DQL::ASC - 3))
          | (1ULL << (DQL::AUTO - 3))
          | (1ULL << (DQL::CLOSURE - 3))
          | (1ULL << (DQL::CONFIG - 3))
          | (1ULL << (DQL::DESC - 3))
          | (1ULL << (DQL::ESCAPE - 3))
          | (1ULL << (DQL::EXACT - 3))
          | (1ULL << (DQL::FIRST - 3))
          | (1ULL << (DQL::HEURISTIC - 3))
          | (1ULL << (DQL::IF - 3))
          | (1ULL << (DQL::LAST - 3))
          | (1ULL << (DQL::NAN_ - 3))
          | (1ULL << (DQL::NEXT - 3))
          | (1ULL << (DQL::NULLS - 3))
          | (1ULL << (DQL::OFFSET - 3))
          | (1ULL << (DQL::PLANES - 3))
          | (1ULL << (DQL::PREV - 3))
          | (1ULL << (DQL::QUERY - 3))
          | (1ULL << (DQL::REPLACE - 3))
          | (1ULL << (DQL::TOP - 3))
          | (1ULL << (DQL::WITHIN - 3))
          | (1ULL << (DQL::IDENTIFIER - 3))
          | (1ULL << (DQL::QUOTED - 3)))) != 0)) {
          setState(204);
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
    setState(210);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::AS) {
      setState(209);
      match(DQL::AS);
    }
    setState(212);
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
    setState(214);
    expression();
    setState(216);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ASC

    || _la == DQL::DESC) {
      setState(215);
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
    setState(220);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::NULLS) {
      setState(218);
      match(DQL::NULLS);
      setState(219);
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
    setState(222);
    source();
    setState(228);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 28, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(226);
        _errHandler->sync(this);
        switch (_input->LA(1)) {
          case DQL::COMMA: {
            setState(223);
            match(DQL::COMMA);
            setState(224);
            source();
            break;
          }

          case DQL::INNER:
          case DQL::JOIN:
          case DQL::LEFT: {
            setState(225);
            joined();
            break;
          }

        default:
          throw NoViableAltException(this);
        } 
      }
      setState(230);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 28, _ctx);
    }
    setState(232);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(231);
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
    setState(235);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::INNER

    || _la == DQL::LEFT) {
      setState(234);
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
    setState(237);
    match(DQL::JOIN);
    setState(238);
    source();
    setState(241);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 31, _ctx)) {
    case 1: {
      setState(239);
      match(DQL::ON);
      setState(240);
      expression();
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

tree::TerminalNode* DQL::SourceContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
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
    setState(274);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 39, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(243);
      name();
      setState(246);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::AT) {
        setState(244);
        match(DQL::AT);
        setState(245);
        memberName();
      }
      setState(249);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (((((_la - 3) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 3)) & ((1ULL << (DQL::AS - 3))
        | (1ULL << (DQL::ANALYZE - 3))
        | (1ULL << (DQL::ASC - 3))
        | (1ULL << (DQL::AUTO - 3))
        | (1ULL << (DQL::CLOSURE - 3))
        | (1ULL << (DQL::CONFIG - 3))
        | (1ULL << (DQL::DESC - 3))
        | (1ULL << (DQL::ESCAPE - 3))
        | (1ULL << (DQL::EXACT - 3))
        | (1ULL << (DQL::FIRST - 3))
        | (1ULL << (DQL::HEURISTIC - 3))
        | (1ULL << (DQL::IF - 3))
        | (1ULL << (DQL::LAST - 3))
        | (1ULL << (DQL::NAN_ - 3))
        | (1ULL << (DQL::NEXT - 3))
        | (1ULL << (DQL::NULLS - 3))
        | (1ULL << (DQL::OFFSET - 3))
        | (1ULL << (DQL::PLANES - 3))
        | (1ULL << (DQL::PREV - 3))
        | (1ULL << (DQL::QUERY - 3))
        | (1ULL << (DQL::REPLACE - 3))
        | (1ULL << (DQL::TOP - 3))
        | (1ULL << (DQL::WITHIN - 3))
        | (1ULL << (DQL::IDENTIFIER - 3))
        | (1ULL << (DQL::QUOTED - 3)))) != 0)) {
        setState(248);
        alias();
      }
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(251);
      _la = _input->LA(1);
      if (!(_la == DQL::TEXT

      || _la == DQL::PARAMETER)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(254);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::AT) {
        setState(252);
        match(DQL::AT);
        setState(253);
        memberName();
      }
      setState(257);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (((((_la - 3) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 3)) & ((1ULL << (DQL::AS - 3))
        | (1ULL << (DQL::ANALYZE - 3))
        | (1ULL << (DQL::ASC - 3))
        | (1ULL << (DQL::AUTO - 3))
        | (1ULL << (DQL::CLOSURE - 3))
        | (1ULL << (DQL::CONFIG - 3))
        | (1ULL << (DQL::DESC - 3))
        | (1ULL << (DQL::ESCAPE - 3))
        | (1ULL << (DQL::EXACT - 3))
        | (1ULL << (DQL::FIRST - 3))
        | (1ULL << (DQL::HEURISTIC - 3))
        | (1ULL << (DQL::IF - 3))
        | (1ULL << (DQL::LAST - 3))
        | (1ULL << (DQL::NAN_ - 3))
        | (1ULL << (DQL::NEXT - 3))
        | (1ULL << (DQL::NULLS - 3))
        | (1ULL << (DQL::OFFSET - 3))
        | (1ULL << (DQL::PLANES - 3))
        | (1ULL << (DQL::PREV - 3))
        | (1ULL << (DQL::QUERY - 3))
        | (1ULL << (DQL::REPLACE - 3))
        | (1ULL << (DQL::TOP - 3))
        | (1ULL << (DQL::WITHIN - 3))
        | (1ULL << (DQL::IDENTIFIER - 3))
        | (1ULL << (DQL::QUOTED - 3)))) != 0)) {
        setState(256);
        alias();
      }
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(259);
      name();
      setState(260);
      match(DQL::LPAREN);
      setState(262);
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
        | (1ULL << DQL::EXACT)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::HEURISTIC)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PLANES)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::TOP)
        | (1ULL << DQL::WITHIN)
        | (1ULL << DQL::IDENTIFIER))) != 0) || ((((_la - 64) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 64)) & ((1ULL << (DQL::QUOTED - 64))
        | (1ULL << (DQL::TEXT - 64))
        | (1ULL << (DQL::INTEGER - 64))
        | (1ULL << (DQL::REAL - 64))
        | (1ULL << (DQL::PARAMETER - 64))
        | (1ULL << (DQL::LPAREN - 64))
        | (1ULL << (DQL::LBRACKET - 64))
        | (1ULL << (DQL::PLUS - 64))
        | (1ULL << (DQL::MINUS - 64)))) != 0)) {
        setState(261);
        arguments();
      }
      setState(264);
      match(DQL::RPAREN);
      setState(266);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (((((_la - 3) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 3)) & ((1ULL << (DQL::AS - 3))
        | (1ULL << (DQL::ANALYZE - 3))
        | (1ULL << (DQL::ASC - 3))
        | (1ULL << (DQL::AUTO - 3))
        | (1ULL << (DQL::CLOSURE - 3))
        | (1ULL << (DQL::CONFIG - 3))
        | (1ULL << (DQL::DESC - 3))
        | (1ULL << (DQL::ESCAPE - 3))
        | (1ULL << (DQL::EXACT - 3))
        | (1ULL << (DQL::FIRST - 3))
        | (1ULL << (DQL::HEURISTIC - 3))
        | (1ULL << (DQL::IF - 3))
        | (1ULL << (DQL::LAST - 3))
        | (1ULL << (DQL::NAN_ - 3))
        | (1ULL << (DQL::NEXT - 3))
        | (1ULL << (DQL::NULLS - 3))
        | (1ULL << (DQL::OFFSET - 3))
        | (1ULL << (DQL::PLANES - 3))
        | (1ULL << (DQL::PREV - 3))
        | (1ULL << (DQL::QUERY - 3))
        | (1ULL << (DQL::REPLACE - 3))
        | (1ULL << (DQL::TOP - 3))
        | (1ULL << (DQL::WITHIN - 3))
        | (1ULL << (DQL::IDENTIFIER - 3))
        | (1ULL << (DQL::QUOTED - 3)))) != 0)) {
        setState(265);
        alias();
      }
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(268);
      match(DQL::LPAREN);
      setState(269);
      query();
      setState(270);
      match(DQL::RPAREN);
      setState(272);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (((((_la - 3) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 3)) & ((1ULL << (DQL::AS - 3))
        | (1ULL << (DQL::ANALYZE - 3))
        | (1ULL << (DQL::ASC - 3))
        | (1ULL << (DQL::AUTO - 3))
        | (1ULL << (DQL::CLOSURE - 3))
        | (1ULL << (DQL::CONFIG - 3))
        | (1ULL << (DQL::DESC - 3))
        | (1ULL << (DQL::ESCAPE - 3))
        | (1ULL << (DQL::EXACT - 3))
        | (1ULL << (DQL::FIRST - 3))
        | (1ULL << (DQL::HEURISTIC - 3))
        | (1ULL << (DQL::IF - 3))
        | (1ULL << (DQL::LAST - 3))
        | (1ULL << (DQL::NAN_ - 3))
        | (1ULL << (DQL::NEXT - 3))
        | (1ULL << (DQL::NULLS - 3))
        | (1ULL << (DQL::OFFSET - 3))
        | (1ULL << (DQL::PLANES - 3))
        | (1ULL << (DQL::PREV - 3))
        | (1ULL << (DQL::QUERY - 3))
        | (1ULL << (DQL::REPLACE - 3))
        | (1ULL << (DQL::TOP - 3))
        | (1ULL << (DQL::WITHIN - 3))
        | (1ULL << (DQL::IDENTIFIER - 3))
        | (1ULL << (DQL::QUOTED - 3)))) != 0)) {
        setState(271);
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
    setState(276);
    match(DQL::SLICE);
    setState(277);
    name();
    setState(278);
    match(DQL::FROM);
    setState(279);
    sources();
    setState(282);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(280);
      match(DQL::WHERE);
      setState(281);
      expression();
    }
    setState(284);
    match(DQL::MUTATE);
    setState(285);
    sliceEnd();
    setState(290);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 41, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(286);
        _la = _input->LA(1);
        if (!(_la == DQL::AND || _la == DQL::COMMA)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(287);
        sliceEnd(); 
      }
      setState(292);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 41, _ctx);
    }
    setState(294);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(293);
      match(DQL::COMMA);
    }
    setState(298);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WITH) {
      setState(296);
      match(DQL::WITH);
      setState(297);
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
    setState(300);
    name();
    setState(301);
    match(DQL::DOT);
    setState(302);
    memberName();
    setState(303);
    match(DQL::EQUAL);
    setState(304);
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
    setState(306);
    match(DQL::CONSTRUCT);
    setState(307);
    name();
    setState(308);
    match(DQL::FROM);
    setState(309);
    sources();
    setState(312);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(310);
      match(DQL::WHERE);
      setState(311);
      expression();
    }
    setState(314);
    match(DQL::MUTATE);
    setState(315);
    edit();
    setState(320);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 45, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(316);
        _la = _input->LA(1);
        if (!(_la == DQL::AND || _la == DQL::COMMA)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(317);
        edit(); 
      }
      setState(322);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 45, _ctx);
    }
    setState(324);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(323);
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
    setState(326);
    nodes();
    setState(332);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::EQUAL) {
      setState(327);
      match(DQL::EQUAL);
      setState(330);
      _errHandler->sync(this);
      switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 47, _ctx)) {
      case 1: {
        setState(328);
        nodeTemplate();
        break;
      }

      case 2: {
        setState(329);
        dynamic_cast<EditContext *>(_localctx)->value = nodes();
        break;
      }

      }
    }
    setState(336);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::KEEP) {
      setState(334);
      match(DQL::KEEP);
      setState(335);
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
    setState(338);
    name();
    setState(340); 
    _errHandler->sync(this);
    _la = _input->LA(1);
    do {
      setState(339);
      postfix();
      setState(342); 
      _errHandler->sync(this);
      _la = _input->LA(1);
    } while (((((_la - 71) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 71)) & ((1ULL << (DQL::DOT - 71))
      | (1ULL << (DQL::LBRACKET - 71))
      | (1ULL << (DQL::AT - 71)))) != 0));
   
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

DQL::SourcesContext* DQL::EvaluateContext::sources() {
  return getRuleContext<DQL::SourcesContext>(0);
}

tree::TerminalNode* DQL::EvaluateContext::ON() {
  return getToken(DQL::ON, 0);
}

DQL::DataContext* DQL::EvaluateContext::data() {
  return getRuleContext<DQL::DataContext>(0);
}

DQL::SettingsContext* DQL::EvaluateContext::settings() {
  return getRuleContext<DQL::SettingsContext>(0);
}

tree::TerminalNode* DQL::EvaluateContext::WHERE() {
  return getToken(DQL::WHERE, 0);
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

tree::TerminalNode* DQL::EvaluateContext::SAVE() {
  return getToken(DQL::SAVE, 0);
}

DQL::ExpressionContext* DQL::EvaluateContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
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
    setState(344);
    match(DQL::EVALUATE);
    setState(345);
    name();
    setState(348);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::FROM) {
      setState(346);
      match(DQL::FROM);
      setState(347);
      sources();
    }
    setState(352);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ON) {
      setState(350);
      match(DQL::ON);
      setState(351);
      data();
    }
    setState(355);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WITH) {
      setState(354);
      settings();
    }
    setState(359);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(357);
      match(DQL::WHERE);
      setState(358);
      dynamic_cast<EvaluateContext *>(_localctx)->where = expression();
    }
    setState(373);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::VARY) {
      setState(361);
      match(DQL::VARY);
      setState(362);
      dimension();
      setState(367);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 55, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(363);
          _la = _input->LA(1);
          if (!(_la == DQL::AND || _la == DQL::COMMA)) {
          _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(364);
          dimension(); 
        }
        setState(369);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 55, _ctx);
      }
      setState(371);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(370);
        match(DQL::COMMA);
      }
    }
    setState(387);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::KEEP) {
      setState(375);
      match(DQL::KEEP);
      setState(376);
      call();
      setState(381);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 58, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(377);
          _la = _input->LA(1);
          if (!(_la == DQL::AND || _la == DQL::COMMA)) {
          _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(378);
          call(); 
        }
        setState(383);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 58, _ctx);
      }
      setState(385);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(384);
        match(DQL::COMMA);
      }
    }
    setState(390);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 61, _ctx)) {
    case 1: {
      setState(389);
      match(DQL::SAVE);
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

//----------------- DataContext ------------------------------------------------------------------

DQL::DataContext::DataContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::DataContext::TEXT() {
  return getToken(DQL::TEXT, 0);
}

tree::TerminalNode* DQL::DataContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}


size_t DQL::DataContext::getRuleIndex() const {
  return DQL::RuleData;
}


DQL::DataContext* DQL::data() {
  DataContext *_localctx = _tracker.createInstance<DataContext>(_ctx, getState());
  enterRule(_localctx, 36, DQL::RuleData);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(392);
    _la = _input->LA(1);
    if (!(_la == DQL::TEXT

    || _la == DQL::PARAMETER)) {
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

//----------------- SettingsContext ------------------------------------------------------------------

DQL::SettingsContext::SettingsContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::SettingsContext::WITH() {
  return getToken(DQL::WITH, 0);
}

std::vector<DQL::SettingContext *> DQL::SettingsContext::setting() {
  return getRuleContexts<DQL::SettingContext>();
}

DQL::SettingContext* DQL::SettingsContext::setting(size_t i) {
  return getRuleContext<DQL::SettingContext>(i);
}

std::vector<tree::TerminalNode *> DQL::SettingsContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::SettingsContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

std::vector<tree::TerminalNode *> DQL::SettingsContext::AND() {
  return getTokens(DQL::AND);
}

tree::TerminalNode* DQL::SettingsContext::AND(size_t i) {
  return getToken(DQL::AND, i);
}


size_t DQL::SettingsContext::getRuleIndex() const {
  return DQL::RuleSettings;
}


DQL::SettingsContext* DQL::settings() {
  SettingsContext *_localctx = _tracker.createInstance<SettingsContext>(_ctx, getState());
  enterRule(_localctx, 38, DQL::RuleSettings);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(394);
    match(DQL::WITH);
    setState(395);
    setting();
    setState(400);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 62, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(396);
        _la = _input->LA(1);
        if (!(_la == DQL::AND || _la == DQL::COMMA)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(397);
        setting(); 
      }
      setState(402);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 62, _ctx);
    }
    setState(404);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(403);
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

//----------------- SettingContext ------------------------------------------------------------------

DQL::SettingContext::SettingContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

DQL::NameContext* DQL::SettingContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::SettingContext::EQUAL() {
  return getToken(DQL::EQUAL, 0);
}

tree::TerminalNode* DQL::SettingContext::TEXT() {
  return getToken(DQL::TEXT, 0);
}

tree::TerminalNode* DQL::SettingContext::INTEGER() {
  return getToken(DQL::INTEGER, 0);
}

tree::TerminalNode* DQL::SettingContext::REAL() {
  return getToken(DQL::REAL, 0);
}

tree::TerminalNode* DQL::SettingContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}


size_t DQL::SettingContext::getRuleIndex() const {
  return DQL::RuleSetting;
}


DQL::SettingContext* DQL::setting() {
  SettingContext *_localctx = _tracker.createInstance<SettingContext>(_ctx, getState());
  enterRule(_localctx, 40, DQL::RuleSetting);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(406);
    name();
    setState(407);
    match(DQL::EQUAL);
    setState(408);
    _la = _input->LA(1);
    if (!(((((_la - 65) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 65)) & ((1ULL << (DQL::TEXT - 65))
      | (1ULL << (DQL::INTEGER - 65))
      | (1ULL << (DQL::REAL - 65))
      | (1ULL << (DQL::PARAMETER - 65)))) != 0))) {
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
  enterRule(_localctx, 42, DQL::RuleDimension);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(410);
    name();
    setState(414);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (((((_la - 71) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 71)) & ((1ULL << (DQL::DOT - 71))
      | (1ULL << (DQL::LBRACKET - 71))
      | (1ULL << (DQL::AT - 71)))) != 0)) {
      setState(411);
      postfix();
      setState(416);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(427);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::IN: {
        setState(417);
        match(DQL::IN);
        setState(424);
        _errHandler->sync(this);
        switch (_input->LA(1)) {
          case DQL::LBRACKET: {
            setState(418);
            list();
            break;
          }

          case DQL::LPAREN: {
            setState(419);
            match(DQL::LPAREN);
            setState(421);
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
              | (1ULL << DQL::EXACT)
              | (1ULL << DQL::FIRST)
              | (1ULL << DQL::HEURISTIC)
              | (1ULL << DQL::IF)
              | (1ULL << DQL::LAST)
              | (1ULL << DQL::NAN_)
              | (1ULL << DQL::NEXT)
              | (1ULL << DQL::NULLS)
              | (1ULL << DQL::OFFSET)
              | (1ULL << DQL::PLANES)
              | (1ULL << DQL::PREV)
              | (1ULL << DQL::QUERY)
              | (1ULL << DQL::REPLACE)
              | (1ULL << DQL::TOP)
              | (1ULL << DQL::WITHIN)
              | (1ULL << DQL::IDENTIFIER))) != 0) || ((((_la - 64) & ~ 0x3fULL) == 0) &&
              ((1ULL << (_la - 64)) & ((1ULL << (DQL::QUOTED - 64))
              | (1ULL << (DQL::TEXT - 64))
              | (1ULL << (DQL::INTEGER - 64))
              | (1ULL << (DQL::REAL - 64))
              | (1ULL << (DQL::PARAMETER - 64))
              | (1ULL << (DQL::LPAREN - 64))
              | (1ULL << (DQL::LBRACKET - 64))
              | (1ULL << (DQL::PLUS - 64))
              | (1ULL << (DQL::MINUS - 64)))) != 0)) {
              setState(420);
              arguments();
            }
            setState(423);
            match(DQL::RPAREN);
            break;
          }

        default:
          throw NoViableAltException(this);
        }
        break;
      }

      case DQL::AUTO: {
        setState(426);
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

//----------------- PredictContext ------------------------------------------------------------------

DQL::PredictContext::PredictContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::PredictContext::PREDICT() {
  return getToken(DQL::PREDICT, 0);
}

DQL::NameContext* DQL::PredictContext::name() {
  return getRuleContext<DQL::NameContext>(0);
}

tree::TerminalNode* DQL::PredictContext::ON() {
  return getToken(DQL::ON, 0);
}

DQL::DataContext* DQL::PredictContext::data() {
  return getRuleContext<DQL::DataContext>(0);
}

tree::TerminalNode* DQL::PredictContext::FROM() {
  return getToken(DQL::FROM, 0);
}

DQL::SourcesContext* DQL::PredictContext::sources() {
  return getRuleContext<DQL::SourcesContext>(0);
}

tree::TerminalNode* DQL::PredictContext::TOP() {
  return getToken(DQL::TOP, 0);
}

tree::TerminalNode* DQL::PredictContext::EXACT() {
  return getToken(DQL::EXACT, 0);
}

tree::TerminalNode* DQL::PredictContext::HEURISTIC() {
  return getToken(DQL::HEURISTIC, 0);
}

tree::TerminalNode* DQL::PredictContext::WITHIN() {
  return getToken(DQL::WITHIN, 0);
}

tree::TerminalNode* DQL::PredictContext::PLANES() {
  return getToken(DQL::PLANES, 0);
}

DQL::SettingsContext* DQL::PredictContext::settings() {
  return getRuleContext<DQL::SettingsContext>(0);
}

tree::TerminalNode* DQL::PredictContext::WHERE() {
  return getToken(DQL::WHERE, 0);
}

tree::TerminalNode* DQL::PredictContext::ORDER() {
  return getToken(DQL::ORDER, 0);
}

tree::TerminalNode* DQL::PredictContext::BY() {
  return getToken(DQL::BY, 0);
}

std::vector<DQL::OrderContext *> DQL::PredictContext::order() {
  return getRuleContexts<DQL::OrderContext>();
}

DQL::OrderContext* DQL::PredictContext::order(size_t i) {
  return getRuleContext<DQL::OrderContext>(i);
}

tree::TerminalNode* DQL::PredictContext::LIMIT() {
  return getToken(DQL::LIMIT, 0);
}

std::vector<DQL::CountContext *> DQL::PredictContext::count() {
  return getRuleContexts<DQL::CountContext>();
}

DQL::CountContext* DQL::PredictContext::count(size_t i) {
  return getRuleContext<DQL::CountContext>(i);
}

DQL::ExpressionContext* DQL::PredictContext::expression() {
  return getRuleContext<DQL::ExpressionContext>(0);
}

std::vector<DQL::OperandContext *> DQL::PredictContext::operand() {
  return getRuleContexts<DQL::OperandContext>();
}

DQL::OperandContext* DQL::PredictContext::operand(size_t i) {
  return getRuleContext<DQL::OperandContext>(i);
}

std::vector<tree::TerminalNode *> DQL::PredictContext::COMMA() {
  return getTokens(DQL::COMMA);
}

tree::TerminalNode* DQL::PredictContext::COMMA(size_t i) {
  return getToken(DQL::COMMA, i);
}

tree::TerminalNode* DQL::PredictContext::OFFSET() {
  return getToken(DQL::OFFSET, 0);
}

DQL::NumberContext* DQL::PredictContext::number() {
  return getRuleContext<DQL::NumberContext>(0);
}


size_t DQL::PredictContext::getRuleIndex() const {
  return DQL::RulePredict;
}


DQL::PredictContext* DQL::predict() {
  PredictContext *_localctx = _tracker.createInstance<PredictContext>(_ctx, getState());
  enterRule(_localctx, 44, DQL::RulePredict);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(429);
    match(DQL::PREDICT);
    setState(430);
    name();
    setState(433);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::FROM) {
      setState(431);
      match(DQL::FROM);
      setState(432);
      sources();
    }
    setState(435);
    match(DQL::ON);
    setState(436);
    data();
    setState(439);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::TOP) {
      setState(437);
      match(DQL::TOP);
      setState(438);
      dynamic_cast<PredictContext *>(_localctx)->top = count();
    }
    setState(450);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::EXACT: {
        setState(441);
        match(DQL::EXACT);
        break;
      }

      case DQL::HEURISTIC: {
        setState(442);
        match(DQL::HEURISTIC);
        setState(444);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (((((_la - 66) & ~ 0x3fULL) == 0) &&
          ((1ULL << (_la - 66)) & ((1ULL << (DQL::INTEGER - 66))
          | (1ULL << (DQL::REAL - 66))
          | (1ULL << (DQL::PARAMETER - 66)))) != 0)) {
          setState(443);
          dynamic_cast<PredictContext *>(_localctx)->tau = number();
        }
        break;
      }

      case DQL::WITHIN: {
        setState(446);
        match(DQL::WITHIN);
        setState(447);
        dynamic_cast<PredictContext *>(_localctx)->planes = count();
        setState(448);
        match(DQL::PLANES);
        break;
      }

      case DQL::EOF:
      case DQL::LIMIT:
      case DQL::ORDER:
      case DQL::SAVE:
      case DQL::WHERE:
      case DQL::WITH:
      case DQL::SEMICOLON:
      case DQL::RPAREN: {
        break;
      }

    default:
      break;
    }
    setState(453);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WITH) {
      setState(452);
      settings();
    }
    setState(457);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::WHERE) {
      setState(455);
      match(DQL::WHERE);
      setState(456);
      dynamic_cast<PredictContext *>(_localctx)->where = expression();
    }
    setState(472);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ORDER) {
      setState(459);
      match(DQL::ORDER);
      setState(460);
      match(DQL::BY);
      setState(461);
      order();
      setState(466);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 74, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(462);
          match(DQL::COMMA);
          setState(463);
          order(); 
        }
        setState(468);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 74, _ctx);
      }
      setState(470);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::COMMA) {
        setState(469);
        match(DQL::COMMA);
      }
    }
    setState(480);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::LIMIT) {
      setState(474);
      match(DQL::LIMIT);
      setState(475);
      dynamic_cast<PredictContext *>(_localctx)->limit = operand();
      setState(478);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::OFFSET) {
        setState(476);
        match(DQL::OFFSET);
        setState(477);
        dynamic_cast<PredictContext *>(_localctx)->offset = operand();
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

//----------------- CountContext ------------------------------------------------------------------

DQL::CountContext::CountContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::CountContext::INTEGER() {
  return getToken(DQL::INTEGER, 0);
}

tree::TerminalNode* DQL::CountContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}


size_t DQL::CountContext::getRuleIndex() const {
  return DQL::RuleCount;
}


DQL::CountContext* DQL::count() {
  CountContext *_localctx = _tracker.createInstance<CountContext>(_ctx, getState());
  enterRule(_localctx, 46, DQL::RuleCount);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(482);
    _la = _input->LA(1);
    if (!(_la == DQL::INTEGER

    || _la == DQL::PARAMETER)) {
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

//----------------- NumberContext ------------------------------------------------------------------

DQL::NumberContext::NumberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* DQL::NumberContext::INTEGER() {
  return getToken(DQL::INTEGER, 0);
}

tree::TerminalNode* DQL::NumberContext::REAL() {
  return getToken(DQL::REAL, 0);
}

tree::TerminalNode* DQL::NumberContext::PARAMETER() {
  return getToken(DQL::PARAMETER, 0);
}


size_t DQL::NumberContext::getRuleIndex() const {
  return DQL::RuleNumber;
}


DQL::NumberContext* DQL::number() {
  NumberContext *_localctx = _tracker.createInstance<NumberContext>(_ctx, getState());
  enterRule(_localctx, 48, DQL::RuleNumber);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(484);
    _la = _input->LA(1);
    if (!(((((_la - 66) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 66)) & ((1ULL << (DQL::INTEGER - 66))
      | (1ULL << (DQL::REAL - 66))
      | (1ULL << (DQL::PARAMETER - 66)))) != 0))) {
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
  enterRule(_localctx, 50, DQL::RuleExpression);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(486);
    conjunction();
    setState(491);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == DQL::OR) {
      setState(487);
      match(DQL::OR);
      setState(488);
      conjunction();
      setState(493);
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
  enterRule(_localctx, 52, DQL::RuleConjunction);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(494);
    negation();
    setState(499);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == DQL::AND) {
      setState(495);
      match(DQL::AND);
      setState(496);
      negation();
      setState(501);
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
  enterRule(_localctx, 54, DQL::RuleNegation);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(505);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::NOT: {
        enterOuterAlt(_localctx, 1);
        setState(502);
        match(DQL::NOT);
        setState(503);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN:
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
        setState(504);
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
  enterRule(_localctx, 56, DQL::RuleCondition);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(508);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::ALL) {
      setState(507);
      match(DQL::ALL);
    }
    setState(510);
    operand();
    setState(512);
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
      | (1ULL << DQL::NOT))) != 0) || ((((_la - 82) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 82)) & ((1ULL << (DQL::EQUAL - 82))
      | (1ULL << (DQL::NOT_EQUAL - 82))
      | (1ULL << (DQL::LESS - 82))
      | (1ULL << (DQL::LESS_EQUAL - 82))
      | (1ULL << (DQL::GREATER - 82))
      | (1ULL << (DQL::GREATER_EQUAL - 82))
      | (1ULL << (DQL::TILDE - 82)))) != 0)) {
      setState(511);
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
  enterRule(_localctx, 58, DQL::RulePredicate);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(554);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 91, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(514);
      _la = _input->LA(1);
      if (!(((((_la - 82) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 82)) & ((1ULL << (DQL::EQUAL - 82))
        | (1ULL << (DQL::NOT_EQUAL - 82))
        | (1ULL << (DQL::LESS - 82))
        | (1ULL << (DQL::LESS_EQUAL - 82))
        | (1ULL << (DQL::GREATER - 82))
        | (1ULL << (DQL::GREATER_EQUAL - 82)))) != 0))) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(515);
      operand();
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(517);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(516);
        match(DQL::NOT);
      }
      setState(519);
      _la = _input->LA(1);
      if (!(_la == DQL::ILIKE

      || _la == DQL::LIKE)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(520);
      operand();
      setState(523);
      _errHandler->sync(this);

      switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 85, _ctx)) {
      case 1: {
        setState(521);
        match(DQL::ESCAPE);
        setState(522);
        operand();
        break;
      }

      }
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(526);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(525);
        match(DQL::NOT);
      }
      setState(528);
      match(DQL::TILDE);
      setState(529);
      operand();
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(531);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(530);
        match(DQL::NOT);
      }
      setState(533);
      match(DQL::BETWEEN);
      setState(534);
      operand();
      setState(535);
      match(DQL::AND);
      setState(536);
      operand();
      break;
    }

    case 5: {
      enterOuterAlt(_localctx, 5);
      setState(539);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(538);
        match(DQL::NOT);
      }
      setState(541);
      match(DQL::IN);
      setState(542);
      members();
      break;
    }

    case 6: {
      enterOuterAlt(_localctx, 6);
      setState(544);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(543);
        match(DQL::NOT);
      }
      setState(546);
      match(DQL::HAS);
      setState(547);
      nodeTemplate();
      break;
    }

    case 7: {
      enterOuterAlt(_localctx, 7);
      setState(548);
      match(DQL::IS);
      setState(550);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::NOT) {
        setState(549);
        match(DQL::NOT);
      }
      setState(552);
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
      setState(553);
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
  enterRule(_localctx, 60, DQL::RuleMembers);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    setState(576);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::LPAREN: {
        enterOuterAlt(_localctx, 1);
        setState(556);
        match(DQL::LPAREN);
        setState(561);
        _errHandler->sync(this);
        switch (_input->LA(1)) {
          case DQL::CONSTRUCT:
          case DQL::EVALUATE:
          case DQL::PREDICT:
          case DQL::SELECT:
          case DQL::SLICE: {
            setState(557);
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
          case DQL::EXACT:
          case DQL::FIRST:
          case DQL::HEURISTIC:
          case DQL::IF:
          case DQL::LAST:
          case DQL::NAN_:
          case DQL::NEXT:
          case DQL::NULLS:
          case DQL::OFFSET:
          case DQL::PLANES:
          case DQL::PREV:
          case DQL::QUERY:
          case DQL::REPLACE:
          case DQL::TOP:
          case DQL::WITHIN:
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
            setState(559);
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
              | (1ULL << DQL::EXACT)
              | (1ULL << DQL::FIRST)
              | (1ULL << DQL::HEURISTIC)
              | (1ULL << DQL::IF)
              | (1ULL << DQL::LAST)
              | (1ULL << DQL::NAN_)
              | (1ULL << DQL::NEXT)
              | (1ULL << DQL::NULLS)
              | (1ULL << DQL::OFFSET)
              | (1ULL << DQL::PLANES)
              | (1ULL << DQL::PREV)
              | (1ULL << DQL::QUERY)
              | (1ULL << DQL::REPLACE)
              | (1ULL << DQL::TOP)
              | (1ULL << DQL::WITHIN)
              | (1ULL << DQL::IDENTIFIER))) != 0) || ((((_la - 64) & ~ 0x3fULL) == 0) &&
              ((1ULL << (_la - 64)) & ((1ULL << (DQL::QUOTED - 64))
              | (1ULL << (DQL::TEXT - 64))
              | (1ULL << (DQL::INTEGER - 64))
              | (1ULL << (DQL::REAL - 64))
              | (1ULL << (DQL::PARAMETER - 64))
              | (1ULL << (DQL::LPAREN - 64))
              | (1ULL << (DQL::LBRACKET - 64))
              | (1ULL << (DQL::PLUS - 64))
              | (1ULL << (DQL::MINUS - 64)))) != 0)) {
              setState(558);
              arguments();
            }
            break;
          }

        default:
          throw NoViableAltException(this);
        }
        setState(563);
        match(DQL::RPAREN);
        break;
      }

      case DQL::LBRACKET: {
        enterOuterAlt(_localctx, 2);
        setState(564);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::PARAMETER: {
        enterOuterAlt(_localctx, 3);
        setState(568);
        _errHandler->sync(this);
        switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 94, _ctx)) {
        case 1: {
          setState(565);
          call();
          break;
        }

        case 2: {
          setState(566);
          name();
          break;
        }

        case 3: {
          setState(567);
          match(DQL::PARAMETER);
          break;
        }

        }
        setState(573);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 95, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(570);
            postfix(); 
          }
          setState(575);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 95, _ctx);
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
  enterRule(_localctx, 62, DQL::RuleNodeTemplate);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(578);
    name();
    setState(594);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::LPAREN) {
      setState(579);
      match(DQL::LPAREN);
      setState(591);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << DQL::FALSE)
        | (1ULL << DQL::NULL_)
        | (1ULL << DQL::TRUE)
        | (1ULL << DQL::ANALYZE)
        | (1ULL << DQL::ASC)
        | (1ULL << DQL::AUTO)
        | (1ULL << DQL::CLOSURE)
        | (1ULL << DQL::CONFIG)
        | (1ULL << DQL::DESC)
        | (1ULL << DQL::ESCAPE)
        | (1ULL << DQL::EXACT)
        | (1ULL << DQL::FIRST)
        | (1ULL << DQL::HEURISTIC)
        | (1ULL << DQL::IF)
        | (1ULL << DQL::LAST)
        | (1ULL << DQL::NAN_)
        | (1ULL << DQL::NEXT)
        | (1ULL << DQL::NULLS)
        | (1ULL << DQL::OFFSET)
        | (1ULL << DQL::PLANES)
        | (1ULL << DQL::PREV)
        | (1ULL << DQL::QUERY)
        | (1ULL << DQL::REPLACE)
        | (1ULL << DQL::TOP)
        | (1ULL << DQL::WITHIN)
        | (1ULL << DQL::IDENTIFIER))) != 0) || ((((_la - 64) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 64)) & ((1ULL << (DQL::QUOTED - 64))
        | (1ULL << (DQL::TEXT - 64))
        | (1ULL << (DQL::INTEGER - 64))
        | (1ULL << (DQL::REAL - 64))
        | (1ULL << (DQL::PARAMETER - 64))
        | (1ULL << (DQL::LBRACKET - 64))
        | (1ULL << (DQL::PLUS - 64))
        | (1ULL << (DQL::MINUS - 64)))) != 0)) {
        setState(580);
        templateArgument();
        setState(585);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 97, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(581);
            match(DQL::COMMA);
            setState(582);
            templateArgument(); 
          }
          setState(587);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 97, _ctx);
        }
        setState(589);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::COMMA) {
          setState(588);
          match(DQL::COMMA);
        }
      }
      setState(593);
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
  enterRule(_localctx, 64, DQL::RuleTemplateArgument);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(599);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 101, _ctx)) {
    case 1: {
      setState(596);
      name();
      setState(597);
      match(DQL::EQUAL);
      break;
    }

    }
    setState(608);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::ANALYZE:
      case DQL::ASC:
      case DQL::AUTO:
      case DQL::CLOSURE:
      case DQL::CONFIG:
      case DQL::DESC:
      case DQL::ESCAPE:
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN:
      case DQL::IDENTIFIER:
      case DQL::QUOTED: {
        setState(601);
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
        setState(603);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::PLUS

        || _la == DQL::MINUS) {
          setState(602);
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
        setState(605);
        literal();
        break;
      }

      case DQL::LBRACKET: {
        setState(606);
        list();
        break;
      }

      case DQL::PARAMETER: {
        setState(607);
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
  enterRule(_localctx, 66, DQL::RuleOperand);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(610);
    product();
    setState(615);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (((((_la - 79) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 79)) & ((1ULL << (DQL::PLUS - 79))
      | (1ULL << (DQL::MINUS - 79))
      | (1ULL << (DQL::CONCAT - 79)))) != 0)) {
      setState(611);
      _la = _input->LA(1);
      if (!(((((_la - 79) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 79)) & ((1ULL << (DQL::PLUS - 79))
        | (1ULL << (DQL::MINUS - 79))
        | (1ULL << (DQL::CONCAT - 79)))) != 0))) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(612);
      product();
      setState(617);
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
  enterRule(_localctx, 68, DQL::RuleProduct);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(618);
    factor();
    setState(623);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (((((_la - 76) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 76)) & ((1ULL << (DQL::STAR - 76))
      | (1ULL << (DQL::SLASH - 76))
      | (1ULL << (DQL::PERCENT - 76)))) != 0)) {
      setState(619);
      _la = _input->LA(1);
      if (!(((((_la - 76) & ~ 0x3fULL) == 0) &&
        ((1ULL << (_la - 76)) & ((1ULL << (DQL::STAR - 76))
        | (1ULL << (DQL::SLASH - 76))
        | (1ULL << (DQL::PERCENT - 76)))) != 0))) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(620);
      factor();
      setState(625);
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
  enterRule(_localctx, 70, DQL::RuleFactor);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    setState(635);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::PLUS:
      case DQL::MINUS: {
        enterOuterAlt(_localctx, 1);
        setState(626);
        _la = _input->LA(1);
        if (!(_la == DQL::PLUS

        || _la == DQL::MINUS)) {
        _errHandler->recoverInline(this);
        }
        else {
          _errHandler->reportMatch(this);
          consume();
        }
        setState(627);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN:
      case DQL::IDENTIFIER:
      case DQL::QUOTED:
      case DQL::TEXT:
      case DQL::INTEGER:
      case DQL::REAL:
      case DQL::PARAMETER:
      case DQL::LPAREN:
      case DQL::LBRACKET: {
        enterOuterAlt(_localctx, 2);
        setState(628);
        primary();
        setState(632);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 106, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(629);
            postfix(); 
          }
          setState(634);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 106, _ctx);
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
  enterRule(_localctx, 72, DQL::RulePostfix);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(655);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 110, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(637);
      match(DQL::DOT);
      setState(638);
      _la = _input->LA(1);
      if (!(_la == DQL::NEXT

      || _la == DQL::PREV)) {
      _errHandler->recoverInline(this);
      }
      else {
        _errHandler->reportMatch(this);
        consume();
      }
      setState(639);
      match(DQL::STAR);
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(640);
      match(DQL::DOT);
      setState(641);
      memberName();
      setState(647);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == DQL::LPAREN) {
        setState(642);
        match(DQL::LPAREN);
        setState(644);
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
          | (1ULL << DQL::EXACT)
          | (1ULL << DQL::FIRST)
          | (1ULL << DQL::HEURISTIC)
          | (1ULL << DQL::IF)
          | (1ULL << DQL::LAST)
          | (1ULL << DQL::NAN_)
          | (1ULL << DQL::NEXT)
          | (1ULL << DQL::NULLS)
          | (1ULL << DQL::OFFSET)
          | (1ULL << DQL::PLANES)
          | (1ULL << DQL::PREV)
          | (1ULL << DQL::QUERY)
          | (1ULL << DQL::REPLACE)
          | (1ULL << DQL::TOP)
          | (1ULL << DQL::WITHIN)
          | (1ULL << DQL::IDENTIFIER))) != 0) || ((((_la - 64) & ~ 0x3fULL) == 0) &&
          ((1ULL << (_la - 64)) & ((1ULL << (DQL::QUOTED - 64))
          | (1ULL << (DQL::TEXT - 64))
          | (1ULL << (DQL::INTEGER - 64))
          | (1ULL << (DQL::REAL - 64))
          | (1ULL << (DQL::PARAMETER - 64))
          | (1ULL << (DQL::LPAREN - 64))
          | (1ULL << (DQL::LBRACKET - 64))
          | (1ULL << (DQL::PLUS - 64))
          | (1ULL << (DQL::MINUS - 64)))) != 0)) {
          setState(643);
          arguments();
        }
        setState(646);
        match(DQL::RPAREN);
      }
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(649);
      match(DQL::LBRACKET);
      setState(650);
      expression();
      setState(651);
      match(DQL::RBRACKET);
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(653);
      match(DQL::AT);
      setState(654);
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
  enterRule(_localctx, 74, DQL::RulePrimary);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(675);
    _errHandler->sync(this);
    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 111, _ctx)) {
    case 1: {
      enterOuterAlt(_localctx, 1);
      setState(657);
      literal();
      break;
    }

    case 2: {
      enterOuterAlt(_localctx, 2);
      setState(658);
      match(DQL::PARAMETER);
      break;
    }

    case 3: {
      enterOuterAlt(_localctx, 3);
      setState(659);
      list();
      break;
    }

    case 4: {
      enterOuterAlt(_localctx, 4);
      setState(660);
      match(DQL::LPAREN);
      setState(661);
      expression();
      setState(662);
      match(DQL::RPAREN);
      break;
    }

    case 5: {
      enterOuterAlt(_localctx, 5);
      setState(664);
      match(DQL::LPAREN);
      setState(665);
      query();
      setState(666);
      match(DQL::RPAREN);
      break;
    }

    case 6: {
      enterOuterAlt(_localctx, 6);
      setState(668);
      match(DQL::EXISTS);
      setState(669);
      match(DQL::LPAREN);
      setState(670);
      query();
      setState(671);
      match(DQL::RPAREN);
      break;
    }

    case 7: {
      enterOuterAlt(_localctx, 7);
      setState(673);
      call();
      break;
    }

    case 8: {
      enterOuterAlt(_localctx, 8);
      setState(674);
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
  enterRule(_localctx, 76, DQL::RuleCall);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(677);
    name();
    setState(678);
    match(DQL::LPAREN);
    setState(684);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::STAR: {
        setState(679);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN:
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
        setState(681);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == DQL::DISTINCT) {
          setState(680);
          match(DQL::DISTINCT);
        }
        setState(683);
        arguments();
        break;
      }

      case DQL::RPAREN: {
        break;
      }

    default:
      break;
    }
    setState(686);
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
  enterRule(_localctx, 78, DQL::RuleList);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(688);
    match(DQL::LBRACKET);
    setState(690);
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
      | (1ULL << DQL::EXACT)
      | (1ULL << DQL::FIRST)
      | (1ULL << DQL::HEURISTIC)
      | (1ULL << DQL::IF)
      | (1ULL << DQL::LAST)
      | (1ULL << DQL::NAN_)
      | (1ULL << DQL::NEXT)
      | (1ULL << DQL::NULLS)
      | (1ULL << DQL::OFFSET)
      | (1ULL << DQL::PLANES)
      | (1ULL << DQL::PREV)
      | (1ULL << DQL::QUERY)
      | (1ULL << DQL::REPLACE)
      | (1ULL << DQL::TOP)
      | (1ULL << DQL::WITHIN)
      | (1ULL << DQL::IDENTIFIER))) != 0) || ((((_la - 64) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 64)) & ((1ULL << (DQL::QUOTED - 64))
      | (1ULL << (DQL::TEXT - 64))
      | (1ULL << (DQL::INTEGER - 64))
      | (1ULL << (DQL::REAL - 64))
      | (1ULL << (DQL::PARAMETER - 64))
      | (1ULL << (DQL::LPAREN - 64))
      | (1ULL << (DQL::LBRACKET - 64))
      | (1ULL << (DQL::PLUS - 64))
      | (1ULL << (DQL::MINUS - 64)))) != 0)) {
      setState(689);
      arguments();
    }
    setState(692);
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
  enterRule(_localctx, 80, DQL::RuleArguments);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(694);
    expression();
    setState(699);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 115, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(695);
        match(DQL::COMMA);
        setState(696);
        expression(); 
      }
      setState(701);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 115, _ctx);
    }
    setState(703);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == DQL::COMMA) {
      setState(702);
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
  enterRule(_localctx, 82, DQL::RuleLiteral);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(705);
    _la = _input->LA(1);
    if (!(((((_la - 13) & ~ 0x3fULL) == 0) &&
      ((1ULL << (_la - 13)) & ((1ULL << (DQL::FALSE - 13))
      | (1ULL << (DQL::NULL_ - 13))
      | (1ULL << (DQL::TRUE - 13))
      | (1ULL << (DQL::TEXT - 13))
      | (1ULL << (DQL::INTEGER - 13))
      | (1ULL << (DQL::REAL - 13)))) != 0))) {
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
  enterRule(_localctx, 84, DQL::RuleName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(710);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::IDENTIFIER: {
        enterOuterAlt(_localctx, 1);
        setState(707);
        match(DQL::IDENTIFIER);
        break;
      }

      case DQL::QUOTED: {
        enterOuterAlt(_localctx, 2);
        setState(708);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN: {
        enterOuterAlt(_localctx, 3);
        setState(709);
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
  enterRule(_localctx, 86, DQL::RuleMemberName);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(716);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case DQL::IDENTIFIER: {
        enterOuterAlt(_localctx, 1);
        setState(712);
        match(DQL::IDENTIFIER);
        break;
      }

      case DQL::QUOTED: {
        enterOuterAlt(_localctx, 2);
        setState(713);
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
      case DQL::EXACT:
      case DQL::FIRST:
      case DQL::HEURISTIC:
      case DQL::IF:
      case DQL::LAST:
      case DQL::NAN_:
      case DQL::NEXT:
      case DQL::NULLS:
      case DQL::OFFSET:
      case DQL::PLANES:
      case DQL::PREV:
      case DQL::QUERY:
      case DQL::REPLACE:
      case DQL::TOP:
      case DQL::WITHIN: {
        enterOuterAlt(_localctx, 3);
        setState(714);
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
      case DQL::PREDICT:
      case DQL::SAVE:
      case DQL::SELECT:
      case DQL::SLICE:
      case DQL::TRUE:
      case DQL::VARY:
      case DQL::WHERE:
      case DQL::WITH: {
        enterOuterAlt(_localctx, 4);
        setState(715);
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

tree::TerminalNode* DQL::SoftKeywordContext::EXACT() {
  return getToken(DQL::EXACT, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::FIRST() {
  return getToken(DQL::FIRST, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::HEURISTIC() {
  return getToken(DQL::HEURISTIC, 0);
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

tree::TerminalNode* DQL::SoftKeywordContext::PLANES() {
  return getToken(DQL::PLANES, 0);
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

tree::TerminalNode* DQL::SoftKeywordContext::TOP() {
  return getToken(DQL::TOP, 0);
}

tree::TerminalNode* DQL::SoftKeywordContext::WITHIN() {
  return getToken(DQL::WITHIN, 0);
}


size_t DQL::SoftKeywordContext::getRuleIndex() const {
  return DQL::RuleSoftKeyword;
}


DQL::SoftKeywordContext* DQL::softKeyword() {
  SoftKeywordContext *_localctx = _tracker.createInstance<SoftKeywordContext>(_ctx, getState());
  enterRule(_localctx, 88, DQL::RuleSoftKeyword);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(718);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << DQL::ANALYZE)
      | (1ULL << DQL::ASC)
      | (1ULL << DQL::AUTO)
      | (1ULL << DQL::CLOSURE)
      | (1ULL << DQL::CONFIG)
      | (1ULL << DQL::DESC)
      | (1ULL << DQL::ESCAPE)
      | (1ULL << DQL::EXACT)
      | (1ULL << DQL::FIRST)
      | (1ULL << DQL::HEURISTIC)
      | (1ULL << DQL::IF)
      | (1ULL << DQL::LAST)
      | (1ULL << DQL::NAN_)
      | (1ULL << DQL::NEXT)
      | (1ULL << DQL::NULLS)
      | (1ULL << DQL::OFFSET)
      | (1ULL << DQL::PLANES)
      | (1ULL << DQL::PREV)
      | (1ULL << DQL::QUERY)
      | (1ULL << DQL::REPLACE)
      | (1ULL << DQL::TOP)
      | (1ULL << DQL::WITHIN))) != 0))) {
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

tree::TerminalNode* DQL::ReservedWordContext::PREDICT() {
  return getToken(DQL::PREDICT, 0);
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
  enterRule(_localctx, 90, DQL::RuleReservedWord);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(720);
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
      | (1ULL << DQL::PREDICT)
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
  "construct", "edit", "nodes", "evaluate", "data", "settings", "setting", 
  "dimension", "predict", "count", "number", "expression", "conjunction", 
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
  "LIMIT", "MUTATE", "NOT", "NULL_", "ON", "OR", "ORDER", "PREDICT", "SAVE", 
  "SELECT", "SLICE", "TRUE", "VARY", "WHERE", "WITH", "ANALYZE", "ASC", 
  "AUTO", "CLOSURE", "CONFIG", "DESC", "ESCAPE", "EXACT", "FIRST", "HEURISTIC", 
  "IF", "LAST", "NAN_", "NEXT", "NULLS", "OFFSET", "PLANES", "PREV", "QUERY", 
  "REPLACE", "TOP", "WITHIN", "IDENTIFIER", "QUOTED", "TEXT", "INTEGER", 
  "REAL", "PARAMETER", "SEMICOLON", "COMMA", "DOT", "LPAREN", "RPAREN", 
  "LBRACKET", "RBRACKET", "STAR", "SLASH", "PERCENT", "PLUS", "MINUS", "CONCAT", 
  "EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", 
  "TILDE", "AT"
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
    0x3, 0x5b, 0x2d5, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 
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
    0x4, 0x29, 0x9, 0x29, 0x4, 0x2a, 0x9, 0x2a, 0x4, 0x2b, 0x9, 0x2b, 0x4, 
    0x2c, 0x9, 0x2c, 0x4, 0x2d, 0x9, 0x2d, 0x4, 0x2e, 0x9, 0x2e, 0x4, 0x2f, 
    0x9, 0x2f, 0x3, 0x2, 0x5, 0x2, 0x60, 0xa, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 
    0x2, 0x5, 0x2, 0x65, 0xa, 0x2, 0x3, 0x2, 0x5, 0x2, 0x68, 0xa, 0x2, 0x3, 
    0x2, 0x3, 0x2, 0x3, 0x3, 0x3, 0x3, 0x5, 0x3, 0x6e, 0xa, 0x3, 0x3, 0x4, 
    0x3, 0x4, 0x3, 0x4, 0x5, 0x4, 0x73, 0xa, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 
    0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x5, 
    0x5, 0x7e, 0xa, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 
    0x3, 0x6, 0x3, 0x6, 0x5, 0x6, 0x87, 0xa, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 
    0x6, 0x3, 0x6, 0x3, 0x6, 0x5, 0x6, 0x8e, 0xa, 0x6, 0x5, 0x6, 0x90, 0xa, 
    0x6, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0x94, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 
    0x3, 0x7, 0x7, 0x7, 0x99, 0xa, 0x7, 0xc, 0x7, 0xe, 0x7, 0x9c, 0xb, 0x7, 
    0x3, 0x7, 0x5, 0x7, 0x9f, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0xa3, 
    0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 0xa7, 0xa, 0x7, 0x3, 0x7, 0x3, 
    0x7, 0x3, 0x7, 0x5, 0x7, 0xac, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 
    0xb0, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x7, 
    0x7, 0xb7, 0xa, 0x7, 0xc, 0x7, 0xe, 0x7, 0xba, 0xb, 0x7, 0x3, 0x7, 0x5, 
    0x7, 0xbd, 0xa, 0x7, 0x5, 0x7, 0xbf, 0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 
    0x7, 0x3, 0x7, 0x5, 0x7, 0xc5, 0xa, 0x7, 0x5, 0x7, 0xc7, 0xa, 0x7, 0x3, 
    0x8, 0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x5, 0x8, 0xcd, 0xa, 0x8, 0x3, 0x8, 
    0x5, 0x8, 0xd0, 0xa, 0x8, 0x5, 0x8, 0xd2, 0xa, 0x8, 0x3, 0x9, 0x5, 0x9, 
    0xd5, 0xa, 0x9, 0x3, 0x9, 0x3, 0x9, 0x3, 0xa, 0x3, 0xa, 0x5, 0xa, 0xdb, 
    0xa, 0xa, 0x3, 0xa, 0x3, 0xa, 0x5, 0xa, 0xdf, 0xa, 0xa, 0x3, 0xb, 0x3, 
    0xb, 0x3, 0xb, 0x3, 0xb, 0x7, 0xb, 0xe5, 0xa, 0xb, 0xc, 0xb, 0xe, 0xb, 
    0xe8, 0xb, 0xb, 0x3, 0xb, 0x5, 0xb, 0xeb, 0xa, 0xb, 0x3, 0xc, 0x5, 0xc, 
    0xee, 0xa, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0xf4, 
    0xa, 0xc, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0xf9, 0xa, 0xd, 0x3, 
    0xd, 0x5, 0xd, 0xfc, 0xa, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 
    0x101, 0xa, 0xd, 0x3, 0xd, 0x5, 0xd, 0x104, 0xa, 0xd, 0x3, 0xd, 0x3, 
    0xd, 0x3, 0xd, 0x5, 0xd, 0x109, 0xa, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 
    0x10d, 0xa, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x3, 0xd, 0x5, 0xd, 0x113, 
    0xa, 0xd, 0x5, 0xd, 0x115, 0xa, 0xd, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 0x3, 
    0xe, 0x3, 0xe, 0x3, 0xe, 0x5, 0xe, 0x11d, 0xa, 0xe, 0x3, 0xe, 0x3, 0xe, 
    0x3, 0xe, 0x3, 0xe, 0x7, 0xe, 0x123, 0xa, 0xe, 0xc, 0xe, 0xe, 0xe, 0x126, 
    0xb, 0xe, 0x3, 0xe, 0x5, 0xe, 0x129, 0xa, 0xe, 0x3, 0xe, 0x3, 0xe, 0x5, 
    0xe, 0x12d, 0xa, 0xe, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 
    0x3, 0xf, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 
    0x10, 0x5, 0x10, 0x13b, 0xa, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 
    0x3, 0x10, 0x7, 0x10, 0x141, 0xa, 0x10, 0xc, 0x10, 0xe, 0x10, 0x144, 
    0xb, 0x10, 0x3, 0x10, 0x5, 0x10, 0x147, 0xa, 0x10, 0x3, 0x11, 0x3, 0x11, 
    0x3, 0x11, 0x3, 0x11, 0x5, 0x11, 0x14d, 0xa, 0x11, 0x5, 0x11, 0x14f, 
    0xa, 0x11, 0x3, 0x11, 0x3, 0x11, 0x5, 0x11, 0x153, 0xa, 0x11, 0x3, 0x12, 
    0x3, 0x12, 0x6, 0x12, 0x157, 0xa, 0x12, 0xd, 0x12, 0xe, 0x12, 0x158, 
    0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x5, 0x13, 0x15f, 0xa, 0x13, 
    0x3, 0x13, 0x3, 0x13, 0x5, 0x13, 0x163, 0xa, 0x13, 0x3, 0x13, 0x5, 0x13, 
    0x166, 0xa, 0x13, 0x3, 0x13, 0x3, 0x13, 0x5, 0x13, 0x16a, 0xa, 0x13, 
    0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x7, 0x13, 0x170, 0xa, 0x13, 
    0xc, 0x13, 0xe, 0x13, 0x173, 0xb, 0x13, 0x3, 0x13, 0x5, 0x13, 0x176, 
    0xa, 0x13, 0x5, 0x13, 0x178, 0xa, 0x13, 0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 
    0x3, 0x13, 0x7, 0x13, 0x17e, 0xa, 0x13, 0xc, 0x13, 0xe, 0x13, 0x181, 
    0xb, 0x13, 0x3, 0x13, 0x5, 0x13, 0x184, 0xa, 0x13, 0x5, 0x13, 0x186, 
    0xa, 0x13, 0x3, 0x13, 0x5, 0x13, 0x189, 0xa, 0x13, 0x3, 0x14, 0x3, 0x14, 
    0x3, 0x15, 0x3, 0x15, 0x3, 0x15, 0x3, 0x15, 0x7, 0x15, 0x191, 0xa, 0x15, 
    0xc, 0x15, 0xe, 0x15, 0x194, 0xb, 0x15, 0x3, 0x15, 0x5, 0x15, 0x197, 
    0xa, 0x15, 0x3, 0x16, 0x3, 0x16, 0x3, 0x16, 0x3, 0x16, 0x3, 0x17, 0x3, 
    0x17, 0x7, 0x17, 0x19f, 0xa, 0x17, 0xc, 0x17, 0xe, 0x17, 0x1a2, 0xb, 
    0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x5, 0x17, 0x1a8, 
    0xa, 0x17, 0x3, 0x17, 0x5, 0x17, 0x1ab, 0xa, 0x17, 0x3, 0x17, 0x5, 0x17, 
    0x1ae, 0xa, 0x17, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 
    0x1b4, 0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 
    0x1ba, 0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 0x1bf, 
    0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 0x1c5, 
    0xa, 0x18, 0x3, 0x18, 0x5, 0x18, 0x1c8, 0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 
    0x5, 0x18, 0x1cc, 0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 
    0x3, 0x18, 0x7, 0x18, 0x1d3, 0xa, 0x18, 0xc, 0x18, 0xe, 0x18, 0x1d6, 
    0xb, 0x18, 0x3, 0x18, 0x5, 0x18, 0x1d9, 0xa, 0x18, 0x5, 0x18, 0x1db, 
    0xa, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 0x1e1, 
    0xa, 0x18, 0x5, 0x18, 0x1e3, 0xa, 0x18, 0x3, 0x19, 0x3, 0x19, 0x3, 0x1a, 
    0x3, 0x1a, 0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1b, 0x7, 0x1b, 0x1ec, 0xa, 0x1b, 
    0xc, 0x1b, 0xe, 0x1b, 0x1ef, 0xb, 0x1b, 0x3, 0x1c, 0x3, 0x1c, 0x3, 0x1c, 
    0x7, 0x1c, 0x1f4, 0xa, 0x1c, 0xc, 0x1c, 0xe, 0x1c, 0x1f7, 0xb, 0x1c, 
    0x3, 0x1d, 0x3, 0x1d, 0x3, 0x1d, 0x5, 0x1d, 0x1fc, 0xa, 0x1d, 0x3, 0x1e, 
    0x5, 0x1e, 0x1ff, 0xa, 0x1e, 0x3, 0x1e, 0x3, 0x1e, 0x5, 0x1e, 0x203, 
    0xa, 0x1e, 0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x5, 0x1f, 0x208, 0xa, 0x1f, 
    0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x5, 0x1f, 0x20e, 0xa, 0x1f, 
    0x3, 0x1f, 0x5, 0x1f, 0x211, 0xa, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 
    0x5, 0x1f, 0x216, 0xa, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 
    0x3, 0x1f, 0x3, 0x1f, 0x5, 0x1f, 0x21e, 0xa, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 
    0x3, 0x1f, 0x5, 0x1f, 0x223, 0xa, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 
    0x3, 0x1f, 0x5, 0x1f, 0x229, 0xa, 0x1f, 0x3, 0x1f, 0x3, 0x1f, 0x5, 0x1f, 
    0x22d, 0xa, 0x1f, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 0x5, 0x20, 0x232, 
    0xa, 0x20, 0x5, 0x20, 0x234, 0xa, 0x20, 0x3, 0x20, 0x3, 0x20, 0x3, 0x20, 
    0x3, 0x20, 0x3, 0x20, 0x5, 0x20, 0x23b, 0xa, 0x20, 0x3, 0x20, 0x7, 0x20, 
    0x23e, 0xa, 0x20, 0xc, 0x20, 0xe, 0x20, 0x241, 0xb, 0x20, 0x5, 0x20, 
    0x243, 0xa, 0x20, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 0x3, 0x21, 
    0x7, 0x21, 0x24a, 0xa, 0x21, 0xc, 0x21, 0xe, 0x21, 0x24d, 0xb, 0x21, 
    0x3, 0x21, 0x5, 0x21, 0x250, 0xa, 0x21, 0x5, 0x21, 0x252, 0xa, 0x21, 
    0x3, 0x21, 0x5, 0x21, 0x255, 0xa, 0x21, 0x3, 0x22, 0x3, 0x22, 0x3, 0x22, 
    0x5, 0x22, 0x25a, 0xa, 0x22, 0x3, 0x22, 0x3, 0x22, 0x5, 0x22, 0x25e, 
    0xa, 0x22, 0x3, 0x22, 0x3, 0x22, 0x3, 0x22, 0x5, 0x22, 0x263, 0xa, 0x22, 
    0x3, 0x23, 0x3, 0x23, 0x3, 0x23, 0x7, 0x23, 0x268, 0xa, 0x23, 0xc, 0x23, 
    0xe, 0x23, 0x26b, 0xb, 0x23, 0x3, 0x24, 0x3, 0x24, 0x3, 0x24, 0x7, 0x24, 
    0x270, 0xa, 0x24, 0xc, 0x24, 0xe, 0x24, 0x273, 0xb, 0x24, 0x3, 0x25, 
    0x3, 0x25, 0x3, 0x25, 0x3, 0x25, 0x7, 0x25, 0x279, 0xa, 0x25, 0xc, 0x25, 
    0xe, 0x25, 0x27c, 0xb, 0x25, 0x5, 0x25, 0x27e, 0xa, 0x25, 0x3, 0x26, 
    0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x5, 
    0x26, 0x287, 0xa, 0x26, 0x3, 0x26, 0x5, 0x26, 0x28a, 0xa, 0x26, 0x3, 
    0x26, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x3, 0x26, 0x5, 0x26, 
    0x292, 0xa, 0x26, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 
    0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 
    0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 0x3, 0x27, 
    0x5, 0x27, 0x2a6, 0xa, 0x27, 0x3, 0x28, 0x3, 0x28, 0x3, 0x28, 0x3, 0x28, 
    0x5, 0x28, 0x2ac, 0xa, 0x28, 0x3, 0x28, 0x5, 0x28, 0x2af, 0xa, 0x28, 
    0x3, 0x28, 0x3, 0x28, 0x3, 0x29, 0x3, 0x29, 0x5, 0x29, 0x2b5, 0xa, 0x29, 
    0x3, 0x29, 0x3, 0x29, 0x3, 0x2a, 0x3, 0x2a, 0x3, 0x2a, 0x7, 0x2a, 0x2bc, 
    0xa, 0x2a, 0xc, 0x2a, 0xe, 0x2a, 0x2bf, 0xb, 0x2a, 0x3, 0x2a, 0x5, 0x2a, 
    0x2c2, 0xa, 0x2a, 0x3, 0x2b, 0x3, 0x2b, 0x3, 0x2c, 0x3, 0x2c, 0x3, 0x2c, 
    0x5, 0x2c, 0x2c9, 0xa, 0x2c, 0x3, 0x2d, 0x3, 0x2d, 0x3, 0x2d, 0x3, 0x2d, 
    0x5, 0x2d, 0x2cf, 0xa, 0x2d, 0x3, 0x2e, 0x3, 0x2e, 0x3, 0x2f, 0x3, 0x2f, 
    0x3, 0x2f, 0x2, 0x2, 0x30, 0x2, 0x4, 0x6, 0x8, 0xa, 0xc, 0xe, 0x10, 
    0x12, 0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x20, 0x22, 0x24, 0x26, 0x28, 
    0x2a, 0x2c, 0x2e, 0x30, 0x32, 0x34, 0x36, 0x38, 0x3a, 0x3c, 0x3e, 0x40, 
    0x42, 0x44, 0x46, 0x48, 0x4a, 0x4c, 0x4e, 0x50, 0x52, 0x54, 0x56, 0x58, 
    0x5a, 0x5c, 0x2, 0x14, 0x4, 0x2, 0x2c, 0x2c, 0x30, 0x30, 0x4, 0x2, 0x33, 
    0x33, 0x36, 0x36, 0x4, 0x2, 0x16, 0x16, 0x1a, 0x1a, 0x4, 0x2, 0x43, 
    0x43, 0x46, 0x46, 0x4, 0x2, 0x4, 0x4, 0x48, 0x48, 0x3, 0x2, 0x43, 0x46, 
    0x4, 0x2, 0x44, 0x44, 0x46, 0x46, 0x3, 0x2, 0x44, 0x46, 0x3, 0x2, 0x54, 
    0x59, 0x4, 0x2, 0x14, 0x14, 0x1b, 0x1b, 0x4, 0x2, 0x1f, 0x1f, 0x37, 
    0x37, 0x3, 0x2, 0x51, 0x52, 0x3, 0x2, 0x51, 0x53, 0x3, 0x2, 0x4e, 0x50, 
    0x4, 0x2, 0x38, 0x38, 0x3c, 0x3c, 0x6, 0x2, 0xf, 0xf, 0x1f, 0x1f, 0x27, 
    0x27, 0x43, 0x45, 0x3, 0x2, 0x2b, 0x40, 0x3, 0x2, 0x3, 0x2a, 0x2, 0x33c, 
    0x2, 0x64, 0x3, 0x2, 0x2, 0x2, 0x4, 0x6b, 0x3, 0x2, 0x2, 0x2, 0x6, 0x6f, 
    0x3, 0x2, 0x2, 0x2, 0x8, 0x79, 0x3, 0x2, 0x2, 0x2, 0xa, 0x86, 0x3, 0x2, 
    0x2, 0x2, 0xc, 0x91, 0x3, 0x2, 0x2, 0x2, 0xe, 0xd1, 0x3, 0x2, 0x2, 0x2, 
    0x10, 0xd4, 0x3, 0x2, 0x2, 0x2, 0x12, 0xd8, 0x3, 0x2, 0x2, 0x2, 0x14, 
    0xe0, 0x3, 0x2, 0x2, 0x2, 0x16, 0xed, 0x3, 0x2, 0x2, 0x2, 0x18, 0x114, 
    0x3, 0x2, 0x2, 0x2, 0x1a, 0x116, 0x3, 0x2, 0x2, 0x2, 0x1c, 0x12e, 0x3, 
    0x2, 0x2, 0x2, 0x1e, 0x134, 0x3, 0x2, 0x2, 0x2, 0x20, 0x148, 0x3, 0x2, 
    0x2, 0x2, 0x22, 0x154, 0x3, 0x2, 0x2, 0x2, 0x24, 0x15a, 0x3, 0x2, 0x2, 
    0x2, 0x26, 0x18a, 0x3, 0x2, 0x2, 0x2, 0x28, 0x18c, 0x3, 0x2, 0x2, 0x2, 
    0x2a, 0x198, 0x3, 0x2, 0x2, 0x2, 0x2c, 0x19c, 0x3, 0x2, 0x2, 0x2, 0x2e, 
    0x1af, 0x3, 0x2, 0x2, 0x2, 0x30, 0x1e4, 0x3, 0x2, 0x2, 0x2, 0x32, 0x1e6, 
    0x3, 0x2, 0x2, 0x2, 0x34, 0x1e8, 0x3, 0x2, 0x2, 0x2, 0x36, 0x1f0, 0x3, 
    0x2, 0x2, 0x2, 0x38, 0x1fb, 0x3, 0x2, 0x2, 0x2, 0x3a, 0x1fe, 0x3, 0x2, 
    0x2, 0x2, 0x3c, 0x22c, 0x3, 0x2, 0x2, 0x2, 0x3e, 0x242, 0x3, 0x2, 0x2, 
    0x2, 0x40, 0x244, 0x3, 0x2, 0x2, 0x2, 0x42, 0x259, 0x3, 0x2, 0x2, 0x2, 
    0x44, 0x264, 0x3, 0x2, 0x2, 0x2, 0x46, 0x26c, 0x3, 0x2, 0x2, 0x2, 0x48, 
    0x27d, 0x3, 0x2, 0x2, 0x2, 0x4a, 0x291, 0x3, 0x2, 0x2, 0x2, 0x4c, 0x2a5, 
    0x3, 0x2, 0x2, 0x2, 0x4e, 0x2a7, 0x3, 0x2, 0x2, 0x2, 0x50, 0x2b2, 0x3, 
    0x2, 0x2, 0x2, 0x52, 0x2b8, 0x3, 0x2, 0x2, 0x2, 0x54, 0x2c3, 0x3, 0x2, 
    0x2, 0x2, 0x56, 0x2c8, 0x3, 0x2, 0x2, 0x2, 0x58, 0x2ce, 0x3, 0x2, 0x2, 
    0x2, 0x5a, 0x2d0, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x2d2, 0x3, 0x2, 0x2, 0x2, 
    0x5e, 0x60, 0x5, 0x4, 0x3, 0x2, 0x5f, 0x5e, 0x3, 0x2, 0x2, 0x2, 0x5f, 
    0x60, 0x3, 0x2, 0x2, 0x2, 0x60, 0x61, 0x3, 0x2, 0x2, 0x2, 0x61, 0x65, 
    0x5, 0xa, 0x6, 0x2, 0x62, 0x65, 0x5, 0x6, 0x4, 0x2, 0x63, 0x65, 0x5, 
    0x8, 0x5, 0x2, 0x64, 0x5f, 0x3, 0x2, 0x2, 0x2, 0x64, 0x62, 0x3, 0x2, 
    0x2, 0x2, 0x64, 0x63, 0x3, 0x2, 0x2, 0x2, 0x65, 0x67, 0x3, 0x2, 0x2, 
    0x2, 0x66, 0x68, 0x7, 0x47, 0x2, 0x2, 0x67, 0x66, 0x3, 0x2, 0x2, 0x2, 
    0x67, 0x68, 0x3, 0x2, 0x2, 0x2, 0x68, 0x69, 0x3, 0x2, 0x2, 0x2, 0x69, 
    0x6a, 0x7, 0x2, 0x2, 0x3, 0x6a, 0x3, 0x3, 0x2, 0x2, 0x2, 0x6b, 0x6d, 
    0x7, 0xe, 0x2, 0x2, 0x6c, 0x6e, 0x7, 0x2b, 0x2, 0x2, 0x6d, 0x6c, 0x3, 
    0x2, 0x2, 0x2, 0x6d, 0x6e, 0x3, 0x2, 0x2, 0x2, 0x6e, 0x5, 0x3, 0x2, 
    0x2, 0x2, 0x6f, 0x72, 0x7, 0x9, 0x2, 0x2, 0x70, 0x71, 0x7, 0x21, 0x2, 
    0x2, 0x71, 0x73, 0x7, 0x3e, 0x2, 0x2, 0x72, 0x70, 0x3, 0x2, 0x2, 0x2, 
    0x72, 0x73, 0x3, 0x2, 0x2, 0x2, 0x73, 0x74, 0x3, 0x2, 0x2, 0x2, 0x74, 
    0x75, 0x7, 0x3d, 0x2, 0x2, 0x75, 0x76, 0x5, 0x56, 0x2c, 0x2, 0x76, 0x77, 
    0x7, 0x5, 0x2, 0x2, 0x77, 0x78, 0x5, 0xa, 0x6, 0x2, 0x78, 0x7, 0x3, 
    0x2, 0x2, 0x2, 0x79, 0x7a, 0x7, 0xb, 0x2, 0x2, 0x7a, 0x7d, 0x7, 0x3d, 
    0x2, 0x2, 0x7b, 0x7c, 0x7, 0x35, 0x2, 0x2, 0x7c, 0x7e, 0x7, 0xd, 0x2, 
    0x2, 0x7d, 0x7b, 0x3, 0x2, 0x2, 0x2, 0x7d, 0x7e, 0x3, 0x2, 0x2, 0x2, 
    0x7e, 0x7f, 0x3, 0x2, 0x2, 0x2, 0x7f, 0x80, 0x5, 0x56, 0x2c, 0x2, 0x80, 
    0x9, 0x3, 0x2, 0x2, 0x2, 0x81, 0x87, 0x5, 0xc, 0x7, 0x2, 0x82, 0x87, 
    0x5, 0x1a, 0xe, 0x2, 0x83, 0x87, 0x5, 0x1e, 0x10, 0x2, 0x84, 0x87, 0x5, 
    0x24, 0x13, 0x2, 0x85, 0x87, 0x5, 0x2e, 0x18, 0x2, 0x86, 0x81, 0x3, 
    0x2, 0x2, 0x2, 0x86, 0x82, 0x3, 0x2, 0x2, 0x2, 0x86, 0x83, 0x3, 0x2, 
    0x2, 0x2, 0x86, 0x84, 0x3, 0x2, 0x2, 0x2, 0x86, 0x85, 0x3, 0x2, 0x2, 
    0x2, 0x87, 0x8f, 0x3, 0x2, 0x2, 0x2, 0x88, 0x89, 0x7, 0x24, 0x2, 0x2, 
    0x89, 0x8d, 0x7, 0x5, 0x2, 0x2, 0x8a, 0x8e, 0x7, 0x43, 0x2, 0x2, 0x8b, 
    0x8e, 0x7, 0x46, 0x2, 0x2, 0x8c, 0x8e, 0x5, 0x56, 0x2c, 0x2, 0x8d, 0x8a, 
    0x3, 0x2, 0x2, 0x2, 0x8d, 0x8b, 0x3, 0x2, 0x2, 0x2, 0x8d, 0x8c, 0x3, 
    0x2, 0x2, 0x2, 0x8e, 0x90, 0x3, 0x2, 0x2, 0x2, 0x8f, 0x88, 0x3, 0x2, 
    0x2, 0x2, 0x8f, 0x90, 0x3, 0x2, 0x2, 0x2, 0x90, 0xb, 0x3, 0x2, 0x2, 
    0x2, 0x91, 0x93, 0x7, 0x25, 0x2, 0x2, 0x92, 0x94, 0x7, 0xa, 0x2, 0x2, 
    0x93, 0x92, 0x3, 0x2, 0x2, 0x2, 0x93, 0x94, 0x3, 0x2, 0x2, 0x2, 0x94, 
    0x95, 0x3, 0x2, 0x2, 0x2, 0x95, 0x9a, 0x5, 0xe, 0x8, 0x2, 0x96, 0x97, 
    0x7, 0x48, 0x2, 0x2, 0x97, 0x99, 0x5, 0xe, 0x8, 0x2, 0x98, 0x96, 0x3, 
    0x2, 0x2, 0x2, 0x99, 0x9c, 0x3, 0x2, 0x2, 0x2, 0x9a, 0x98, 0x3, 0x2, 
    0x2, 0x2, 0x9a, 0x9b, 0x3, 0x2, 0x2, 0x2, 0x9b, 0x9e, 0x3, 0x2, 0x2, 
    0x2, 0x9c, 0x9a, 0x3, 0x2, 0x2, 0x2, 0x9d, 0x9f, 0x7, 0x48, 0x2, 0x2, 
    0x9e, 0x9d, 0x3, 0x2, 0x2, 0x2, 0x9e, 0x9f, 0x3, 0x2, 0x2, 0x2, 0x9f, 
    0xa2, 0x3, 0x2, 0x2, 0x2, 0xa0, 0xa1, 0x7, 0x10, 0x2, 0x2, 0xa1, 0xa3, 
    0x5, 0x14, 0xb, 0x2, 0xa2, 0xa0, 0x3, 0x2, 0x2, 0x2, 0xa2, 0xa3, 0x3, 
    0x2, 0x2, 0x2, 0xa3, 0xa6, 0x3, 0x2, 0x2, 0x2, 0xa4, 0xa5, 0x7, 0x29, 
    0x2, 0x2, 0xa5, 0xa7, 0x5, 0x34, 0x1b, 0x2, 0xa6, 0xa4, 0x3, 0x2, 0x2, 
    0x2, 0xa6, 0xa7, 0x3, 0x2, 0x2, 0x2, 0xa7, 0xab, 0x3, 0x2, 0x2, 0x2, 
    0xa8, 0xa9, 0x7, 0x11, 0x2, 0x2, 0xa9, 0xaa, 0x7, 0x7, 0x2, 0x2, 0xaa, 
    0xac, 0x5, 0x52, 0x2a, 0x2, 0xab, 0xa8, 0x3, 0x2, 0x2, 0x2, 0xab, 0xac, 
    0x3, 0x2, 0x2, 0x2, 0xac, 0xaf, 0x3, 0x2, 0x2, 0x2, 0xad, 0xae, 0x7, 
    0x13, 0x2, 0x2, 0xae, 0xb0, 0x5, 0x34, 0x1b, 0x2, 0xaf, 0xad, 0x3, 0x2, 
    0x2, 0x2, 0xaf, 0xb0, 0x3, 0x2, 0x2, 0x2, 0xb0, 0xbe, 0x3, 0x2, 0x2, 
    0x2, 0xb1, 0xb2, 0x7, 0x22, 0x2, 0x2, 0xb2, 0xb3, 0x7, 0x7, 0x2, 0x2, 
    0xb3, 0xb8, 0x5, 0x12, 0xa, 0x2, 0xb4, 0xb5, 0x7, 0x48, 0x2, 0x2, 0xb5, 
    0xb7, 0x5, 0x12, 0xa, 0x2, 0xb6, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xb7, 0xba, 
    0x3, 0x2, 0x2, 0x2, 0xb8, 0xb6, 0x3, 0x2, 0x2, 0x2, 0xb8, 0xb9, 0x3, 
    0x2, 0x2, 0x2, 0xb9, 0xbc, 0x3, 0x2, 0x2, 0x2, 0xba, 0xb8, 0x3, 0x2, 
    0x2, 0x2, 0xbb, 0xbd, 0x7, 0x48, 0x2, 0x2, 0xbc, 0xbb, 0x3, 0x2, 0x2, 
    0x2, 0xbc, 0xbd, 0x3, 0x2, 0x2, 0x2, 0xbd, 0xbf, 0x3, 0x2, 0x2, 0x2, 
    0xbe, 0xb1, 0x3, 0x2, 0x2, 0x2, 0xbe, 0xbf, 0x3, 0x2, 0x2, 0x2, 0xbf, 
    0xc6, 0x3, 0x2, 0x2, 0x2, 0xc0, 0xc1, 0x7, 0x1c, 0x2, 0x2, 0xc1, 0xc4, 
    0x5, 0x44, 0x23, 0x2, 0xc2, 0xc3, 0x7, 0x3a, 0x2, 0x2, 0xc3, 0xc5, 0x5, 
    0x44, 0x23, 0x2, 0xc4, 0xc2, 0x3, 0x2, 0x2, 0x2, 0xc4, 0xc5, 0x3, 0x2, 
    0x2, 0x2, 0xc5, 0xc7, 0x3, 0x2, 0x2, 0x2, 0xc6, 0xc0, 0x3, 0x2, 0x2, 
    0x2, 0xc6, 0xc7, 0x3, 0x2, 0x2, 0x2, 0xc7, 0xd, 0x3, 0x2, 0x2, 0x2, 
    0xc8, 0xd2, 0x7, 0x4e, 0x2, 0x2, 0xc9, 0xcc, 0x5, 0x34, 0x1b, 0x2, 0xca, 
    0xcb, 0x7, 0x49, 0x2, 0x2, 0xcb, 0xcd, 0x7, 0x4e, 0x2, 0x2, 0xcc, 0xca, 
    0x3, 0x2, 0x2, 0x2, 0xcc, 0xcd, 0x3, 0x2, 0x2, 0x2, 0xcd, 0xcf, 0x3, 
    0x2, 0x2, 0x2, 0xce, 0xd0, 0x5, 0x10, 0x9, 0x2, 0xcf, 0xce, 0x3, 0x2, 
    0x2, 0x2, 0xcf, 0xd0, 0x3, 0x2, 0x2, 0x2, 0xd0, 0xd2, 0x3, 0x2, 0x2, 
    0x2, 0xd1, 0xc8, 0x3, 0x2, 0x2, 0x2, 0xd1, 0xc9, 0x3, 0x2, 0x2, 0x2, 
    0xd2, 0xf, 0x3, 0x2, 0x2, 0x2, 0xd3, 0xd5, 0x7, 0x5, 0x2, 0x2, 0xd4, 
    0xd3, 0x3, 0x2, 0x2, 0x2, 0xd4, 0xd5, 0x3, 0x2, 0x2, 0x2, 0xd5, 0xd6, 
    0x3, 0x2, 0x2, 0x2, 0xd6, 0xd7, 0x5, 0x56, 0x2c, 0x2, 0xd7, 0x11, 0x3, 
    0x2, 0x2, 0x2, 0xd8, 0xda, 0x5, 0x34, 0x1b, 0x2, 0xd9, 0xdb, 0x9, 0x2, 
    0x2, 0x2, 0xda, 0xd9, 0x3, 0x2, 0x2, 0x2, 0xda, 0xdb, 0x3, 0x2, 0x2, 
    0x2, 0xdb, 0xde, 0x3, 0x2, 0x2, 0x2, 0xdc, 0xdd, 0x7, 0x39, 0x2, 0x2, 
    0xdd, 0xdf, 0x9, 0x3, 0x2, 0x2, 0xde, 0xdc, 0x3, 0x2, 0x2, 0x2, 0xde, 
    0xdf, 0x3, 0x2, 0x2, 0x2, 0xdf, 0x13, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xe6, 
    0x5, 0x18, 0xd, 0x2, 0xe1, 0xe2, 0x7, 0x48, 0x2, 0x2, 0xe2, 0xe5, 0x5, 
    0x18, 0xd, 0x2, 0xe3, 0xe5, 0x5, 0x16, 0xc, 0x2, 0xe4, 0xe1, 0x3, 0x2, 
    0x2, 0x2, 0xe4, 0xe3, 0x3, 0x2, 0x2, 0x2, 0xe5, 0xe8, 0x3, 0x2, 0x2, 
    0x2, 0xe6, 0xe4, 0x3, 0x2, 0x2, 0x2, 0xe6, 0xe7, 0x3, 0x2, 0x2, 0x2, 
    0xe7, 0xea, 0x3, 0x2, 0x2, 0x2, 0xe8, 0xe6, 0x3, 0x2, 0x2, 0x2, 0xe9, 
    0xeb, 0x7, 0x48, 0x2, 0x2, 0xea, 0xe9, 0x3, 0x2, 0x2, 0x2, 0xea, 0xeb, 
    0x3, 0x2, 0x2, 0x2, 0xeb, 0x15, 0x3, 0x2, 0x2, 0x2, 0xec, 0xee, 0x9, 
    0x4, 0x2, 0x2, 0xed, 0xec, 0x3, 0x2, 0x2, 0x2, 0xed, 0xee, 0x3, 0x2, 
    0x2, 0x2, 0xee, 0xef, 0x3, 0x2, 0x2, 0x2, 0xef, 0xf0, 0x7, 0x18, 0x2, 
    0x2, 0xf0, 0xf3, 0x5, 0x18, 0xd, 0x2, 0xf1, 0xf2, 0x7, 0x20, 0x2, 0x2, 
    0xf2, 0xf4, 0x5, 0x34, 0x1b, 0x2, 0xf3, 0xf1, 0x3, 0x2, 0x2, 0x2, 0xf3, 
    0xf4, 0x3, 0x2, 0x2, 0x2, 0xf4, 0x17, 0x3, 0x2, 0x2, 0x2, 0xf5, 0xf8, 
    0x5, 0x56, 0x2c, 0x2, 0xf6, 0xf7, 0x7, 0x5b, 0x2, 0x2, 0xf7, 0xf9, 0x5, 
    0x58, 0x2d, 0x2, 0xf8, 0xf6, 0x3, 0x2, 0x2, 0x2, 0xf8, 0xf9, 0x3, 0x2, 
    0x2, 0x2, 0xf9, 0xfb, 0x3, 0x2, 0x2, 0x2, 0xfa, 0xfc, 0x5, 0x10, 0x9, 
    0x2, 0xfb, 0xfa, 0x3, 0x2, 0x2, 0x2, 0xfb, 0xfc, 0x3, 0x2, 0x2, 0x2, 
    0xfc, 0x115, 0x3, 0x2, 0x2, 0x2, 0xfd, 0x100, 0x9, 0x5, 0x2, 0x2, 0xfe, 
    0xff, 0x7, 0x5b, 0x2, 0x2, 0xff, 0x101, 0x5, 0x58, 0x2d, 0x2, 0x100, 
    0xfe, 0x3, 0x2, 0x2, 0x2, 0x100, 0x101, 0x3, 0x2, 0x2, 0x2, 0x101, 0x103, 
    0x3, 0x2, 0x2, 0x2, 0x102, 0x104, 0x5, 0x10, 0x9, 0x2, 0x103, 0x102, 
    0x3, 0x2, 0x2, 0x2, 0x103, 0x104, 0x3, 0x2, 0x2, 0x2, 0x104, 0x115, 
    0x3, 0x2, 0x2, 0x2, 0x105, 0x106, 0x5, 0x56, 0x2c, 0x2, 0x106, 0x108, 
    0x7, 0x4a, 0x2, 0x2, 0x107, 0x109, 0x5, 0x52, 0x2a, 0x2, 0x108, 0x107, 
    0x3, 0x2, 0x2, 0x2, 0x108, 0x109, 0x3, 0x2, 0x2, 0x2, 0x109, 0x10a, 
    0x3, 0x2, 0x2, 0x2, 0x10a, 0x10c, 0x7, 0x4b, 0x2, 0x2, 0x10b, 0x10d, 
    0x5, 0x10, 0x9, 0x2, 0x10c, 0x10b, 0x3, 0x2, 0x2, 0x2, 0x10c, 0x10d, 
    0x3, 0x2, 0x2, 0x2, 0x10d, 0x115, 0x3, 0x2, 0x2, 0x2, 0x10e, 0x10f, 
    0x7, 0x4a, 0x2, 0x2, 0x10f, 0x110, 0x5, 0xa, 0x6, 0x2, 0x110, 0x112, 
    0x7, 0x4b, 0x2, 0x2, 0x111, 0x113, 0x5, 0x10, 0x9, 0x2, 0x112, 0x111, 
    0x3, 0x2, 0x2, 0x2, 0x112, 0x113, 0x3, 0x2, 0x2, 0x2, 0x113, 0x115, 
    0x3, 0x2, 0x2, 0x2, 0x114, 0xf5, 0x3, 0x2, 0x2, 0x2, 0x114, 0xfd, 0x3, 
    0x2, 0x2, 0x2, 0x114, 0x105, 0x3, 0x2, 0x2, 0x2, 0x114, 0x10e, 0x3, 
    0x2, 0x2, 0x2, 0x115, 0x19, 0x3, 0x2, 0x2, 0x2, 0x116, 0x117, 0x7, 0x26, 
    0x2, 0x2, 0x117, 0x118, 0x5, 0x56, 0x2c, 0x2, 0x118, 0x119, 0x7, 0x10, 
    0x2, 0x2, 0x119, 0x11c, 0x5, 0x14, 0xb, 0x2, 0x11a, 0x11b, 0x7, 0x29, 
    0x2, 0x2, 0x11b, 0x11d, 0x5, 0x34, 0x1b, 0x2, 0x11c, 0x11a, 0x3, 0x2, 
    0x2, 0x2, 0x11c, 0x11d, 0x3, 0x2, 0x2, 0x2, 0x11d, 0x11e, 0x3, 0x2, 
    0x2, 0x2, 0x11e, 0x11f, 0x7, 0x1d, 0x2, 0x2, 0x11f, 0x124, 0x5, 0x1c, 
    0xf, 0x2, 0x120, 0x121, 0x9, 0x6, 0x2, 0x2, 0x121, 0x123, 0x5, 0x1c, 
    0xf, 0x2, 0x122, 0x120, 0x3, 0x2, 0x2, 0x2, 0x123, 0x126, 0x3, 0x2, 
    0x2, 0x2, 0x124, 0x122, 0x3, 0x2, 0x2, 0x2, 0x124, 0x125, 0x3, 0x2, 
    0x2, 0x2, 0x125, 0x128, 0x3, 0x2, 0x2, 0x2, 0x126, 0x124, 0x3, 0x2, 
    0x2, 0x2, 0x127, 0x129, 0x7, 0x48, 0x2, 0x2, 0x128, 0x127, 0x3, 0x2, 
    0x2, 0x2, 0x128, 0x129, 0x3, 0x2, 0x2, 0x2, 0x129, 0x12c, 0x3, 0x2, 
    0x2, 0x2, 0x12a, 0x12b, 0x7, 0x2a, 0x2, 0x2, 0x12b, 0x12d, 0x7, 0x2e, 
    0x2, 0x2, 0x12c, 0x12a, 0x3, 0x2, 0x2, 0x2, 0x12c, 0x12d, 0x3, 0x2, 
    0x2, 0x2, 0x12d, 0x1b, 0x3, 0x2, 0x2, 0x2, 0x12e, 0x12f, 0x5, 0x56, 
    0x2c, 0x2, 0x12f, 0x130, 0x7, 0x49, 0x2, 0x2, 0x130, 0x131, 0x5, 0x58, 
    0x2d, 0x2, 0x131, 0x132, 0x7, 0x54, 0x2, 0x2, 0x132, 0x133, 0x5, 0x22, 
    0x12, 0x2, 0x133, 0x1d, 0x3, 0x2, 0x2, 0x2, 0x134, 0x135, 0x7, 0x8, 
    0x2, 0x2, 0x135, 0x136, 0x5, 0x56, 0x2c, 0x2, 0x136, 0x137, 0x7, 0x10, 
    0x2, 0x2, 0x137, 0x13a, 0x5, 0x14, 0xb, 0x2, 0x138, 0x139, 0x7, 0x29, 
    0x2, 0x2, 0x139, 0x13b, 0x5, 0x34, 0x1b, 0x2, 0x13a, 0x138, 0x3, 0x2, 
    0x2, 0x2, 0x13a, 0x13b, 0x3, 0x2, 0x2, 0x2, 0x13b, 0x13c, 0x3, 0x2, 
    0x2, 0x2, 0x13c, 0x13d, 0x7, 0x1d, 0x2, 0x2, 0x13d, 0x142, 0x5, 0x20, 
    0x11, 0x2, 0x13e, 0x13f, 0x9, 0x6, 0x2, 0x2, 0x13f, 0x141, 0x5, 0x20, 
    0x11, 0x2, 0x140, 0x13e, 0x3, 0x2, 0x2, 0x2, 0x141, 0x144, 0x3, 0x2, 
    0x2, 0x2, 0x142, 0x140, 0x3, 0x2, 0x2, 0x2, 0x142, 0x143, 0x3, 0x2, 
    0x2, 0x2, 0x143, 0x146, 0x3, 0x2, 0x2, 0x2, 0x144, 0x142, 0x3, 0x2, 
    0x2, 0x2, 0x145, 0x147, 0x7, 0x48, 0x2, 0x2, 0x146, 0x145, 0x3, 0x2, 
    0x2, 0x2, 0x146, 0x147, 0x3, 0x2, 0x2, 0x2, 0x147, 0x1f, 0x3, 0x2, 0x2, 
    0x2, 0x148, 0x14e, 0x5, 0x22, 0x12, 0x2, 0x149, 0x14c, 0x7, 0x54, 0x2, 
    0x2, 0x14a, 0x14d, 0x5, 0x40, 0x21, 0x2, 0x14b, 0x14d, 0x5, 0x22, 0x12, 
    0x2, 0x14c, 0x14a, 0x3, 0x2, 0x2, 0x2, 0x14c, 0x14b, 0x3, 0x2, 0x2, 
    0x2, 0x14d, 0x14f, 0x3, 0x2, 0x2, 0x2, 0x14e, 0x149, 0x3, 0x2, 0x2, 
    0x2, 0x14e, 0x14f, 0x3, 0x2, 0x2, 0x2, 0x14f, 0x152, 0x3, 0x2, 0x2, 
    0x2, 0x150, 0x151, 0x7, 0x19, 0x2, 0x2, 0x151, 0x153, 0x7, 0x44, 0x2, 
    0x2, 0x152, 0x150, 0x3, 0x2, 0x2, 0x2, 0x152, 0x153, 0x3, 0x2, 0x2, 
    0x2, 0x153, 0x21, 0x3, 0x2, 0x2, 0x2, 0x154, 0x156, 0x5, 0x56, 0x2c, 
    0x2, 0x155, 0x157, 0x5, 0x4a, 0x26, 0x2, 0x156, 0x155, 0x3, 0x2, 0x2, 
    0x2, 0x157, 0x158, 0x3, 0x2, 0x2, 0x2, 0x158, 0x156, 0x3, 0x2, 0x2, 
    0x2, 0x158, 0x159, 0x3, 0x2, 0x2, 0x2, 0x159, 0x23, 0x3, 0x2, 0x2, 0x2, 
    0x15a, 0x15b, 0x7, 0xc, 0x2, 0x2, 0x15b, 0x15e, 0x5, 0x56, 0x2c, 0x2, 
    0x15c, 0x15d, 0x7, 0x10, 0x2, 0x2, 0x15d, 0x15f, 0x5, 0x14, 0xb, 0x2, 
    0x15e, 0x15c, 0x3, 0x2, 0x2, 0x2, 0x15e, 0x15f, 0x3, 0x2, 0x2, 0x2, 
    0x15f, 0x162, 0x3, 0x2, 0x2, 0x2, 0x160, 0x161, 0x7, 0x20, 0x2, 0x2, 
    0x161, 0x163, 0x5, 0x26, 0x14, 0x2, 0x162, 0x160, 0x3, 0x2, 0x2, 0x2, 
    0x162, 0x163, 0x3, 0x2, 0x2, 0x2, 0x163, 0x165, 0x3, 0x2, 0x2, 0x2, 
    0x164, 0x166, 0x5, 0x28, 0x15, 0x2, 0x165, 0x164, 0x3, 0x2, 0x2, 0x2, 
    0x165, 0x166, 0x3, 0x2, 0x2, 0x2, 0x166, 0x169, 0x3, 0x2, 0x2, 0x2, 
    0x167, 0x168, 0x7, 0x29, 0x2, 0x2, 0x168, 0x16a, 0x5, 0x34, 0x1b, 0x2, 
    0x169, 0x167, 0x3, 0x2, 0x2, 0x2, 0x169, 0x16a, 0x3, 0x2, 0x2, 0x2, 
    0x16a, 0x177, 0x3, 0x2, 0x2, 0x2, 0x16b, 0x16c, 0x7, 0x28, 0x2, 0x2, 
    0x16c, 0x171, 0x5, 0x2c, 0x17, 0x2, 0x16d, 0x16e, 0x9, 0x6, 0x2, 0x2, 
    0x16e, 0x170, 0x5, 0x2c, 0x17, 0x2, 0x16f, 0x16d, 0x3, 0x2, 0x2, 0x2, 
    0x170, 0x173, 0x3, 0x2, 0x2, 0x2, 0x171, 0x16f, 0x3, 0x2, 0x2, 0x2, 
    0x171, 0x172, 0x3, 0x2, 0x2, 0x2, 0x172, 0x175, 0x3, 0x2, 0x2, 0x2, 
    0x173, 0x171, 0x3, 0x2, 0x2, 0x2, 0x174, 0x176, 0x7, 0x48, 0x2, 0x2, 
    0x175, 0x174, 0x3, 0x2, 0x2, 0x2, 0x175, 0x176, 0x3, 0x2, 0x2, 0x2, 
    0x176, 0x178, 0x3, 0x2, 0x2, 0x2, 0x177, 0x16b, 0x3, 0x2, 0x2, 0x2, 
    0x177, 0x178, 0x3, 0x2, 0x2, 0x2, 0x178, 0x185, 0x3, 0x2, 0x2, 0x2, 
    0x179, 0x17a, 0x7, 0x19, 0x2, 0x2, 0x17a, 0x17f, 0x5, 0x4e, 0x28, 0x2, 
    0x17b, 0x17c, 0x9, 0x6, 0x2, 0x2, 0x17c, 0x17e, 0x5, 0x4e, 0x28, 0x2, 
    0x17d, 0x17b, 0x3, 0x2, 0x2, 0x2, 0x17e, 0x181, 0x3, 0x2, 0x2, 0x2, 
    0x17f, 0x17d, 0x3, 0x2, 0x2, 0x2, 0x17f, 0x180, 0x3, 0x2, 0x2, 0x2, 
    0x180, 0x183, 0x3, 0x2, 0x2, 0x2, 0x181, 0x17f, 0x3, 0x2, 0x2, 0x2, 
    0x182, 0x184, 0x7, 0x48, 0x2, 0x2, 0x183, 0x182, 0x3, 0x2, 0x2, 0x2, 
    0x183, 0x184, 0x3, 0x2, 0x2, 0x2, 0x184, 0x186, 0x3, 0x2, 0x2, 0x2, 
    0x185, 0x179, 0x3, 0x2, 0x2, 0x2, 0x185, 0x186, 0x3, 0x2, 0x2, 0x2, 
    0x186, 0x188, 0x3, 0x2, 0x2, 0x2, 0x187, 0x189, 0x7, 0x24, 0x2, 0x2, 
    0x188, 0x187, 0x3, 0x2, 0x2, 0x2, 0x188, 0x189, 0x3, 0x2, 0x2, 0x2, 
    0x189, 0x25, 0x3, 0x2, 0x2, 0x2, 0x18a, 0x18b, 0x9, 0x5, 0x2, 0x2, 0x18b, 
    0x27, 0x3, 0x2, 0x2, 0x2, 0x18c, 0x18d, 0x7, 0x2a, 0x2, 0x2, 0x18d, 
    0x192, 0x5, 0x2a, 0x16, 0x2, 0x18e, 0x18f, 0x9, 0x6, 0x2, 0x2, 0x18f, 
    0x191, 0x5, 0x2a, 0x16, 0x2, 0x190, 0x18e, 0x3, 0x2, 0x2, 0x2, 0x191, 
    0x194, 0x3, 0x2, 0x2, 0x2, 0x192, 0x190, 0x3, 0x2, 0x2, 0x2, 0x192, 
    0x193, 0x3, 0x2, 0x2, 0x2, 0x193, 0x196, 0x3, 0x2, 0x2, 0x2, 0x194, 
    0x192, 0x3, 0x2, 0x2, 0x2, 0x195, 0x197, 0x7, 0x48, 0x2, 0x2, 0x196, 
    0x195, 0x3, 0x2, 0x2, 0x2, 0x196, 0x197, 0x3, 0x2, 0x2, 0x2, 0x197, 
    0x29, 0x3, 0x2, 0x2, 0x2, 0x198, 0x199, 0x5, 0x56, 0x2c, 0x2, 0x199, 
    0x19a, 0x7, 0x54, 0x2, 0x2, 0x19a, 0x19b, 0x9, 0x7, 0x2, 0x2, 0x19b, 
    0x2b, 0x3, 0x2, 0x2, 0x2, 0x19c, 0x1a0, 0x5, 0x56, 0x2c, 0x2, 0x19d, 
    0x19f, 0x5, 0x4a, 0x26, 0x2, 0x19e, 0x19d, 0x3, 0x2, 0x2, 0x2, 0x19f, 
    0x1a2, 0x3, 0x2, 0x2, 0x2, 0x1a0, 0x19e, 0x3, 0x2, 0x2, 0x2, 0x1a0, 
    0x1a1, 0x3, 0x2, 0x2, 0x2, 0x1a1, 0x1ad, 0x3, 0x2, 0x2, 0x2, 0x1a2, 
    0x1a0, 0x3, 0x2, 0x2, 0x2, 0x1a3, 0x1aa, 0x7, 0x15, 0x2, 0x2, 0x1a4, 
    0x1ab, 0x5, 0x50, 0x29, 0x2, 0x1a5, 0x1a7, 0x7, 0x4a, 0x2, 0x2, 0x1a6, 
    0x1a8, 0x5, 0x52, 0x2a, 0x2, 0x1a7, 0x1a6, 0x3, 0x2, 0x2, 0x2, 0x1a7, 
    0x1a8, 0x3, 0x2, 0x2, 0x2, 0x1a8, 0x1a9, 0x3, 0x2, 0x2, 0x2, 0x1a9, 
    0x1ab, 0x7, 0x4b, 0x2, 0x2, 0x1aa, 0x1a4, 0x3, 0x2, 0x2, 0x2, 0x1aa, 
    0x1a5, 0x3, 0x2, 0x2, 0x2, 0x1ab, 0x1ae, 0x3, 0x2, 0x2, 0x2, 0x1ac, 
    0x1ae, 0x7, 0x2d, 0x2, 0x2, 0x1ad, 0x1a3, 0x3, 0x2, 0x2, 0x2, 0x1ad, 
    0x1ac, 0x3, 0x2, 0x2, 0x2, 0x1ae, 0x2d, 0x3, 0x2, 0x2, 0x2, 0x1af, 0x1b0, 
    0x7, 0x23, 0x2, 0x2, 0x1b0, 0x1b3, 0x5, 0x56, 0x2c, 0x2, 0x1b1, 0x1b2, 
    0x7, 0x10, 0x2, 0x2, 0x1b2, 0x1b4, 0x5, 0x14, 0xb, 0x2, 0x1b3, 0x1b1, 
    0x3, 0x2, 0x2, 0x2, 0x1b3, 0x1b4, 0x3, 0x2, 0x2, 0x2, 0x1b4, 0x1b5, 
    0x3, 0x2, 0x2, 0x2, 0x1b5, 0x1b6, 0x7, 0x20, 0x2, 0x2, 0x1b6, 0x1b9, 
    0x5, 0x26, 0x14, 0x2, 0x1b7, 0x1b8, 0x7, 0x3f, 0x2, 0x2, 0x1b8, 0x1ba, 
    0x5, 0x30, 0x19, 0x2, 0x1b9, 0x1b7, 0x3, 0x2, 0x2, 0x2, 0x1b9, 0x1ba, 
    0x3, 0x2, 0x2, 0x2, 0x1ba, 0x1c4, 0x3, 0x2, 0x2, 0x2, 0x1bb, 0x1c5, 
    0x7, 0x32, 0x2, 0x2, 0x1bc, 0x1be, 0x7, 0x34, 0x2, 0x2, 0x1bd, 0x1bf, 
    0x5, 0x32, 0x1a, 0x2, 0x1be, 0x1bd, 0x3, 0x2, 0x2, 0x2, 0x1be, 0x1bf, 
    0x3, 0x2, 0x2, 0x2, 0x1bf, 0x1c5, 0x3, 0x2, 0x2, 0x2, 0x1c0, 0x1c1, 
    0x7, 0x40, 0x2, 0x2, 0x1c1, 0x1c2, 0x5, 0x30, 0x19, 0x2, 0x1c2, 0x1c3, 
    0x7, 0x3b, 0x2, 0x2, 0x1c3, 0x1c5, 0x3, 0x2, 0x2, 0x2, 0x1c4, 0x1bb, 
    0x3, 0x2, 0x2, 0x2, 0x1c4, 0x1bc, 0x3, 0x2, 0x2, 0x2, 0x1c4, 0x1c0, 
    0x3, 0x2, 0x2, 0x2, 0x1c4, 0x1c5, 0x3, 0x2, 0x2, 0x2, 0x1c5, 0x1c7, 
    0x3, 0x2, 0x2, 0x2, 0x1c6, 0x1c8, 0x5, 0x28, 0x15, 0x2, 0x1c7, 0x1c6, 
    0x3, 0x2, 0x2, 0x2, 0x1c7, 0x1c8, 0x3, 0x2, 0x2, 0x2, 0x1c8, 0x1cb, 
    0x3, 0x2, 0x2, 0x2, 0x1c9, 0x1ca, 0x7, 0x29, 0x2, 0x2, 0x1ca, 0x1cc, 
    0x5, 0x34, 0x1b, 0x2, 0x1cb, 0x1c9, 0x3, 0x2, 0x2, 0x2, 0x1cb, 0x1cc, 
    0x3, 0x2, 0x2, 0x2, 0x1cc, 0x1da, 0x3, 0x2, 0x2, 0x2, 0x1cd, 0x1ce, 
    0x7, 0x22, 0x2, 0x2, 0x1ce, 0x1cf, 0x7, 0x7, 0x2, 0x2, 0x1cf, 0x1d4, 
    0x5, 0x12, 0xa, 0x2, 0x1d0, 0x1d1, 0x7, 0x48, 0x2, 0x2, 0x1d1, 0x1d3, 
    0x5, 0x12, 0xa, 0x2, 0x1d2, 0x1d0, 0x3, 0x2, 0x2, 0x2, 0x1d3, 0x1d6, 
    0x3, 0x2, 0x2, 0x2, 0x1d4, 0x1d2, 0x3, 0x2, 0x2, 0x2, 0x1d4, 0x1d5, 
    0x3, 0x2, 0x2, 0x2, 0x1d5, 0x1d8, 0x3, 0x2, 0x2, 0x2, 0x1d6, 0x1d4, 
    0x3, 0x2, 0x2, 0x2, 0x1d7, 0x1d9, 0x7, 0x48, 0x2, 0x2, 0x1d8, 0x1d7, 
    0x3, 0x2, 0x2, 0x2, 0x1d8, 0x1d9, 0x3, 0x2, 0x2, 0x2, 0x1d9, 0x1db, 
    0x3, 0x2, 0x2, 0x2, 0x1da, 0x1cd, 0x3, 0x2, 0x2, 0x2, 0x1da, 0x1db, 
    0x3, 0x2, 0x2, 0x2, 0x1db, 0x1e2, 0x3, 0x2, 0x2, 0x2, 0x1dc, 0x1dd, 
    0x7, 0x1c, 0x2, 0x2, 0x1dd, 0x1e0, 0x5, 0x44, 0x23, 0x2, 0x1de, 0x1df, 
    0x7, 0x3a, 0x2, 0x2, 0x1df, 0x1e1, 0x5, 0x44, 0x23, 0x2, 0x1e0, 0x1de, 
    0x3, 0x2, 0x2, 0x2, 0x1e0, 0x1e1, 0x3, 0x2, 0x2, 0x2, 0x1e1, 0x1e3, 
    0x3, 0x2, 0x2, 0x2, 0x1e2, 0x1dc, 0x3, 0x2, 0x2, 0x2, 0x1e2, 0x1e3, 
    0x3, 0x2, 0x2, 0x2, 0x1e3, 0x2f, 0x3, 0x2, 0x2, 0x2, 0x1e4, 0x1e5, 0x9, 
    0x8, 0x2, 0x2, 0x1e5, 0x31, 0x3, 0x2, 0x2, 0x2, 0x1e6, 0x1e7, 0x9, 0x9, 
    0x2, 0x2, 0x1e7, 0x33, 0x3, 0x2, 0x2, 0x2, 0x1e8, 0x1ed, 0x5, 0x36, 
    0x1c, 0x2, 0x1e9, 0x1ea, 0x7, 0x21, 0x2, 0x2, 0x1ea, 0x1ec, 0x5, 0x36, 
    0x1c, 0x2, 0x1eb, 0x1e9, 0x3, 0x2, 0x2, 0x2, 0x1ec, 0x1ef, 0x3, 0x2, 
    0x2, 0x2, 0x1ed, 0x1eb, 0x3, 0x2, 0x2, 0x2, 0x1ed, 0x1ee, 0x3, 0x2, 
    0x2, 0x2, 0x1ee, 0x35, 0x3, 0x2, 0x2, 0x2, 0x1ef, 0x1ed, 0x3, 0x2, 0x2, 
    0x2, 0x1f0, 0x1f5, 0x5, 0x38, 0x1d, 0x2, 0x1f1, 0x1f2, 0x7, 0x4, 0x2, 
    0x2, 0x1f2, 0x1f4, 0x5, 0x38, 0x1d, 0x2, 0x1f3, 0x1f1, 0x3, 0x2, 0x2, 
    0x2, 0x1f4, 0x1f7, 0x3, 0x2, 0x2, 0x2, 0x1f5, 0x1f3, 0x3, 0x2, 0x2, 
    0x2, 0x1f5, 0x1f6, 0x3, 0x2, 0x2, 0x2, 0x1f6, 0x37, 0x3, 0x2, 0x2, 0x2, 
    0x1f7, 0x1f5, 0x3, 0x2, 0x2, 0x2, 0x1f8, 0x1f9, 0x7, 0x1e, 0x2, 0x2, 
    0x1f9, 0x1fc, 0x5, 0x38, 0x1d, 0x2, 0x1fa, 0x1fc, 0x5, 0x3a, 0x1e, 0x2, 
    0x1fb, 0x1f8, 0x3, 0x2, 0x2, 0x2, 0x1fb, 0x1fa, 0x3, 0x2, 0x2, 0x2, 
    0x1fc, 0x39, 0x3, 0x2, 0x2, 0x2, 0x1fd, 0x1ff, 0x7, 0x3, 0x2, 0x2, 0x1fe, 
    0x1fd, 0x3, 0x2, 0x2, 0x2, 0x1fe, 0x1ff, 0x3, 0x2, 0x2, 0x2, 0x1ff, 
    0x200, 0x3, 0x2, 0x2, 0x2, 0x200, 0x202, 0x5, 0x44, 0x23, 0x2, 0x201, 
    0x203, 0x5, 0x3c, 0x1f, 0x2, 0x202, 0x201, 0x3, 0x2, 0x2, 0x2, 0x202, 
    0x203, 0x3, 0x2, 0x2, 0x2, 0x203, 0x3b, 0x3, 0x2, 0x2, 0x2, 0x204, 0x205, 
    0x9, 0xa, 0x2, 0x2, 0x205, 0x22d, 0x5, 0x44, 0x23, 0x2, 0x206, 0x208, 
    0x7, 0x1e, 0x2, 0x2, 0x207, 0x206, 0x3, 0x2, 0x2, 0x2, 0x207, 0x208, 
    0x3, 0x2, 0x2, 0x2, 0x208, 0x209, 0x3, 0x2, 0x2, 0x2, 0x209, 0x20a, 
    0x9, 0xb, 0x2, 0x2, 0x20a, 0x20d, 0x5, 0x44, 0x23, 0x2, 0x20b, 0x20c, 
    0x7, 0x31, 0x2, 0x2, 0x20c, 0x20e, 0x5, 0x44, 0x23, 0x2, 0x20d, 0x20b, 
    0x3, 0x2, 0x2, 0x2, 0x20d, 0x20e, 0x3, 0x2, 0x2, 0x2, 0x20e, 0x22d, 
    0x3, 0x2, 0x2, 0x2, 0x20f, 0x211, 0x7, 0x1e, 0x2, 0x2, 0x210, 0x20f, 
    0x3, 0x2, 0x2, 0x2, 0x210, 0x211, 0x3, 0x2, 0x2, 0x2, 0x211, 0x212, 
    0x3, 0x2, 0x2, 0x2, 0x212, 0x213, 0x7, 0x5a, 0x2, 0x2, 0x213, 0x22d, 
    0x5, 0x44, 0x23, 0x2, 0x214, 0x216, 0x7, 0x1e, 0x2, 0x2, 0x215, 0x214, 
    0x3, 0x2, 0x2, 0x2, 0x215, 0x216, 0x3, 0x2, 0x2, 0x2, 0x216, 0x217, 
    0x3, 0x2, 0x2, 0x2, 0x217, 0x218, 0x7, 0x6, 0x2, 0x2, 0x218, 0x219, 
    0x5, 0x44, 0x23, 0x2, 0x219, 0x21a, 0x7, 0x4, 0x2, 0x2, 0x21a, 0x21b, 
    0x5, 0x44, 0x23, 0x2, 0x21b, 0x22d, 0x3, 0x2, 0x2, 0x2, 0x21c, 0x21e, 
    0x7, 0x1e, 0x2, 0x2, 0x21d, 0x21c, 0x3, 0x2, 0x2, 0x2, 0x21d, 0x21e, 
    0x3, 0x2, 0x2, 0x2, 0x21e, 0x21f, 0x3, 0x2, 0x2, 0x2, 0x21f, 0x220, 
    0x7, 0x15, 0x2, 0x2, 0x220, 0x22d, 0x5, 0x3e, 0x20, 0x2, 0x221, 0x223, 
    0x7, 0x1e, 0x2, 0x2, 0x222, 0x221, 0x3, 0x2, 0x2, 0x2, 0x222, 0x223, 
    0x3, 0x2, 0x2, 0x2, 0x223, 0x224, 0x3, 0x2, 0x2, 0x2, 0x224, 0x225, 
    0x7, 0x12, 0x2, 0x2, 0x225, 0x22d, 0x5, 0x40, 0x21, 0x2, 0x226, 0x228, 
    0x7, 0x17, 0x2, 0x2, 0x227, 0x229, 0x7, 0x1e, 0x2, 0x2, 0x228, 0x227, 
    0x3, 0x2, 0x2, 0x2, 0x228, 0x229, 0x3, 0x2, 0x2, 0x2, 0x229, 0x22a, 
    0x3, 0x2, 0x2, 0x2, 0x22a, 0x22d, 0x9, 0xc, 0x2, 0x2, 0x22b, 0x22d, 
    0x7, 0xd, 0x2, 0x2, 0x22c, 0x204, 0x3, 0x2, 0x2, 0x2, 0x22c, 0x207, 
    0x3, 0x2, 0x2, 0x2, 0x22c, 0x210, 0x3, 0x2, 0x2, 0x2, 0x22c, 0x215, 
    0x3, 0x2, 0x2, 0x2, 0x22c, 0x21d, 0x3, 0x2, 0x2, 0x2, 0x22c, 0x222, 
    0x3, 0x2, 0x2, 0x2, 0x22c, 0x226, 0x3, 0x2, 0x2, 0x2, 0x22c, 0x22b, 
    0x3, 0x2, 0x2, 0x2, 0x22d, 0x3d, 0x3, 0x2, 0x2, 0x2, 0x22e, 0x233, 0x7, 
    0x4a, 0x2, 0x2, 0x22f, 0x234, 0x5, 0xa, 0x6, 0x2, 0x230, 0x232, 0x5, 
    0x52, 0x2a, 0x2, 0x231, 0x230, 0x3, 0x2, 0x2, 0x2, 0x231, 0x232, 0x3, 
    0x2, 0x2, 0x2, 0x232, 0x234, 0x3, 0x2, 0x2, 0x2, 0x233, 0x22f, 0x3, 
    0x2, 0x2, 0x2, 0x233, 0x231, 0x3, 0x2, 0x2, 0x2, 0x234, 0x235, 0x3, 
    0x2, 0x2, 0x2, 0x235, 0x243, 0x7, 0x4b, 0x2, 0x2, 0x236, 0x243, 0x5, 
    0x50, 0x29, 0x2, 0x237, 0x23b, 0x5, 0x4e, 0x28, 0x2, 0x238, 0x23b, 0x5, 
    0x56, 0x2c, 0x2, 0x239, 0x23b, 0x7, 0x46, 0x2, 0x2, 0x23a, 0x237, 0x3, 
    0x2, 0x2, 0x2, 0x23a, 0x238, 0x3, 0x2, 0x2, 0x2, 0x23a, 0x239, 0x3, 
    0x2, 0x2, 0x2, 0x23b, 0x23f, 0x3, 0x2, 0x2, 0x2, 0x23c, 0x23e, 0x5, 
    0x4a, 0x26, 0x2, 0x23d, 0x23c, 0x3, 0x2, 0x2, 0x2, 0x23e, 0x241, 0x3, 
    0x2, 0x2, 0x2, 0x23f, 0x23d, 0x3, 0x2, 0x2, 0x2, 0x23f, 0x240, 0x3, 
    0x2, 0x2, 0x2, 0x240, 0x243, 0x3, 0x2, 0x2, 0x2, 0x241, 0x23f, 0x3, 
    0x2, 0x2, 0x2, 0x242, 0x22e, 0x3, 0x2, 0x2, 0x2, 0x242, 0x236, 0x3, 
    0x2, 0x2, 0x2, 0x242, 0x23a, 0x3, 0x2, 0x2, 0x2, 0x243, 0x3f, 0x3, 0x2, 
    0x2, 0x2, 0x244, 0x254, 0x5, 0x56, 0x2c, 0x2, 0x245, 0x251, 0x7, 0x4a, 
    0x2, 0x2, 0x246, 0x24b, 0x5, 0x42, 0x22, 0x2, 0x247, 0x248, 0x7, 0x48, 
    0x2, 0x2, 0x248, 0x24a, 0x5, 0x42, 0x22, 0x2, 0x249, 0x247, 0x3, 0x2, 
    0x2, 0x2, 0x24a, 0x24d, 0x3, 0x2, 0x2, 0x2, 0x24b, 0x249, 0x3, 0x2, 
    0x2, 0x2, 0x24b, 0x24c, 0x3, 0x2, 0x2, 0x2, 0x24c, 0x24f, 0x3, 0x2, 
    0x2, 0x2, 0x24d, 0x24b, 0x3, 0x2, 0x2, 0x2, 0x24e, 0x250, 0x7, 0x48, 
    0x2, 0x2, 0x24f, 0x24e, 0x3, 0x2, 0x2, 0x2, 0x24f, 0x250, 0x3, 0x2, 
    0x2, 0x2, 0x250, 0x252, 0x3, 0x2, 0x2, 0x2, 0x251, 0x246, 0x3, 0x2, 
    0x2, 0x2, 0x251, 0x252, 0x3, 0x2, 0x2, 0x2, 0x252, 0x253, 0x3, 0x2, 
    0x2, 0x2, 0x253, 0x255, 0x7, 0x4b, 0x2, 0x2, 0x254, 0x245, 0x3, 0x2, 
    0x2, 0x2, 0x254, 0x255, 0x3, 0x2, 0x2, 0x2, 0x255, 0x41, 0x3, 0x2, 0x2, 
    0x2, 0x256, 0x257, 0x5, 0x56, 0x2c, 0x2, 0x257, 0x258, 0x7, 0x54, 0x2, 
    0x2, 0x258, 0x25a, 0x3, 0x2, 0x2, 0x2, 0x259, 0x256, 0x3, 0x2, 0x2, 
    0x2, 0x259, 0x25a, 0x3, 0x2, 0x2, 0x2, 0x25a, 0x262, 0x3, 0x2, 0x2, 
    0x2, 0x25b, 0x263, 0x5, 0x40, 0x21, 0x2, 0x25c, 0x25e, 0x9, 0xd, 0x2, 
    0x2, 0x25d, 0x25c, 0x3, 0x2, 0x2, 0x2, 0x25d, 0x25e, 0x3, 0x2, 0x2, 
    0x2, 0x25e, 0x25f, 0x3, 0x2, 0x2, 0x2, 0x25f, 0x263, 0x5, 0x54, 0x2b, 
    0x2, 0x260, 0x263, 0x5, 0x50, 0x29, 0x2, 0x261, 0x263, 0x7, 0x46, 0x2, 
    0x2, 0x262, 0x25b, 0x3, 0x2, 0x2, 0x2, 0x262, 0x25d, 0x3, 0x2, 0x2, 
    0x2, 0x262, 0x260, 0x3, 0x2, 0x2, 0x2, 0x262, 0x261, 0x3, 0x2, 0x2, 
    0x2, 0x263, 0x43, 0x3, 0x2, 0x2, 0x2, 0x264, 0x269, 0x5, 0x46, 0x24, 
    0x2, 0x265, 0x266, 0x9, 0xe, 0x2, 0x2, 0x266, 0x268, 0x5, 0x46, 0x24, 
    0x2, 0x267, 0x265, 0x3, 0x2, 0x2, 0x2, 0x268, 0x26b, 0x3, 0x2, 0x2, 
    0x2, 0x269, 0x267, 0x3, 0x2, 0x2, 0x2, 0x269, 0x26a, 0x3, 0x2, 0x2, 
    0x2, 0x26a, 0x45, 0x3, 0x2, 0x2, 0x2, 0x26b, 0x269, 0x3, 0x2, 0x2, 0x2, 
    0x26c, 0x271, 0x5, 0x48, 0x25, 0x2, 0x26d, 0x26e, 0x9, 0xf, 0x2, 0x2, 
    0x26e, 0x270, 0x5, 0x48, 0x25, 0x2, 0x26f, 0x26d, 0x3, 0x2, 0x2, 0x2, 
    0x270, 0x273, 0x3, 0x2, 0x2, 0x2, 0x271, 0x26f, 0x3, 0x2, 0x2, 0x2, 
    0x271, 0x272, 0x3, 0x2, 0x2, 0x2, 0x272, 0x47, 0x3, 0x2, 0x2, 0x2, 0x273, 
    0x271, 0x3, 0x2, 0x2, 0x2, 0x274, 0x275, 0x9, 0xd, 0x2, 0x2, 0x275, 
    0x27e, 0x5, 0x48, 0x25, 0x2, 0x276, 0x27a, 0x5, 0x4c, 0x27, 0x2, 0x277, 
    0x279, 0x5, 0x4a, 0x26, 0x2, 0x278, 0x277, 0x3, 0x2, 0x2, 0x2, 0x279, 
    0x27c, 0x3, 0x2, 0x2, 0x2, 0x27a, 0x278, 0x3, 0x2, 0x2, 0x2, 0x27a, 
    0x27b, 0x3, 0x2, 0x2, 0x2, 0x27b, 0x27e, 0x3, 0x2, 0x2, 0x2, 0x27c, 
    0x27a, 0x3, 0x2, 0x2, 0x2, 0x27d, 0x274, 0x3, 0x2, 0x2, 0x2, 0x27d, 
    0x276, 0x3, 0x2, 0x2, 0x2, 0x27e, 0x49, 0x3, 0x2, 0x2, 0x2, 0x27f, 0x280, 
    0x7, 0x49, 0x2, 0x2, 0x280, 0x281, 0x9, 0x10, 0x2, 0x2, 0x281, 0x292, 
    0x7, 0x4e, 0x2, 0x2, 0x282, 0x283, 0x7, 0x49, 0x2, 0x2, 0x283, 0x289, 
    0x5, 0x58, 0x2d, 0x2, 0x284, 0x286, 0x7, 0x4a, 0x2, 0x2, 0x285, 0x287, 
    0x5, 0x52, 0x2a, 0x2, 0x286, 0x285, 0x3, 0x2, 0x2, 0x2, 0x286, 0x287, 
    0x3, 0x2, 0x2, 0x2, 0x287, 0x288, 0x3, 0x2, 0x2, 0x2, 0x288, 0x28a, 
    0x7, 0x4b, 0x2, 0x2, 0x289, 0x284, 0x3, 0x2, 0x2, 0x2, 0x289, 0x28a, 
    0x3, 0x2, 0x2, 0x2, 0x28a, 0x292, 0x3, 0x2, 0x2, 0x2, 0x28b, 0x28c, 
    0x7, 0x4c, 0x2, 0x2, 0x28c, 0x28d, 0x5, 0x34, 0x1b, 0x2, 0x28d, 0x28e, 
    0x7, 0x4d, 0x2, 0x2, 0x28e, 0x292, 0x3, 0x2, 0x2, 0x2, 0x28f, 0x290, 
    0x7, 0x5b, 0x2, 0x2, 0x290, 0x292, 0x5, 0x58, 0x2d, 0x2, 0x291, 0x27f, 
    0x3, 0x2, 0x2, 0x2, 0x291, 0x282, 0x3, 0x2, 0x2, 0x2, 0x291, 0x28b, 
    0x3, 0x2, 0x2, 0x2, 0x291, 0x28f, 0x3, 0x2, 0x2, 0x2, 0x292, 0x4b, 0x3, 
    0x2, 0x2, 0x2, 0x293, 0x2a6, 0x5, 0x54, 0x2b, 0x2, 0x294, 0x2a6, 0x7, 
    0x46, 0x2, 0x2, 0x295, 0x2a6, 0x5, 0x50, 0x29, 0x2, 0x296, 0x297, 0x7, 
    0x4a, 0x2, 0x2, 0x297, 0x298, 0x5, 0x34, 0x1b, 0x2, 0x298, 0x299, 0x7, 
    0x4b, 0x2, 0x2, 0x299, 0x2a6, 0x3, 0x2, 0x2, 0x2, 0x29a, 0x29b, 0x7, 
    0x4a, 0x2, 0x2, 0x29b, 0x29c, 0x5, 0xa, 0x6, 0x2, 0x29c, 0x29d, 0x7, 
    0x4b, 0x2, 0x2, 0x29d, 0x2a6, 0x3, 0x2, 0x2, 0x2, 0x29e, 0x29f, 0x7, 
    0xd, 0x2, 0x2, 0x29f, 0x2a0, 0x7, 0x4a, 0x2, 0x2, 0x2a0, 0x2a1, 0x5, 
    0xa, 0x6, 0x2, 0x2a1, 0x2a2, 0x7, 0x4b, 0x2, 0x2, 0x2a2, 0x2a6, 0x3, 
    0x2, 0x2, 0x2, 0x2a3, 0x2a6, 0x5, 0x4e, 0x28, 0x2, 0x2a4, 0x2a6, 0x5, 
    0x56, 0x2c, 0x2, 0x2a5, 0x293, 0x3, 0x2, 0x2, 0x2, 0x2a5, 0x294, 0x3, 
    0x2, 0x2, 0x2, 0x2a5, 0x295, 0x3, 0x2, 0x2, 0x2, 0x2a5, 0x296, 0x3, 
    0x2, 0x2, 0x2, 0x2a5, 0x29a, 0x3, 0x2, 0x2, 0x2, 0x2a5, 0x29e, 0x3, 
    0x2, 0x2, 0x2, 0x2a5, 0x2a3, 0x3, 0x2, 0x2, 0x2, 0x2a5, 0x2a4, 0x3, 
    0x2, 0x2, 0x2, 0x2a6, 0x4d, 0x3, 0x2, 0x2, 0x2, 0x2a7, 0x2a8, 0x5, 0x56, 
    0x2c, 0x2, 0x2a8, 0x2ae, 0x7, 0x4a, 0x2, 0x2, 0x2a9, 0x2af, 0x7, 0x4e, 
    0x2, 0x2, 0x2aa, 0x2ac, 0x7, 0xa, 0x2, 0x2, 0x2ab, 0x2aa, 0x3, 0x2, 
    0x2, 0x2, 0x2ab, 0x2ac, 0x3, 0x2, 0x2, 0x2, 0x2ac, 0x2ad, 0x3, 0x2, 
    0x2, 0x2, 0x2ad, 0x2af, 0x5, 0x52, 0x2a, 0x2, 0x2ae, 0x2a9, 0x3, 0x2, 
    0x2, 0x2, 0x2ae, 0x2ab, 0x3, 0x2, 0x2, 0x2, 0x2ae, 0x2af, 0x3, 0x2, 
    0x2, 0x2, 0x2af, 0x2b0, 0x3, 0x2, 0x2, 0x2, 0x2b0, 0x2b1, 0x7, 0x4b, 
    0x2, 0x2, 0x2b1, 0x4f, 0x3, 0x2, 0x2, 0x2, 0x2b2, 0x2b4, 0x7, 0x4c, 
    0x2, 0x2, 0x2b3, 0x2b5, 0x5, 0x52, 0x2a, 0x2, 0x2b4, 0x2b3, 0x3, 0x2, 
    0x2, 0x2, 0x2b4, 0x2b5, 0x3, 0x2, 0x2, 0x2, 0x2b5, 0x2b6, 0x3, 0x2, 
    0x2, 0x2, 0x2b6, 0x2b7, 0x7, 0x4d, 0x2, 0x2, 0x2b7, 0x51, 0x3, 0x2, 
    0x2, 0x2, 0x2b8, 0x2bd, 0x5, 0x34, 0x1b, 0x2, 0x2b9, 0x2ba, 0x7, 0x48, 
    0x2, 0x2, 0x2ba, 0x2bc, 0x5, 0x34, 0x1b, 0x2, 0x2bb, 0x2b9, 0x3, 0x2, 
    0x2, 0x2, 0x2bc, 0x2bf, 0x3, 0x2, 0x2, 0x2, 0x2bd, 0x2bb, 0x3, 0x2, 
    0x2, 0x2, 0x2bd, 0x2be, 0x3, 0x2, 0x2, 0x2, 0x2be, 0x2c1, 0x3, 0x2, 
    0x2, 0x2, 0x2bf, 0x2bd, 0x3, 0x2, 0x2, 0x2, 0x2c0, 0x2c2, 0x7, 0x48, 
    0x2, 0x2, 0x2c1, 0x2c0, 0x3, 0x2, 0x2, 0x2, 0x2c1, 0x2c2, 0x3, 0x2, 
    0x2, 0x2, 0x2c2, 0x53, 0x3, 0x2, 0x2, 0x2, 0x2c3, 0x2c4, 0x9, 0x11, 
    0x2, 0x2, 0x2c4, 0x55, 0x3, 0x2, 0x2, 0x2, 0x2c5, 0x2c9, 0x7, 0x41, 
    0x2, 0x2, 0x2c6, 0x2c9, 0x7, 0x42, 0x2, 0x2, 0x2c7, 0x2c9, 0x5, 0x5a, 
    0x2e, 0x2, 0x2c8, 0x2c5, 0x3, 0x2, 0x2, 0x2, 0x2c8, 0x2c6, 0x3, 0x2, 
    0x2, 0x2, 0x2c8, 0x2c7, 0x3, 0x2, 0x2, 0x2, 0x2c9, 0x57, 0x3, 0x2, 0x2, 
    0x2, 0x2ca, 0x2cf, 0x7, 0x41, 0x2, 0x2, 0x2cb, 0x2cf, 0x7, 0x42, 0x2, 
    0x2, 0x2cc, 0x2cf, 0x5, 0x5a, 0x2e, 0x2, 0x2cd, 0x2cf, 0x5, 0x5c, 0x2f, 
    0x2, 0x2ce, 0x2ca, 0x3, 0x2, 0x2, 0x2, 0x2ce, 0x2cb, 0x3, 0x2, 0x2, 
    0x2, 0x2ce, 0x2cc, 0x3, 0x2, 0x2, 0x2, 0x2ce, 0x2cd, 0x3, 0x2, 0x2, 
    0x2, 0x2cf, 0x59, 0x3, 0x2, 0x2, 0x2, 0x2d0, 0x2d1, 0x9, 0x12, 0x2, 
    0x2, 0x2d1, 0x5b, 0x3, 0x2, 0x2, 0x2, 0x2d2, 0x2d3, 0x9, 0x13, 0x2, 
    0x2, 0x2d3, 0x5d, 0x3, 0x2, 0x2, 0x2, 0x79, 0x5f, 0x64, 0x67, 0x6d, 
    0x72, 0x7d, 0x86, 0x8d, 0x8f, 0x93, 0x9a, 0x9e, 0xa2, 0xa6, 0xab, 0xaf, 
    0xb8, 0xbc, 0xbe, 0xc4, 0xc6, 0xcc, 0xcf, 0xd1, 0xd4, 0xda, 0xde, 0xe4, 
    0xe6, 0xea, 0xed, 0xf3, 0xf8, 0xfb, 0x100, 0x103, 0x108, 0x10c, 0x112, 
    0x114, 0x11c, 0x124, 0x128, 0x12c, 0x13a, 0x142, 0x146, 0x14c, 0x14e, 
    0x152, 0x158, 0x15e, 0x162, 0x165, 0x169, 0x171, 0x175, 0x177, 0x17f, 
    0x183, 0x185, 0x188, 0x192, 0x196, 0x1a0, 0x1a7, 0x1aa, 0x1ad, 0x1b3, 
    0x1b9, 0x1be, 0x1c4, 0x1c7, 0x1cb, 0x1d4, 0x1d8, 0x1da, 0x1e0, 0x1e2, 
    0x1ed, 0x1f5, 0x1fb, 0x1fe, 0x202, 0x207, 0x20d, 0x210, 0x215, 0x21d, 
    0x222, 0x228, 0x22c, 0x231, 0x233, 0x23a, 0x23f, 0x242, 0x24b, 0x24f, 
    0x251, 0x254, 0x259, 0x25d, 0x262, 0x269, 0x271, 0x27a, 0x27d, 0x286, 
    0x289, 0x291, 0x2a5, 0x2ab, 0x2ae, 0x2b4, 0x2bd, 0x2c1, 0x2c8, 0x2ce, 
  };

  atn::ATNDeserializer deserializer;
  _atn = deserializer.deserialize(_serializedATN);

  size_t count = _atn.getNumberOfDecisions();
  _decisionToDFA.reserve(count);
  for (size_t i = 0; i < count; i++) { 
    _decisionToDFA.emplace_back(_atn.getDecisionState(i), i);
  }
}

