"""The part of a match spec after the name: ``>=1.26,<3``, ``=3.12``, ``1.2|1.3``, ``*=mkl`` → version and build.

Only the form is checked. Which version is newer than which is the solver's business.
"""

from __future__ import annotations

import re

from jupyter_envstore.specification.credentials import quoted

_TOKEN = re.compile(
    r"\s*(?:(?P<operator>[<>=~]+|!(?=[=<>~!])[=<>~!]*)|(?P<mark>[,|()])|(?P<word>(?:(?!!=)[^\s<>=~,|()])+))"
)
_OPERATORS = frozenset({"=", "==", "!=", "<", "<=", ">", ">=", "~="})
_MEANT = {"=>": ">=", "=<": "<=", "===": "==", "<>": "!=", "~": "~=", "~~": "~=", "=!": "!=", "~>": "~=", "=~": "~="}
_PARTS = r"[0-9A-Za-z*]+(?:[._-][0-9A-Za-z*]+)*_?"
_VERSION = re.compile(rf"(?:[0-9]+!)?{_PARTS}(?:\+{_PARTS})?")
_MAX_DEPTH = 10


class ConstraintError(Exception):
    """Why a constraint cannot be read; the caller adds which one and where.

    Attributes
    ----------
    wrong, correction
        The constraint as it was written, and as it was probably meant; None where that cannot be told.
    """

    def __init__(self, message: str, *, wrong: str | None = None, correction: str | None = None) -> None:
        super().__init__(message)
        self.wrong = wrong
        self.correction = correction


def read_constraint(text: str, name: str) -> tuple[str | None, str | None]:
    """Split what follows a package's name into version constraint and build string.

    Parameters
    ----------
    text
        Everything after the name; blanks are allowed between the parts.
    name
        The package's name, for suggestions.

    Returns
    -------
    version, build
        The constraint without blanks, and the build string; None for what is not given.

    Raises
    ------
    ConstraintError
        With a suggestion where there is one.
    """
    if not text.strip():
        return None, None
    return _Reader(text, name).read()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self.text = text.rstrip()
        self.name = name
        self.position = 0
        self.version: list[str] = []

    def read(self) -> tuple[str, str | None]:
        self.alternatives(0)
        build = None
        kind, token, start = self.peek()
        if kind == "operator" and token == "=":
            self.take()
            kind, token, start = self.peek()
            if kind != "word":
                raise ConstraintError("the build string after the second `=` is missing.")
            build = self.take()
        elif kind == "word":
            build = self.take()
        kind, token, start = self.peek()
        if kind == "operator" and build is None:
            joined = f"{self.text[:start].strip()},{self.text[start:].strip()}"
            separator = "" if joined[0] in "<>=!~" else " "
            raise ConstraintError(
                f"a comma is missing between the two conditions: write {quoted(f'{self.name}{separator}{joined}')}.",
                wrong=self.text.strip(),
                correction=joined,
            )
        if kind:
            raise ConstraintError(f"{quoted(self.text[start:].strip())} is left over after version and build string.")
        return "".join(self.version), build

    def alternatives(self, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ConstraintError("parentheses are nested too deep.")
        while True:
            self.conditions(depth)
            if self.peek()[1] != "|":
                return
            self.version.append(self.take())

    def conditions(self, depth: int) -> None:
        while True:
            self.condition(depth)
            if self.peek()[1] != ",":
                return
            self.version.append(self.take())

    def condition(self, depth: int) -> None:
        kind, token, _ = self.peek()
        if token == "(":
            self.version.append(self.take())
            self.alternatives(depth + 1)
            if self.peek()[1] != ")":
                raise ConstraintError("a `)` is missing.")
            self.version.append(self.take())
            return
        operator = ""
        if kind == "operator":
            operator = self.take()
            if operator not in _OPERATORS:
                if operator not in _MEANT:
                    raise ConstraintError(f"`{operator}` is no comparison.")
                meant = _MEANT[operator]
                raise ConstraintError(
                    f"`{operator}` is no comparison. Did you mean `{meant}`?",
                    wrong=self.text.strip(),
                    correction=self.text.strip().replace(operator, meant, 1),
                )
            self.version.append(operator)
            kind, token, _ = self.peek()
        if kind == "operator" and operator:
            raise ConstraintError(f"two comparisons follow each other, `{operator}` and `{token}`.")
        if kind != "word":
            what = f"after `{self.version[-1]}`" if self.version else "after the name"
            raise ConstraintError(f"a version is missing {what}.")
        version = self.take()
        _check_version(version, operator)
        self.version.append(version)

    def peek(self) -> tuple[str, str, int]:
        """Return kind, text and place of the next token; empty texts at the end."""
        match = _TOKEN.match(self.text, self.position)
        if not match:
            rest = self.text[self.position :].strip()
            if rest:
                raise ConstraintError(f"{quoted(rest[0])} cannot stand there.")
            return "", "", len(self.text)
        kind = str(match.lastgroup)
        return kind, match.group(kind), match.start(kind)

    def take(self) -> str:
        match = _TOKEN.match(self.text, self.position)
        if match is None:  # peek has seen a token
            raise ConstraintError("it ends too early.")
        self.position = match.end()
        return match.group(str(match.lastgroup))


def _check_version(version: str, operator: str) -> None:
    if not _VERSION.fullmatch(version):
        if re.search(r"^[._-]|[._-]{2}|[.-]$", version):
            raise ConstraintError(f"{quoted(version)} is no version: one of its parts is empty.")
        raise ConstraintError(f"{quoted(version)} is no version (digits, letters and . _ with * at the end).")
    if operator in ("<", "<=", ">", ">=", "~=") and version.startswith("*"):
        raise ConstraintError(f"`{operator}` needs a version, not `*`.")
    if operator == "~=" and "*" in version:
        raise ConstraintError("`~=` and `*` say the same thing twice. Keep one of them.")
    if operator and "*" in version.rstrip("*"):
        raise ConstraintError(f"{quoted(version)}: after a comparison `*` can only stand at the end.")
