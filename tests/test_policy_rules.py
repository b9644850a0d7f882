"""What the rules say about packages, by who brings them. The routes are in `test_policy_routes`."""

from __future__ import annotations

import dataclasses
import json

import pytest

from jupyter_envstore.errors import ChannelNotAllowedError, InvalidInputError, PolicyError
from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.policy import Admitted, Origin, Policy, evaluate
from jupyter_envstore.schemas import Package, PolicyFinding
from jupyter_envstore.specification import Specification

FORGE = "https://conda.anaconda.org/conda-forge"
STRANGE = "https://packages.example/lab"
WHEEL = "https://wheels.example/idna-3.10-py3-none-any.whl"
SHA = "a" * 64
POLICY = Policy(usual=("conda-forge",))


def conda(name: str = "xgboost", channel: str = FORGE, *, url: str | None = None) -> Package:
    return Package(
        name=name,
        version="1.0",
        build="0",
        platform="linux-64",
        subdir="linux-64",
        channel=channel,
        url=url or f"{channel}/linux-64/{name}-1.0-0.conda",
        sha256=SHA,
    )


def pip(url: str = WHEEL, *, sha256: str | None = SHA) -> Package:
    return Package(manager="pip", name="Idna", version="3.10", platform="linux-64", url=url, sha256=sha256)


def person(channels: str = "[conda-forge]", dependencies: str = "[xgboost]", **allowed: list[str]) -> Origin:
    text = f"channels: {channels}\ndependencies: {dependencies}\n"
    return Origin.person(Specification.parse(text), POLICY.usual, **allowed)


def found(origin: Origin, *packages: Package, policy: Policy = POLICY, offered: object = frozenset()) -> list[str]:
    """Return what the rules find, by their codes; one that is open has a question mark."""
    verdict = evaluate(origin, packages, policy, offered=offered)  # type: ignore[arg-type]
    return [f"{one.rule}{'?' if one.severity == 'open' else ''}" for one in verdict.findings]


STRANGER = Origin.stranger()


