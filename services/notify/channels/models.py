"""By which ways a centre tells people something: mail always, text messages if it has switched them on."""

from sqlmodel import Field

from services.notify.models import Table


class TextMessages(Table, table=True):
    __tablename__ = "text_messages"

    tenant: str = Field(primary_key=True)
    enabled: bool
    # What a telephone shows as the sender.
    sender: str
