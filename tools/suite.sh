#!/usr/bin/env bash
# The suite in two halves side by side, one for each core; each half starts a PostgreSQL of its own.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pytest=${PYTEST:-.venv/bin/pytest}
service=$(mktemp)
trap 'rm -f "$service"' EXIT

"$pytest" tests/bot --ignore=tests/bot/staff >"$service" 2>&1 &
half=$!
mapfile -t rooms < <(find tests -mindepth 1 -maxdepth 1 -type d ! -name bot ! -name __pycache__ | sort)
"$pytest" "${rooms[@]}" tests/bot/staff -o cache_dir=.pytest_cache/rest
rest=$?
wait "$half"
status=$?
cat "$service"
[ "$rest" -eq 0 ] && [ "$status" -eq 0 ]
