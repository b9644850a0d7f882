"""How Sphinx makes the user's guide."""

from __future__ import annotations

import json
from pathlib import Path

project = "jupyter-envstore"
author = "jupyter-envstore contributors"
copyright = "2026, jupyter-envstore contributors"
release = json.loads((Path(__file__).parent.parent / "package.json").read_text(encoding="utf-8"))["version"]

extensions = ["myst_parser"]
exclude_patterns = ["_build", "requirements.txt"]
html_theme = "alabaster"
html_theme_options = {"description": "Environments for JupyterLab that you can go back to", "fixed_sidebar": True}
