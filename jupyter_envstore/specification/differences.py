"""Two specifications side by side: as a unified diff, and in a few words that a version can be called by."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from jupyter_envstore.specification.specification import Specification
from jupyter_envstore.specification.version_matching import name_of

MOST_NAMED = 3
"""With more names than these, a message counts the others."""


def unified_diff(before: str, after: str, before_name: str, after_name: str) -> str:
    """Return the unified diff of two texts; empty when they are the same."""
    if before == after:
        return ""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), before_name, after_name, lineterm="", n=3)
    return "".join(f"{line}\n" for line in lines)


def offered_message(before: Specification, after: Specification) -> str:
    """Return what an edit does in words, such as “Add scikit-learn, remove seaborn”, for a person to change."""
    was, now = _by_name(before.dependencies), _by_name(after.dependencies)
    was_pip, now_pip = _by_name(before.pip), _by_name(after.pip)
    added = [name for name in now if name not in was] + [name for name in now_pip if name not in was_pip]
    removed = [name for name in was if name not in now] + [name for name in was_pip if name not in now_pip]
    changed = [name for name in now if name in was and now[name] != was[name]]
    changed += [name for name in now_pip if name in was_pip and now_pip[name] != was_pip[name]]
    phrases = []
    if added:
        phrases.append(f"add {_listed(added)}")
    if removed:
        phrases.append(f"remove {_listed(removed)}")
    if changed:
        what = now[changed[0]][0] if len(changed) == 1 and changed[0] in now else _listed(changed)
        phrases.append(f"change {what}")
    if before.channels != after.channels:
        phrases.append("change the channels")
    if before.platforms != after.platforms:
        phrases.append("change the platforms")
    if dict(before.variables) != dict(after.variables):
        phrases.append(_about_variables(before.variables, after.variables))
    text = ", ".join(phrases) or "edit the specification"
    return text[0].upper() + text[1:]


def _by_name(specs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for spec in specs:
        name = name_of(spec)
        found[name] = (*found.get(name, ()), spec.strip())
    return found


def _about_variables(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return f"set {_listed(names)}" if all(name in after for name in names) else f"change {_listed(names)}"


def _listed(names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
