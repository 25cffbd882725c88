"""Why a goal is judged as it is: a reason beside its result and beside its time, as the follow-up table asks for."""

from datetime import date

from services.kpi.counting.reading import Reading
from services.kpi.goals.rules import Aim, Result, Time, expected, has_schedule
from services.kpi.goals.wording import Sentence, day, number, things

TOO_FEW_TO_SHOW = Sentence("Der er for få til at vise tallet.", "There are too few to show the number.")


def of_result(aim: Aim, judged: Result, reading: Reading, today: date) -> Sentence:
    if judged == "not_started":
        return Sentence("Der er ikke noget at måle på endnu.", "There is nothing to measure yet.")
    if judged == "too_few":
        return _too_few(aim, reading)
    if aim.is_trend and reading.counted is not None and reading.compared_with is not None:
        now, before = number(reading.counted), number(reading.compared_with)
        return Sentence(f"{now.da} mod {before.da} før.", f"{now.en} against {before.en} before.")
    value = number(reading.value or aim.target * 0)
    if aim.comparison == "by_date" and aim.floor == 1:
        return (
            Sentence("Det er sket.", "It has happened.")
            if judged == "reached"
            else Sentence("Det er ikke sket endnu.", "It has not happened yet.")
        )
    if aim.comparison == "at_most":
        most = things(aim, aim.target)
        return Sentence(f"{value.da}, og højst {most.da}.", f"{value.en}, and at most {most.en}.")
    if aim.target_min is not None:
        least, most = number(aim.target_min), things(aim, aim.target)
        return Sentence(
            f"{value.da}; planen er {least.da}-{most.da}.", f"{value.en}; the plan is {least.en}-{most.en}."
        )
    wanted = things(aim, aim.floor)
    if judged != "reached" and today < aim.due and (aim.starts is not None or aim.windows):
        pace = number(expected(aim, today))
        return Sentence(f"{value.da} af {wanted.da}; {pace.da} var ventet i dag.",
                        f"{value.en} of {wanted.en}; {pace.en} had been expected today.")  # fmt: skip
    return Sentence(f"{value.da} af {wanted.da}.", f"{value.en} of {wanted.en}.")


def of_time(aim: Aim, judged: Result, timed: Time, today: date) -> Sentence:
    due, months = day(aim.due), aim.late_months
    if not has_schedule(aim, judged):
        return Sentence("Der er ingen tidsplan at holde.", "There is no schedule to keep.")
    if timed == "on_time":
        if judged == "reached":
            return Sentence(f"Nået inden fristen {due.da}.", f"Reached before it was due on {due.en}.")
        return Sentence(f"Fristen er {due.da}.", f"It is due on {due.en}.")
    if timed == "slightly_late":
        return Sentence(f"Mindre end {months} måneder efter fristen {due.da}.",
                        f"Less than {months} months after it was due on {due.en}.")  # fmt: skip
    return Sentence(f"Mindst {months} måneder efter fristen {due.da}.",
                    f"At least {months} months after it was due on {due.en}.")  # fmt: skip


def _too_few(aim: Aim, reading: Reading) -> Sentence:
    if reading.compared_with is None:
        return Sentence("Der er intet udgangspunkt at sammenligne med.", "There is nothing to compare with.")
    fewest = number(aim.too_few)
    return Sentence(f"Begge tal er under {fewest.da}.", f"Both numbers are below {fewest.en}.")
