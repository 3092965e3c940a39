#!/usr/bin/env bash
# Every script, whatever it is called, is one that shellcheck has nothing to say about.
set -eu
cd "$(dirname "$0")/../.."
tools/lint/files | while IFS= read -r file; do
	first=''
	read -r first <"$file" 2>/dev/null || true
	case $first in '#!'*sh) printf '%s\n' "$file" ;; esac
done 2>/dev/null | xargs -r shellcheck
