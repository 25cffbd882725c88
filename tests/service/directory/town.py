"""A small town's directory: an entry of every sort that other machines must understand, and some they must not see."""

from datetime import date
from typing import Any

from services.directory.activities.models import Activity
from services.directory.localities.models import Locality, LocalityKind
from services.directory.models import AssuredBy
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from services.directory.rules import State
from shared.events.kinds import Form, OrganisationKind, Sector
from tests.service.directory.centre import Centre

WEEKLY = {"weekday": 1, "from": "17:00", "to": "19:30", "every": "week", "valid_from": "2026-06-02", "valid_to": None}
FORTNIGHTLY = {"weekday": 6, "from": "10:00", "to": "12:00", "every": "two_weeks", "valid_from": "2026-01-04"}
MONTHLY = {"weekday": 3, "from": "19:00", "to": "21:00", "every": "month_last", "valid_to": "2027-06-30"}
FIRST = {"weekday": 0, "from": "09:00", "to": "10:00", "every": "month_first", "valid_from": None, "valid_to": None}
ONCE = {"date": "2026-07-14", "from": "12:00", "to": "13:00"}


class Town:
    """The entries, by what they are for."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        tenant = centre.tenant
        self.cafe = Organisation(
            tenant=tenant, name="Café Klare 🌻", kind=OrganisationKind.ASSOCIATION, sector=Sector.VOLUNTARY,
            locality="Vollsmose", cvr="13585628", description="Mad og fællesskab.",
            website="https://klaré.dk/spis sammen", public_email="hej@klare.dk", public_phone="+4520123456", size=40,
            address="Bøgetorvet 3", postcode="5240",
            latitude=55.41, longitude=10.43,
        )  # fmt: skip
        self.unit = Organisation(
            tenant=tenant, name="Sundhedsforvaltningen", kind=OrganisationKind.MUNICIPAL_UNIT, sector=Sector.PUBLIC,
            website="ikke en adresse",
        )  # fmt: skip
        self.closed = Organisation(
            tenant=tenant, name="Lukket", kind=OrganisationKind.NETWORK, sector=Sector.VOLUNTARY,
            closed_on=date(2026, 1, 1),
        )  # fmt: skip
        self.hall = Premises(
            tenant=tenant, organisation_id=self.unit.id, name="Medborgerhuset", address="Rådhuspladsen 1",
            postcode="5000", locality="Odense C", latitude=55.396, longitude=10.389, capacity=80,
            accessibility=["step_free", "hearing_loop"], registered_on=date(2026, 1, 1),
        )  # fmt: skip
        self.shed = Premises(tenant=tenant, name="Skuret", registered_on=date(2026, 1, 1), closed_on=date(2026, 2, 1))
        self.meal = self.activity(
            "Spis sammen", premises_id=self.hall.id, price=25, schedules=[WEEKLY, FORTNIGHTLY, MONTHLY, FIRST, ONCE],
            languages=["da", "ar"], target_groups=["voksne", "familier"], accessibility=["guide_dog"],
            companion_welcome=True, volunteers_wanted=True, assured_on=date(2026, 10, 1), assured_by=AssuredBy.OWNER,
            how_to_join="Bare kom.", website="https://klare.dk/æøå?q=1", translations={"en": {"title": "Eat together"}},
        )  # fmt: skip
        self.walk = self.activity("Gåtur", themes=["bevægelse", "natur"], address="Stien 1", postcode="5240", price=0)
        self.online = self.activity("Skrivecafé", form=Form.DIGITAL, website="https://meet.example/rum", locality=None)
        self.anywhere = self.activity("Telefonven", form=Form.BOTH, target_groups=[], languages=[])
        self.in_shed = self.activity("I skuret", premises_id=self.shed.id)
        self.draft = self.activity("Kladde", state=State.DRAFT, published_on=None)
        self.withdrawn = self.activity("Trukket tilbage", state=State.WITHDRAWN)
        self.merged = self.activity("Dublet", replaced_by=self.meal.id)
        self.of_closed = self.activity("Hos en lukket", organisation_id=self.closed.id)
        self.middle = Locality(
            tenant=tenant,
            name="Odense C",
            kind=LocalityKind.DISTRICT,
            postcodes=["5000"],
            latitude=55.4,
            longitude=10.39,
        )
        self.shown = [self.meal, self.walk, self.online, self.anywhere, self.in_shed]

    def activity(self, title: str, **fields: Any) -> Activity:
        said: dict[str, Any] = {
            "organisation_id": self.cafe.id, "description": f"{title} i Vollsmose.", "themes": ["fællesspisning"],
            "target_groups": ["voksne"], "languages": ["da"], "locality": "Vollsmose", "state": State.PUBLISHED,
            "published_on": date(2026, 1, 1),
        }  # fmt: skip
        return Activity(tenant=self.centre.tenant, title=title, **(said | fields))

    async def stand(self) -> "Town":
        things = [each for each in vars(self).values() if isinstance(each, Organisation | Premises | Locality)]
        async with self.centre.database.transaction(self.centre.tenant) as session:
            session.add_all(things)
            await session.flush()
            session.add_all(each for each in vars(self).values() if isinstance(each, Activity))
        return self
