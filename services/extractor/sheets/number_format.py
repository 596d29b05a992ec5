"""Numbers as a spreadsheet prints them: 926.1 with the format `0.00` is "926.10", 0 with an accounting format is "-".

The format language is that of ECMA-376 part 1, 18.8.31; names and dates are those of a Chinese installation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from services.extractor.sheets.date_format import DATE_LETTERS, as_date

GENERAL = "General"

#: Formats that a file names by number only; 27 to 36 and 50 to 58 are those of zh-CN.
BUILT_IN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    23: GENERAL, 24: GENERAL, 25: GENERAL, 26: GENERAL,
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<noon>AM/PM|A/P|上午/下午)"
    r"|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+)|(?P<digit>[0#?])|(?P<mark>[.,%/@])|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]*)?)$")
_CURRENCY = re.compile(r"^\$([^-]*)")
_ELAPSED = re.compile(r"^(h+|m+|s+)$", re.IGNORECASE)
#: Which section is for zero and which for text, where a format has that many.
_ZERO, _TEXT = 2, 3
_LARGEST_PLAIN = Decimal(10) ** 15
_TEN = Decimal(10)
_MOST_DIGITS = 320
_SMALLEST_PLAIN = Decimal(10) ** -9


@dataclass(frozen=True)
class Token:
    """A piece of a format: `kind` is the name of its group in `_TOKEN` (all printed text is "literal")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One part of a format between semicolons; `condition` is an operator with its operand."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None

    def has(self, kind: str, text: str | None = None) -> bool:
        """Whether some token is of this kind (and this text)."""
        return any(token.kind == kind and text in {None, token.text} for token in self.tokens)


def show_number(value: float, code: str, *, date1904: bool = False) -> str:
    """`value` as printed with the format `code`, outer white space included (accounting formats pad)."""
    exact = Decimal(format(value, ".15g"))
    sections = parse(code)
    section, magnitude = _choose(sections, exact)
    if section is None:
        return _general(exact)
    if section.has("general") or section.has("mark", "@"):
        return "".join(
            _general(magnitude) if token.kind == "general" or token.text == "@" else token.text
            for token in section.tokens
            if token.kind in {"general", "literal"} or token.text == "@"
        )
    if any(token.kind in DATE_LETTERS for token in section.tokens):
        shown = as_date(value, [(token.kind, token.text) for token in section.tokens], date1904=date1904)
        return _general(exact) if shown is None else shown
    return _number(magnitude, section)


def show_text(text: str, code: str) -> str:
    """`text` as printed with the format `code`: only a fourth section, or one with `@`, changes it."""
    if code in {GENERAL, "@"}:
        return text
    sections = parse(code)
    section = sections[_TEXT] if len(sections) > _TEXT else sections[-1] if sections[-1].has("mark", "@") else None
    if section is None:
        return text
    return "".join(
        text if token.text == "@" else token.text for token in section.tokens if token.kind in {"mark", "literal"}
    )


