"""The booking API, wired."""

from fastapi import FastAPI

from services.booking.bookings import api as bookings
from services.booking.calendars import api as calendars
from services.booking.feeds import api as feeds
from services.booking.gatherings import api as gatherings
from services.booking.holds import api as holds
from services.booking.manage import api as manage
from services.booking.messages import api as messages
from services.booking.messages.sealing import Seals
from services.booking.outside import api as outside
from services.booking.people import api as people
from services.booking.resources import api as resources
from services.booking.rounds import api as rounds
from services.booking.season import api as season
from services.booking.seat import api as seat
from services.booking.series import api as series
from services.booking.settings import BookingSettings
from services.booking.signups import api as signups
from services.booking.waiting import api as waiting
from shared import web
from shared.database import Database
from shared.guesses import Guesses
from shared.metrics import Metrics
from shared.settings import Settings


def create_app(settings: Settings | None = None, metrics: Metrics | None = None) -> FastAPI:
    settings = BookingSettings.of(settings).for_service("booking")
    app = web.create_app(
        "booking",
        settings=settings,
        database=Database(settings.database_url, pool_size=settings.pool_size),
        metrics=metrics or Metrics("booking"),
        routers=[
            resources.api,
            bookings.api,
            holds.api,
            series.api,
            rounds.api,
            waiting.api,
            messages.api,
            people.api,
            gatherings.api,
            signups.api,
            calendars.api,
            feeds.api,
            outside.api,
            manage.api,
            seat.api,
            season.api,
        ],
    )
    app.state.seals, app.state.guesses = Seals(settings.message_keys), Guesses()
    return app
