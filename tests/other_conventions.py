"""What other programs write into notebooks to say which packages they need."""

from __future__ import annotations

JUV = """\
# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "numpy>=1.26",
#     "pandas[excel]",
# ]
# ///
"""
PIXI = """\
# /// script
# requires-python = "3.12"
# dependencies = ["rich"]
#
# [tool.pixi.workspace]
# channels = ["conda-forge", "bioconda"]
#
# [tool.pixi.dependencies]
# numpy = ">=1.26,<2"
# samtools = "*"
# gdal = { version = "3.8.*", channel = "conda-forge" }
# zlib = "1.3"
#
# [tool.pixi.pypi-dependencies]
# httpx = { version = ">=0.27", extras = ["http2"] }
# ///
"""
UV_LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://wheels.example/simple" }

[[package]]
name = "pandas"
version = "2.2.3"
source = { registry = "https://wheels.example/simple" }
dependencies = [
    { name = "numpy" },
    { name = "tzdata" },
    { name = "colorama", marker = "sys_platform == 'win32'" },
]

[[package]]
name = "tzdata"
version = "2024.2"
source = { registry = "https://wheels.example/simple" }

[[package]]
name = "colorama"
version = "0.4.6"
source = { registry = "https://wheels.example/simple" }
"""
