"""A message and its trace, as they are answered to its adviser."""

from datetime import datetime
from uuid import UUID

from shared.validation import Answer


class MessageAnswer(Answer):
    booking_id: UUID
    message: str


class ReadingAnswer(Answer):
    reader: str
    read_at: datetime


class ReadingsAnswer(Answer):
    items: list[ReadingAnswer]