@pytest.mark.parametrize(
    ("origin", "package", "rules"),
    [
        # what a store uses anyway may come from anybody
        (person(), conda(), []),
        (STRANGER, conda(), []),
        (Origin.version(), conda(), []),
        # a channel that nobody chose
        (STRANGER, conda(channel=STRANGE), ["chosen_channels"]),
        (Origin.stranger(allowed=[f"{STRANGE}/"]), conda(channel=STRANGE), []),
        (person(f"['{STRANGE}']"), conda(channel=STRANGE), []),
        (person(dependencies=f"['{STRANGE}::xgboost']"), conda(channel=STRANGE), []),
        (Origin.version(), conda(channel=STRANGE), []),
        # an address outside the channel that the package is said to come from
        (STRANGER, conda(url=f"{STRANGE}/linux-64/xgboost-1.0-0.conda"), ["chosen_channels"]),
        (person(), conda(url=f"{STRANGE}/linux-64/xgboost-1.0-0.conda"), ["chosen_channels"]),
        (person(), conda(url=f"{FORGE}/linux-64/../../lab/linux-64/xgboost-1.0-0.conda"), ["chosen_channels"]),
        (person(), conda(url=f"{FORGE}/linux-64/%2e%2e/xgboost-1.0-0.conda"), ["chosen_channels"]),
        (person(), conda(url=f"{FORGE}-evil/linux-64/xgboost-1.0-0.conda"), ["chosen_channels"]),
        (STRANGER, conda(url="https://packages.example/xgboost.exe"), ["chosen_channels"]),
        # folders of this machine
        (STRANGER, conda(channel="file:///srv/lab"), ["foreign_folders"]),
        (Origin.stranger(allowed=["file:///srv/lab"]), conda(channel="file:///srv/lab"), []),
        (person("['file:///srv/lab']"), conda(channel="file:///srv/lab"), []),
        (STRANGER, pip("file:///srv/idna-3.10-py3-none-any.whl"), ["foreign_folders"]),
        (STRANGER, pip("./idna-3.10-py3-none-any.whl"), ["foreign_folders"]),
        (STRANGER, pip("C:\\idna-3.10-py3-none-any.whl"), ["foreign_folders"]),
        (STRANGER, pip("git+file:///srv/idna@1234567"), ["foreign_folders", "wheels_only"]),
        (Origin.stranger(allowed=["file:///srv"]), pip("file:///srv/../etc/idna.whl"), ["foreign_folders"]),
        (person(wheels=["file:///srv/idna-3.10-py3-none-any.whl"]), pip("file:///srv/idna-3.10-py3-none-any.whl"), []),
        (person(wheels=["file:///srv/other.whl"]), pip("file:///srv/idna-3.10-py3-none-any.whl"), ["foreign_folders"]),
        # credentials
        (person(), conda(url=FORGE.replace("//", "//me:hunter2@") + "/linux-64/a-1.0-0.conda"), ["credentials"]),
        (person(), conda(url=f"{FORGE}/linux-64/xgboost-1.0-0.conda?token=hunter2"), ["credentials"]),
        (Origin.version(), conda(channel="https://lab.example/t/hunter2/x"), ["credentials"]),
        (Origin.version(), pip(WHEEL.replace("//", "//hunter2@")), ["credentials"]),
        (Origin.version(), pip(f"{WHEEL}?access_token=hunter2"), ["credentials"]),
        (Origin.version(), pip("git+https://hunter2@code.example/idna@1234567"), ["credentials"]),
        (Origin.version(), pip("git+ssh://git@code.example/idna@1234567"), []),
        (Origin.version(), pip(f"{WHEEL}#sha256={SHA}"), []),
        # pip's files
        (person(), pip(), []),
        (Origin.version(), pip(), []),
        (STRANGER, pip(), ["package_index"]),
        (STRANGER, pip(sha256=None), ["package_index"]),
        (Origin.stranger(allowed=["wheels.example"]), pip(), []),
        (Origin.stranger(allowed=["https://wheels.example/"]), pip(), []),
        (Origin.stranger(allowed=["https://wheels.example/other"]), pip(), ["package_index"]),
        (Origin.stranger(allowed=["wheels.example.evil"]), pip(), ["package_index"]),
        (Origin.stranger(allowed=["example"]), pip(), ["package_index"]),
        # source
        (person(), pip("https://wheels.example/idna-3.10.tar.gz"), ["wheels_only"]),
        (person(), pip("git+https://code.example/idna@1234567"), ["wheels_only"]),
        (person(sources=["idna"]), pip("git+https://code.example/idna@1234567"), []),
        (person(sources=["other"]), pip("git+https://code.example/idna@1234567"), ["wheels_only"]),
        (STRANGER, pip("git+https://code.example/idna@1234567"), ["package_index", "wheels_only"]),
        (
            Origin.stranger(allowed=["https://code.example/idna"], sources=["IDNA"]),
            pip("git+https://code.example/idna@1234567"),
            [],
        ),
    ],
)  # fmt: skip
def test_what_is_found_depends_on_who_brings_it(origin: Origin, package: Package, rules: list[str]) -> None:
    assert found(origin, package) == rules


def test_a_file_that_the_index_offers_is_known_by_its_digest() -> None:
    assert found(STRANGER, pip(), offered={("idna", "3.10", SHA)}) == []
    assert found(STRANGER, pip(), offered={("idna", "3.10", "b" * 64)}) == ["package_index"]
    assert found(STRANGER, pip(), offered={("idna", "3.9", SHA)}) == ["package_index"]


def test_what_nobody_has_asked_the_index_yet_may_be_queued_and_not_built() -> None:
    verdict = evaluate(STRANGER, [pip()], POLICY)
    assert [one.severity for one in verdict.findings] == ["open"]
    verdict.require()
    with pytest.raises(PolicyError, match="is looked up before anything is built"):
        verdict.admit()


# ---------------------------------------------------------------- a list of the only channels

ONLY_FORGE = Policy(usual=("bioconda",), allowed=("conda-forge",))


