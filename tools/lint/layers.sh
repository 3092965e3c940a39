#!/usr/bin/env bash
# Who may include whom (main -> wire -> { rules, store } -> base; services meet only in
# proto/). Prints each line that breaks a rule. It does not see an include inside an
# include; the link lines of the tests do.
set -eu
shopt -s nullglob
cd "$(dirname "$0")/../.."
bad=0

deny() { # <what is wrong> <pattern of what is included> <file...>
	local what=$1 pattern=$2
	shift 2
	[ $# -gt 0 ] || return 0
	if grep -nHE "^[[:space:]]*#[[:space:]]*include [\"<]($pattern)[\">]" "$@"; then
		printf '  ^ %s\n' "$what"
		bad=1
	fi
}

except() { # <pattern of file names, without their folder> <file...>: the other files
	local pattern=$1 file
	shift
	rest=()
	for file; do
		[[ ${file##*/} =~ ^($pattern)\.[ch]$ ]] || rest+=("$file")
	done
}

names=()
for dir in services/*/; do names+=("$(basename "$dir")"); done
every=$(IFS='|' && echo "${names[*]}")
nouns=$(printf '%s\n' "${names[@]}" | grep -vx base | paste -sd'|') || true
all=(services/*/*.[ch] tools/*/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch])
deny 'include by folder and name, not by climbing' '\.\./.*|[^>"]*/\.\./.*' "${all[@]}"
deny 'include generated headers by name alone' '.*/[a-z_]+\.pb-c\.h' "${all[@]}"

# lmdb in one file, zmq in two, wherever one looks.
except 'kv|kv_(rows|file|lmdb)' "${all[@]}"
deny 'only base/kv*.c knows LMDB' 'lmdb\.h' "${rest[@]}" services/*/kv.h
except '(base_)?bus(_[a-z]+)?|run' "${all[@]}"
deny 'only base/bus*.c and base/run.c know ZeroMQ' 'zmq[a-z_]*\.h' "${rest[@]}" services/*/{bus,run}.h
except 'http|http_(inside|request|answer)' "${all[@]}"
deny 'only gateway/http*.c know HTTP' 'microhttpd\.h' "${rest[@]}" services/gateway/http.h

deny 'only gateway/template.cc knows Mustache' '.*mustache\.hpp' "${all[@]}"
for file in $(tools/lint/files '*.cc' '*.cpp' '*.cxx' '*.hpp'); do
	[ "$file" != services/gateway/template.cc ] || continue
	printf '%s\n  ^ only gateway/template.cc is C++\n' "$file"
	bad=1
done

# base knows no service, and only its upper part knows a message.
deny 'base knows no service' "($nouns)/.*" services/base/*.[ch]
except 'message|access|ask|place|shown|svc|run|bus|journal|copied' services/base/*.[ch]
deny 'the generic part of base knows no message' '.*\.pb-c\.h' "${rest[@]}"

# The gateway has a loop of its own, and asks in it.
declare -A edge=([gateway]='|serve|ask|calls')
for s in "${names[@]}"; do
	[ "$s" != base ] || continue
	dir=services/$s
	others=$(printf '%s\n' "${names[@]}" | grep -vx -e base -e "$s" | paste -sd'|') || true
	deny 'services meet only in proto/' "(${others:-nobody})/.*" "$dir"/*.[ch]
	for f in tests/unit/"$s"_*.[ch] tests/integration/"$s"_*.[ch]; do
		deny 'a test knows one service' "(${others:-nobody})/.*" "$f"
	done
	io='base/(kv|bus|svc|run|log|clock|journal)\.h|(stdio|time)\.h'
	deny 'rules do no I/O' "$io|lmdb\.h|zmq\.h" "$dir/$s".[ch]
	deny 'rules know no other room' "($s/)?(store|wire)[a-z_]*\.h" "$dir/$s".[ch]
	deny 'the store knows no rules' "($s/)?($s|wire)\.h" "$dir"/store.[ch]
	except "main${edge[$s]:-}" "$dir"/*.[ch]
	deny 'only main opens sockets and the clock' 'base/(bus|run|clock)\.h' "${rest[@]}"
done
deny 'the gateway keeps nothing' 'base/(kv|journal)\.h' services/gateway/*.[ch]
deny 'tools stand on base and speak by message' "($nouns)/.*" tools/*/*.[ch]
except "($every)_.*" tests/unit/*.[ch] tests/support/*.[ch] tests/bench/*.[ch] tests/bench/*/*.[ch]
deny 'a test of no service knows none' "($nouns)/.*" "${rest[@]}"
deny 'a test of base knows no service' "($nouns)/.*" tests/unit/base_*.[ch] tests/integration/base_*.[ch]
exit $bad
