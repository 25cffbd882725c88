"""The words of the yearly report, in Danish and in English."""

from collections.abc import Mapping

from shared.errors import Text

TITLE = Text("Årsrapport", "Yearly report")
TALLIED = Text("Tallene", "The figures")
PLANS = Text("Årets planer", "The year's plans")
SO_FAR = Text("Året er ikke omme: tallene gælder til og med i dag.", "The year is not over: figures until today.")
NO_PLAN = Text("Centret har ingen plan for året.", "The centre has no plan for the year.")
NOT_COUNTED = Text("ikke talt", "not counted")
BEING_READ = Text("tælles op", "being counted")
OBSERVED = Text("Aflæst og indtastet", "Read off and entered")
MADE: Mapping[str, Text] = {
    "live": Text("Talt", "Counted"),
    "observation": Text("Aflæst", "Read off"),
    "survey": Text("Spørgeskema", "Survey"),
    "milestone": Text("Meldt", "Declared"),
}
COLUMNS: Mapping[str, Text] = {
    "section": Text("Afsnit", "Section"),
    "figure": Text("Tal", "Figure"),
    "value": Text("Antal", "Number"),
    "unit": Text("Enhed", "Unit"),
    "made": Text("Hvordan", "How"),
    "source": Text("Kilde", "Source"),
    "as_of": Text("Seneste oplysning", "Newest fact"),
    "plan": Text("Plan", "Plan"),
    "goals": Text("Mål i alt", "Goals"),
}


def counted_by(plan: str, goal: str) -> Text:
    return Text(f"Mål {goal} i {plan}", f"Goal {goal} of {plan}")


def being_read(plan: str, goal: str) -> Text:
    return Text(
        f"Historien for mål {goal} i {plan} læses endnu.", f"The history of goal {goal} of {plan} is being read."
    )


def nothing_told(plan: str, goal: str) -> Text:
    return Text(
        f"Mål {goal} i {plan} tæller det, så snart det, tallet kommer fra, er taget i brug; fra året er der intet.",
        f"Goal {goal} of {plan} counts it as soon as what it comes from is in use; of the year there is nothing.",
    )


def unobserved(series: str, year: int) -> Text:
    return Text(
        f"Aflæs tallet, og indtast det i serien {series} med en dato i {year}.",
        f"Read the number off and enter it in the series {series} with a date in {year}.",
    )


def no_goal(measure: str, year: int) -> Text:
    return Text(
        f"Ingen plan for {year} tæller det. Læg et mål i en plan med {measure}",
        f"No plan of {year} counts it. Put a goal into a plan with {measure}",
    )
