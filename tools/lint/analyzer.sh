#!/usr/bin/env bash
# gcc follows every path through each file (-fanalyzer) and finds nothing. Its objects are
# kept under build/analyzer, so that only what changed is looked at again.
set -eu
cd "$(dirname "$0")/../.."
"${MAKE:-make}" -s -k CONFIG=analyzer analysed
