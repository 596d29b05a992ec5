"""Which language the command speaks: `--lang`, else the locale, else English. Chosen once, before anything is said."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]

_chosen: Language = "en"


class Words(NamedTuple):
    """One message in both languages; calling it fills in the values in the chosen language."""

    zh: str
    en: str

    def __call__(self, **values: object) -> str:
        """The message in the chosen language."""
        return (self.zh if _chosen == "zh" else self.en).format(**values)


def language() -> Language:
    """The chosen language."""
    return _chosen


def choose(chosen: Language) -> None:
    """Speak `chosen` from now on."""
    global _chosen  # noqa: PLW0603 - one process speaks one language
    _chosen = chosen


def from_command_line(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Language:
    """The language that `arguments` or the locale ask for; a bad value of --lang is left for the parser to report."""
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            wanted = value or (arguments[position + 1] if position + 1 < len(arguments) else "")
            if wanted == "zh":
                return "zh"
            if wanted == "en":
                return "en"
        if argument == "--":
            break
    return from_locale(environment)


def from_locale(environment: Mapping[str, str]) -> Language:
    """Zh for any Chinese locale; the first variable that is set decides, as POSIX has it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
