#pragma once
/// \file
/// What the parser needs of ANTLR's runtime, in place of <antlr4-runtime.h>: that one has a
/// structure (InterpreterData) that clang refuses.

// Each of these needs what stands before it.
#include <antlr4-runtime/antlr4-common.h>

#include <antlr4-runtime/CommonToken.h>
#include <antlr4-runtime/CommonTokenStream.h>
#include <antlr4-runtime/DefaultErrorStrategy.h>
#include <antlr4-runtime/Exceptions.h>
#include <antlr4-runtime/FailedPredicateException.h>
#include <antlr4-runtime/ListTokenSource.h>
#include <antlr4-runtime/NoViableAltException.h>
#include <antlr4-runtime/Parser.h>
#include <antlr4-runtime/ParserRuleContext.h>
#include <antlr4-runtime/RecognitionException.h>
#include <antlr4-runtime/Vocabulary.h>
#include <antlr4-runtime/atn/ATN.h>
#include <antlr4-runtime/atn/ATNDeserializer.h>
#include <antlr4-runtime/atn/ParserATNSimulator.h>
#include <antlr4-runtime/dfa/DFA.h>
#include <antlr4-runtime/tree/TerminalNode.h>
