// The grammar of DQL (docs/dql.md). Tokens come from engine/query/tokens.cc, which counts depth and
// length before this parser runs; their order here is that of TokenKind (engine/query/tokens.h).
//
// Chains of operators are loops, not left recursion: a parse tree is as deep as the brackets of the
// text. Generate with scripts/generate_grammar.sh.
parser grammar DQL;

@parser::members {
  /// Makes the tables, once, in the first call. Generated code would do that when the program starts.
  static void Load() { static const Initializer once; }
}

tokens {
  // Reserved words
  ALL, AND, AS, BETWEEN, BY, CONSTRUCT, CREATE, DISTINCT, DROP, EVALUATE, EXISTS, EXPLAIN, FALSE, FROM, GROUP, HAS, HAVING, ILIKE, IN, INNER,
  IS, JOIN, KEEP, LEFT, LIKE, LIMIT, MUTATE, NOT, NULL_, ON, OR, ORDER, PREDICT, SAVE, SELECT, SLICE, TRUE, VARY, WHERE, WITH,
  // Words that are names wherever they have no meaning
  ANALYZE, ASC, AUTO, CLOSURE, CONFIG, DESC, ESCAPE, EXACT, FIRST, HEURISTIC, IF, LAST, NAN_, NEXT, NULLS, OFFSET, PLANES, PREV, QUERY, REPLACE,
  TOP, WITHIN,
  // Words and values
  IDENTIFIER, QUOTED, TEXT, INTEGER, REAL, PARAMETER,
  // Signs
  SEMICOLON, COMMA, DOT, LPAREN, RPAREN, LBRACKET, RBRACKET, STAR, SLASH, PERCENT, PLUS, MINUS, CONCAT, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL,
  GREATER, GREATER_EQUAL, TILDE, AT
}

statement
  : (explain? query | createQuery | dropQuery) SEMICOLON? EOF
  ;

explain : EXPLAIN ANALYZE? ;

createQuery : CREATE (OR REPLACE)? QUERY name AS query ;

dropQuery : DROP QUERY (IF EXISTS)? name ;

query : (select | slice | construct | evaluate | predict) (SAVE AS (TEXT | PARAMETER | name))? ;

select
  : SELECT DISTINCT? item (COMMA item)* COMMA?
    (FROM sources)?
    (WHERE where=expression)?
    (GROUP BY arguments)?
    (HAVING having=expression)?
    (ORDER BY order (COMMA order)* COMMA?)?
    (LIMIT limit=operand (OFFSET offset=operand)?)?
  ;

item
  : STAR
  | expression (DOT STAR)? alias?
  ;

alias : AS? name ;

order : expression (ASC | DESC)? (NULLS (FIRST | LAST))? ;

sources : source (COMMA source | joined)* COMMA? ;

joined : (INNER | LEFT)? JOIN source (ON expression)? ;

source
  : name (AT memberName)? alias?
  | (TEXT | PARAMETER) (AT memberName)? alias?
  | name LPAREN arguments? RPAREN alias?
  | LPAREN query RPAREN alias?
  ;

slice
  : SLICE name FROM sources (WHERE expression)? MUTATE sliceEnd ((AND | COMMA) sliceEnd)* COMMA? (WITH CLOSURE)?
  ;

sliceEnd : name DOT memberName EQUAL nodes ;

construct
  : CONSTRUCT name FROM sources (WHERE expression)? MUTATE edit ((AND | COMMA) edit)* COMMA?
  ;

// The last postfix is .insert or .delete; engine/query looks at that.
edit : nodes (EQUAL (nodeTemplate | value=nodes))? (KEEP INTEGER)? ;

nodes : name postfix+ ;

evaluate
  : EVALUATE name (FROM sources)? (ON data)? settings?
    (WHERE where=expression)?
    (VARY dimension ((AND | COMMA) dimension)* COMMA?)?
    (KEEP call ((AND | COMMA) call)* COMMA?)?
    SAVE?
  ;

data : TEXT | PARAMETER ;

settings : WITH setting ((AND | COMMA) setting)* COMMA? ;

setting : name EQUAL (TEXT | INTEGER | REAL | PARAMETER) ;

dimension : name postfix* (IN (list | LPAREN arguments? RPAREN) | AUTO) ;

predict
  : PREDICT name (FROM sources)? ON data (TOP top=count)? (EXACT | HEURISTIC tau=number? | WITHIN planes=count PLANES)? settings?
    (WHERE where=expression)?
    (ORDER BY order (COMMA order)* COMMA?)?
    (LIMIT limit=operand (OFFSET offset=operand)?)?
  ;

count : INTEGER | PARAMETER ;

number : INTEGER | REAL | PARAMETER ;

// Conditions

expression : conjunction (OR conjunction)* ;

conjunction : negation (AND negation)* ;

negation : NOT negation | condition ;

condition : ALL? operand predicate? ;

predicate
  : (EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL) operand
  | NOT? (LIKE | ILIKE) operand (ESCAPE operand)?
  | NOT? TILDE operand
  | NOT? BETWEEN operand AND operand
  | NOT? IN members
  | NOT? HAS nodeTemplate
  | IS NOT? (NULL_ | NAN_)
  | EXISTS
  ;

members
  : LPAREN (query | arguments?) RPAREN
  | list
  | (call | name | PARAMETER) postfix*
  ;

nodeTemplate : name (LPAREN (templateArgument (COMMA templateArgument)* COMMA?)? RPAREN)? ;

templateArgument : (name EQUAL)? (nodeTemplate | (MINUS | PLUS)? literal | list | PARAMETER) ;

// Values

operand : product ((PLUS | MINUS | CONCAT) product)* ;

product : factor ((STAR | SLASH | PERCENT) factor)* ;

factor : (MINUS | PLUS) factor | primary postfix* ;

postfix
  : DOT (NEXT | PREV) STAR
  | DOT memberName (LPAREN arguments? RPAREN)?
  | LBRACKET expression RBRACKET
  | AT memberName
  ;

primary
  : literal
  | PARAMETER
  | list
  | LPAREN expression RPAREN
  | LPAREN query RPAREN
  | EXISTS LPAREN query RPAREN
  | call
  | name
  ;

call : name LPAREN (STAR | DISTINCT? arguments)? RPAREN ;

list : LBRACKET arguments? RBRACKET ;

arguments : expression (COMMA expression)* COMMA? ;

literal : TEXT | INTEGER | REAL | TRUE | FALSE | NULL_ ;

name : IDENTIFIER | QUOTED | softKeyword ;

memberName : IDENTIFIER | QUOTED | softKeyword | reservedWord ;

softKeyword
  : ANALYZE | ASC | AUTO | CLOSURE | CONFIG | DESC | ESCAPE | EXACT | FIRST | HEURISTIC | IF | LAST | NAN_ | NEXT | NULLS | OFFSET | PLANES | PREV
  | QUERY | REPLACE | TOP | WITHIN
  ;

reservedWord
  : ALL | AND | AS | BETWEEN | BY | CONSTRUCT | CREATE | DISTINCT | DROP | EVALUATE | EXISTS | EXPLAIN | FALSE | FROM | GROUP | HAS | HAVING
  | ILIKE | IN | INNER | IS | JOIN | KEEP | LEFT | LIKE | LIMIT | MUTATE | NOT | NULL_ | ON | OR | ORDER | PREDICT | SAVE | SELECT | SLICE | TRUE | VARY
  | WHERE | WITH
  ;
