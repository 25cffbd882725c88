"""What KPI reads from its environment beyond what every service does."""

from typing import Self

from shared.settings import Settings


class KpiSettings(Settings):
    batch_records: int = 5_000
    """The most facts that one transaction counts: more are faster under load, fewer let others in sooner. Where
    nothing waits, a batch is what has just come."""
    batch_views: int = 20_000
    """The same of page views, of which ten cost what one fact does."""

    @classmethod
    def of(cls, settings: Settings | None) -> Self:
        """These settings, and from the environment what they lack."""
        return cls(**settings.model_dump()) if settings else cls()
