"""Structured logs, one JSON object a line, with an allow-list of keys: what is not on the list is not written."""

import logging
import sys
import traceback
from typing import Any

import structlog

# Ids, counts, codes and names of code. A key joins this list only when no value of it can ever identify a person.
ALLOWED = frozenset((
    "attempts", "class", "consumer", "count", "error", "event", "event_id", "group", "level", "logger", "method",
    "offset", "partition", "reason", "request_id", "route", "seconds", "service", "status", "tenant", "timestamp",
    "topic", "type", "where",
))  # fmt: skip


def configure(level: str = "INFO") -> None:
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_log_level,
    ]
    structlog.configure(
        processors=[*shared, _only_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    # Libraries log through the standard library. Their warnings matter; their tracebacks may quote values and stay out.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[_only_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def log() -> Any:
    return structlog.get_logger()


def fault(error: BaseException) -> dict[str, str]:
    """Where and of what kind an error is. Its message stays out: a driver's message quotes the row it refused."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames[-6:]))
    return {"error": type(error).__name__, "where": where}


def _only_allowed(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value for key, value in entry.items() if key in ALLOWED}
