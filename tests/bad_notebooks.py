"""Files that are called notebooks and are none, or bad ones, and which commands refuse them in which words."""

from __future__ import annotations

import json
from typing import Any

COMMANDS = ("embed", "strip", "state", "restore", "pin", "run", "report")
CELL: dict[str, Any] = {
    "cell_type": "code",
    "execution_count": None,
    "id": "a",
    "metadata": {},
    "outputs": [],
    "source": ["1"],
}


def document(**metadata: Any) -> dict[str, Any]:
    return {"cells": [CELL], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def written(value: Any) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()


def old(form: int) -> bytes:
    cell = {"cell_type": "code", "collapsed": False, "input": "1", "language": "python", "outputs": []}
    return written({"metadata": {"name": "x"}, "nbformat": form, "worksheets": [{"cells": [cell], "metadata": {}}]})


def dense(metadata: bytes) -> bytes:
    return b'{"cells": [], "metadata": ' + metadata + b', "nbformat": 4, "nbformat_minor": 5}'


NO_NOTEBOOK = dict.fromkeys(COMMANDS, "is no Jupyter notebook")
NOTHING = dict.fromkeys(["restore", "run"], "carries no environment")
UNKNOWN = {**NO_NOTEBOOK}
del UNKNOWN["report"]
"""Where the report is less strict than what changes files."""

FILES: dict[str, tuple[bytes, dict[str, str]]] = {
    "nbformat 2": (old(2), {**NOTHING, "pin": "a notebook of an old form (2)"}),
    "nbformat 3": (old(3), {**NOTHING, "pin": "a notebook of an old form (3)"}),
    "nbformat 4.0": (written({**document(), "nbformat_minor": 0}), NOTHING),
    "nbformat 4.99": (written({**document(), "nbformat_minor": 99, "future": [1]}), NOTHING),
    "no nbformat": (written({"cells": [], "metadata": {}}), UNKNOWN),
    "nbformat is a text": (written({**document(), "nbformat": "4"}), UNKNOWN),
    "no metadata": (written({"cells": [], "nbformat": 4}), UNKNOWN),
    "metadata is a list": (written({**document(), "metadata": []}), UNKNOWN),
    "cells are a text": (written({**document(), "cells": "x"}), NO_NOTEBOOK),
    "kernelspec is a number": (written(document(kernelspec=7)), NOTHING),
    "kernelspec names a list": (written(document(kernelspec={"name": ["x"], "language": {}})), NOTHING),
    "ours is a number": (written(document(envstore=7)), {**NOTHING, "embed": "not put there by this program"}),
    "ours is somebody else's": (
        written(document(envstore={"name": "a store of envelopes"})),
        {**NOTHING, "embed": "not put there by this program"},
    ),
    "empty": (b"", NO_NOTEBOOK),
    "cut off": (written(document())[:-20], NO_NOTEBOOK),
    "more behind it": (written(document()) + b"}", NO_NOTEBOOK),
    "another encoding": (json.dumps(document()).encode("utf-16"), NO_NOTEBOOK),
    "a list": (b"[]", NO_NOTEBOOK),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", NO_NOTEBOOK),
    "nested too deeply": (dense(b'{"x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"), NO_NOTEBOOK),
    "no number": (dense(b'{"a": NaN}'), NOTHING),
    "half a character": (dense(b'{"a": "\\ud800"}'), NOTHING),
    "a name twice": (dense(b'{"a": 1, "a": 2}'), NOTHING),
}
