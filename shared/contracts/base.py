"""Foundations of every contract: the frozen model, bilingual text and exact decimals."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer

Language = Literal["zh", "en"]


def _in_full(value: Decimal) -> str:
    # half the price of a format, and a report has 1,500 of them
    plain = str(value)
    return f"{value:f}" if "E" in plain else plain


#: A decimal that is written to JSON as a plain string ("1649.56", never 1.64956E+3), so no digit is lost.
Exact = Annotated[Decimal, PlainSerializer(_in_full, return_type=str, when_used="json")]


class Word(StrEnum):
    """Base of the enumerations in contracts.

    A report holds thousands of such words, and JSON asks each for its `value`: here that costs no Python call.
    """

    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))


class Contract(BaseModel):
    """A frozen model that refuses unknown fields: a misspelt field is an error, not silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")

    def to_json_bytes(self) -> bytes:
        """`model_dump_json()` in UTF-8, without the detour by a string: a report is half a megabyte."""
        return self.__pydantic_serializer__.to_json(self)


class Text(Contract):
    """One sentence for people, in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.zh if language == "zh" else self.en
