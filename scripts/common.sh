# Shared by the scripts of this folder; sourced, not run. After it the shell stands in the repository's root.
# shellcheck shell=bash
set -euo pipefail

DLV_ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
cd -- "$DLV_ROOT"

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
  bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'
else
  bold='' dim='' plain=''
fi

# Heading of a step.
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
# A remark.
note() { printf '%s%s%s\n' "$dim" "$*" "$plain"; }
# Ends the script with a message.
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

have() { command -v -- "$1" >/dev/null 2>&1; }
