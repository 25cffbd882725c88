"""A hundred thousand activities in words that Danes use, and the questions that are asked of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy.engine import make_url

from shared.ids import uuid7

ROOTS_WORDS = """
bog klub kaffe cafe samtale sprog dansk kursus aften morgen hus bibliotek skole forening frivillig hjælp børn
familie mor far mad køkken suppe brød kage have blomst træ skov tur vandring cykel løb svømning bold fodbold
håndbold badminton dans musik kor sang guitar klaver koncert teater film kunst maleri tegning keramik strik sy
garn tøj genbrug marked loppe jul påske sommer vinter efterår forår fest fælles spisning nabo område bydel kirke
kultur historie museum foredrag debat politik job arbejde netværk mentor lektie computer telefon internet borger
service råd vejledning økonomi bolig læge sundhed motion yoga krop sind ro stress sorg samvær ensomhed ven besøg
ældre senior ung pige dreng kvinde mand baby barsel leg plads park strand hav båd fiskeri dyr hund kat hest gård
natur klima miljø affald reparation værksted metal lys lyd foto video radio avis tekst skrive læse fortælle
eventyr digt roman tolk integration flygtning medborger ret lov regel skat penge pris gratis tilmelding hold
træner leder gruppe møde projekt idé plan drøm te vand frugt grønt fisk kød ost smør æg verden land by bro tog
bus bil rejse ferie lejr telt bål stjerne måne sol regn sne vind spil skak bridge quiz krimi humor øvelse
"""
ROOTS = ROOTS_WORDS.split()
ENDS = ("", "", "", "en", "et", "er", "erne", "s")
SMALL_WORDS = ("og", "i", "det", "at", "en", "til", "er", "som", "på", "de", "med", "for", "ikke", "der", "vi", "du")
VOCABULARY = 20_000
THEMES = [f"{word}-og-{other}" for word, other in zip(ROOTS[:60], ROOTS[60:120], strict=True)]
GROUPS = [
    f"{word}-{number}" for word in ("unge", "ældre", "børn", "familier", "kvinder", "mænd") for number in range(5)
]
LOCALITIES = [f"{word.capitalize()}by" for word in ROOTS[120:170]]
LANGUAGES = ("da", "en", "ar", "uk", "so", "fa", "tr", "pl")
ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "guide_dog", "parking")
ENTRIES_EACH = 25
NAMESPACE = UUID("0198c6a4-7d30-7c11-9a52-6f1b7c0e5d44")


class Town:
    """The same for the same seed: its words (some frequent, most rare), its activities, its questions."""

    def __init__(self, seed: int = 11) -> None:
        self._random = Random(seed)
        words = list(dict.fromkeys(ROOTS))
        known = set(words)
        while len(words) < VOCABULARY:
            word = self._random.choice(ROOTS) + self._random.choice(("", "", "s", "e")) + self._random.choice(ROOTS)
            if word not in known:
                known.add(word)
                words.append(word)
        self._words = words
        self._frequencies = list(accumulate(1 / (rank + 5) ** 0.85 for rank in range(len(words))))

    def word(self) -> str:
        [word] = self._random.choices(self._words, cum_weights=self._frequencies)
        return word

    def form(self) -> str:
        return self.word() + self._random.choice(ENDS)

    def activities(self, number: int, tenants: Sequence[str]) -> Iterator[dict[str, Any]]:
        draw = self._random
        for at in range(number):
            tenant = tenants[at % len(tenants)]
            body = (
                draw.choice(SMALL_WORDS) if draw.random() < 0.35 else self.form() for _ in range(draw.randint(30, 70))
            )
            yield {
                "tenant": tenant,
                "id": uuid7(),
                "version": 2,
                "organisation_id": organisation(tenant, draw.randrange(max(1, number // len(tenants) // ENTRIES_EACH))),
                "title": " ".join(self.form() for _ in range(draw.randint(3, 6))).capitalize(),
                "description": " ".join(body),
                "themes": draw.sample(THEMES, 2),
                "target_groups": draw.sample(GROUPS, 2),
                "languages": ["da", *draw.sample(LANGUAGES[1:], draw.randrange(2))],
                "locality": draw.choice(LOCALITIES),
                "state": "published",
                "published_on": date(2026, 1, 1),
                "form": draw.choice(("physical", "physical", "physical", "digital", "both")),
                "price": draw.choice((None, 0, 0, 40, 200)),
                "accessibility": draw.sample(ACCESS, draw.randrange(3)),
                "schedules": Jsonb([{"weekday": draw.randrange(7), "from": "10:00", "to": "12:00", "every": "week"}]),
                "latitude": 55.2 + draw.random() / 2,
                "longitude": 10.0 + draw.random() / 2,
            }

    def questions(self, number: int) -> Iterator[dict[str, str]]:
        """Filtered, ranked, with facets: what people type, and what they choose beside it. None is asked twice."""
        draw = self._random
        for at in range(number):
            asked = {"limit": "20"}
            match at % 6:
                case 0:
                    asked |= {"q": self.form(), "theme": draw.choice(THEMES)}
                case 1:
                    asked |= {"q": f"{draw.choice(ROOTS)} {draw.choice(ROOTS)}", "locality": draw.choice(LOCALITIES)}
                case 2:
                    asked |= {"q": slip(self.form(), draw), "form": "physical"}
                case 3:
                    asked |= {"q": draw.choice(ROOTS), "weekday": str(draw.randrange(7)), "price": "free"}
                case 4:
                    asked |= {"q": self.form(), "near": f"{55.2 + draw.random() / 2:.4f},{10 + draw.random() / 2:.4f}"}
                case 5:
                    asked |= {"theme": draw.choice(THEMES), "target_group": draw.choice(GROUPS)}
            yield asked

    def typed(self, number: int) -> Iterator[dict[str, str]]:
        """What stands in the field while somebody types: some letters of a word, now and then after another word."""
        for at in range(number):
            word = self.form()
            begun = word[: self._random.randint(2, max(2, len(word)))]
            yield {"q": begun if at % 3 else f"{self._random.choice(ROOTS)} {begun}"}


def slip(word: str, draw: Random) -> str:
    if len(word) < 6:
        return word
    at = draw.randrange(1, len(word) - 1)
    return draw.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + draw.choice("aeiournst") + word[at + 1 :],
        )
    )


def organisation(tenant: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"{tenant}/{number}")


async def fill(url: str, tenants: Sequence[str], activities: Sequence[dict[str, Any]]) -> None:
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        await connection.execute("select set_config('app.tenant', '*', false)")
        cursor = connection.cursor()
        owners = sorted({(each["tenant"], each["organisation_id"]) for each in activities})
        await cursor.executemany(
            "insert into organisations (tenant, id, version, name, kind, sector)"
            " values (%s, %s, 1, %s, 'association', 'voluntary')",
            [(tenant, owner, f"Forening {number}") for number, (tenant, owner) in enumerate(owners)],
        )
        # Not by COPY, which knows no row-level security; and what was filled is not also told as a hundred thousand
        # changes, since the server starts afterwards.
        names = list(activities[0])
        await cursor.executemany(
            f"insert into activities ({', '.join(names)}) values ({', '.join(f'%({name})s' for name in names)})",  # noqa: S608
            activities,
        )
        await connection.execute("delete from search_changes")
        await connection.commit()
        await connection.set_autocommit(True)
        # What PostgreSQL would tidy by itself a minute later, while somebody measures.
        await connection.execute("vacuum (analyze)")
