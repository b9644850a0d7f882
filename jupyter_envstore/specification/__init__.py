"""What a person asks for (an environment.yml) as a value that can be read, checked and edited.

decoding (bytes → text) → document (YAML, bounded) → content (what it says) → `Specification`; editing and writing
make new texts. Nothing here knows a solver, a channel's content or the store.
"""

from jupyter_envstore.specification.match_specs import MatchSpec, parse_match_spec
from jupyter_envstore.specification.remarks import SpecificationWarning
from jupyter_envstore.specification.specification import Specification

__all__ = ["MatchSpec", "Specification", "SpecificationWarning", "parse_match_spec"]
