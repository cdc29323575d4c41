#!/usr/bin/env bash
# Brings what the tests need from the system: PostgreSQL's server programs, Chromium with what Playwright needs to drive
# it, fonts with Vietnamese letters.
# Installs nothing that is there already, and only when it may; otherwise it names the command that does.
set -euo pipefail

has_postgres() {
    local folder
    for folder in /usr/lib/postgresql/*/bin \
        "$(pg_config --bindir 2>/dev/null || true)" \
        "$(dirname "$(readlink -f "$(command -v postgres || true)")" 2>/dev/null || true)"; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/pg_ctl" ] && return 0
    done
    return 1
}

has_chromium() { command -v chromium >/dev/null; }

has_library() { [[ $(/sbin/ldconfig -p) == *"$1"* ]]; }

has_font() { [ -n "$(find /usr/share/fonts -name "$1" -print -quit 2>/dev/null)" ]; }

missing=()
has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium)
has_library libatomic.so.1 || missing+=(libatomic1) # Playwright's own Node.js links to it
has_font 'NotoSans-Regular.*' || missing+=(fonts-noto-core)
has_font 'DejaVuSans.*' || missing+=(fonts-dejavu-core)
[ ${#missing[@]} -eq 0 ] && exit 0

install=(apt-get install --yes --no-install-recommends "${missing[@]}")

if ! command -v apt-get >/dev/null; then
    echo "Máy này thiếu: ${missing[*]}. Hãy cài các gói tương ứng của hệ điều hành rồi chạy lại." >&2
    echo "This system lacks: ${missing[*]}. Install them with its own package manager, then try again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=(env DEBIAN_FRONTEND=noninteractive)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env DEBIAN_FRONTEND=noninteractive)
else
    echo "Máy này thiếu: ${missing[*]}. Nhờ người quản trị chạy lệnh sau rồi thử lại:" >&2
    echo "This system lacks: ${missing[*]}. Ask its administrator for this command, then try again:" >&2
    echo "    sudo apt-get update && sudo ${install[*]}" >&2
    exit 1
fi

echo "Đang cài từ kho Debian / installing: ${missing[*]}"
if ! said=$("${as_root[@]}" apt-get update 2>&1 && "${as_root[@]}" "${install[@]}" 2>&1); then
    printf '%s\n' "$said" >&2
    exit 1
fi
