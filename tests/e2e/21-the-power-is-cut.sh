#!/usr/bin/env bash
# One journey is recorded, with all that the services write and flush for it; then the power
# is cut under their stores a few hundred times, and each time they hold what was
# acknowledged. `make powercut` does it at length.
set -eu -o pipefail

recordings=$(mktemp -d)
trap 'rm -rf "$recordings"' EXIT
if ! LD_PRELOAD=$BIN/powercut_recorder.so "$BIN/rcc-members" --version >/dev/null 2>&1; then
	echo 'nothing can be loaded into these daemons (a sanitizer is)'
	exit 77
fi
tests/powercut/record "$recordings" --short
"$BIN/rcc-powercut" "$recordings" --points 300
