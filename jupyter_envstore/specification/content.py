"""The tree of an environment.yml → what it asks for, each value with the line it stands in.

Every refusal names a line and what to write in its place. Selectors are not looked at here: whoever wants one
platform's view filters the text first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.channels import channel_problem
from jupyter_envstore.specification.credentials import quoted
from jupyter_envstore.specification.document import Node, compose
from jupyter_envstore.specification.match_specs import MatchSpec, parse_match_spec

KNOWN_KEYS = (
    "name", "channels", "dependencies", "variables", "platforms", "prefix", "category", "pip-repositories",
    "allow-pypi-requests",
)  # fmt: skip
"""The keys of conda and conda-lock. Keys that begin with ``x-`` are anybody's and are kept."""
PLATFORMS = (
    "linux-64", "linux-aarch64", "linux-ppc64le", "linux-s390x", "linux-riscv64", "linux-armv7l", "linux-armv6l",
    "linux-32", "osx-64", "osx-arm64", "win-64", "win-arm64", "win-32", "freebsd-64", "emscripten-wasm32",
    "wasi-wasm32",
)  # fmt: skip
"""The platforms that conda packages exist for."""
MAX_TEXT = 4_000
"""The length of the longest value, in characters."""
MAX_PIP_TEXT = 20_000
"""The length of the longest entry for pip: one with the digests of all its wheels, of which some have two hundred."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NO_VARIABLE = "is no name of a variable: letters, digits and _, no digit first."
_TYPES = {
    "int": "a number", "float": "a number", "bool": "a yes or no", "null": "nothing", "timestamp": "a date",
    "list": "a list", "mapping": "a mapping", "merge": "a merge key", "value": "a default value", "binary": "data",
}  # fmt: skip
_ELSEWHERE = {
    "<<": "Merge keys are not supported; write the keys out.",
    "pip": "Write it as the last entry of `dependencies:`, as `- pip:` with its own list.",
    "packages": "That is anaconda-project's word; here it is `dependencies`.",
    "env_specs": "That is a project file of anaconda-project. Write one environment with `dependencies`.",
    "workspace": "That is a pixi manifest. Export it with `pixi workspace export conda-environment`.",
    "version": "A lockfile has it. A lockfile is imported, not created from.",
    "metadata": "A lockfile has it. A lockfile is imported, not created from.",
    "package": "A lockfile or a recipe has it. Give an environment.yml.",
    "requirements": "A recipe has it. Give an environment.yml with `dependencies`.",
}


@dataclass(frozen=True)
class Entry:
    """A value and the line, from 1, that it begins in."""

    text: str
    line: int


@dataclass(frozen=True)
class Dependency(Entry):
    """A conda requirement as it was written, and as it was read."""

    spec: MatchSpec


@dataclass
class Content:
    """What a specification says. Lists are in the order of the text; ``keys`` has every key with its line."""

    name: str | None = None
    channels: list[Entry] = field(default_factory=list)
    dependencies: list[Dependency] = field(default_factory=list)
    pip: list[Entry] = field(default_factory=list)
    variables: dict[str, Entry] = field(default_factory=dict)
    platforms: list[Entry] = field(default_factory=list)
    pip_repositories: list[Entry] = field(default_factory=list)
    category: str | None = None
    keys: dict[str, int] = field(default_factory=dict)
    empty_pip: int | None = None


def read_content(text: str, path: str | None = None, *, check_duplicates: bool = True) -> Content:
    """Read a specification's clean text.

    Parameters
    ----------
    text, path
        The text, and the file's name for messages.
    check_duplicates
        Whether a package that is asked for twice is an error. Not before selectors are applied.

    Raises
    ------
    SpecificationError
        With line and reason.
    """
    return _Reader(text, path, check_duplicates).read()


def check_variable_name(name: str) -> None:
    """Return when a variable can be called so.

    Raises
    ------
    SpecificationError
    """
    if not _VARIABLE.fullmatch(name):
        raise SpecificationError(f"{quoted(name)} {_NO_VARIABLE}")


class _Reader:
    def __init__(self, text: str, path: str | None, check_duplicates: bool) -> None:
        self.lines = text.split("\n")
        self.text = text
        self.path = path
        self.check_duplicates = check_duplicates
        self.content = Content()
        self.by_name: dict[str, Dependency] = {}

    def read(self) -> Content:
        try:
            root = compose(self.text, self.path)
        except SpecificationError as error:
            raise self.template_error() or error from None
        if root is None or root.type == "null":
            raise self.error("The text is empty: at least `dependencies:` with a list is needed.", root)
        if root.kind != "mapping":
            raise self.error(
                f"An environment.yml has keys like `name:` and `dependencies:`; here stands {_what(root)}.", root
            )
        for key, value in root.pairs:
            self.key(key, value)
        return self.content

    def key(self, key: Node, value: Node) -> None:
        name = key.text
        if not key.is_text() and key.type != "merge":
            raise self.error(f"A key has to be a word like `dependencies`; here stands {_what(key)}.", key)
        if name in self.content.keys:
            first = self.content.keys[name]
            raise self.error(f"The key {quoted(name)} is there twice (first in line {first}). Join the two.", key)
        self.content.keys[name] = key.line + 1
        if name.startswith("x-") or name == "prefix":
            return
        if name not in KNOWN_KEYS:
            raise self.unknown_key(key)
        if name == "name":
            self.content.name = None if value.type == "null" else self.value(value, "The name")
        elif name == "category":
            self.content.category = None if value.type == "null" else self.value(value, "The category")
        elif name == "allow-pypi-requests":
            if value.type not in ("bool", "null"):
                raise self.error(f"`{name}` is either `true` or `false`; here stands {_what(value)}.", value)
        elif name == "variables":
            self.variables(value)
        elif name == "dependencies":
            for item in self.list_of(value, name, "- numpy"):
                self.dependency(item)
        else:
            self.names(name, value)

    def names(self, key: str, value: Node) -> None:
        examples = {"channels": "- conda-forge", "platforms": "- linux-64"}
        for item in self.list_of(value, key, examples.get(key, "- …")):
            text = self.value(item, f"An entry of `{key}`")
            entry = Entry(text, item.line + 1)
            if key == "channels":
                if problem := channel_problem(text):
                    raise self.error(f"The channel {quoted(text)} cannot be used: {problem}", item)
                self.content.channels.append(entry)
            elif key == "platforms":
                if text not in PLATFORMS:
                    raise self.error(f"{quoted(text)} is no platform.{_near(text, PLATFORMS)}", item)
                self.content.platforms.append(entry)
            elif key == "pip-repositories":
                self.content.pip_repositories.append(entry)

    def dependency(self, item: Node) -> None:
        if item.kind == "mapping":
            self.section(item)
            return
        if item.type in ("int", "float"):
            raise self.error(f"A dependency begins with a package's name; here stands the number {item.text}.", item)
        text = self.value(item, "A dependency")
        dependency = Dependency(text, item.line + 1, parse_match_spec(text, line=item.line + 1, path=self.path))
        other = self.by_name.setdefault(dependency.spec.name, dependency)
        if self.check_duplicates and other is not dependency:
            raise self.error(
                f"The package `{other.spec.name}` is asked for twice, as {quoted(other.text)} in line {other.line} and "
                f"as {quoted(text)} here. Keep one line, with all conditions (`{other.spec.name} >=1,<2`).",
                item,
            )
        self.content.dependencies.append(dependency)

    def section(self, item: Node) -> None:
        for key, value in item.pairs:
            name = key.text
            if key.kind == "scalar" and name == "pip":
                if len(item.pairs) > 1:
                    raise self.error("`pip:` has to be alone in its entry; check the indentation below it.", key)
                if not self.list_of(value, "pip", "- rich"):
                    self.content.empty_pip = key.line + 1
                for entry in self.list_of(value, "pip", "- rich"):
                    self.pip(entry)
                continue
            if key.kind == "scalar" and name.startswith("sel(") and name.endswith(")"):
                what = value.text if value.is_text() else "package"
                raise self.error(
                    f"`{name}:` is understood by micromamba only. Write {quoted(f'- {what}  # [{name[4:-1]}]')}.", key
                )
            if key.is_text() and value.kind == "scalar" and re.fullmatch(r"[A-Za-z0-9_.-]+", name):
                hint = f" Write {quoted(f'- {name}={value.text}')}." if value.text else f" Write {quoted(f'- {name}')}."
                trap = f" (And YAML reads {value.text} as a number.)" if value.type == "float" else ""
                raise self.error(f"A `:` cannot stand between a package and its version.{hint}{trap}", key)
            raise self.error("Only `pip:` can have a list of its own below `dependencies`.", key)

    def pip(self, item: Node) -> None:
        text = self.value(item, "An entry of `pip:`", MAX_PIP_TEXT)
        self.content.pip.append(Entry(text, item.line + 1))

    def variables(self, value: Node) -> None:
        if value.type == "null":
            return
        if value.kind != "mapping":
            raise self.error(f"`variables:` takes lines like `NAME: value`; here stands {_what(value)}.", value)
        for key, item in value.pairs:
            if key.kind != "scalar" or not _VARIABLE.fullmatch(key.text):
                shown = quoted(key.text) if key.kind == "scalar" else _what(key)
                raise self.error(f"{shown} {_NO_VARIABLE}", key)
            if key.text in self.content.variables:
                first = self.content.variables[key.text].line
                raise self.error(f"The variable `{key.text}` is set twice (first in line {first}).", key)
            if item.kind != "scalar" or item.type == "null":
                raise self.error(
                    f"The variable `{key.text}` needs a text; here stands {_what(item)}. For an empty one write "
                    f'`{key.text}: ""`.',
                    item,
                )
            if len(item.text) > MAX_TEXT:
                raise self.error(f"The value of `{key.text}` has more than {MAX_TEXT:,} characters.", item)
            if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", item.text):
                raise self.error(f"The value of `{key.text}` holds a control character.", item)
            # As it was written: `3.10` stays `3.10` and `yes` stays `yes`, whatever YAML would make of them.
            self.content.variables[key.text] = Entry(item.text, key.line + 1)

    def list_of(self, node: Node, key: str, example: str) -> list[Node]:
        if node.type == "null":
            return []
        if node.kind != "list":
            if node.kind == "mapping" and self.lines[node.line].lstrip().startswith("{{"):
                raise self.template_error() or self.error("This is a template.", node)
            raise self.error(f"`{key}:` takes a list with lines like `{example}`; here stands {_what(node)}.", node)
        return node.items

    def value(self, node: Node, what: str, most: int = MAX_TEXT) -> str:
        """Return the text of a scalar that has to be text."""
        if node.kind != "scalar" and "{{" in self.lines[node.line]:
            raise self.template_error() or self.error("This is a template.", node)
        if node.type in ("int", "float", "bool", "timestamp"):
            raise self.error(
                f"{what} has to be text; YAML reads {quoted(node.text)} as {_TYPES[node.type]}. Put it between quotes.",
                node,
            )
        if not node.is_text():
            raise self.error(f"{what} has to be text; here stands {_what(node)}.", node)
        text = node.text.strip()
        if not text:
            raise self.error(f"{what} is empty.", node)
        if len(text) > most:
            raise self.error(f"{what} has more than {most:,} characters.", node)
        if "{{" in text or "{%" in text:
            raise self.error("This is a template (`{{ … }}`), not a finished specification. Fill it in first.", node)
        if not text.isprintable():
            raise self.error(f"{what} holds a line break or another character that cannot be seen.", node)
        return text

    def unknown_key(self, key: Node) -> SpecificationError:
        hint = _ELSEWHERE.get(key.text)
        if hint is None:
            hint = _near(key.text, KNOWN_KEYS) or f" Known are {', '.join(KNOWN_KEYS)}."
            hint = f"{hint.strip()} A key of your own has to begin with `x-`."
        return self.error(f"The key {quoted(key.text)} is unknown. {hint}", key)

    def template_error(self) -> SpecificationError | None:
        """Return the error for a template, if a line that is no comment holds a placeholder."""
        for number, line in enumerate(self.lines, start=1):
            written = line.split(" #", 1)[0]
            if not written.lstrip().startswith("#") and ("{{" in written or "{%" in written):
                reason = "This is a template (`{{ … }}`), not a finished specification. Fill it in first."
                return SpecificationError(reason, line=number, path=self.path)
        return None

    def error(self, reason: str, node: Node | None) -> SpecificationError:
        return SpecificationError(reason, line=node.line + 1 if node else 1, path=self.path)


def _what(node: Node) -> str:
    if node.is_text():
        return quoted(node.text) if node.text.strip() else "an empty text"
    return _TYPES.get(node.type, f"a {node.type}")


def _near(word: str, known: tuple[str, ...]) -> str:
    import difflib

    # Comparing is quadratic in the length, and the word may be a stranger's.
    near = difflib.get_close_matches(word[:100].lower(), known, n=1, cutoff=0.6)
    return f" Did you mean `{near[0]}`?" if near else ""
