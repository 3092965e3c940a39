#!/usr/bin/env bash
# The contracts keep to what protobuf-c can carry and to the shape every file has, and no
# change to them breaks whoever reads old bytes: proto/base.binpb is the last state that was
# given to anybody, and tools/lint/buf-image renews it.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/lint
buf=build/buf/node_modules/.bin/buf
bad=0

for file in proto/*.proto; do
	# The opening: a comment that says who speaks, then at once the syntax.
	awk '
		/^\/\// { comment = 1; if ($0 ~ /[ (][A-Z] = [a-z]/) speakers = 1; next }
		{ exit }
		END { exit !(comment && speakers && $0 == "syntax = \"proto2\";") }' "$file" || {
		printf '%s: does not open with its conversation ("C = caller, ...") and then proto2\n' "$file"
		bad=1
	}
done
"$buf" build proto -o build/lint/proto.json
node tools/lint/proto.js build/lint/proto.json || bad=1

if [ ! -e proto/base.binpb ]; then
	echo 'proto/base.binpb is missing, so nothing can be compared; see tools/lint/buf-image'
	exit 1
fi
"$buf" breaking --against proto/base.binpb --config \
	'{"version":"v2","modules":[{"path":"proto"}],"breaking":{"use":["WIRE_JSON"]}}' || bad=1
exit $bad
