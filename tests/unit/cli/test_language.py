from __future__ import annotations

import string

import pytest

from cli import messages
from cli.language import Words, from_command_line, from_locale


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_locale_decides(environment: dict[str, str], language: str) -> None:
    assert from_locale(environment) == language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["run", "x", "--lang", "zh"], "zh"),
        (["--lang=zh", "run"], "zh"),
        (["run", "--lang", "en"], "en"),
        (["run", "--lang"], "en"),
        (["run", "--lang", "fr"], "en"),
        (["search", "--", "--lang", "zh"], "en"),
    ],
)
def test_the_option_comes_first(arguments: list[str], language: str) -> None:
    assert from_command_line(arguments, {"LANG": "en_GB"}) == language


def test_every_message_is_in_both_languages_with_the_same_values() -> None:
    found = [value for value in vars(messages).values() if isinstance(value, Words)]
    assert len(found) > 50
    for words in found:
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in words]
        assert fields[0] == fields[1], words
        assert words.zh
        assert words.en
        assert not words.zh.isascii() or words.zh == words.en
