#!/bin/sh
# Make the virtual environment $1 unless it is there. Installs nothing outside it, except Debian's python3-venv,
# and that only when there is no other way and we are root.
set -eu
venv=$1

if [ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

good() { "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 10))' >/dev/null 2>&1; }

python=${PYTHON:-}
for candidate in python3 python3.13 python3.12 python3.11 python3.10 python; do
    [ -z "$python" ] || break
    if command -v "$candidate" >/dev/null && good "$candidate"; then python=$candidate; fi
done
if [ -z "$python" ] || ! good "$python"; then
    echo "No Python 3.10 or newer was found. Install one, or name it: make PYTHON=/path/to/python3" >&2
    exit 1
fi

if "$python" -c 'import ensurepip' 2>/dev/null; then
    exec "$python" -m venv "$venv"
fi
# Debian takes ensurepip out of its Python.
if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --without-pip "$venv"
    exec "$python" -m pip --python "$venv/bin/python" install --quiet pip
fi
if command -v uv >/dev/null; then
    exec uv venv --quiet --seed --python "$python" "$venv"
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
    exec "$python" -m venv "$venv"
fi
echo "$python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2
exit 1
