"""Why a platform is not covered, and the error that follows when it had to be. Worker side: loads the solver."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_envstore.errors import EnvStoreError, UnsolvableError
from jupyter_envstore.lock.concurrency import together
from jupyter_envstore.lock.explaining import explain
from jupyter_envstore.lock.missing import Elsewhere, missing_packages
from jupyter_envstore.lock.pip.conflicts import explained_failure
from jupyter_envstore.lock.platform_solving import PlatformAnswer
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError, not_found
from jupyter_envstore.schemas import Explanation, MissingPackage, Relaxation


async def explain_unsolved(
    answers: Mapping[str, PlatformAnswer], seconds: float, covered: Elsewhere | None = None
) -> dict[str, Explanation]:
    """Explain the answers without packages, all at the same time and within the same time limit; by platform.

    Parameters
    ----------
    covered
        Platforms that were not asked about, because they have a solution.

    Raises
    ------
    ChannelUnavailableError
    """
    unsolved = {platform: answer for platform, answer in answers.items() if answer.packages is None}
    elsewhere = dict(covered or {})
    elsewhere |= {
        platform: {entry.text for entry in answer.entries}
        for platform, answer in answers.items()
        if answer.packages is not None
    }
    return await together(
        {platform: explain_answer(answer, seconds, elsewhere) for platform, answer in unsolved.items()}
    )


async def explain_answer(answer: PlatformAnswer, seconds: float, elsewhere: Elsewhere | None = None) -> Explanation:
    """Explain one answer without packages; ``elsewhere`` tells where what is missing is to be had.

    Raises
    ------
    ChannelUnavailableError
    """
    if answer.pip_failure is not None:
        return explained_failure(answer.pip_failure, answer.platform)
    missing = await missing_packages(answer, elsewhere or {})
    if answer.missing:
        return await _explain_missing(answer, missing, seconds)
    explanation = await explain(answer.solver, answer.entries, answer.conflict, seconds)
    return explanation.model_copy(update={"missing": missing})


async def failure_of(answer: PlatformAnswer, seconds: float) -> EnvStoreError:
    """Return the error for a platform without which there is no lock; its conflict is explained within ``seconds``.

    Raises
    ------
    ChannelUnavailableError
    """
    if answer.pip_failure is not None:
        return answer.pip_failure
    if answer.missing:
        return not_found(answer.missing, answer.solver.groups_for(answer.entries), answer.platform)
    explanation = await explain_answer(answer, seconds)
    hint = f" {explanation.relaxations[0].title} would help." if explanation.relaxations else ""
    return UnsolvableError(f"{explanation.summary}{hint}", explanation=explanation.model_dump(mode="json"))


async def _explain_missing(answer: PlatformAnswer, missing: list[MissingPackage], seconds: float) -> Explanation:
    """Explain a platform for which a channel does not have a package at all; no solver is needed to see why."""
    lost = [entry for entry in answer.entries if entry.name in answer.missing]
    others = [entry for entry in answer.entries if entry.name not in answer.missing]
    leave_out = Relaxation(
        title=f"Leave out {' and '.join(entry.name for entry in lost)}", remove=[entry.text for entry in lost], add=[]
    )
    relaxations = [leave_out]
    try:
        await answer.solver.solve(others, seconds=10.0)
    except NoSolutionError as error:
        # What is there does not fit together either: both have to change.
        further = await explain(answer.solver, others, str(error), seconds)
        relaxations = [_joined(leave_out, relaxation) for relaxation in further.relaxations]
    except OutOfTimeError:
        relaxations = []
    return Explanation(
        platform=answer.platform,
        summary=_summary(answer, missing),
        conflict=[lost[0].text],
        missing=missing,
        relaxations=relaxations,
    )


def _joined(one: Relaxation, other: Relaxation) -> Relaxation:
    return Relaxation(
        title=f"{one.title} and {other.title[:1].lower()}{other.title[1:]}",
        remove=[*one.remove, *other.remove],
        add=other.add,
    )


def _summary(answer: PlatformAnswer, missing: list[MissingPackage]) -> str:
    groups = answer.solver.groups_for(answer.entries)
    lost = [package for package in missing if package.name in answer.missing]
    if not all(package.elsewhere for package in lost):
        return not_found(answer.missing, groups, answer.platform).message
    # The name is right: it is only not there.
    channels = ", ".join(group.name for group in groups)
    sentences = [
        f"There is no package “{package.name}” for {answer.platform} in {channels}, but for "
        f"{', '.join(package.elsewhere)}."
        for package in lost
    ]
    return " ".join(sentences)
