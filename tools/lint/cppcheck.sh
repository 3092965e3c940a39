#!/usr/bin/env bash
# cppcheck, over all files at once. What it thinks of a file it keeps under build/lint/cppcheck, so
# that only what changed is looked at again. Where it is wrong the line says so in a comment with
# the reason; what it is wrong about everywhere stands in cppcheck.suppressions.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/lint/cppcheck
tools/lint/files 'services/*.c' 'tools/*.c' 'tests/*.c' >build/lint/cppcheck.files

# The messages' structs come with the generated headers, and those with protobuf-c's own; of
# the other libraries' headers it needs none.
cppcheck -q -j "$(nproc)" --std=c11 --enable=warning,performance,portability \
	--inline-suppr --suppressions-list=tools/lint/cppcheck.suppressions \
	--cppcheck-build-dir=build/lint/cppcheck --error-exitcode=1 \
	--file-list=build/lint/cppcheck.files -D_GNU_SOURCE \
	'-DPROTOBUF_C__FORCE_ENUM_TO_BE_INT_SIZE(n)=' -Iservices -Itools -Itests -Ibuild/gen \
	--include="$(pkg-config --variable=includedir libprotobuf-c)/protobuf-c/protobuf-c.h"
