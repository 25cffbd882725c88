"""A centre's channels as they are chosen and answered."""

from typing import Annotated

from pydantic import Field

from shared.validation import Answer, Body


class TextMessagesChosen(Body):
    """Each text message costs money, so a centre switches them on itself. `sender` is what a telephone shows."""

    enabled: bool
    sender: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 .-]{1,10}$", examples=["FC Odense"])]


class TextMessagesAnswer(Answer):
    enabled: bool
    sender: str | None
