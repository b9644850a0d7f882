"""What kind of machine this is, and where that matters for packages that were locked on another.

Plain Python that reads a few small files: any process may ask, and nothing here ever fails.
"""

from jupyter_envstore.machine.comparing import differences
from jupyter_envstore.machine.facts import this_machine

__all__ = ["differences", "this_machine"]
