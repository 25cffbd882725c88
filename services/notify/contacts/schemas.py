"""How a person prefers to be told, as staff note it."""

from typing import Literal

from pydantic import model_validator

from shared.errors import Wrong
from shared.events.notify import MessageChannel
from shared.inputs import Phone
from shared.validation import Answer, Body


class Preferences(Body):
    """`phone` goes with `sms`; whoever prefers mail has none here."""

    channel: Literal[MessageChannel.EMAIL, MessageChannel.SMS]
    phone: Phone | None = None

    @model_validator(mode="after")
    def _a_number(self) -> "Preferences":
        if (self.channel is MessageChannel.SMS) != (self.phone is not None):
            raise Wrong("skal have 'phone' til sms, og kun da", "must have 'phone' for sms, and only then")
        return self


class PreferencesAnswer(Answer):
    channel: MessageChannel
