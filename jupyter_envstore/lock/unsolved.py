"""Why a platform is not covered, and the error that follows when it had to be. Worker side: loads the solver."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_envstore.errors import EnvStoreError, UnsolvableError
from jupyter_envstore.lock.concurrency import together
from jupyter_envstore.lock.explaining import explain
from jupyter_envstore.lock.platform_solving import PlatformAnswer
from jupyter_envstore.lock.solving import NoSolutionError, OutOfTimeError, not_found
from jupyter_envstore.schemas import Explanation, Relaxation


async def explain_all(answers: Sequence[PlatformAnswer], seconds: float) -> dict[str, Explanation]:
    """Explain answers without packages, all at the same time and within the same time limit; by platform.

    Raises
    ------
    ChannelUnavailableError
    """
    return await together({answer.platform: explain_answer(answer, seconds) for answer in answers})


async def explain_answer(answer: PlatformAnswer, seconds: float) -> Explanation:
    """Explain one answer without packages.

    Raises
    ------
    ChannelUnavailableError
    """
    if answer.missing:
        return await _explain_missing(answer)
    return await explain(answer.solver, answer.entries, answer.conflict, seconds)


async def failure_of(answer: PlatformAnswer, seconds: float) -> EnvStoreError:
    """Return the error for a platform without which there is no lock; its conflict is explained within ``seconds``.

    Raises
    ------
    ChannelUnavailableError
    """
    if answer.missing:
        return not_found(answer.missing, answer.solver.groups_for(answer.entries), answer.platform)
    explanation = await explain_answer(answer, seconds)
    hint = f" {explanation.relaxations[0].title} would help." if explanation.relaxations else ""
    return UnsolvableError(f"{explanation.summary}{hint}", explanation=explanation.model_dump(mode="json"))


async def _explain_missing(answer: PlatformAnswer) -> Explanation:
    """Explain a platform for which a channel does not have a package at all; no solver is needed to see why."""
    lost = [entry for entry in answer.entries if entry.name in answer.missing]
    others = [entry for entry in answer.entries if entry.name not in answer.missing]
    relaxations = []
    try:
        await answer.solver.solve(others, seconds=10.0)
        listed = " and ".join(entry.name for entry in lost)
        relaxations = [Relaxation(title=f"Leave out {listed}", remove=[entry.text for entry in lost], add=[])]
    except (NoSolutionError, OutOfTimeError):
        pass
    return Explanation(
        platform=answer.platform,
        summary=not_found(answer.missing, answer.solver.groups_for(answer.entries), answer.platform).message,
        conflict=[lost[0].text],
        relaxations=relaxations,
    )
