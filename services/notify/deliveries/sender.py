"""The job that sends: takes what is due, hands it over outside of any transaction, and notes what became of it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from email.headerregistry import Address

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.deliveries import letters, usecases
from services.notify.deliveries import texts as writing
from services.notify.deliveries.failures import PutOff, Refused, Unknown
from services.notify.deliveries.gateway import Texts
from services.notify.deliveries.letters import AddressInvalid
from services.notify.deliveries.repository import CHANNEL
from services.notify.deliveries.rules import Reason
from services.notify.deliveries.texts import TooLong
from services.notify.deliveries.transport import Mailbox, Post, Transport
from services.notify.deliveries.usecases import Job
from shared.database import Database
from shared.logging import fault, log
from shared.tenancy import EVERY_TENANT

# NOTIFY makes it quick; looking makes it true.
POLL = 1.0
# One connection's worth.
BATCH = 5


class Sender:
    """Any number may run at once: each takes rows that no other holds.

    Taking commits before sending, and sending comes before marking. Whoever dies in between leaves a mail that was
    perhaps sent; after the lease it is sent again, under the same Message-ID.
    """

    def __init__(self, database: Database, transport: Transport, sender: Address, texts: Texts | None = None) -> None:
        self._database, self._transport, self._sender, self._texts = database, transport, sender, texts
        self._lease = 2 * (transport.patience + (BATCH * texts.patience if texts else timedelta()))

    async def run(self) -> None:
        """For ever, or until the database is away."""
        connection = await self._database.connection()
        try:
            await connection.execute(f"listen {CHANNEL}")
            while True:
                if not await self.round():
                    async for _ in connection.notifies(timeout=POLL, stop_after=1):
                        pass
        finally:
            await connection.close()

    async def round(self) -> bool:
        """Deal with one batch; whether there was one."""
        async with self._database.transaction(EVERY_TENANT) as session:
            found, jobs = await usecases.take(session, BATCH, lease=self._lease, texts=self._texts is not None)
        for job in jobs:
            if job.text_from and self._texts:
                await self._text(job, job.text_from, self._texts)
        waiting = [job for job in jobs if not job.text_from]
        if not waiting:
            return found > 0
        try:
            async with asyncio.timeout(self._transport.patience.total_seconds()), self._transport.open() as post:
                while waiting:
                    await self._send(waiting[0], post)
                    waiting.pop(0)
        except (PutOff, TimeoutError) as cause:
            await self._put_off(waiting, cause.__cause__ or cause)
        return True

    async def _text(self, job: Job, sender: str, texts: Texts) -> None:
        """Its fate is known, or it goes by mail: whoever is sent it twice pays attention to neither."""
        try:
            async with asyncio.timeout(texts.patience.total_seconds()):
                await texts.send(writing.write(job.delivery, job.contact, sender), letters.name_of(job.delivery))
        except PutOff as cause:
            await self._put_off([job], cause.__cause__ or cause)
        except (Refused, Unknown, TooLong, TimeoutError) as cause:
            log().warning("mail instead of text message", service="notify", tenant=job.delivery.tenant, **fault(cause))
            async with self._database.transaction(EVERY_TENANT) as session:
                await usecases.by_mail_instead(session, job)
        except Exception as mistake:  # Ours, and this message's: the next one may well be written.
            await self._put_off([job], mistake)
        else:
            async with self._database.transaction(EVERY_TENANT) as session:
                await self._sent(session, job)

    async def _sent(self, session: AsyncSession, job: Job) -> None:
        known = await usecases.mark_sent(session, job)
        if isinstance(self._transport, Mailbox) and not known:
            # Erased while we wrote: the tombstone found no message yet.
            await self._transport.forget([letters.name_of(job.delivery)])

    async def _put_off(self, jobs: Sequence[Job], cause: BaseException) -> None:
        log().warning("message put off", service="notify", count=len(jobs), **fault(cause))
        async with self._database.transaction(EVERY_TENANT) as session:
            await usecases.put_off(session, jobs)

    async def _send(self, job: Job, post: Post) -> None:
        refused: Reason | None = None
        try:
            await post(letters.write(job.delivery, job.contact, self._sender), letters.name_of(job.delivery))
        except AddressInvalid:
            refused = Reason.ADDRESS_INVALID
        except Refused as refusal:
            refused = refusal.reason
        except PutOff:
            raise
        except Exception as mistake:  # Ours, and this mail's: the next one may well be written.
            await self._put_off([job], mistake)
            return
        async with self._database.transaction(EVERY_TENANT) as session:
            if refused:
                log().warning("mail refused", service="notify", tenant=job.delivery.tenant, reason=refused)
                await usecases.mark_refused(session, job, refused)
            else:
                await self._sent(session, job)
