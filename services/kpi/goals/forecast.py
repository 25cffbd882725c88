"""What is needed now, in one plain sentence in Danish and in English."""

from datetime import date
from decimal import Decimal
from math import ceil

from services.kpi.counting.reading import Reading
from services.kpi.goals.rules import Aim, Result, is_over, standing
from services.kpi.goals.wording import Sentence, day, number, things, unit

NOTHING, ONE = Decimal(0), Decimal(1)


def forecast(aim: Aim, judged: Result, value: Decimal | None, today: date) -> Sentence:
    return foresee(aim, judged, standing(value, 1), today)


def foresee(aim: Aim, judged: Result, reading: Reading, today: date) -> Sentence:
    if judged == "changed":
        return Sentence("Målet er ændret og følges ikke længere op.", "The goal was changed and is no longer followed.")
    if judged == "too_few":
        return Sentence("Der er for få tal til at vurdere udviklingen.", "There are too few numbers to judge a trend.")
    if aim.comparison == "at_most":
        return _ceiling(aim, reading.value, today)
    if is_over(aim, reading.value):
        had, most = things(aim, reading.value or NOTHING), number(aim.target)
        return Sentence(f"Det blev til {had.da}; højst {most.da} var planlagt.",
                        f"It came to {had.en}; at most {most.en} had been planned.")  # fmt: skip
    if judged == "reached":
        late = reading.lateness not in (None, "on_time")
        return (
            Sentence("Målet blev nået efter fristen.", "The goal was reached after its due date.")
            if late
            else Sentence("Målet er nået.", "The goal is reached.")
        )
    if aim.is_trend:
        if reading.counted is None or reading.compared_with is None:
            return Sentence("Der er intet at sammenligne endnu.", "There is nothing to compare yet.")
        return _trend(aim, reading.counted, reading.compared_with, today)
    return _missing(aim, reading, today)


def _missing(aim: Aim, reading: Reading, today: date) -> Sentence:
    value = reading.value or NOTHING
    until = day(aim.due)
    if aim.comparison == "by_date" and aim.floor == 1:
        if today > aim.due:
            return Sentence(f"Fristen {until.da} er overskredet.", f"It was due on {until.en}.")
        return Sentence(f"Skal være nået senest {until.da}.", f"To be reached by {until.en}.")
    if today > aim.due:
        had, wanted = number(value), things(aim, aim.floor)
        return Sentence(
            f"Målet blev ikke nået: {had.da} af {wanted.da} ved fristen.",
            f"The goal was not reached: {had.en} of {wanted.en} at the due date.",
        )
    if aim.windows and (lost := _lost(aim, reading, today)):
        return Sentence(f"Målet kan ikke længere nås: {lost} gik uden.",
                        f"The goal can no longer be reached: {lost} went by without.")  # fmt: skip
    missing = aim.floor - value
    months = Decimal((aim.due - today).days + 1) / 30
    if aim.starts is None or aim.windows or months <= 1 or missing < 2 * months:
        left = things(aim, missing)
        verb = "is" if missing == 1 else "are"
        return Sentence(f"Der mangler {left.da} inden {until.da}.", f"{left.en} {verb} missing before {until.en}.")
    monthly = Decimal(ceil(missing / months))
    more, word = number(monthly), unit(aim, monthly)
    return Sentence(
        f"Der mangler {more.da} {word.da} om måneden indtil {until.da}.",
        f"{more.en} more {word.en} a month {'is' if monthly == 1 else 'are'} needed until {until.en}.",
    )


def _lost(aim: Aim, reading: Reading, today: date) -> str | None:
    """The windows that are over without enough in them, when the others are too few to make up for them."""
    if reading.missed is None:
        return None
    over = [each.name for each in aim.windows if each.last < today and each.name in reading.missed]
    return ", ".join(over) if len(aim.windows) - len(over) < aim.floor else None


def _ceiling(aim: Aim, value: Decimal | None, today: date) -> Sentence:
    most = things(aim, aim.target)
    if value is not None and value > aim.target:
        had = number(value)
        return Sentence(
            f"Loftet på {most.da} er overskredet: {had.da}.", f"The ceiling of {most.en} was broken: {had.en}."
        )
    if value is None:
        return Sentence(f"Loftet er {most.da}.", f"The ceiling is {most.en}.")
    if today > aim.due:
        return Sentence(f"Loftet på {most.da} blev holdt.", f"The ceiling of {most.en} was kept.")
    return Sentence(f"Loftet på {most.da} er holdt indtil nu.", f"The ceiling of {most.en} has been kept so far.")


def _trend(aim: Aim, now: Decimal, before: Decimal, today: date) -> Sentence:
    """What the number has to become, where no target is given, is one better than it was."""
    step = max(aim.target, ONE)
    wanted = before + step if aim.comparison == "increase" else max(before - step, NOTHING)
    had, was, until = number(now), number(before), day(aim.due)
    if today > aim.due:
        return Sentence(f"Målet blev ikke nået: {had.da} mod {was.da} før.",
                        f"The goal was not reached: {had.en} against {was.en} before.")  # fmt: skip
    if aim.comparison == "increase":
        left = things(aim, wanted - now)
        verb = "is" if wanted - now == 1 else "are"
        return Sentence(f"Der mangler {left.da} inden {until.da}; før var der {was.da}.",
                        f"{left.en} {verb} missing before {until.en}; there were {was.en} before.")  # fmt: skip
    if aim.starts is None or now > wanted:
        high = things(aim, wanted)
        return Sentence(f"Der er {had.da}; der må højst være {high.da} {until.da}.",
                        f"There are {had.en}; there may be at most {high.en} on {until.en}.")  # fmt: skip
    room = things(aim, wanted - now)
    return Sentence(f"Der må højst komme {room.da} til inden {until.da}.",
                    f"At most {room.en} may be added before {until.en}.")  # fmt: skip
