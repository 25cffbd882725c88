"""The words of the follow-up table, as Slagelse's model has them, in Danish and in English."""

from collections.abc import Mapping

from services.kpi.goals.rules import Result, Time
from services.kpi.recommendations.models import Status
from shared.errors import Text

RESULTS: Mapping[Result, Text] = {
    "reached": Text("Resultatet er nået", "The result is reached"),
    "mostly_reached": Text("Resultatet er i alt overvejende grad nået", "The result is reached for the most part"),
    "not_reached": Text("Resultatet er ikke nået", "The result is not reached"),
    "changed": Text("Mål ændret", "Goal changed"),
    "not_started": Text("Ikke begyndt", "Not started"),
    "too_few": Text("For få tal", "Too few numbers"),
}
SIGNS: Mapping[Result, str] = {
    "reached": "●",
    "mostly_reached": "◐",
    "not_reached": "○",
    "changed": "≠",
    "not_started": "–",
    "too_few": "?",
}
"""Beside the words, for the eye that runs down a column; black and white tell them apart."""
TIMES: Mapping[Time, Text] = {
    "on_time": Text("Tidsplanen er holdt", "The schedule was kept"),
    "slightly_late": Text("Tidsplanen er i alt overvejende grad overholdt", "The schedule was kept for the most part"),
    "late": Text("Tidsplanen er ikke holdt", "The schedule was not kept"),
}
RUNNING = Text("Tidsplanen holder", "On schedule")
"""Before the due date it can be kept so far, and no more than that."""
NO_TARGET = Text("uden tal", "no number")
AT_MOST = Text("højst", "at most")
MORE, FEWER = Text("flere", "more"), Text("færre", "fewer")
"""The target of a trend, whose source often gives no number."""
UNCODED = Text("uden kode", "uncoded")
DROPPED = Text("Droppet", "Dropped")
"""A milestone that was given up: counted with the goals that were changed, and not called so."""
STATUSES: Mapping[Status, Text] = {
    Status.NOT_STARTED: Text("Ikke begyndt", "Not started"),
    Status.UNDER_WAY: Text("I gang", "Under way"),
    Status.DONE: Text("Gennemført", "Done"),
    Status.DECLINED: Text("Fravalgt", "Declined"),
}
TOO_FEW = Text("for få til at vise", "too few to show")
READING = Text("Målets historie læses endnu; tallet er ikke helt.", "The goal's history is still being read.")
AS_BEFORE = Text(
    "Vist, som målet var, til historien for det nye er læst.", "Shown as it was until the new one's history is read."
)
DECIDED = Text("Besluttet af centret {}.", "Decided by the centre on {}.")
PROPOSED = Text("Tælleren foreslog: ", "The counter proposed: ")

COLUMNS = {
    "goal": Text("Mål", "Goal"),
    "theme": Text("Indsatsområde", "Theme"),
    "codes": Text("Koder", "Codes"),
    "target": Text("Målsætning", "Target"),
    "value": Text("Værdi", "Value"),
    "unit": Text("Enhed", "Unit"),
    "result": Text("Resultat", "Result"),
    "time": Text("Tid", "Time"),
    "due": Text("Frist", "Due"),
    "comment": Text("Opfølgning", "Follow-up"),
    "statement": Text("Målets ordlyd", "The goal's words"),
    "code": Text("Kode", "Code"),
    "goals": Text("Mål i alt", "Goals"),
    "which": Text("Målene", "Which"),
    "recommendation": Text("Anbefaling", "Recommendation"),
    "status": Text("Status", "Status"),
    "reason": Text("Begrundelse", "Reason"),
    "source": Text("Kilde", "Source"),
}
PAGE = {
    "followup": Text("Opfølgning", "Follow-up"),
    "as_of": Text("Opgjort", "As of"),
    "summary": Text("Alle mål efter resultat", "All goals by result"),
    "save": Text("Hent som", "Save as"),
    "number_of_goals": Text("Antal mål", "Number of goals"),
    "results": Text("Resultat", "Result"),
    "recommendations": Text("Anbefalinger", "Recommendations"),
}
AXES: Mapping[str, Text] = {
    "R": Text("Centrets rolle (R)", "The centre's role (R)"),
    "K": Text("Kvalitetskriterium (K)", "Quality criterion (K)"),
    "V": Text("FN's verdensmål (V)", "The UN's goals (V)"),
}
CODES: Mapping[str, Mapping[str, Text]] = {
    "R": {
        "G": Text("Guide", "Guide"),
        "V": Text("Videnscenter", "Centre of knowledge"),
        "F": Text("Fællesskaber", "Communities"),
    },
    "K": {
        "1,1": Text("Lettere at deltage og finde hjælp", "Easier to take part and to find help"),
        "1,2": Text("Kvalitet og mangfoldighed", "Quality and diversity"),
        "1,3": Text("Helhed og brobygning", "Wholeness and bridges"),
        "2,1": Text("Sammenhæng og løbende opfølgning", "Coherence and follow-up"),
        "2,2": Text("Bredt sammensat bestyrelse", "A broadly composed board"),
        "2,3": Text("Arbejdsvilkår og klare roller", "Working conditions and clear roles"),
    },
    "V": {
        "1": Text("Afskaf fattigdom", "No poverty"),
        "2": Text("Stop sult", "Zero hunger"),
        "3": Text("Sundhed og trivsel", "Good health and well-being"),
        "4": Text("Kvalitetsuddannelse", "Quality education"),
        "5": Text("Ligestilling mellem kønnene", "Gender equality"),
        "6": Text("Rent vand og sanitet", "Clean water and sanitation"),
        "7": Text("Bæredygtig energi", "Affordable and clean energy"),
        "8": Text("Anstændige jobs og økonomisk vækst", "Decent work and economic growth"),
        "9": Text("Industri, innovation og infrastruktur", "Industry, innovation and infrastructure"),
        "10": Text("Mindre ulighed", "Reduced inequalities"),
        "11": Text("Bæredygtige byer og lokalsamfund", "Sustainable cities and communities"),
        "12": Text("Ansvarligt forbrug og produktion", "Responsible consumption and production"),
        "13": Text("Klimaindsats", "Climate action"),
        "14": Text("Livet i havet", "Life below water"),
        "15": Text("Livet på land", "Life on land"),
        "16": Text("Fred, retfærdighed og stærke institutioner", "Peace, justice and strong institutions"),
        "17": Text("Partnerskaber for handling", "Partnerships for the goals"),
    },
}