@lru_cache(maxsize=512)
def parse(code: str) -> tuple[Section, ...]:
    """The sections of a format; an empty format is `General`."""
    sections: list[Section] = []
    tokens: list[Token] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(code or GENERAL):
        kind, text = match.lastgroup or "literal", match[match.lastgroup or 0]
        if kind == "literal" and text == ";":
            sections.append(Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket":
            condition = _condition(text) or condition
            tokens += _bracket(text)
        elif kind == "space":
            tokens.append(Token("literal", " "))
        elif kind in {"quoted", "escaped"}:
            tokens.append(Token("literal", text))
        elif kind != "fill":
            tokens.append(Token(kind, text))
    sections.append(Section(tuple(tokens), condition))
    return tuple(sections)


def _bracket(text: str) -> list[Token]:
    if currency := _CURRENCY.match(text):
        return [Token("literal", currency[1])]
    if _ELAPSED.match(text):
        return [Token("elapsed", text)]
    return []


def _condition(text: str) -> tuple[str, Decimal] | None:
    found = _CONDITION.match(text)
    return (found[1], Decimal(found[2])) if found else None


def _choose(sections: tuple[Section, ...], value: Decimal) -> tuple[Section | None, Decimal]:
    """The section for `value`, and what it prints: the magnitude where the section itself stands for the sign."""
    numeric = sections[:_TEXT]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(section.condition, value):
                return section, value
        return None, value
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > _ZERO:
        return numeric[_ZERO], value
    return numeric[0], value


def _holds(condition: tuple[str, Decimal], value: Decimal) -> bool:
    operator, operand = condition
    return {
        "<": value < operand,
        "<=": value <= operand,
        ">": value > operand,
        ">=": value >= operand,
        "=": value == operand,
        "<>": value != operand,
    }[operator]


def _general(value: Decimal) -> str:
    if value == 0:
        return "0"
    if not _SMALLEST_PLAIN <= abs(value) < _LARGEST_PLAIN:
        return format(value, ".6g").replace("e", "E")
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(value: Decimal, section: Section) -> str:
    """Digits laid into the places of a section; its literals stay where they are."""
    tokens = list(section.tokens)
    places = [index for index, token in enumerate(tokens) if token.kind == "digit"]
    sign = "-" if value < 0 else ""
    if not places:
        return sign + "".join(token.text for token in tokens if token.kind == "literal" or token.text == "%")
    if section.has("mark", "/") or section.has("exponent"):
        return _scientific(value, section) if section.has("exponent") else _general(value)
    point = next((i for i, token in enumerate(tokens) if token == Token("mark", ".")), len(tokens))
    whole = [index for index in places if index < point]
    commas = [index for index, token in enumerate(tokens) if token == Token("mark", ",")]
    end = whole[-1] if whole else point
    grouped = any(whole and whole[0] < index < end for index in commas)
    scale = sum(1 for index in commas if index > end)
    value = value.scaleb(2 * sum(token.text == "%" for token in tokens) - 3 * scale)
    decimals = [index for index in places if index > point]
    digits = format(_rounded(abs(value), len(decimals)), "f")
    integer, _, fraction = digits.partition(".")
    printed = {**_integer(integer.lstrip("0"), whole, tokens, grouped=grouped), **_fraction(fraction, decimals, tokens)}
    if not whole and integer.strip("0"):
        printed[point] = integer + "."
    return sign + "".join(
        printed.get(index, "" if token == Token("mark", ",") else token.text) for index, token in enumerate(tokens)
    )


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` with so many decimals, halves away from zero; the largest number of a workbook has 309 digits."""
    return value.quantize(Decimal((0, (1,), -decimals)), ROUND_HALF_UP, Context(prec=_MOST_DIGITS + decimals))


def _integer(digits: str, places: list[int], tokens: list[Token], *, grouped: bool) -> dict[int, str]:
    """What stands at each place before the point, filled from the right; the first place takes the rest."""
    printed: dict[int, str] = {}
    rest, count = digits, 0
    for number, index in enumerate(reversed(places)):
        last = number == len(places) - 1
        taken = rest if last else rest[-1:]
        rest = "" if last else rest[:-1]
        text = taken or {"0": "0", "?": " "}.get(tokens[index].text, "")
        out = ""
        for digit in reversed(text):
            if grouped and count and count % 3 == 0 and digit != " ":
                out = "," + out
            out = digit + out
            count += 1
        printed[index] = out
    return printed


def _fraction(digits: str, places: list[int], tokens: list[Token]) -> dict[int, str]:
    significant = len(digits.rstrip("0"))
    return {
        index: digit if number < significant else {"0": "0", "?": " "}.get(tokens[index].text, "")
        for number, (index, digit) in enumerate(zip(places, digits, strict=True))
    }


def _scientific(value: Decimal, section: Section) -> str:
    before = [token for token in section.tokens[: _index(section, "exponent")] if token.kind in {"digit", "mark"}]
    pattern = "".join(token.text for token in before)
    decimals = len(pattern.partition(".")[2])
    exponent = value.adjusted() if value else 0
    mantissa = _rounded(value.scaleb(-exponent), decimals)
    if abs(mantissa) >= _TEN:
        exponent, mantissa = exponent + 1, _rounded(mantissa.scaleb(-1), decimals)
    places = sum(token.kind == "digit" for token in section.tokens[_index(section, "exponent") :])
    plus = "+" if section.has("exponent", "E+") or exponent < 0 else ""
    return f"{mantissa}E{'-' if exponent < 0 else plus}{abs(exponent):0{places}d}"


def _index(section: Section, kind: str) -> int:
    return next(index for index, token in enumerate(section.tokens) if token.kind == kind)
