"""What a notebook asks for in the way of another program, as far as a report looks: which names, and how exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.requirements import Requirement

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.notebooks.conventions import plain_requirement, read_convention
from jupyter_envstore.notebooks.report.reading import Notebook
from jupyter_envstore.schemas import Package
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.match_specs import MatchSpec, parse_match_spec

_PLAIN = re.compile(r"[^=<>!~|,*\s]+")


@dataclass(frozen=True)
class AskedElsewhere:
    """What another program wrote into a notebook.

    Attributes
    ----------
    convention
        Which program; empty where what stands there cannot be used.
    packages
        What is asked for, by name; nothing else is known of these packages.
    whole
        Whether all that they need is among them: it is a lock.
    exact
        Whether each of them is asked for in one version.
    problem
        Why it cannot be used, or empty.
    """

    convention: str = ""
    packages: tuple[Package, ...] = ()
    whole: bool = False
    exact: bool = False
    problem: str = ""


def read_asked(notebook: Notebook, platform: str) -> AskedElsewhere | None:
    """Return what a notebook asks for; None where that is nothing. Whatever stands there, this does not raise."""
    try:
        asked = read_convention(notebook)
        if asked is None:
            return None
        Specification.parse(asked.text())
        conda = [parse_match_spec(spec) for spec in asked.conda]
        pip = [Requirement(plain_requirement(line).partition(" --hash")[0]) for line in asked.pip]
    except SpecificationError as error:
        return AskedElsewhere(problem=error.message)
    packages = [_package("conda", spec.name, platform) for spec in conda]
    packages += [_package("pip", one.name, platform) for one in pip]
    if not packages:
        return None
    exact = all(_is_one_version(spec) for spec in conda) and all(_is_one_release(one) for one in pip)
    return AskedElsewhere(asked.convention, tuple(packages), asked.locked, exact)


def _package(manager: str, name: str, platform: str) -> Package:
    return Package.model_validate({"manager": manager, "name": name, "version": "", "platform": platform, "url": ""})


def _is_one_version(spec: MatchSpec) -> bool:
    # With a build string, conda's single = is exact: numpy=1.26.4=py312_0.
    version = (spec.version or "").removeprefix("=" if spec.build else "==")
    return _PLAIN.fullmatch(version) is not None


def _is_one_release(requirement: Requirement) -> bool:
    return any(spec.operator in ("==", "===") and not spec.version.endswith("*") for spec in requirement.specifier)
