"""The public calendar's words, in Danish and English."""

from services.booking.gatherings.rules import Admission
from shared.errors import Text
from shared.events.gatherings import GatheringKind
from shared.events.kinds import Form

KINDS = {
    GatheringKind.WORKSHOP: Text("Workshop", "Workshop"),
    GatheringKind.COURSE: Text("Kursus", "Course"),
    GatheringKind.NETWORK_MEETING: Text("Netværksmøde", "Network meeting"),
    GatheringKind.DIALOGUE_MEETING: Text("Dialogmøde", "Dialogue meeting"),
    GatheringKind.BRIDGE_MEETING: Text("Brobygningsmøde", "Bridge meeting"),
    GatheringKind.ADVICE_SESSION: Text("Rådgivning", "Advice session"),
    GatheringKind.BUS_RUN: Text("Bustur", "Bus run"),
    GatheringKind.SEMINAR: Text("Seminar", "Seminar"),
    GatheringKind.OPEN_ACTIVITY: Text("Åbent hus", "Open house"),
    GatheringKind.COMMITTEE_MEETING: Text("Udvalgsmøde", "Committee meeting"),
    GatheringKind.GENERAL_MEETING: Text("Generalforsamling", "General meeting"),
    GatheringKind.INFO_MEETING: Text("Informationsmøde", "Information meeting"),
    GatheringKind.OTHER: Text("Andet", "Other"),
}
FORMS = {
    Form.PHYSICAL: Text("Man mødes", "In person"),
    Form.DIGITAL: Text("Online", "Online"),
    Form.BOTH: Text("Man mødes, eller er med online", "In person or online"),
}
ADMISSIONS = {
    Admission.SIGNUP: Text("Med tilmelding", "Sign-up needed"),
    Admission.DROP_IN: Text("Uden tilmelding: bare kom", "No sign-up: just come"),
}
PAGE = {
    "title": Text("Kalender", "Calendar"),
    "find": Text("Find", "Search"),
    "words": Text("Søgeord", "Words"),
    "month": Text("Måned", "Month"),
    "locality": Text("Sted", "Place"),
    "kind": Text("Slags", "Kind"),
    "topic": Text("Emne", "Topic"),
    "all": Text("Alle", "All"),
    "coming": Text("Alt, der kommer", "All that is to come"),
    "nothing": Text("Der er ikke noget i kalenderen, som passer.", "Nothing in the calendar fits."),
    "cancelled": Text("Aflyst", "Cancelled"),
    "held": Text("Afholdt", "Held"),
    "organisers": Text("Arrangør", "Organised by"),
    "subscribe": Text("Få dette udvalg i din egen kalender", "Get this selection in your own calendar"),
    "signup": Text("Tilmeld dig", "Sign up"),
    "stops": Text("Stop", "Stops"),
    "free": Text("ledige pladser", "free seats"),
    "one_free": Text("ledig plads", "free seat"),
    "full": Text("Fuldt; man kan stå i kø", "Full; there is a queue"),
    "no_queue": Text("Fuldt", "Full"),
    "more": Text("Der er flere; vælg en måned eller søg.", "There are more; choose a month or search."),
}
