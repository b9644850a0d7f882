"""A request without solution: what collides, why, and what would help, all of it solved before it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.resolver import ResolverProcess
from small_channels import record, write_channel

from jupyter_envstore.errors import EnvStoreError, PackageNotFoundError, UnsolvableError
from jupyter_envstore.schemas import Explanation

UNSOLVABLE: list[tuple[list[str], set[str]]] = [
    (["python=3.8", "numpy>=2"], {"python=3.8", "numpy>=2"}),
    (["python=3.12", "numpy=99", "pandas"], {"numpy=99"}),
    (["python=3.13", "pandas<2", "xarray", "matplotlib"], {"python=3.13", "pandas<2"}),
    (["python=3.12", "numpy>=2", "pandas=2.1", "scipy"], {"numpy>=2", "pandas=2.1"}),
    (["python=3.11", "scipy=1.14", "numpy=2.4", "dask"], {"python=3.11", "scipy=1.14", "numpy=2.4"}),
    (["libblas=*=*mkl", "openblas=0.3.30", "numpy", "nomkl"], {"libblas=*=*mkl", "nomkl"}),
    # two conflicts at once, and either is a right answer
    (["python=3.8", "numpy>=2", "openssl=1.1.1", "jupyterlab>=4.4"], set()),
    (["jupyterlab=3", "notebook=7", "python=3.11"], {"jupyterlab=3", "notebook=7"}),
    (["geopandas", "gdal=3.5", "libgdal=3.9"], {"gdal=3.5"}),
    (["xarray", "zarr>=3", "python=3.10", "bokeh"], {"zarr>=3", "python=3.10"}),
    (["python=3.12", "requests", "__cuda>=12"], {"__cuda>=12"}),
]


def explanation_of(resolver: ResolverProcess, entries: list[str], *channels: str, seconds: float = 60) -> Explanation:
    with pytest.raises(UnsolvableError) as caught:
        resolver.lock(entries, channels, explain_seconds=seconds)
    return Explanation.model_validate(caught.value.details["explanation"])


def solves(resolver: ResolverProcess, entries: list[str], *channels: str) -> bool:
    try:
        resolver.lock(entries, channels, explain_seconds=0.0)
    except UnsolvableError:
        return False
    return True


@pytest.mark.parametrize(("entries", "expected"), UNSOLVABLE, ids=lambda value: " ".join(sorted(value)) or "any")
def test_conflict_is_smallest_and_every_relaxation_solves(
    resolver: ResolverProcess, large_channel: str, entries: list[str], expected: set[str]
) -> None:
    explanation = explanation_of(resolver, entries, large_channel)
    assert explanation.minimal
    assert set(explanation.conflict) <= set(entries)
    assert set(explanation.conflict) == expected or not expected
    assert not solves(resolver, explanation.conflict, large_channel)
    for member in explanation.conflict:
        others = [entry for entry in explanation.conflict if entry != member]
        assert not others or solves(resolver, others, large_channel), f"still unsolvable without {member}"
    assert explanation.relaxations
    for relaxation in explanation.relaxations:
        assert set(relaxation.remove) <= set(entries)
        changed = [entry for entry in entries if entry not in relaxation.remove] + relaxation.add
        assert solves(resolver, changed, large_channel), relaxation.title


def test_a_newer_python_is_offered_as_the_nearest_that_fits(resolver: ResolverProcess, large_channel: str) -> None:
    explanation = explanation_of(resolver, ["xarray", "zarr>=3", "python=3.10"], large_channel)
    offered = {relaxation.title: relaxation for relaxation in explanation.relaxations}
    newer = offered["Allow a newer Python: `python >=3.11`"]
    assert (newer.remove, newer.add) == (["python=3.10"], ["python >=3.11"])
    assert not solves(resolver, ["xarray", "zarr>=3", "python >=3.10,<3.11"], large_channel)


def test_leaving_an_entry_out_comes_last(resolver: ResolverProcess, large_channel: str) -> None:
    explanation = explanation_of(resolver, ["python=3.8", "numpy>=2"], large_channel)
    removals = [not relaxation.add for relaxation in explanation.relaxations]
    assert True in removals
    assert removals == sorted(removals)


def test_two_independent_conflicts_are_mended_together(tmp_path: Path, resolver: ResolverProcess) -> None:
    channel = write_channel(
        tmp_path / "c",
        [
            *(record("lib", version) for version in ("1.0", "2.0")),
            *(record("tool", version, f"lib {version[0]}.*") for version in ("1.0", "2.0")),
            *(record("base", version) for version in ("1.0", "2.0")),
            *(record("app", version, f"base {version[0]}.*") for version in ("1.0", "2.0")),
        ],
    )
    entries = ["lib=1", "tool=2", "base=1", "app=2"]
    explanation = explanation_of(resolver, entries, channel)
    assert set(explanation.conflict) in ({"lib=1", "tool=2"}, {"base=1", "app=2"})
    assert explanation.relaxations
    for relaxation in explanation.relaxations:
        changed = [entry for entry in entries if entry not in relaxation.remove] + relaxation.add
        assert solves(resolver, changed, channel), relaxation.title


def test_reasons_are_a_tree_that_names_what_is_in_the_way(resolver: ResolverProcess, large_channel: str) -> None:
    explanation = explanation_of(resolver, ["python=3.13", "pandas<2"], large_channel)
    top = explanation.reasons[0]
    assert "pandas" in top.text
    assert any("python" in leaf.text for reason in top.because for leaf in reason.because)
    assert "│" not in top.text


def test_missing_driver_is_named_as_the_cause(tmp_path: Path, resolver: ResolverProcess) -> None:
    channel = write_channel(tmp_path / "c", [record("gpu-tool", "1.0", "__cuda >=12")])
    explanation = explanation_of(resolver, ["gpu-tool"], channel)
    assert "graphics driver" in explanation.summary
    assert "__cuda >=12" in explanation.summary
    assert solves_with(resolver, ["gpu-tool"], channel, {"linux-64": {"__cuda": "12.4"}})


def test_old_c_library_is_named_with_both_versions(tmp_path: Path, resolver: ResolverProcess) -> None:
    channel = write_channel(tmp_path / "c", [record("tool", "2.0", "__glibc >=2.39"), record("tool", "1.0")])
    with pytest.raises(UnsolvableError) as caught:
        resolver.lock(["tool=2"], [channel], virtual_packages={"linux-64": {"__glibc": "2.28"}}, explain_seconds=60)
    explanation = Explanation.model_validate(caught.value.details["explanation"])
    assert "__glibc >=2.39" in explanation.summary
    assert "2.28" in explanation.summary
    assert explanation.relaxations[0].add == ["tool >=1.0"]


def test_channel_priority_is_named_as_the_cause(tmp_path: Path, resolver: ResolverProcess) -> None:
    first = write_channel(tmp_path / "first", [record("lib", "1.0")])
    second = write_channel(tmp_path / "second", [record("lib", "2.0"), record("app", "1.0", "lib >=2")])
    explanation = explanation_of(resolver, ["app"], first, second)
    assert "strict channel priority" in explanation.summary
    assert explanation.relaxations[0].add == [f"{second}::lib"]
    assert solves(resolver, ["app", f"{second}::lib"], first, second)


def test_out_of_time_says_that_the_set_may_not_be_the_smallest(resolver: ResolverProcess, large_channel: str) -> None:
    explanation = explanation_of(resolver, ["python=3.13", "pandas<2", "xarray"], large_channel, seconds=0.0)
    assert not explanation.minimal
    assert not explanation.relaxations
    assert set(explanation.conflict) == {"python=3.13", "pandas<2", "xarray"}


def test_platform_without_solution_does_not_fail_the_others(tmp_path: Path, resolver: ResolverProcess) -> None:
    folder = tmp_path / "c"
    write_channel(folder, [record("lib", "1.0"), record("lib", "2.0"), record("app", "1.0", "lib >=2")])
    channel = write_channel(folder, [record("lib", "1.0"), record("app", "1.0", "lib >=2")], subdir="osx-arm64")
    write_channel(folder, [record("lib", "2.0")], subdir="win-64")
    result = resolver.lock(["app"], [channel], platforms=["osx-arm64", "win-64", "linux-64"])
    assert result["lockfile"]["metadata"]["platforms"] == ["linux-64"]
    assert set(result["unsolved"]) == {"osx-arm64", "win-64"}
    conflict = Explanation.model_validate(result["unsolved"]["osx-arm64"])
    assert (conflict.platform, conflict.conflict) == ("osx-arm64", ["app"])
    lost = Explanation.model_validate(result["unsolved"]["win-64"])
    assert "no package “app” for win-64" in lost.summary


def test_unknown_names_are_answered_with_near_ones(resolver: ResolverProcess, large_channel: str) -> None:
    with pytest.raises(PackageNotFoundError, match="Did you mean numpy") as caught:
        resolver.lock(["python=3.12", "nunpy", "scikitlearn"], [large_channel])
    near = caught.value.details["packages"]
    assert near["nunpy"][0] == "numpy"
    assert near["scikitlearn"][0] == "scikit-learn"


def test_explanation_shows_no_credentials(tmp_path: Path, resolver: ResolverProcess) -> None:
    channel = write_channel(tmp_path / "t" / "tk-secret" / "c", [record("app", "1.0", "lib >=2"), record("lib", "1.0")])
    with pytest.raises(EnvStoreError) as caught:
        resolver.lock(["app"], [channel], explain_seconds=30)
    assert "tk-secret" not in str(caught.value.to_dict())


def solves_with(
    resolver: ResolverProcess, entries: list[str], channel: str, virtual_packages: dict[str, dict[str, str]]
) -> bool:
    return bool(resolver.lock(entries, [channel], virtual_packages=virtual_packages)["packages"])
