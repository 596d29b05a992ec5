"""Horizontal rules of one table that has no vertical ones: above and below it, below its header, between its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.extractor.lattice.bands import Network
from services.extractor.lattice.bare import Before, fits
from services.extractor.lattice.pieces import Row, is_number
from services.extractor.lattice.regions import ends
from services.extractor.lattice.rules import SNAP, Rule

_LEAST_WIDTH = 100.0
_TWO = 2
#: Rules from side to side that make a table without vertical rules, how near the next one stands, and how far in from
#: the sides vertical rules stand (points).
_ENOUGH, _NEAR, _SIDE = 4, 45.0, 8.0
#: Text may stand out at the sides by this much (points).
_OUT = 3.0
_MIDDLE = 0.35
_RUNNING = 4  # lines at the top of a page, the first of a table that goes on among them


@dataclass(frozen=True)
class Run:
    """A table between its first and its last rule.

    `ys` are rules from side to side, `short` the others between them, `lines` its text.
    """

    left: float
    right: float
    ys: tuple[float, ...]
    short: tuple[Rule, ...]
    lines: tuple[Row, ...]


def runs_of(rules: Sequence[Rule], lines: Sequence[Row], before: Before | None = None) -> Iterator[Run]:
    """Tables among horizontal `rules` that belong to no grid; `lines` are all lines of text outside of grids.

    `before`: the table at the end of the page before, of which a single row may be left.
    """
    for left, right in _sides(rules):
        within = [rule for rule in rules if left - SNAP <= rule.start and rule.end <= right + SNAP]
        whole = sorted({rule.at for rule in within if rule.end - rule.start >= right - left - 2 * SNAP})
        text = [line for line in lines if _inside(line, left, right)]
        for ys in _parted(whole, [_middle(line) for line in text if ends(line)]):
            own = tuple(line for line in text if ys[0] < _middle(line) < ys[-1])
            rest = bool(before and own and own[0] in lines[:_RUNNING] and fits(before.edges, own))
            if not rest and not _is_table(own, len(ys)):
                continue
            short = tuple(rule for rule in within if ys[0] < rule.at < ys[-1] and rule.at not in ys)
            yield Run(left, right, tuple(ys), short, own)


def without_strays(networks: list[Network]) -> list[Network]:
    """Networks of rules without those that are a part of a table that rules its rows only.

    Spreadsheets draw the sides of merged cells, here and there a vertical rule: that makes no columns.
    """
    lone = [across[0] for across, down in networks if len(across) == 1 and not down]
    kept = list(networks)
    while strays := [network for network in kept if network[1] and _is_stray(network, lone)]:
        # the rules of a stray are as good as lone ones: the next stray may stand beside it
        lone = [*lone, *(rule for across, _ in strays for rule in across)]
        kept = [network for network in kept if not any(network is stray for stray in strays)]
    return kept


def _is_stray(network: Network, lone: Sequence[Rule]) -> bool:
    across, down = network
    if not across:
        return False
    left, right = min(rule.start for rule in across), max(rule.end for rule in across)
    same = [rule for rule in lone if abs(rule.start - left) <= SNAP and abs(rule.end - right) <= SNAP]
    if len(same) < max(_ENOUGH, len(across)):
        return False
    top, bottom = min(rule.at for rule in across), max(rule.at for rule in across)
    inner = {round(rule.at / SNAP) for rule in down if left + _SIDE < rule.at < right - _SIDE}
    return len(inner) <= _TWO and any(top - _NEAR <= rule.at <= bottom + _NEAR for rule in same)


def _middle(line: Row) -> float:
    return line[0].y - _MIDDLE * line[0].size


def _inside(line: Row, left: float, right: float) -> bool:
    return left - _OUT <= line[0].x0 and line[-1].x1 <= right + _OUT


def _sides(rules: Sequence[Rule]) -> list[tuple[float, float]]:
    """Where at least two rules begin and end."""
    found: dict[tuple[float, float], int] = {}
    for rule in rules:
        if rule.end - rule.start < _LEAST_WIDTH:
            continue
        known = next((s for s in found if abs(s[0] - rule.start) <= SNAP and abs(s[1] - rule.end) <= SNAP), None)
        side = known or (rule.start, rule.end)
        found[side] = found.get(side, 0) + 1
    return [side for side, count in found.items() if count >= _TWO]


def _parted(places: Sequence[float], breaks: Sequence[float]) -> Iterator[list[float]]:
    """Places between which no text stands that ends a table."""
    run = list(places[:1])
    for upper, lower in pairwise(places):
        if any(upper < place < lower for place in breaks):
            if len(run) > 1:
                yield run
            run = []
        if not run or lower - run[-1] > SNAP:
            run.append(lower)
    if len(run) > 1:
        yield run


def _is_table(lines: Sequence[Row], rules: int) -> bool:
    """Whether there are names beside numbers, or at least headings side by side and rules for some rows."""
    entries = sum(1 for line in lines if len(line) > 1 and any(is_number(piece.text) for piece in line))
    if entries:
        return entries > 1 or rules > _TWO
    return rules > _TWO + 1 and any(len(line) > _TWO for line in lines)
