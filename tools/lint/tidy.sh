#!/usr/bin/env bash
# clang-tidy, two files at a time. What passed is remembered by a digest of the file as the
# compiler sees it, so that only what changed is looked at again.
set -eu
cd "$(dirname "$0")/../.."
export DEFS="${DEFS:?is empty: call this with make lint ONLY=tidy}"
export SEEN=build/lint/tidy
mkdir -p "$SEEN"

one() { # <file>
	local -a flags
	local digest said
	eval "flags=($DEFS)"
	[[ $1 != *.cc ]] || flags=("${flags[@]/#-std=c17/-std=c++17}")
	digest=$({ cat .clang-tidy && clang-14 -E -C "${flags[@]}" "$1"; } | sha256sum)
	digest=$SEEN/${digest%% *}
	[ -e "$digest" ] && return
	if said=$(clang-tidy-14 --quiet "$1" -- "${flags[@]}" 2>&1); then
		: >"$digest"
	else
		printf '%s\n' "$said" | grep -v 'warnings\? generated'
		return 1
	fi
}
export -f one
# shellcheck disable=SC2016 # $1 is for the inner bash, which xargs hands one file each
tools/lint/files 'services/*.c' 'services/*.cc' 'tools/*.c' 'tests/*.c' |
	xargs -r -n 1 -P 2 bash -eu -o pipefail -c 'one "$1"' one
