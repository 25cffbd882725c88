"""Every event that Kompas publishes. A new one is a class in its publisher's file and a line here."""

from shared.events import (
    bookings,
    contacts,
    directory,
    gatherings,
    kpi,
    matching,
    merging,
    notify,
    partner,
    registers,
    signups,
    web,
)
from shared.events.envelope import Event


def catalogue(*events: type[Event]) -> dict[str, type[Event]]:
    """Wire type → class. Two classes under one type would make the meaning of a record depend on who reads it."""
    by_type = {event.TYPE: event for event in events}
    if len(by_type) != len(events):
        raise ValueError("two events have the same type")
    return by_type


CATALOGUE: dict[str, type[Event]] = catalogue(
    directory.OrganisationRegistered,
    directory.OrganisationUpdated,
    directory.OrganisationClosed,
    merging.OrganisationMerged,
    merging.OrganisationUnmerged,
    directory.MembershipStarted,
    directory.MembershipEnded,
    directory.ActivityPublished,
    directory.ActivityUpdated,
    directory.ActivityWithdrawn,
    directory.ContentPublished,
    directory.ContentWithdrawn,
    directory.InitiativeStarted,
    directory.InitiativeEnded,
    directory.StakeholderDesignated,
    directory.StakeholderRemoved,
    registers.PremisesRegistered,
    registers.PremisesClosed,
    registers.AgreementConcluded,
    registers.AgreementEnded,
    registers.BodyEstablished,
    registers.BodyDissolved,
    registers.AppointmentStarted,
    registers.AppointmentEnded,
    registers.NetworkStageChanged,
    registers.EditorInvited,
    web.PageViewed,
    web.SearchPerformed,
    bookings.BookingRequested,
    bookings.BookingConfirmed,
    bookings.BookingCancelled,
    bookings.BookingDeclined,
    bookings.BookingRescheduled,
    bookings.BookingCompleted,
    bookings.BookingNoShow,
    bookings.SeriesDecided,
    bookings.TimeOffered,
    gatherings.GatheringScheduled,
    gatherings.GatheringUpdated,
    gatherings.GatheringCancelled,
    gatherings.GatheringHeld,
    signups.SignupConfirmed,
    signups.SignupWaitlisted,
    signups.SignupOffered,
    signups.SignupRescheduled,
    signups.SignupCancelled,
    signups.AttendanceRecorded,
    bookings.ResourceOpened,
    bookings.ResourceClosed,
    matching.VolunteerRegistered,
    matching.OpportunityPosted,
    matching.OpportunityClosed,
    matching.EngagementAgreed,
    matching.EngagementHeld,
    notify.MessageSent,
    notify.MessageFailed,
    notify.MessageSuppressed,
    notify.MaterialExposed,
    kpi.PlanAdopted,
    kpi.ObservationRecorded,
    kpi.ObservationRetracted,
    kpi.MilestoneReached,
    kpi.MilestoneRetracted,
    kpi.SurveyOpened,
    kpi.SurveyClosed,
    kpi.SurveyInvited,
    kpi.SurveyReminded,
    kpi.SurveyResponseSubmitted,
    kpi.StatusSet,
    kpi.StatusWithdrawn,
    contacts.ContactShared,
)

INBOUND: dict[str, type[Event]] = catalogue(
    partner.PartnerOrganisationPublished,
    partner.PartnerOrganisationClosed,
    partner.PartnerActivityPublished,
    partner.PartnerActivityWithdrawn,
)
"""What partners send us. Described beside our own, but no fact of ours: nobody here publishes or counts it."""
