#!/usr/bin/env bash
# Both compilers accept everything there is, with every warning an error.
set -eu
cd "$(dirname "$0")/../.."
"${MAKE:-make}" -s CONFIG=release everything
"${MAKE:-make}" -s CONFIG=clang everything
