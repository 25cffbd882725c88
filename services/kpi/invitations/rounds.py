"""The job that tends surveys: once a minute it closes what is over, reminds who is silent, and forgets addresses."""

import asyncio

from services.kpi.invitations import repository, rules, usecases
from services.kpi.surveys import repository as surveys
from services.kpi.surveys.models import Survey, SurveyState
from shared.clock import now, today
from shared.database import Database
from shared.logging import fault, log
from shared.messaging.patience import away
from shared.tenancy import EVERY_TENANT

LOOK_EVERY = 60.0


class Rounds:
    """Any number may go at once: what one has done, the next one finds done when it gets the survey's lock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        while True:
            await self.go()
            await asyncio.sleep(LOOK_EVERY)

    async def go(self) -> None:
        """Each survey in a transaction of its own: one that cannot be tended keeps nobody else waiting."""
        async with self._database.transaction(EVERY_TENANT) as session:
            found = await repository.to_look_at(session, now() - rules.KEEP_ADDRESSES_FOR)
        for survey in filter(_worth_locking, found):
            try:
                async with self._database.transaction(survey.tenant) as session:
                    await usecases.tend(session, await surveys.get(session, survey.tenant, survey.id, lock="update"))
            except Exception as error:
                if away(error):
                    raise
                log().error("survey not tended", service="kpi", tenant=survey.tenant, **fault(error))


def _worth_locking(survey: Survey) -> bool:
    """Associations answer under the lock's shared half, so it is not taken for nothing."""
    if survey.state is SurveyState.CLOSED:
        return True
    return rules.needs_a_look(survey.closes_on, survey.remind_days_before, today())
