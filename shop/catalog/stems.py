"""Words as search compares them: plain letters, known stop words gone, stems of Indonesian."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

_WORD = re.compile(r"[a-z0-9]{1,40}")
_TWICE = re.compile(r"\b([a-z]{2,})2\b")
"""`otak2`, as people write `otak-otak`."""

_ENGLISH = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "per",
        "the",
        "this",
        "to",
        "with",
        "you",
        "your",
    ]
)


def words(text: str) -> list[str]:
    """The words of `text` that carry meaning, each once, in plain lower-case letters."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in flat if not unicodedata.combining(sign))
    found = _WORD.findall(_TWICE.sub(r"\1 \1", plain))
    return [word for word in dict.fromkeys(found) if word not in _stop_words()]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The Indonesian stem of one plain word: `anyaman` gives `anyam`."""
    stemmed: str = _stemmer().stem(word)
    return stemmed if _WORD.fullmatch(stemmed) else word


@cache
def _stemmer() -> Stemmer:
    # Not the factory's own stemmer: its cache grows for ever.
    return Stemmer(ArrayDictionary(StemmerFactory().get_words()))


@cache
def _stop_words() -> frozenset[str]:
    return _ENGLISH | frozenset(StopWordRemoverFactory().get_stop_words())
