"""Reading a feed: from zero or from where one stopped, until nothing more comes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.feeds import repository
from services.directory.feeds.rules import Kind
from services.directory.feeds.schemas import Item


async def read(session: AsyncSession, tenant: str, kind: Kind, called: str, after: int, limit: int) -> list[Item]:
    """The next changes, each entry once, as it is now.

    An entry that changes between the two questions is told as it is at the second; its change is among those to come.
    """
    changes = await repository.changes(session, tenant, kind, after, limit)
    ids = [change.id for change in changes]
    shown = await repository.shown(session, tenant, kind, ids)
    replaced = await repository.replacements(session, kind, [id for id in ids if id not in shown])
    items = []
    for number, id in changes:
        item = Item(state="updated" if id in shown else "deleted", kind=called, id=str(id), modified=number)
        if id in shown:
            item["data"] = shown[id]
        elif id in replaced:
            item["replaced_by"] = str(replaced[id])
        items.append(item)
    return items
