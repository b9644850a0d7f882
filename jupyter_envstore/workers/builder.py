"""The program that makes one prefix: started by its path, one process a build, ended with it.

What it does is in `building`. It may be killed at any moment; `jupyter_envstore.prefixes.publishing` says what then is.
"""

import os
import sys

if __name__ == "__main__":
    # Python puts the script's folder first: modules there would be taken for libraries of the same name.
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") not in (here, os.getcwd())]  # noqa: PTH100, PTH109
    root = os.path.dirname(os.path.dirname(here))  # noqa: PTH120
    if root not in sys.path:
        sys.path.append(root)
    from jupyter_envstore.workers import building
    from jupyter_envstore.workers.protocol import serve

    serve({"build": building.build, "activate": building.activate, "verify": building.check}, calls=1)
