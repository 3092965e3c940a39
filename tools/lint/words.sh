#!/usr/bin/env bash
# Words that have no place in the tree: where somebody's machine keeps things, which
# registry it fetches from, and work put off in a comment instead of in an issue.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/lint
bad=0

deny() { # <what is wrong> <grep options>
	local what=$1 hits
	shift
	hits=$(tools/lint/files ':!LICENSE' | tr '\n' '\0' | xargs -0 grep -nIH "$@") || true
	[ -n "$hits" ] || return 0
	printf '%s\n  ^ %s\n' "$hits" "$what"
	bad=1
}

# The brackets keep these lines from finding themselves.
deny 'names a path of one machine' -E '(^|[^A-Za-z0-9_.$}/-])/(wor[k]|roo[t]|hom[e]|User[s]|mn[t])/'
deny 'names a path of this machine' -F "$PWD/"
deny 'names a package registry' -iE \
	'registry[.]npmj[s]|[a-z]+[.]debian[.]or[g]|nodesourc[e]|pypi[.]or[g]|registr[y][.-][a-z]+[.](com|org|io|net)'
deny 'puts work off; open an issue' -wE 'TOD[O]|FIXM[E]|XX[X]'

hosts() { # those this machine is set up to fetch packages from
	npm config get registry
	grep -rhE '^(deb|URIs:)' /etc/apt/sources.list /etc/apt/sources.list.d
}
{ hosts 2>/dev/null || true; } | grep -oE '://[^/ ]+' | sed -E 's,^://([^@]*@)?,,' |
	sort -u >build/lint/hosts || true
if [ -s build/lint/hosts ]; then
	deny 'names the registry of this machine' -Ff build/lint/hosts
fi
exit $bad