@pytest.mark.parametrize("origin", [person("['https://packages.example/lab']"), STRANGER, Origin.version()])
def test_what_is_not_approved_comes_from_nobody(origin: Origin) -> None:
    findings = evaluate(origin, [conda(), conda("other", STRANGE)], ONLY_FORGE).findings
    messages = {one.message for one in findings if one.rule == "approved_channels"}
    assert f"other is not allowed here: policy “approved channels”. It comes from {STRANGE}." in messages
    assert found(Origin.stranger(allowed=[STRANGE]), conda(channel=STRANGE), policy=ONLY_FORGE) == ["approved_channels"]


def test_a_specification_is_judged_by_its_channels_before_it_is_solved() -> None:
    assert found(person("[conda-forge]"), policy=ONLY_FORGE) == []
    text = "dependencies: [xgboost]\n"
    usual = Origin.person(Specification.parse(text), ONLY_FORGE.usual)
    (finding,) = evaluate(usual, [], ONLY_FORGE).findings
    assert finding.message == "The channel bioconda is not allowed here: policy “approved channels”."
    assert finding.advice == "Allowed are conda-forge."
    assert found(person("[conda-forge, nodefaults]", "['bioconda::xgboost']"), policy=ONLY_FORGE) == [
        "approved_channels"
    ]
    assert found(person("[defaults]"), policy=ONLY_FORGE) == ["approved_channels"]


def test_approved_channels_are_read_as_conda_is_configured() -> None:
    mirror = "https://mirror.example/forge"
    settings = ChannelSettings(
        alias="https://conda.example", custom_multichannels={"ours": ("lab", FORGE)}, mirrors={FORGE: (mirror,)}
    )
    policy = Policy(settings, ("ours",), ("ours",))
    for channel in (FORGE, mirror, "https://conda.example/lab"):
        assert found(STRANGER, conda(channel=channel), policy=policy) == [], channel
    # Below an alias of one's own everything is trusted, and yet no more than the list is approved.
    assert found(STRANGER, conda(channel="https://conda.example/other"), policy=policy) == ["approved_channels"]
    assert found(person("[other]"), policy=policy) == ["approved_channels"]
    assert found(person("[ours]"), policy=policy) == []


def test_a_list_that_cannot_be_read_lets_nothing_through() -> None:
    with pytest.raises(InvalidInputError, match=r"EnvStore.allowed_channels cannot be used: .*a b"):
        evaluate(Origin.version(), [conda()], Policy(allowed=("a b",)))


# ---------------------------------------------------------------- verdicts


def test_a_refusal_says_all_and_never_a_secret() -> None:
    packages = [
        conda("first", STRANGE),
        pip("file:///srv/idna-3.10-py3-none-any.whl"),
        conda("second", url=f"{STRANGE.replace('//', '//me:hunter2@')}/linux-64/second-1.0-0.conda"),
        conda("third", url="https://packages.example/third.conda?token=hunter2"),
    ]
    verdict = evaluate(STRANGER, packages, POLICY, offered=())
    with pytest.raises(PolicyError) as caught:
        verdict.require()
    error = caught.value
    assert "hunter2" not in json.dumps(error.to_dict())
    findings = [PolicyFinding.model_validate(one) for one in error.details["findings"]]
    assert [(one.rule, one.packages) for one in findings] == [
        ("credentials", ["second", "third"]),
        ("chosen_channels", ["first", "second", "third"]),
        ("foreign_folders", ["Idna"]),
    ]
    assert [remark.severity for remark in verdict.remarks] == ["error"] * 3
    with pytest.raises(ChannelNotAllowedError):
        evaluate(STRANGER, packages[:1], POLICY).admit()


def test_a_finding_names_some_and_counts_all() -> None:
    verdict = evaluate(STRANGER, [conda(f"p{number}", STRANGE) for number in range(1000)], POLICY)
    (finding,) = verdict.findings
    assert (len(finding.packages), finding.package_count) == (50, 1000)
    assert [(one.url, one.packages) for one in finding.channels] == [(STRANGE, 1000)]


def test_only_the_gate_admits() -> None:
    admitted = evaluate(person(), [conda()], POLICY).admit()
    assert admitted.packages == (conda(),)
    with pytest.raises(TypeError, match=r"admitted by jupyter_envstore\.policy\.evaluate"):
        Admitted((conda(channel=STRANGE),), object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(admitted, packages=(conda(channel=STRANGE),))  # type: ignore[call-arg]
