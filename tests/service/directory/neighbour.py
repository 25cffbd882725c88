"""A partner municipality: what it says, as its records would come from Kafka."""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiokafka import ConsumerRecord

from services.directory.partners.consumers import CONSUMER, HANDLERS
from shared.clock import now
from shared.events.envelope import Event, wrap
from shared.events.partner import (
    TOPIC,
    PartnerActivityPublished,
    PartnerActivityWithdrawn,
    PartnerOrganisationClosed,
    PartnerOrganisationPublished,
)
from shared.messaging.consume import Inlet
from shared.messaging.dead_letters import find
from shared.metrics import Metrics
from tests.service.directory.centre import Centre, Json

ORGANISATION = {"name": "Faxe Spisefællesskab", "kind": "association", "sector": "voluntary"}
ACTIVITY = {
    "organisation_id": "forening-17", "organisation_name": "Faxe Spisefællesskab", "organisation_kind": "association",
    "organisation_sector": "voluntary", "title": "Spis med i Faxe", "themes": ["fællesspisning"], "locality": "Faxe",
}  # fmt: skip


@dataclass
class Neighbour:
    centre: Centre
    source: str = field(default_factory=lambda: f"/faxe{uuid4().hex[:8]}/directory")

    def __post_init__(self) -> None:
        self._offsets = itertools.count()
        self._inlet = Inlet(
            self.centre.database, Metrics("directory"), CONSUMER, HANDLERS, None, 60.0, lambda: True
        )  # fmt: skip
        self._topic = f"{TOPIC}.{uuid4()}"

    # Saying

    def says(self, event: Event, subject: str, sequence: int, **envelope: Any) -> bytes:
        said = wrap(event, tenant=self.centre.tenant, subject=subject, sequence=sequence, time=now())
        return json.dumps(json.loads(said.to_bytes()) | {"source": self.source} | envelope).encode()

    def organisation(self, sequence: int = 1, subject: str = "forening-17", **fields: Any) -> bytes:
        return self.says(PartnerOrganisationPublished(**(ORGANISATION | fields)), subject, sequence)

    def activity(self, sequence: int = 1, subject: str = "aktivitet-4", **fields: Any) -> bytes:
        return self.says(PartnerActivityPublished(**(ACTIVITY | fields)), subject, sequence)

    def closes(self, sequence: int = 9, subject: str = "forening-17") -> bytes:
        return self.says(PartnerOrganisationClosed(closed_on="2026-10-01"), subject, sequence)

    def withdraws(self, sequence: int = 9, subject: str = "aktivitet-4") -> bytes:
        return self.says(PartnerActivityWithdrawn(withdrawn_on="2026-10-01"), subject, sequence)

    async def sends(self, *values: bytes) -> None:
        for value in values:
            offset = next(self._offsets)
            await self._inlet.take(ConsumerRecord(self._topic, 0, offset, 0, 0, b"k", value, None, 0, 0, ()))

    async def refused(self) -> list[tuple[str, str]]:
        """The dead letters of what it sent, with class and reason."""
        return [
            (letter.kind, letter.reason)
            for letter in await find(self.centre.database, limit=1000)
            if letter.topic == self._topic
        ]

    # What came of it

    async def agreed(self, **fields: Any) -> Json:
        answer = await self.centre.post(
            "partners", {"source": self.source, "name": "Faxe Kommune"} | fields, self.centre.admin
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def shown(self, noun: str = "activities") -> list[Json]:
        return await self.centre.found(noun)
