"""Tables without outer sides: a row that is one cell from side to side has no vertical rule at all.

Such a row (a title, 财政拨款“三公”经费, the heading of a section) would part the table in two or be left out.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from services.extractor.lattice.rules import SNAP, Rule

Network = tuple[list[Rule], list[Rule]]

#: A band without vertical rules is no higher than this many rows.
_HIGHEST = 1.6
#: Vertical rules further inside than this (points) leave the sides open.
_OPEN = 8.0
_LEAST = 5.0


def join_bands(networks: list[Network]) -> list[Network]:
    """Networks of rules and lone horizontal rules that are bands of one table with open sides, joined.

    Takes networks as `rules.networks` gives them, lone rules included; gives back those with rules of both directions.
    """
    whole = [network for network in networks if network[0] and network[1]]
    sides = [_sides(network) for network in whole if _is_open(network)]
    lone = [network for network in networks if not network[1] and any(_same(_sides(network), own) for own in sides)]
    joined: list[Network] = []
    for network in sorted([*whole, *lone], key=_top):
        partner = next((other for other in reversed(joined) if _belongs(other, network)), None)
        if partner is None:
            joined.append((list(network[0]), list(network[1])))
        else:
            partner[0].extend(network[0])
            partner[1].extend(network[1])
    return [network for network in joined if network[0] and network[1]]


def _top(network: Network) -> float:
    return min(rule.at for rule in network[0])


def _bottom(network: Network) -> float:
    return max(rule.at for rule in network[0])


def _sides(network: Network) -> tuple[float, float]:
    return min(rule.start for rule in network[0]), max(rule.end for rule in network[0])


def _same(sides: tuple[float, float], others: tuple[float, float]) -> bool:
    return abs(sides[0] - others[0]) <= SNAP and abs(sides[1] - others[1]) <= SNAP


def _belongs(upper: Network, lower: Network) -> bool:
    """Whether `lower` goes on below `upper` after one row without vertical rules."""
    if not (upper[1] or lower[1]) or not (_is_open(upper) and _is_open(lower)):
        return False
    if not _same(_sides(upper), _sides(lower)):
        return False
    heights = [height for network in (upper, lower) if network[1] for height in _heights(network)]
    return bool(heights) and 0 < _top(lower) - _bottom(upper) <= _HIGHEST * median(heights)


def _is_open(network: Network) -> bool:
    """Whether no vertical rule stands at the sides; a lone rule has none anywhere."""
    left, right = _sides(network)
    return all(left + _OPEN < rule.at < right - _OPEN for rule in network[1])


def _heights(network: Network) -> list[float]:
    places = sorted(rule.at for rule in network[0])
    return [lower - upper for upper, lower in pairwise(places) if lower - upper > _LEAST]
