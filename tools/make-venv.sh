#!/usr/bin/env bash
# Makes the environment in the folder named by $1 with a Python of 3.11 or newer; says what to install if there is none.
set -euo pipefail

for python in "${PYTHON:-python3.11}" python3 python3.12 python3.13 python3.14; do
    command -v "$python" >/dev/null || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        exec "$python" -m venv "$1"
    fi
done

echo "Cần Python 3.11 trở lên kèm venv. Trên Debian 12: sudo apt-get install python3.11-venv" >&2
echo "Python 3.11 or newer with venv is needed. On Debian 12: sudo apt-get install python3.11-venv" >&2
exit 1
