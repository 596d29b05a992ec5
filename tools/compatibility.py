"""Whether events of a changed contract can still be read by those who know the published one, and the other way round.

Published schemas lie in docs/reference/schemas/events/v1: `python -m tools.publish` brings them up to date and refuses
what would break a reader.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
#: keywords that must stay as they are
_FIXED = ("type", "const", "format", "pattern")


def breaking(published: Schema, current: Schema) -> list[str]:
    """What of `current` breaks the promise of `published`, a sentence each; empty when nothing does.

    A new field that may be absent and a new word of a vocabulary are no breaks: readers pass over fields that they do
    not know, and expect words that they do not know.
    """
    return list(_Comparison(published, current).of(published, current, "", frozenset()))


class _Comparison:
    """Two whole schemas, whose definitions are looked up by name."""

    def __init__(self, published: Schema, current: Schema) -> None:
        self._published, self._current = published, current

    def of(self, old: Schema, new: Schema, place: str, inside: frozenset[str]) -> list[str]:
        """The breaks at `place` and below it; `inside` are the definitions on the way, which may hold themselves."""
        name = str(old.get("$ref", ""))
        if name and name in inside:
            return []
        inside |= {name}
        old, new = _resolved(old, self._published), _resolved(new, self._current)
        where = place or "the event"
        found = [
            f"{where}: {keyword} was {old.get(keyword)}, is {new.get(keyword)}"
            for keyword in _FIXED
            if old.get(keyword) != new.get(keyword)
        ]
        if found:
            return found
        found += _words(old, new, where)
        found += self._alternatives(old, new, where, inside)
        found += self._fields(old, new, place, inside)
        if "items" in old:
            found += self.of(old["items"], new.get("items", {}), f"{place}[]", inside)
        return found

    def _alternatives(self, old: Schema, new: Schema, where: str, inside: frozenset[str]) -> list[str]:
        ours, theirs = old.get("anyOf", []), new.get("anyOf", [])
        if len(ours) != len(theirs):
            return [f"{where}: had {len(ours)} alternatives, has {len(theirs)}"]
        pairs = zip(ours, theirs, strict=True)
        return [text for mine, yours in pairs for text in self.of(mine, yours, where, inside)]

    def _fields(self, old: Schema, new: Schema, place: str, inside: frozenset[str]) -> list[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        were, are = set(old.get("required", [])), set(new.get("required", []))
        found = [f"{_at(place, name)}: removed" for name in before if name not in after]
        found += [f"{_at(place, name)}: required now, events of before lack it" for name in sorted(are - were)]
        found += [f"{_at(place, name)}: may be absent now" for name in sorted((were - are) & after.keys())]
        if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
            found.append(f"{place or 'the event'}: refuses unknown fields now")
        for name in before.keys() & after.keys():
            found += self.of(before[name], after[name], _at(place, name), inside)
        return found


def _words(old: Schema, new: Schema, where: str) -> list[str]:
    if "enum" in old and "enum" not in new:
        return []  # any word is more words
    if "enum" in new and "enum" not in old:
        return [f"{where}: only some words are allowed now"]
    return [f"{where}: the word {word} is gone" for word in old.get("enum", []) if word not in new["enum"]]


def _resolved(schema: Schema, whole: Schema) -> Schema:
    reference = schema.get("$ref")
    if not reference:
        return schema
    found: Schema = whole["$defs"][reference.removeprefix("#/$defs/")]
    return found


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
