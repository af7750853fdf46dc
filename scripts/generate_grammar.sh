#!/usr/bin/env bash
# Makes grammar/generated from grammar/DQL.g4 with ANTLR 4.7.2 (Debian package antlr4). A build does not need it: its result is committed.
#
#   scripts/generate_grammar.sh [FOLDER]     FOLDER instead of grammar/generated
# shellcheck source=scripts/common.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

have antlr4 || die "generate_grammar.sh: install the package antlr4"
root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
mkdir -p -- "${1:-$root/grammar/generated}"
folder="$(cd -- "${1:-$root/grammar/generated}" && pwd)"
cd -- "$root/grammar"
antlr4 -Dlanguage=Cpp -package dlv_grammar -no-listener -no-visitor -encoding UTF-8 -o "$folder" DQL.g4
rm -f -- "$folder"/*.interp
# Programs that ask no query do not pay for the tables (DQL::Load).
sed -i '/^DQL::Initializer DQL::_init;$/d' -- "$folder/DQL.cpp"
sed -i 's|"antlr4-runtime.h"|"grammar/antlr.h"|' -- "$folder/DQL.h"
