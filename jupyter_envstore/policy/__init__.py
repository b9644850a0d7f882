"""The one gate: what may be kept and built here, whoever brings it and whichever way.

`evaluate` holds packages against the rules; the catalog keeps and a builder gets only what it admitted.
"""

from jupyter_envstore.policy.evaluation import Admitted, Verdict, evaluate
from jupyter_envstore.policy.origin import Origin
from jupyter_envstore.policy.settings import Policy, channel_settings

__all__ = ["Admitted", "Origin", "Policy", "Verdict", "channel_settings", "evaluate"]
