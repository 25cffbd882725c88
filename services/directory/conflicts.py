"""What the database refuses, told as what it means: a race is decided by a constraint and not by an `if`."""

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.errors import Problem


async def store(session: AsyncSession, **meaning: type[Problem]) -> None:
    """Write what is pending; a violated unique constraint named in `meaning` becomes that problem."""
    try:
        await session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation) and (name := error.orig.diag.constraint_name) in meaning:
            raise meaning[name] from None
        raise
