"""The search page's words, in Danish and English."""

from shared.errors import Text

FACETS = {
    "theme": Text("Emne", "Theme"),
    "target_group": Text("For hvem", "For whom"),
    "locality": Text("Sted", "Place"),
    "weekday": Text("Ugedag", "Weekday"),
    "language": Text("Sprog", "Language"),
    "form": Text("Hvordan", "How"),
    "price": Text("Pris", "Price"),
    "access": Text("Tilgængelighed", "Accessibility"),
}
FORMS = {
    "physical": Text("Man mødes", "In person"),
    "digital": Text("Online", "Online"),
    "both": Text("Man mødes, eller er med online", "In person or online"),
}
PRICES = {
    "free": Text("Gratis", "Free"),
    "cheap": Text("Op til 50 kr.", "Up to 50 kr."),
    "more": Text("Mere end 50 kr.", "More than 50 kr."),
    "unknown": Text("Ikke oplyst", "Not said"),
}
ACCESS = {
    "step_free": Text("Uden trin", "Step-free"),
    "accessible_toilet": Text("Handicaptoilet", "Accessible toilet"),
    "hearing_loop": Text("Teleslynge", "Hearing loop"),
    "guide_dog": Text("Servicehund velkommen", "Guide dogs welcome"),
    "parking": Text("Handicapparkering", "Accessible parking"),
    "sign_language": Text("Tegnsprog", "Sign language"),
    "quiet_room": Text("Stille rum", "Quiet room"),
}
PAGE = {
    "title": Text("Find et fællesskab", "Find a community"),
    "words": Text("Hvad leder du efter?", "What are you looking for?"),
    "hint": Text("Skriv med dine egne ord, fx “ensom”, “strikke” eller “spise sammen”.",
                 "Use your own words, e.g. “lonely”, “knitting” or “eating together”."),
    "find": Text("Søg", "Search"),
    "narrow": Text("Vælg nærmere", "Narrow down"),
    "all": Text("Alle", "All"),
    "near": Text("I nærheden af (postnummer eller by)", "Near (postcode or town)"),
    "open_now": Text("Åbent lige nu", "Open right now"),
    "results": Text("Resultater", "Results"),
    "one": Text("1 aktivitet", "1 activity"),
    "many": Text("aktiviteter", "activities"),
    "nothing": Text("Vi fandt desværre ikke noget. Prøv med færre eller andre ord, eller fjern et valg.",
                    "Sorry, we found nothing. Try fewer or other words, or remove a choice."),
    "partly": Text("Ingen aktivitet har det hele. Her er det, der ligner mest.",
                   "No activity has all of it. Here is what comes closest."),
    "corrected": Text("Vi søgte efter", "We searched for"),
    "unknown_place": Text("Vi kender ikke det sted. Skriv et postnummer eller en by.",
                          "We do not know that place. Write a postcode or a town."),
    "more": Text("Vis flere", "Show more"),
    "first_page": Text("Til de første", "To the first ones"),
    "back": Text("Tilbage til søgningen", "Back to the search"),
    "where": Text("Hvor", "Where"),
    "when": Text("Hvornår", "When"),
    "who": Text("For hvem", "For whom"),
    "price": Text("Pris", "Price"),
    "language": Text("Sprog", "Language"),
    "access": Text("Tilgængelighed", "Accessibility"),
    "join": Text("Sådan kommer du med", "How to join"),
    "organiser": Text("Arrangør", "Organiser"),
    "website": Text("Hjemmeside", "Website"),
    "companion": Text("Du kan få en frivillig med første gang.", "A volunteer can come along the first time."),
    "two_weeks": Text("hver anden uge", "every second week"),
    "month_first": Text("den første i måneden", "first of the month"),
    "month_last": Text("den sidste i måneden", "last of the month"),
    "order": Text("Rækkefølgen skifter hver dag, så alle foreninger bliver set. Ingen kan betale for at stå øverst.",
                  "The order changes every day, so that every association is seen. Nobody can pay to come first."),
}  # fmt: skip
