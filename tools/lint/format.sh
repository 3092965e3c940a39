#!/usr/bin/env bash
# The code is laid out as .clang-format says. To put it right: tools/lint/format.sh -i
set -eu
cd "$(dirname "$0")/../.."
if [ "${1:-}" = -i ]; then set -- -i; else set -- --dry-run -Werror; fi
tools/lint/files '*.c' '*.h' '*.cc' | xargs -r clang-format-14 "$@"
