"""``platforms``: where an environment can be had besides here, and what helps where it cannot."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from jupyter_envstore.cli.command import EXIT_FAILED, json_option, next_step, print_json, store_command
from jupyter_envstore.cli.requesting import read_specification, read_virtual_packages, virtual_packages_option

if TYPE_CHECKING:
    from jupyter_envstore.schemas import MissingPackage, PlatformOverview, PlatformReport, Workaround
    from jupyter_envstore.store import EnvStore

_STANDINGS = {
    "covered": "covered",
    "solvable": "can be added",
    "unsolved": "no solution",
    "unchecked": "not checked",
}
_MOST_DIFFERENCES = 3


@click.command(short_help="Say on which platforms a version can be had.")
@click.argument("ref", required=False)
@click.option("-f", "--file", default=None, help="An environment.yml instead of a version, or - for stdin.")
@click.option("--platform", "platforms", multiple=True, help="A platform to check; may be given again.")
@click.option("--known", is_flag=True, help="Check nothing now: only say what is known.")
@virtual_packages_option
@json_option
@store_command
def platforms(
    store: EnvStore,
    ref: str | None,
    file: str | None,
    platforms: tuple[str, ...],
    known: bool,
    virtual_packages: str | None,
    as_json: bool,
) -> None:
    """Say on which platforms a version, or an environment.yml, can be had. Every way that is shown was tried.

    \b
    jupyter envstore platforms analysis
    jupyter envstore platforms analysis@3 --platform win-64
    jupyter envstore platforms -f environment.yml --platform osx-arm64

    Exit status 1 when this machine's platform, or one that was named, has no solution.
    """
    if (ref is None) == (file is None):
        raise click.UsageError("Name a version, or a file with -f.")
    if ref is None or file is not None:
        if known:
            raise click.UsageError("--known goes with a version; of a file nothing is known.")
        assert file is not None
        overview = store.coverage.check_text(
            read_specification(file).text, platforms, virtual_packages=read_virtual_packages(virtual_packages)
        )
    elif virtual_packages is not None:
        raise click.UsageError("--virtual-packages goes with -f FILE; for versions there is EnvStore.virtual_packages.")
    else:
        overview = store.coverage.known(ref) if known else store.coverage.check(ref, platforms)
    if as_json:
        print_json(overview)
    else:
        _print(overview)
    if any(one.standing == "unsolved" and (one.own or one.platform in platforms) for one in overview.platforms):
        sys.exit(EXIT_FAILED)


def _print(overview: PlatformOverview) -> None:
    from jupyter_envstore.cli.tables import print_table
    from jupyter_envstore.cli.words import size

    print_table(
        ["platform", "state", "packages", "download", "against this machine's"],
        [
            [
                one.platform + (" (this machine)" if one.own else ""),
                _STANDINGS[one.standing] if overview.reference or one.standing != "solvable" else "solved",
                str(one.package_count) if one.package_count else "",
                f"{size(one.download)}{'+' if one.unknown_sizes else ''}" if one.package_count else "",
                _differences(one),
            ]
            for one in overview.platforms
        ],
        right=["packages", "download"],
        spare=["download", "packages"],
        empty="There is no platform to tell of.",
    )
    for one in overview.platforms:
        if one.standing == "unsolved":
            for line in _unsolved(one):
                click.echo(line)
    addable = [one.platform for one in overview.platforms if one.standing == "solvable"]
    if addable and overview.reference:
        environment = overview.reference.partition("@")[0]
        click.echo(f"\nTo cover {addable[0]} too: {next_step(f'edit {environment} --platform {addable[0]}')}")
    for warning in overview.warnings:
        click.echo(f"\nNote: {warning}")


def _differences(report: PlatformReport) -> str:
    if report.own or not report.package_count:
        return ""
    named = [f"{one.name} {one.there} for {one.here}" for one in report.differences[:_MOST_DIFFERENCES]]
    more = len(report.differences) - len(named)
    parts = named + ([f"{more} more versions"] if more else [])
    if report.only_there:
        parts.append(f"+{len(report.only_there)}")
    if report.only_here:
        parts.append(f"−{len(report.only_here)}")
    return ", ".join(parts) or "the same versions"


def _unsolved(report: PlatformReport) -> Iterator[str]:
    explanation = report.explanation
    yield ""
    yield f"{report.platform}: {explanation.summary if explanation else 'There is no solution.'}"
    for missing in explanation.missing if explanation else []:
        yield f"  missing: {_missing(missing)}"
    if report.workarounds:
        yield "  Each of these was tried and works:"
        for way in report.workarounds:
            yield from _way(way)
    elif report.workarounds is not None:
        yield "  No way around it was found."


def _missing(missing: MissingPackage) -> str:
    if missing.newest is None:
        return f"{missing.entry} (there is no {missing.name} at all)"
    near = [version for version in (missing.below, missing.above) if version]
    nearest = f", nearest {' and '.join(near)}" if near and near != [missing.newest] else ""
    return f"{missing.entry} (newest there {missing.newest}{nearest})"


def _way(way: Workaround) -> Iterator[str]:
    yield f"  - {way.title} ({way.package_count} packages)"
    for edit in way.edits:
        for line in edit.removed:
            yield f"      line {edit.line}: - {line.strip()}"
        for line in edit.added:
            yield f"      line {edit.line}: + {line.strip()}"
