"""Which package supplies a module that a notebook could not import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config
from fixtures.reports import ReportLab
from fixtures.small import edit, must_end_well
from fixtures.store import StoreHome
from report_channel import TEXT, report_home

from jupyter_envstore.errors import EnvironmentNotFoundError, InvalidInputError
from jupyter_envstore.store import EnvStore


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnvStore]:
    """A store with `lab`, whose version 1 has `picture-tools` and whose active version 2 does not."""
    place = report_home(tmp_path_factory.mktemp("changed"), keep_used_days=0.0)
    store = place.open()
    must_end_well(store, store.builds.create("lab", TEXT))
    edit(store, "lab", remove=["picture-tools"])
    yield store
    store.close()


def told(store: EnvStore, module: str, ref: str | None = "lab") -> dict[str, Any]:
    """Return what is said of a module and differs from the schema's defaults."""
    return store.reports.supplier(module, ref).model_dump(exclude_defaults=True)


def test_a_module_that_the_active_version_has_needs_a_restart_only(lab: ReportLab) -> None:
    place = {"environment": "local/lab@1", "installed": True}
    assert told(lab.store, "PIC") == {"module": "PIC", "package": "picture-tools", **place}
    assert told(lab.store, "numbers_core") == {"module": "numbers_core", "package": "numbers-core", **place}
    assert told(lab.store, "shared.pictures") == {"module": "shared", "package": "picture-tools", **place}


def test_what_another_version_had_is_asked_for_by_the_name_that_it_had_there(changed: EnvStore) -> None:
    assert told(changed, "PIC") == {"module": "PIC", "package": "picture-tools", "environment": "local/lab@2"}
    assert told(changed, "PIC", "lab@1")["installed"] is True
    assert told(changed, "shared.pictures")["package"] == "picture-tools"


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("cv2", "opencv"),
        ("sklearn.svm", "scikit-learn"),
        ("PIL.Image", "pillow"),
        ("yaml", "pyyaml"),
        ("bs4", "beautifulsoup4"),
        ("dateutil.parser", "python-dateutil"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.protobuf.message", "protobuf"),
        ("ruamel.yaml", "ruamel.yaml"),
        ("Some_Module", "some-module"),
        ("distutils.core", "setuptools"),
    ],
)
def test_what_no_version_had_is_asked_for_by_the_name_that_it_has_for_conda(
    lab: ReportLab, module: str, package: str
) -> None:
    top = module.partition(".")[0]
    assert told(lab.store, module) == {"module": top, "package": package, "environment": "local/lab@1"}
    assert told(lab.store, module, None) == {"module": top, "package": package}


@pytest.mark.parametrize("module", ["google", "_private", "__main__", "größe", "asyncore", "frames.nothing", "extra_"])
def test_where_nothing_sensible_can_be_said_no_package_is_named(lab: ReportLab, module: str) -> None:
    found = lab.store.reports.supplier(module, "lab")
    assert (found.package, found.installed, found.standard_library) == (None, False, False)


def test_the_standard_library_is_nothing_to_add(lab: ReportLab) -> None:
    place = {"environment": "local/lab@1", "standard_library": True}
    assert told(lab.store, "json.decoder") == {"module": "json", "installed": True, **place}
    assert told(lab.store, "winreg") == {"module": "winreg", **place}
    assert told(lab.store, "winreg", None) == {"module": "winreg", "standard_library": True}


def test_without_files_on_disk_the_names_of_the_lock_tell(changed: EnvStore) -> None:
    changed.disk.collect()
    assert changed.versions.get("lab@1").prefix_state == "freed"
    found = changed.reports.supplier("frames", "lab@1")
    assert (found.package, found.installed) == ("frames", True)
    assert changed.reports.supplier("PIC", "lab").package == "pic"


@pytest.mark.parametrize(
    "module", ["", ".", "a..b", "a.", "1a", "a b", "a;b", "../etc", "a\n", "a\0", "%00", "a-b", "x" * 201, "<b>"]
)
def test_what_is_no_name_of_a_module_is_refused(lab: ReportLab, module: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        lab.store.reports.supplier(module, "lab")
    assert caught.value.code == "invalid_input"
    assert len(caught.value.message) < 250
    assert lab.store.reports.supplier("x" * 200, "lab").package == "x" * 200


def test_an_environment_that_is_not_there_is_told(lab: ReportLab) -> None:
    with pytest.raises(EnvironmentNotFoundError):
        lab.store.reports.supplier("frames", "nothing")


# ---------------------------------------------------------------- over HTTP


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return report_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def test_the_api_says_it(api: Api) -> None:
    await api.built("environments", body={"name": "lab", "specification": TEXT})
    assert await api.get("modules", "PIC", environment="lab") == {
        "module": "PIC",
        "package": "picture-tools",
        "source": "conda",
        "installed": True,
        "standard_library": False,
        "environment": "local/lab@1",
    }
    assert (await api.get("modules", "sklearn"))["package"] == "scikit-learn"
    for module in ("a b", "../../etc", "a/b", "x" * 201, "\x00"):
        refused = await api.ask("GET", "modules", module, environment="lab")
        assert (refused.status, refused.body["code"]) == (400, "invalid_input"), module
    missing = await api.ask("GET", "modules", "PIC", environment="none")
    assert (missing.status, missing.body["code"]) == (404, "environment_not_found")
