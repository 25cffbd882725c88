"""Sign-ups as they are sent and answered. Only staff are answered who somebody is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.booking.bookings.schemas import ContactAnswer
from services.booking.gatherings.rules import GatheringState
from services.booking.gatherings.schemas import StopAnswer
from services.booking.offers.models import Offer
from services.booking.schemas import ContactDetails
from services.booking.signups.models import Signup
from services.booking.signups.rules import SignupState
from shared.events.bookings import Channel
from shared.events.kinds import Form
from shared.events.signups import SignupEnd
from shared.inputs import Words
from shared.validation import Answer, Body


class NewSignup(Body):
    contact: ContactDetails | None = None
    meets: Words = Field(default_factory=list, description="The keys of the criteria that are met.")
    waiting_list: Annotated[bool, Field(description="Whether to wait when there is no seat.")] = True
    organisation_id: UUID | None = None
    channel: Channel | None = None
    invited: Annotated[
        bool, Field(description="Staff only: the mails say what, when and where, although it may be internal.")
    ] = False


class GatheringShown(Answer):
    id: UUID
    state: GatheringState
    title: str
    locality: str | None
    place: str | None
    stops: list[StopAnswer]
    form: Form
    starts_at: datetime
    ends_at: datetime
    evaluation_url: str | None


class OtherGathering(Answer):
    """What else there is for who got no seat."""

    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    locality: str | None


class SignupAnswer(Answer):
    id: UUID
    version: int
    gathering_id: UUID
    state: SignupState
    meets: list[str]
    channel: Channel
    invited: bool
    organisation_id: UUID | None
    offer_until: datetime | None


class SignupMade(SignupAnswer):
    manage_token: str
    position: int | None
    alternatives: list[OtherGathering]


class SignupShown(SignupAnswer):
    """One sign-up, for its own holder or for staff; `contact` and `attended` are null to whoever is not staff."""

    gathering: GatheringShown
    position: int | None
    ended_by: SignupEnd | None
    contact: ContactAnswer | None
    attended: bool | None


class SignupListed(SignupAnswer):
    """One line of the list, for staff."""

    ended_by: SignupEnd | None
    contact: ContactAnswer | None
    attended: bool | None


class KeptSeats(Answer):
    key: str
    text: str
    free: int


class SeatsAnswer(Answer):
    """`free` are those that anybody can have; null where there is no limit."""

    capacity: int | None
    free: int | None
    kept: list[KeptSeats]
    waiting: int


def answer_of(signup: Signup, offer: Offer | None = None) -> SignupAnswer:
    return SignupAnswer.model_validate({**signup.model_dump(), "offer_until": offer and offer.answer_by})
