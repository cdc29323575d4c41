#!/usr/bin/env bash
# The suite, a pytest for each room, one more at a time than there are cores, because each waits now and then for a
# database, a browser or a program: whichever has ended makes way for the next.
# What takes longest comes first, so that the cores end together. Each starts a PostgreSQL of its own if it needs one.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTEST=${PYTEST:-.venv/bin/pytest}

# A room is a folder of tests/, and of tests/bot/, where most is; files that stand beside such folders are one room.
rooms() {
    printf 'tests/%s\n' bot/staff knowledge bot/channels bot/commands answers_rules bot/storage bot
    find tests -name 'test_*.py' | sort | awk -F/ '{ print $1 (NF > 2 ? "/" $2 : "") ($2 == "bot" && NF > 3 ? "/" $3 : "") }'
}

run() {
    local room=$1 files=("$1") output status=0
    case $room in tests | tests/bot) files=("$room"/test_*.py) ;; esac
    output=$("$PYTEST" "${files[@]}" -o "cache_dir=.pytest_cache/${room//\//-}" 2>&1) || status=$?
    if [ "$status" -eq 0 ]; then output=${output##*$'\n'}; fi
    printf '%s: %s\n' "$room" "$output"
    return "$status"
}
export -f run

rooms | awk '!seen[$0]++' | xargs -P "$(($(nproc) + 1))" -I {} bash -c 'run "$1"' _ {}
