#!/usr/bin/env bash
# The suite in two halves side by side, one for each core; each half starts a PostgreSQL of its own.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pytest=${PYTEST:-.venv/bin/pytest}
service=$(mktemp)
trap 'rm -f "$service"' EXIT

"$pytest" tests/bot >"$service" 2>&1 &
half=$!
"$pytest" --ignore=tests/bot -o cache_dir=.pytest_cache/rest
rest=$?
wait "$half"
status=$?
cat "$service"
[ "$rest" -eq 0 ] && [ "$status" -eq 0 ]
