"""The directory's API, wired: settings, database, doors, and the writer of page views."""

from fastapi import FastAPI

import services.directory.activities.api as activities
import services.directory.agreements.api as agreements
import services.directory.appointments.api as appointments
import services.directory.bodies.api as bodies
import services.directory.changes.api as changes
import services.directory.contacts.api as contacts
import services.directory.content.api as content
import services.directory.duplicates.api as duplicates
import services.directory.editing.api as editing
import services.directory.editors.api as editors
import services.directory.exports.api as exports
import services.directory.feeds.api as feeds
import services.directory.freshness.api as freshness
import services.directory.funders.api as funders
import services.directory.funding.api as funding
import services.directory.hsds.terms as hsds
import services.directory.imports.api as imports
import services.directory.initiatives.api as initiatives
import services.directory.localities.api as localities
import services.directory.memberships.api as memberships
import services.directory.merges.api as merges
import services.directory.merging.api as merging
import services.directory.organisations.api as organisations
import services.directory.pageviews.api as pageviews
import services.directory.partners.api as partners
import services.directory.premises.api as premises
import services.directory.reviewing.api as reviewing
import services.directory.reviews.api as reviews
import services.directory.search.api as search
import services.directory.search.pages as pages
import services.directory.search.tending as tending
import services.directory.staff.api as staff
import services.directory.stakeholders.api as stakeholders
import services.directory.statistics.api as statistics
import services.directory.versions.api as versions
import services.directory.visitlinks.api as visitlinks
from services.directory.openness import Open
from services.directory.pageviews.buffer import Pageviews
from services.directory.search.counting import Counting
from services.directory.search.following import Index
from shared import web
from shared.database import Database
from shared.guesses import Guesses
from shared.metrics import Metrics
from shared.settings import Settings

# Routes are tried in this order, so those that are asked most come first; and `activities/suggestions` is no id.
DOORS = (
    pageviews,
    search,
    pages,
    tending,
    organisations,
    memberships,
    activities,
    content,
    initiatives,
    stakeholders,
    freshness,
    statistics,
    visitlinks,
    contacts,
    premises,
    localities,
    agreements,
    bodies,
    appointments,
    funding,
    funders,
    changes,
    versions,
    reviews,
    staff,
    reviewing,
    editors,
    editing,
    hsds,
    feeds,
    partners,
    duplicates,
    merges,
    merging,
    imports,
    exports,
)


def create_app(settings: Settings | None = None, metrics: Metrics | None = None) -> FastAPI:
    settings = (settings or Settings()).for_service("directory")
    metrics = metrics or Metrics("directory")
    database = Database(settings.database_url, pool_size=settings.pool_size)
    views = Pageviews(database, metrics)
    index, counting = Index(database, metrics), Counting(database)
    app = web.create_app(
        "directory",
        settings=settings,
        database=database,
        metrics=metrics,
        routers=[door.routes for door in DOORS],
        parts=[lambda app: views.writing(), lambda app: index.following(), lambda app: counting.writing()],
    )
    app.state.pageviews, app.state.guesses = views, Guesses()
    app.add_middleware(Open)
    app.state.index, app.state.counting = index, counting
    return app
