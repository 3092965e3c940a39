#!/usr/bin/env bash
# What we never write. A line may opt out by saying why, on it or in a comment just above:
# /* allowed: the reason */
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/lint
code=build/lint/code # every line of code that did not opt out, as file:line:text
bad=0

deny() { # <why> <pattern of folders> <pattern of code> [<pattern of files it may stand in>]
	if grep -E "^($2)/" "$code" | grep -vE "^(${4:-nowhere}):" | grep -E "^[^:]*:[0-9]+:.*($3)"; then
		printf '  ^ %s\n' "$1"
		bad=1
	fi
}
call() { # <names, with | between>: the pattern of a call of one
	printf '(^|[^A-Za-z0-9_>.])(%s)\\(' "$1"
}

# shellcheck disable=SC2016 # $0 is awk's
tools/lint/files '*.[ch]' '*.cc' | xargs -r awk '
	FNR == 1 { above = 0 }
	{ comment = /^[ \t]*(\/\*|\*[ \/]|\*$|\/\/)/; allowed = /\/\* allowed: [^ *]/ }
	!comment && !allowed && !above { print FILENAME ":" FNR ":" $0 }
	{ above = comment && (allowed || above) }' >"$code"

any='services|tools|tests'
ours='services|tools'
deny 'unbounded, or unsafe' "$any" \
	"$(call 'gets|strcpy|strcat|v?sprintf|strncpy|strncat|strtok(_r)?|alloca|setjmp|longjmp|system|popen')"
deny 'hides bad input' "$any" "$(call 'ato[ifl]|atoll|v?[fs]?scanf')"
deny 'ask base/clock' "$ours" \
	"$(call 'time|gmtime(_r)?|localtime(_r)?|mktime|timegm|gettimeofday|clock_gettime')" 'services/base/clock\.c'
deny 'memory comes from the arena' "$ours" \
	"$(call 'malloc|calloc|realloc|reallocarray|free|strn?dup|v?asprintf|getline')" 'services/base/[a-z_]+\.[ch]'
deny 'chance is passed in' "$any" "$(call 's?rand(_r)?|s?random|[dlm]rand48')"
deny 'no threads in a service' "$ours" "$(call 'pthread_create|thrd_create')"
deny 'only base/kv*.c knows LMDB' "$any" "$(call 'mdb_[a-z_]+')" 'services/base/kv(_[a-z]+)?\.c'
deny 'only base/bus*.c and base/run.c know ZeroMQ' "$any" "$(call 'zmq_[a-z_]+')" 'services/base/(bus(_[a-z]+)?|run)\.c|tests/integration/base_bus_[a-z]+\.[ch]'
deny 'only gateway/http*.c know HTTP' "$any" "$(call 'MHD_[a-z_]+')" 'services/gateway/http(_(request|answer))?\.[ch]'
deny 'money and age are whole numbers' "$ours" \
	'(^|[^A-Za-z0-9_])(float|double)[ *]+([a-z0-9_]*_)?(pence|pounds|fee|price|cost|age|years)([^a-z]|$)'
deny 'name every case of our enums' 'services' '[[:space:]]default:'
deny 'an assert changes nothing' "$any" '(^|[^A-Za-z0-9_])assert\(.*(\+\+|--|[^=!<>]=[^=])'
deny 'asserts stay on' "$any" 'NDEBUG'

# goto goes forward only, so a label already passed in this function is the fault.
awk -F: '
	{ text = $0; sub(/^[^:]*:[0-9]+:/, "", text) }
	text ~ /^}/ || $1 != file { split("", passed); file = $1 }
	text ~ /^[ \t]*[a-z_]+:$/ { label = text; gsub(/[ \t:]/, "", label); passed[label] = 1 }
	match(text, /goto [a-z_]+;/) && substr(text, RSTART + 5, RLENGTH - 6) in passed { print; bad = 1 }
	END { if (bad) print "  ^ goto goes forward only"; exit bad }' "$code" || bad=1
exit $bad
