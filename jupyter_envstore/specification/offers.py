"""What machines offer besides packages, in the form of conda-lock's ``virtual-packages.yml``.

    subdirs:
      linux-64:
        packages:
          __glibc: "2.17"

What is listed for a platform is all that there is on it, as conda-lock has it; platforms that are not listed keep what
is usual there.
"""

from __future__ import annotations

from jupyter_envstore.errors import InvalidInputError, SpecificationError
from jupyter_envstore.specification.decoding import decode
from jupyter_envstore.specification.document import Node, compose

_FORM = "Write it as conda-lock does: subdirs: {linux-64: {packages: {__glibc: '2.17'}}}."


def read_offers(data: bytes) -> dict[str, dict[str, str]]:
    """Return by platform what a file says; each version as it is written.

    Raises
    ------
    InvalidInputError
        When it is written in another form.
    """
    try:
        root = compose(decode(data))
    except SpecificationError as error:
        raise InvalidInputError(f"The file of virtual packages cannot be read: {error.message}") from None
    offers: dict[str, dict[str, str]] = {}
    for platform, part in _mapping(_value(root, "subdirs")):
        packages: dict[str, str] = {}
        for name, version in _mapping(_value(part, "packages")):
            if not name.startswith("__") or version.kind != "scalar":
                raise InvalidInputError(f"{name[:60]!a} is no virtual package with a version. {_FORM}")
            packages[name] = version.text
        offers[platform] = packages
    return offers


def _value(node: Node | None, key: str) -> Node | None:
    return next((value for name, value in node.pairs if name.text == key), None) if node is not None else None


def _mapping(node: Node | None) -> list[tuple[str, Node]]:
    if node is None or node.kind != "mapping":
        raise InvalidInputError(f"The file of virtual packages is written in another form. {_FORM}")
    return [(key.text, value) for key, value in node.pairs]
