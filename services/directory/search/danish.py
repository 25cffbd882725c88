"""Danish words as a search sees them: one spelling of each letter, stems, and what a compound is made of. Pure."""

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[^\W_]+")
# Letters of our neighbours become ours, and accents go: "café" and "cafe" are one word, "Malmö" is "malmø".
NEIGHBOURS = str.maketrans("äöüéèêëáàâíìîóòôúùûçñ", "æøyeeeeaaaiiiooouuucn")
# How æ, ø and å are written where a keyboard has none. "Temaet" and "metroen" hold the same pairs by chance, so a word
# is looked for both as it stands and like this; neither is thrown away.
TRANSCRIBED = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))
# And how they are written by whoever leaves the dots and rings out.
BARE = str.maketrans("æøå", "aoa")
# Words of a sentence that say nothing of what is looked for: "jeg vil gerne lære at strikke".
SILENT_WORDS = """
ad af alle alt at blev blive bliver da de dem den der deres det dig din dit du efter eller en er et for fra få
får gerne gik går ham han har havde have hej hele hen her hos hun hvad hvem hvilke hvor hvordan i ikke ind ingen
ja jeg kan kunne lave leder lidt lære man med meget men mig min mine mit mod må måtte ned nej noget nogen nogle
nok nu når og også om op os over på selv sig sin skal skulle som så søger til ud under ved vi vil ville være vær
a an are can for get how i in me my of on or some somebody someone something that the to want what where who
with you
"""
SILENT = frozenset(SILENT_WORDS.split())
# What compounds are often made of, for a centre whose own entries do not use these words alone yet.
ELEMENTS_WORDS = """
aften arbejde arrangement avis bad ban barn barsel beboer besøg bil billed blomst bog bold bolig bord borger
brev bro brunch bruger brætspil brød bus butik by bydel bygning bål båd børn café cafe center chat computer
cykel dag dans data digital dialog disk drama dreng dyr efterår elev eftermiddag energi erfaring familie fest
festival film fisk fjord flygtning folke foder fod fond forening forældre formiddag forår foto fredag frem
frivillig frokost frugt fritid fugl fælles fællesskab fødsel genbrug glæde grund gruppe grøn guitar gudstjeneste
gymnastik gåtur gæld gård hal hav have hest historie hjem hjælp hobby hold hund hus hygge hånd høst idræt
internet invandrer job jul kaffe kage kamp kant klima klub konfirmand koncert kontakt kor kort krea krop
krise kultur kunst kursus kvarter kvinde kælder køkken kørsel lands leder leg legeplads lejr lektie ligestilling
litteratur liv loppe lokal lov lyd lys læse lærer lørdag mad maler mandag mand marked medborger mentor miljø
mindre minde mini morgen motion musik museum musikskole mænd mødre møde nabo nat natur ny næring onsdag opskrift
ord orienterings panel park pårørende patient pige plads plante plejehjem præmie pris projekt psykiatri
puslespil pynte quiz radio ramt rejse repair reparation ret råd rådgivning rytme samfund samling samtale samvær
sang seminar senior selvhjælp service sind ski skak skole skov skrive slægt smykke sne snak social sogn sol
sommer sorg spil spise spisning sport sprog stol strik strikke strand studie støtte stue suppe svømme sy syng
søndag sund sundhed syge tale te teater tegne telefon telt tema time tirsdag tøj tog torsdag torv træ træf
træning tur ture ung unge ungdom undervisning uge vand vandre vaske vej vejledning ven venne verden vinter vise
voksen værksted væve yoga ældre økonomi øl øre øvelse åben ånd
"""
ELEMENTS = frozenset(ELEMENTS_WORDS.split())

_held = threading.local()


def tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower().translate(NEIGHBOURS)


def words_of(text: str) -> list[str]:
    """Only letters and digits: nothing that is typed can be an operator."""
    return WORD.findall(tidy(text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball's Danish stem: "fællesspisningerne" and "fællesspisning" are one."""
    if not hasattr(_held, "stemmer"):  # One a thread: a stemmer keeps the word it works on.
        _held.stemmer = Stemmer.Stemmer("danish", 0)
    return str(_held.stemmer.stemWord(word))


def spellings(word: str) -> tuple[str, ...]:
    """The word, and the one it is when its letter pairs were meant as æ, ø and å."""
    meant = word
    for pair, letter in TRANSCRIBED:
        meant = meant.replace(pair, letter)
    return (word,) if meant == word else (word, meant)


def bare(word: str) -> str:
    return word.translate(BARE)


def elements(word: str) -> list[str]:
    """A part of a compound as the words it may be: with or without the s or e that joins it to the next one."""
    return [word, word[:-1]] if len(word) > 3 and word[-1] in "se" else [word]
