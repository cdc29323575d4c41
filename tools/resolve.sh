#!/usr/bin/env bash
# Resolves pyproject.toml anew into the two lock files: hashes of every file, no address of any package source.
# The versions in force are kept where they still fit; `tools/resolve.sh --upgrade` looks for newer ones.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-.venv/bin/python}
"$python" -m pip install --quiet 'pip-tools>=7.6,<8'

compile() {
    "$python" -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --build-deps-for editable "$@" pyproject.toml
}
compile --output-file requirements.lock "$@"
compile --output-file requirements-dev.lock --extra dev --constraint requirements.lock "$@"
