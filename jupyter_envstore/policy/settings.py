"""What one store's configuration allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.lock.channels import ChannelSettings
from jupyter_envstore.lock.condarc import read_settings, usual_places
from jupyter_envstore.policy.trust import Trust, only_channels, trusted_channels
from jupyter_envstore.settings import StoreSettings


def channel_settings(settings: StoreSettings) -> ChannelSettings:
    """Return how this store reads the names of channels."""
    known = read_settings(usual_places()) if settings.read_condarc else ChannelSettings()
    mirrors = {**known.mirrors, **{url: tuple(places) for url, places in settings.channel_mirrors.items()}}
    return replace(known, alias=settings.channel_alias or known.alias, mirrors=mirrors)


@dataclass(frozen=True)
class Policy:
    """What may be used in a store.

    Attributes
    ----------
    settings
        How names of channels are read.
    usual
        Names of the channels of a specification that names none.
    allowed
        Names of the only channels that anything may come from; none: all that are configured or asked for.
    """

    settings: ChannelSettings = field(default_factory=ChannelSettings)
    usual: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()

    @classmethod
    def of(cls, store: StoreSettings) -> Policy:
        """Return the policy that a store's settings and conda's configuration make now."""
        return cls(channel_settings(store), tuple(store.default_channels), tuple(store.allowed_channels))

    def trust(self, names: Iterable[str] = ()) -> Trust:
        """Return what this store uses, and the channels of ``names``.

        Raises
        ------
        InvalidInputError
            One of ``names`` is no channel.
        """
        return trusted_channels(self.settings, [*self.usual, *self.allowed, *names])

    def approved(self) -> Trust | None:
        """Return the only channels that anything may come from, or None where no such list is kept.

        Raises
        ------
        InvalidInputError
            The list names something that is no channel. Nothing is built then: nobody can say what it was to allow.
        """
        if not self.allowed:
            return None
        try:
            return only_channels(self.settings, self.allowed)
        except InvalidInputError as error:
            raise InvalidInputError(f"EnvStore.allowed_channels cannot be used: {error.message}") from error

    def all_within(self, trust: Trust, name: str) -> bool:
        """Tell whether all that the name of a channel stands for is trusted.

        Raises
        ------
        InvalidInputError
            When it is no channel.
        """
        return all(trust.covers(url) for url in only_channels(replace(self.settings, mirrors={}), [name]).channels)
