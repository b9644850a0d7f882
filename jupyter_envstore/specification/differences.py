"""Two specifications side by side: as a unified diff, and in a few words that a version can be called by."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from jupyter_envstore.specification.match_specs import parse_match_spec
from jupyter_envstore.specification.pins import pinned_version
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


def offered_message(
    before: Specification,
    after: Specification,
    *,
    came_along: Collection[str] = (),
    unpinned: Collection[str] = (),
    platforms: Sequence[str] = (),
) -> str:
    """Return what an edit does in words, such as “Add scikit-learn, remove seaborn”, for a person to change.

    Parameters
    ----------
    came_along
        Names of packages that were there without being asked for: asking for one version of those is a pin.
    unpinned
        Names of packages whose pins were taken away, whatever they are asked for as now.
    platforms
        What it is to cover besides.
    """
    was, now = _by_name(before.dependencies), _by_name(after.dependencies)
    was_pip, now_pip = _by_name(before.pip), _by_name(after.pip)
    changed = [name for name in now if name in was and now[name] != was[name]]
    new = [name for name in now if name not in was]
    pinned = [name for name in changed if _pin(now[name]) and not _pin(was[name])]
    pinned += [name for name in new if _pin(now[name]) and name in came_along]
    loose = [name for name in changed if name in unpinned or (_pin(was[name]) and not _has_conditions(now[name]))]
    added = [name for name in new if name not in pinned] + [name for name in now_pip if name not in was_pip]
    removed = [name for name in was if name not in now] + [name for name in was_pip if name not in now_pip]
    changed = [name for name in changed if name not in pinned and name not in loose]
    changed += [name for name in now_pip if name in was_pip and now_pip[name] != was_pip[name]]
    phrases = []
    if added:
        phrases.append(f"add {_listed(added)}")
    if removed:
        phrases.append(f"remove {_listed(removed)}")
    if pinned:
        at = f" at {_pin(now[pinned[0]])}" if len(pinned) == 1 else ""
        phrases.append(f"pin {_listed(pinned)}{at}")
    if loose:
        phrases.append(f"unpin {_listed(loose)}")
    if changed:
        what = now[changed[0]][0] if len(changed) == 1 and changed[0] in now else _listed(changed)
        phrases.append(f"change {what}")
    if before.channels != after.channels:
        phrases += _about_channels(before.channels, after.channels)
    if platforms:
        phrases.append(f"cover {_listed(list(platforms))}")
    elif before.platforms != after.platforms:
        phrases.append("change the platforms")
    if dict(before.variables) != dict(after.variables):
        phrases += _about_variables(before.variables, after.variables)
    text = ", ".join(phrases) or "edit the specification"
    return text[0].upper() + text[1:]


def _by_name(specs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for spec in specs:
        name = name_of(spec)
        found[name] = (*found.get(name, ()), spec.strip())
    return found


def _pin(specs: tuple[str, ...]) -> str | None:
    return pinned_version(specs[0]) if len(specs) == 1 else None


def _has_conditions(specs: tuple[str, ...]) -> bool:
    return len(specs) > 1 or parse_match_spec(specs[0]).version is not None


def _about_channels(before: Sequence[str], after: Sequence[str]) -> list[str]:
    added = [channel for channel in after if channel not in before]
    removed = [channel for channel in before if channel not in after]
    stayed = [channel for channel in before if channel in after]
    moved = stayed != [channel for channel in after if channel in before]
    if not before or not after or moved or (added and removed):
        # Where none was named, those of the configuration were meant, or are now.
        return ["change the channels"]
    return [_counted("add", added, "channel")] if added else [_counted("remove", removed, "channel")]


def _about_variables(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    put = [name for name in after if before.get(name) != after[name]]
    gone = [name for name in before if name not in after]
    phrases = [f"set {_listed(put)}"] if put else []
    return [*phrases, _counted("remove", gone, "variable")] if gone else phrases


def _counted(verb: str, names: list[str], noun: str) -> str:
    return f"{verb} {noun}{'' if len(names) == 1 else 's'} {_listed(names)}"


def _listed(names: list[str]) -> str:
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
