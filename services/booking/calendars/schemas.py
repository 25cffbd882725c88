"""What is asked of the calendar and answered about its addresses."""

from shared.validation import Answer


class CalendarLinkAnswer(Answer):
    """Told once. Whoever has the address can see when the resource is taken; a new one ends the old one."""

    url: str
