"""What all tests share: a home of their own, the parts in `fixtures`, and the rule about skips."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "tools"))

FIXTURES = [f"fixtures.{path.stem}" for path in sorted((HERE / "fixtures").glob("[a-z]*.py"))]
pytest.register_assert_rewrite(*FIXTURES)  # before one of them imports another
pytest_plugins = ["pytest_jupyter.jupyter_server", *FIXTURES]


@pytest.fixture(autouse=True, scope="session")
def _runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep servers that are cleaned up after their test, when its own home is gone, out of the person's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test an empty home: nothing of the person's own is read or changed."""
    home = tmp_path_factory.mktemp("home")
    for name in [key for key in os.environ if key.startswith(("JUPYTER_", "CONDA_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "0")
    return home


# ---------------------------------------------------------------- in CI, a skip must be one that is listed

_skips: list[tuple[str, str]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember each skip with its reason."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skips.append((report.nodeid, reason.removeprefix("Skipped: ")))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With ``CI=true``, fail the run when a test was skipped for a reason that `skips.toml` does not list."""
    if os.environ.get("CI") != "true" or exitstatus not in (0, 5) or hasattr(session.config, "workerinput"):
        return  # of several processes, the one that hears of all tests decides
    listed = _listed_reasons()
    unlisted = [(test, reason) for test, reason in _skips if not any(known in reason for known in listed)]
    if unlisted:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        assert reporter is not None
        for test, reason in unlisted:
            reporter.write_line(f"skipped without a reason in tests/skips.toml: {test}: {reason}", red=True)
        session.exitstatus = 1


def _listed_reasons() -> list[str]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]
    data = tomllib.loads((HERE / "skips.toml").read_text(encoding="utf-8"))
    return [entry["reason"] for entry in data["skip"]]
