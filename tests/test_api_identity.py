"""Who is said to have done something: the person that the server knows, and nobody that it made up."""

from __future__ import annotations

import pytest
from jupyter_server.auth.identity import User

from jupyter_envstore.handlers.identity import author_of

INVENTED = "e4a9f046b89f4182ab21847901f7c521"


@pytest.mark.parametrize(
    ("user", "author"),
    [
        (User("mira"), "mira"),
        (User("mira", "Mira Lind", "Mira L."), "mira"),
        (User(INVENTED, "Anonymous Callisto", "Anonymous Callisto"), None),
        (User(INVENTED, "Mira", "Mira"), "Mira"),
        (User(INVENTED), None),
        (None, None),
    ],
)
def test_the_author_is_a_name_that_somebody_gave(user: User | None, author: str | None) -> None:
    assert author_of(user) == author
