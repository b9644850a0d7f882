"""On which platforms a specification can be had, and what helps where it cannot. Worker side: loads the solver."""

from __future__ import annotations

import time
from typing import Any

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.channels import resolve_channels
from jupyter_envstore.lock.concurrency import together
from jupyter_envstore.lock.platform_solving import solve_platforms
from jupyter_envstore.lock.repodata import Repodata
from jupyter_envstore.lock.request import LockRequest
from jupyter_envstore.lock.unsolved import explain_unsolved
from jupyter_envstore.lock.workarounds import Workarounds
from jupyter_envstore.schemas import Explanation
from jupyter_envstore.specification import Specification


async def report_platforms(repodata: Repodata, request: LockRequest) -> dict[str, Any]:
    """Solve for platforms, each for itself, this machine's like any other.

    Parameters
    ----------
    repodata
        Metadata of channels, warm or not.
    request
        What to solve; its ``explain_seconds`` limit the search for workarounds too.

    Returns
    -------
    dict
        ``platforms``: by platform ``packages`` (JSON) or, where there is no solution, ``explanation`` and
        ``workarounds`` (JSON). ``warnings``: words. ``seconds``: by step.

    Raises
    ------
    SpecificationError, InvalidInputError, ChannelUnavailableError
    """
    began = time.perf_counter()
    groups = resolve_channels(request.specification.channels or request.channels, request.settings)
    reasons = {platform: _nothing_to_solve(request.specification, platform) for platform in request.platforms}
    sound = [platform for platform, reason in reasons.items() if reason is None]
    answers = await solve_platforms(repodata, request, groups, sound, to_the_end=True)
    solved = time.perf_counter()
    explanations = await explain_unsolved(answers, request.explain_seconds, request.carried_entries)
    explained = time.perf_counter()
    workarounds = await together(
        {
            platform: Workarounds(
                repodata, request, answers[platform], explanation, answers, request.explain_seconds
            ).find()
            for platform, explanation in explanations.items()
        }
    )
    platforms: dict[str, Any] = {}
    for platform, reason in reasons.items():
        answer = answers.get(platform)
        if answer is None:
            explanation = Explanation(platform=platform, summary=reason or "", conflict=[])
            platforms[platform] = {"explanation": explanation.model_dump(mode="json"), "workarounds": []}
        elif answer.packages is not None:
            platforms[platform] = {"packages": [package.model_dump(mode="json") for package in answer.packages]}
        else:
            platforms[platform] = {
                "explanation": explanations[platform].model_dump(mode="json"),
                "workarounds": [one.model_dump(mode="json") for one in workarounds[platform]],
            }
    return {
        "platforms": platforms,
        "warnings": [warning for answer in answers.values() for warning in answer.warnings],
        "seconds": {
            "solve": round(solved - began, 4),
            "explain": round(explained - solved, 4),
            "workarounds": round(time.perf_counter() - explained, 4),
        },
    }


def _nothing_to_solve(specification: Specification, platform: str) -> str | None:
    """Return why there is nothing to solve for a platform, or None when there is."""
    try:
        asked = [*specification.dependencies_for(platform), *specification.pip_for(platform)]
    except SpecificationError as error:
        return error.message
    return None if asked else f"The specification asks for no package on {platform}."
