"""Ask the resolver, and when a channel does not answer, ask again for what is known from before.

A person on a train can then still build from what is in the cache, and is told that it is what was known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_envstore.builds.resolver import Listening, Resolver
from jupyter_envstore.errors import ChannelUnavailableError, EnvStoreError

if TYPE_CHECKING:
    from typing_extensions import Unpack


def ask(resolver: Resolver, call: str, arguments: dict[str, Any], **listening: Unpack[Listening]) -> dict[str, Any]:
    """Return the answer of a call; its ``warnings`` say so when it rests on metadata from before.

    Raises
    ------
    ChannelUnavailableError
        When a channel does not answer and not enough is known of it: the error of the first attempt.
    EnvStoreError
        What the resolver answered.
    """
    try:
        return resolver.call(call, arguments, **listening)
    except ChannelUnavailableError as error:
        on_log = listening.get("on_log")
        if on_log is not None:
            on_log(f"{error.message} Trying what is known from before.")
        try:
            answer = resolver.call(call, {**arguments, "offline": True}, **listening)
        except EnvStoreError as second:
            if second.code == "cancelled":
                raise
            # What it lacks is not the person's fault but the channel's.
            raise error from second
        channel = error.details.get("channel", "A channel")
        answer["warnings"] = [f"{channel} does not answer.", *(answer.get("warnings") or [])]
        return answer
