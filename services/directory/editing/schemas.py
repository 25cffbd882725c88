"""What an editor is told first."""

from services.directory.organisations.schemas import OrganisationAnswer
from shared.validation import Answer


class Opened(Answer):
    organisation: OrganisationAnswer
    review: bool
