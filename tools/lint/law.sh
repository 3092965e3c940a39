#!/usr/bin/env bash
# Every "Law:" in a comment quotes words that stand in tests/law, to the letter.
set -eu
cd "$(dirname "$0")/../.."
tools/lint/files '*.c' '*.h' '*.proto' | xargs -r node tools/lint/law.js
