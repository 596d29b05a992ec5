"""Which figures the sums of the form prove, and which they contradict.

A sum proves its terms if it holds to the last digit, has three figures at least, and its reader doubted one of them at
most: then two misreadings would have to cancel each other out to the last digit. What one misreading that happens
twice alike (the same blurred figure, a point lost in a whole column) could bring about is no proof: two equal figures,
however far apart they stand; a sum that holds only by what rounding allows; figures without the decimals that their
table prints. Two equal figures prove each other only where a sum proves one of them, or where one was not read by OCR.

A sum that fails by more than rounding explains contradicts its terms that nothing proves. Where changing a single one
of them would mend two broken sums or more, and no other as many, that one alone is contradicted; likewise the only one
that its reader doubted and that one slip of a digit or the point turns into the value that mends the sum. Where an
account adds up to the last digit nearly everywhere, such a single one is contradicted by sums off by rounding, too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from services.normalizer.proof.cells import ZERO, Term
from services.normalizer.proof.sums import Sum

_MANY_TERMS, _DEVIATIONS = 8, Decimal("3.3")
_FEWEST_SUMS = 20
_FEWEST_FIGURES = 3
_EXACT_SHARE = 20  # one sum in so many may be off by rounding in an account that is exact otherwise


class Holds(Enum):
    """How a sum compares."""

    EXACTLY = "exactly"
    ROUNDED = "within rounding"
    NOT = "not"
    UNKNOWN = "one side is not printed"


@dataclass(frozen=True)
class Contradicted:
    """A cell that a broken sum speaks against. `likely` (元) is the only value that would mend all its sums."""

    term: Term
    likely: Decimal | None


@dataclass
class Weighed:
    """Cells that the arithmetic proves, and cells that it contradicts."""

    proved: set[Term] = field(default_factory=set)
    contradicted: list[Contradicted] = field(default_factory=list)


def weigh(sums: Iterable[Sum]) -> Weighed:
    """Judge every sum, then every cell in it that was read by OCR."""
    judged = [(one, holds(one)) for one in sums]
    proved = _proved([one for one, how in judged if how is Holds.EXACTLY])
    off = [one for one, how in judged if how is Holds.ROUNDED] if _is_exact(judged) else []
    broken = [one for one, how in judged if how is Holds.NOT]
    return Weighed(proved, _contradicted(broken, off, proved))


def holds(one: Sum) -> Holds:
    """Whether both sides are the same, given that every printed figure was rounded."""
    left = any(term.printed for term in one.left)
    right = any(term.printed for term in one.right)
    if not (left or right) or (one.partial and not (left and right)):
        return Holds.UNKNOWN
    residues = [residue(one)]
    if one.spare:
        residues.append(residues[0] - sum((term.value for term in one.spare), ZERO))
    least = min(map(abs, residues))
    if least == 0:
        return Holds.EXACTLY
    return Holds.ROUNDED if least <= _bound(one) else Holds.NOT


def residue(one: Sum) -> Decimal:
    """Left side minus right side."""
    return sum((term.value for term in one.left), ZERO) - sum((term.value for term in one.right), ZERO)


def _bound(one: Sum) -> Decimal:
    """What rounding explains: half a unit of the last digit for each figure; of many, what one sum in 1,000 exceeds."""
    quanta = [term.quantum for term in one.terms if term.printed]
    if len(quanta) - 1 <= _MANY_TERMS:
        return sum(quanta, ZERO) / 2
    return min(sum(quanta, ZERO) / 2, _DEVIATIONS * max(quanta) * (Decimal(len(quanta)) / 12).sqrt())


def _is_exact(judged: Sequence[tuple[Sum, Holds]]) -> bool:
    """Whether the account adds up to the last digit throughout, so that even a small residue is none of rounding."""
    counts = Counter(how for one, how in judged if len({term.value for term in one.terms} - {ZERO}) > 1)
    rounded = counts[Holds.ROUNDED]
    return counts[Holds.EXACTLY] >= _FEWEST_SUMS and rounded * _EXACT_SHARE <= counts[Holds.EXACTLY]


def _figures(one: Sum) -> frozenset[Decimal]:
    """The values other than 0 that stand on one side only; none where the two sides merely repeat each other."""
    left = Counter(term.value for term in one.left if term.value)
    right = Counter(term.value for term in one.right if term.value)
    lone = (left - right) + (right - left)
    return frozenset(lone) if lone.total() >= _FEWEST_FIGURES else frozenset()


def _proved(exact: Sequence[Sum]) -> set[Term]:
    """The terms that sums which hold exactly prove, by one another."""
    usable = [
        (one, _figures(one))
        for one in exact
        if not one.spare and all(term.exact for term in one.terms if term.printed and term.value)
    ]
    proved: set[Term] = set()
    while True:
        before = len(proved)
        for one, figures in usable:
            added = [term for term in one.terms if figures and (term.value in figures or not term.value)]
            open_ = [term for term in added if term.scanned and term.doubted and term not in proved]
            if len(open_) <= 1:
                proved.update(added)
            proved.update(_repeated(one, figures, proved))
        if len(proved) == before:
            return proved


def _repeated(one: Sum, figures: frozenset[Decimal], proved: set[Term]) -> list[Term]:
    """Of figures that repeat each other on the two sides, those whose counterpart is sure; blanks that add nothing."""
    pairs = [term for term in one.terms if term.value and term.value not in figures]
    sure = {term.value for term in pairs if term in proved or not term.scanned}
    blanks = [] if figures or any(term.value not in sure for term in pairs) else one.terms
    return [*(term for term in pairs if term.value in sure), *(term for term in blanks if not term.value)]


def _contradicted(broken: Sequence[Sum], off: Sequence[Sum], proved: set[Term]) -> list[Contradicted]:
    within: dict[Term, list[Sum]] = defaultdict(list)
    for one in (*broken, *off):
        for term in _open(one, proved):
            within[term].append(one)
    mends = {term: _mends(term, sums_) for term, sums_ in within.items()}
    found: dict[Term, Decimal | None] = {}
    for one in (*broken, *off):
        open_ = _open(one, proved)
        culprit = _culprit(open_, within, mends)
        if culprit is not None:
            found[culprit] = mends[culprit]
        elif one not in off:
            found |= {term: found.get(term) for term in _suspects(one, open_, within)}
    return [Contradicted(term, likely) for term, likely in found.items()]


def _open(one: Sum, proved: set[Term]) -> list[Term]:
    """The terms that OCR read and nothing proves, each once."""
    return list(dict.fromkeys(term for term in one.terms if term.scanned and term not in proved))


def _mends(term: Term, broken: Sequence[Sum]) -> Decimal | None:
    """The value of `term` that mends all these sums; None if they ask for different ones."""
    values = {term.value - residue(one) if term in one.left else term.value + residue(one) for one in broken}
    return values.pop() if len(values) == 1 else None


def _culprit(open_: Sequence[Term], within: dict[Term, list[Sum]], mends: dict[Term, Decimal | None]) -> Term | None:
    """The one term that explains more broken sums than any other, two at least; else the only one that is slipped."""
    explains = Counter({term: len(within[term]) for term in open_ if mends[term] is not None})
    first, second = [*explains.most_common(2), (None, 0), (None, 0)][:2]
    if first[1] > max(1, second[1]):
        return first[0]
    slipped = [term for term in open_ if term.doubted and _slip(term.value, mends[term])]
    return slipped[0] if len(slipped) == 1 else None


def _slip(read: Decimal, right: Decimal | None) -> bool:
    """Whether one slip of a reader makes `read` of `right`: the point moved or lost, a digit other, lost or doubled."""
    if right is None or not read or read * right <= 0:
        return False
    one, other = (str(int(abs(value) * 100)).rstrip("0") for value in (read, right))
    if len(one) > len(other):
        one, other = other, one
    same = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    return other[same + 1 :] in {one[same:], one[same + 1 :]} or one == other


def _suspects(one: Sum, open_: Sequence[Term], within: dict[Term, list[Sum]]) -> list[Term]:
    """The terms that a broken sum speaks against; the scanned ones of its left side where all are proved."""
    if not open_:
        scanned = [term for term in one.terms if term.scanned and term.spot]
        return [term for term in scanned if term in one.left] or scanned
    # A blank is a suspect where nothing printed is left to suspect, or where several sums miss something there.
    printed = [term for term in open_ if term.printed]
    return printed + [term for term in open_ if not term.printed and (not printed or len(within[term]) > 1)]
