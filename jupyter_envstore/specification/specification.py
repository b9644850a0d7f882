"""What a person asks for: an environment.yml as a value, its text untouched.

The text is the truth: what is stored, shown, locked and shared is what was written, comments included, and an edit
changes only its own lines. This module must never import a solver: the server and the command line load it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.specification.content import Content, check_variable_name, read_content
from jupyter_envstore.specification.credentials import refuse_credentials
from jupyter_envstore.specification.decoding import MAX_BYTES, clean, decode
from jupyter_envstore.specification.match_specs import MatchSpec, parse_match_spec
from jupyter_envstore.specification.remarks import SpecificationWarning, remarks_on
from jupyter_envstore.specification.selectors import SELECTABLE_PLATFORMS, filter_lines, has_selectors


@dataclass(frozen=True)
class Specification:
    """An environment.yml that can be read.

    Attributes
    ----------
    text
        As it was written, with line ends made ``\\n``.
    name
        The environment's name as written, or None. Whether the store accepts it is checked when it is used.
    channels
        In order, without ``nodefaults``; empty when none is named.
    dependencies
        The conda match specs as written, those of all platforms.
    pip
        The entries of the ``pip:`` lists as written, those of all platforms.
    variables
        What is set in the environment, each value as it was written.
    platforms
        Those that are listed; empty when none is.
    warnings
        What is worth knowing about it.
    """

    text: str
    name: str | None = field(compare=False)
    channels: tuple[str, ...] = field(compare=False)
    dependencies: tuple[str, ...] = field(compare=False)
    pip: tuple[str, ...] = field(compare=False)
    variables: Mapping[str, str] = field(compare=False)
    platforms: tuple[str, ...] = field(compare=False)
    warnings: tuple[SpecificationWarning, ...] = field(compare=False, default=())

    @classmethod
    def parse(cls, text: str, path: str | None = None) -> Specification:
        """Read the text of an environment.yml; ``path`` is the file's name for messages.

        Raises
        ------
        SpecificationError
            With line and reason.
        """
        text = clean(text, path)
        refuse_credentials(text, path)
        selective = has_selectors(text)
        content = read_content(text, path, check_duplicates=not selective)
        if selective:
            # Whatever is wrong on one platform only is said now, and not when that platform is locked.
            for platform in _platforms_of(content) or SELECTABLE_PLATFORMS:
                _content_for(text, platform, path)
        return cls(
            text=text,
            name=content.name,
            channels=tuple(entry for entry in _distinct(content.channels) if entry != "nodefaults"),
            dependencies=tuple(entry.text for entry in content.dependencies),
            pip=tuple(entry.text for entry in content.pip),
            variables={name: entry.text for name, entry in content.variables.items()},
            platforms=_platforms_of(content),
            warnings=remarks_on(content, text),
        )

    @classmethod
    def parse_bytes(cls, data: bytes, path: str | None = None) -> Specification:
        """Read the bytes of an environment.yml: UTF-8, or UTF-16 with a byte order mark.

        Raises
        ------
        SpecificationError
            With line and reason.
        """
        return cls.parse(decode(data, path), path)

    @classmethod
    def read(cls, path: Path) -> Specification:
        """Read a file.

        Raises
        ------
        SpecificationError
            When it cannot be opened, or with line and reason when it cannot be understood.
        """
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise SpecificationError("There is no such file.", path=str(path)) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise SpecificationError(f"The file cannot be read: {reason}.", path=str(path)) from None
        return cls.parse_bytes(data, str(path))

    @classmethod
    def from_packages(
        cls,
        name: str | None,
        specs: Iterable[str],
        channels: Iterable[str] = (),
        *,
        platforms: Iterable[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> Specification:
        """Write a specification that asks for ``specs``.

        Raises
        ------
        SpecificationError
            When a spec, channel, platform or variable is none.
        """
        from jupyter_envstore.specification.writing import write

        return cls.parse(write(name, specs, channels, platforms, variables or {}))

    def match_specs(self, platform: str | None = None) -> tuple[MatchSpec, ...]:
        """Return the conda requirements in parts, those of ``platform`` or of all."""
        texts = self.dependencies if platform is None else self.dependencies_for(platform)
        return tuple(parse_match_spec(text) for text in texts)

    def dependencies_for(self, platform: str) -> tuple[str, ...]:
        """Return the conda match specs that hold on ``platform`` (``linux-64`` …), by its selectors.

        Raises
        ------
        SpecificationError
            When the lines that are left for an unlisted platform make no specification.
        """
        if not has_selectors(self.text):
            return self.dependencies
        return tuple(entry.text for entry in _content_for(self.text, platform).dependencies)

    def pip_for(self, platform: str) -> tuple[str, ...]:
        """Return the entries of the ``pip:`` lists that hold on ``platform``, by its selectors."""
        if not has_selectors(self.text):
            return self.pip
        return tuple(entry.text for entry in _content_for(self.text, platform).pip)

    # ------------------------------------------------------------ edits: each gives a new specification

    def add(self, specs: Iterable[str]) -> Specification:
        """Ask for further packages; one that is asked for already has its line replaced, comment kept.

        Raises
        ------
        SpecificationError
            When one is no match spec, or stands in several lines.
        """
        return self._edited("dependencies", "add", tuple(specs))

    def remove(self, names: Iterable[str]) -> Specification:
        """Ask no more for the packages called ``names``, with whatever version and in however many lines.

        Raises
        ------
        SpecificationError
            When one is not asked for.
        """
        return self._edited("dependencies", "remove", tuple(names))

    def add_pip(self, specs: Iterable[str]) -> Specification:
        """Ask pip for further packages; one that it is asked for already has its entry replaced, comment kept.

        Raises
        ------
        SpecificationError
            When one is no requirement, or stands in several lines.
        """
        return self._edited("pip", "add", tuple(specs))

    def remove_pip(self, names: Iterable[str]) -> Specification:
        """Ask pip no more for the packages called ``names``.

        Raises
        ------
        SpecificationError
            When it is not asked for one.
        """
        return self._edited("pip", "remove", tuple(names))

    def replace(self, name: str, spec: str) -> Specification:
        """Ask for ``spec`` in the line that asks for ``name``.

        Raises
        ------
        SpecificationError
            When ``name`` is not asked for or stands in several lines, or ``spec`` is no match spec.
        """
        return self._edited("dependencies", "replace", name, spec)

    def with_name(self, name: str | None) -> Specification:
        """Set the name, or remove it."""
        return self._edited("name", "set_name", name)

    def with_channels(self, channels: Iterable[str]) -> Specification:
        """Set the channels, in order. A ``nodefaults`` stays where it is."""
        return self._edited("channels", "set_channels", tuple(channels))

    def with_platforms(self, platforms: Iterable[str]) -> Specification:
        """Set the listed platforms."""
        return self._edited("platforms", "set_platforms", tuple(platforms))

    def with_variables(self, variables: Mapping[str, str]) -> Specification:
        """Set the variables to exactly these.

        Raises
        ------
        SpecificationError
            When a name or a value is none that a variable can have.
        """
        for name in variables:
            check_variable_name(name)
        after = self._edited("variables", "set_variables", dict(variables))
        if dict(after.variables) != dict(variables):
            raise SpecificationError("The text is written in a way that hides its variables. Edit the text itself.")
        return after

    def _edited(self, part: str, method: str, *arguments: object) -> Specification:
        # Only those who edit load the editor.
        from jupyter_envstore.specification.editing import Editor
        from jupyter_envstore.specification.pip_editing import PIP, PipEditor

        editor = PipEditor(self.text) if part == PIP else Editor(self.text)
        getattr(editor, method)(*arguments)
        after = Specification.parse(editor.text)
        for other in {"name", "channels", "dependencies", "pip", "variables", "platforms"} - {part}:
            if getattr(after, other) != getattr(self, other):
                raise SpecificationError(
                    f"The text is written in a way that this change of its {part} would also change its {other}. "
                    "Edit the text itself."
                )
        return after


def _content_for(text: str, platform: str, path: str | None = None) -> Content:
    try:
        return read_content(filter_lines(text, platform), path)
    except SpecificationError as error:
        where = f"On {platform}, after its selectors (comments with a word in brackets) are applied"
        reason = f"{where}: {error.details['reason']}"
        raise SpecificationError(reason, line=error.details["line"], path=path) from None


def _platforms_of(content: Content) -> tuple[str, ...]:
    return tuple(_distinct(content.platforms))


def _distinct(entries: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(getattr(entry, "text", entry)) for entry in entries))
