#!/usr/bin/env bash
# Fails where grammar/generated is not what ANTLR makes of grammar/DQL.g4.
#
#   check_grammar.sh ROOT
set -euo pipefail
if ! command -v antlr4 >/dev/null 2>&1; then
  echo "SKIPPED: antlr4 is not installed, so the generated parser is not compared with the grammar" >&2
  exit 77
fi
folder="$(mktemp -d)"
trap 'rm -rf -- "$folder"' EXIT
"$1/scripts/generate_grammar.sh" "$folder"
diff -r -- "$1/grammar/generated" "$folder"
