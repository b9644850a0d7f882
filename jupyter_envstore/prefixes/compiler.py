"""The program that a prefix's own Python runs to compile files; never imported.

It runs under whatever Python the prefix has, so it uses nothing but the standard library and no new syntax.
Standard input: one JSON list of ``[source, target, name in tracebacks]``. Standard output: one line for each file,
``ok <number>`` or ``no <number>``. A file that does not compile is no failure: some never should.
"""

import json
import py_compile
import sys


def main():  # type: ignore[no-untyped-def]
    """Compile what standard input lists."""
    tag, jobs = json.load(sys.stdin)
    if sys.implementation.cache_tag != tag:
        sys.exit("this Python's tag is %s, not %s" % (sys.implementation.cache_tag, tag))  # noqa: UP031
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for number, (source, target, name) in enumerate(jobs):
        try:
            py_compile.compile(source, target, name, doraise=True, invalidation_mode=mode)
            word = "ok"
        except Exception:  # noqa: BLE001  whatever a stranger's file provokes
            word = "no"
        sys.stdout.write("%s %d\n" % (word, number))  # noqa: UP031
        sys.stdout.flush()


main()  # type: ignore[no-untyped-call]
