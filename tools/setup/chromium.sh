#!/bin/sh
# See to it that there is a Chromium for the browser tests: the machine's own, else Debian's package when we are
# root, else one that an npm package carries. The folder $1 gets a link `chromium` to what was found.
set -eu
folder=$1
mkdir -p "$folder"

found() {
    for candidate in "${ENVSTORE_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then
            ln -sfn "$(command -v "$candidate")" "$folder/chromium"
            exit 0
        fi
    done
}

found
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; then
        found
    fi
fi

echo "No Chromium is on this machine: fetching the npm package @sparticuz/chromium into $folder"
cd "$folder"
echo '{"private": true, "dependencies": {"@sparticuz/chromium": "^149.0.0"}}' >package.json
: >yarn.lock
YARN_NODE_LINKER=node-modules YARN_ENABLE_IMMUTABLE_INSTALLS=false jlpm install >install.log || { cat install.log >&2; exit 1; }
# It unpacks itself into the temporary folder: make that one of ours, so that it stays.
mkdir -p unpacked
TMPDIR=$PWD/unpacked node --input-type=module -e '
import chromium from "@sparticuz/chromium";
console.log(await chromium.executablePath());' >path
ln -sfn "$(cat path)" chromium
