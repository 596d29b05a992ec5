from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from shared.adapters.bus import Fenced, Message, Partition
from shared.runtime import loop as loop_module
from shared.runtime.breaker import BreakerOpen
from shared.runtime.cloudevents import encode
from shared.runtime.results import Produced
from shared.runtime.retry import RetryPolicy
from shared.runtime.topics import Topic
from tests.unit.runtime.rig import AWAY, BAD, DEAD, DONE, KILLED, RETRY, TOPIC, FaultyBus, Rig, uploaded


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "_IDLE_SECONDS", 0.0)
    monkeypatch.setattr(loop_module, "_BUSY_SECONDS", 0.0)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_records_are_worked_on_in_their_order_and_committed_together(rig: Rig) -> None:
    rig.send(b"a", b"b", b"c")
    rig.turn()
    assert rig.hands.seen == [b"a", b"b", b"c"]
    assert rig.offset() == 0
    rig.hands.always = DONE
    rig.turn()
    assert rig.offset() == 3
    assert [ended.outcome for ended in rig.ended] == ["produced"] * 3


def test_events_and_plain_messages_go_out_with_the_offset(rig: Rig) -> None:
    rig.send(b"a")
    rig.hands.always = Produced((uploaded("t/b/f"),), (Message("beside", b"k", b"v"),))
    rig.turn()
    assert [record.value for record in rig.out("beside")] == [b"v"]
    assert [record.header("ce_subject") for record in rig.out(Topic.OBJECT_CREATED)] == ["in/t/b/f"]
    assert rig.offset() == 1
    assert rig.ended[0].size == 10
    assert rig.ended[0].seconds >= 0


def test_no_more_is_taken_than_there_is_room_for() -> None:
    rig = Rig(capacity=2)
    rig.send(b"a", b"b", b"c")
    rig.turn(3)
    assert rig.hands.seen == [b"a", b"b"]
    rig.hands.answers[b"a"] = DONE
    rig.turn(2)
    assert rig.hands.seen == [b"a", b"b", b"c"]
    assert rig.offset() == 1


def test_heavy_records_of_a_partition_come_one_at_a_time() -> None:
    rig = Rig(heavy=True)
    rig.send(b"a", b"b")
    rig.turn(3)
    assert rig.hands.seen == [b"a"]
    rig.hands.answers[b"a"] = DONE
    rig.turn(2)
    assert rig.hands.seen == [b"a", b"b"]
    assert rig.offset() == 1


def test_a_bad_record_does_not_stop_those_behind_it(rig: Rig) -> None:
    rig.hands.answers[b"b"] = BAD
    rig.hands.always = DONE
    rig.send(b"a", b"b", b"c")
    rig.turn()
    assert rig.offset() == 3
    assert [letter.value for letter in rig.out(DEAD)] == [b"b"]
    assert rig.out(RETRY) == []


def test_a_passing_fault_is_tried_again_from_the_retry_topic(rig: Rig) -> None:
    rig.hands.answers[b"a"] = AWAY
    rig.send(b"a")
    rig.turn()
    assert rig.offset() == 1
    (parked,) = rig.out(RETRY)
    assert parked.header("juesuan-attempt") == "2"
    rig.hands.answers[b"a"] = DONE
    rig.turn(2)
    assert rig.offset(RETRY) == 1
    assert rig.out(DEAD) == []


def test_after_the_last_attempt_comes_the_dead_letter(rig: Rig) -> None:
    rig.hands.answers[b"a"] = AWAY
    rig.send(b"a")
    rig.turn(6)
    assert len(rig.out(RETRY)) == 2
    (letter,) = rig.out(DEAD)
    assert letter.header("juesuan-attempts") == "3"
    assert letter.header("juesuan-reason") == "TransientFault"
    assert letter.header("juesuan-origin-topic") == TOPIC


def test_a_parked_record_waits_until_it_is_due_and_others_do_not() -> None:
    rig = Rig(policy=RetryPolicy(attempts=3, base=0.3, longest=0.3))
    rig.hands.answers |= {b"a": AWAY, b"b": DONE}
    rig.send(b"a")
    rig.turn()
    rig.hands.answers[b"a"] = DONE
    rig.turn(3)
    assert rig.hands.seen == [b"a"]
    rig.send(b"b")
    rig.turn(2)
    assert rig.hands.seen == [b"a", b"b"]
    deadline = time.monotonic() + 10
    while rig.offset(RETRY) == 0 and time.monotonic() < deadline:
        rig.turn()
    assert rig.hands.seen == [b"a", b"b", b"a"]


def test_while_a_server_is_away_no_attempt_is_spent(rig: Rig) -> None:
    rig.hands.always = AWAY
    rig.servers_there = False
    rig.send(b"a", b"b")
    rig.turn(10)
    assert rig.offset() == 0
    assert rig.out(RETRY) == []
    rig.servers_there = True
    rig.hands.always = DONE
    rig.turn(2)
    assert rig.offset() == 2
    assert [ended.outcome for ended in rig.ended] == ["produced"] * 2


def test_a_hold_takes_nothing_until_it_is_over(rig: Rig) -> None:
    rig.hands.always = AWAY
    rig.servers_there = False
    rig.send(b"a")
    rig.turn()
    seen = len(rig.hands.seen)
    rig.loop._turn(taking=True)  # the hold is not over
    assert len(rig.hands.seen) == seen


def test_a_refused_commit_gives_the_records_back(rig: Rig) -> None:
    rig.bus.refusals["commit"] = 1
    rig.hands.always = Produced((uploaded("t/b/f"),))
    rig.send(b"a", b"b")
    rig.turn()
    assert rig.offset() == 0
    assert rig.out(Topic.OBJECT_CREATED) == []
    assert rig.undone == 1
    assert rig.ended == []
    rig.turn()
    assert rig.hands.seen == [b"a", b"b", b"a", b"b"]
    assert len(rig.out(Topic.OBJECT_CREATED)) == 2
    assert rig.offset() == 2


def test_a_bus_that_is_away_is_waited_for(rig: Rig) -> None:
    rig.hands.always = DONE
    rig.send(b"a")
    rig.bus.refusals["poll"] = 3
    rig.turn(3)
    assert rig.hands.seen == []
    rig.turn()
    assert rig.offset() == 1


def test_a_bus_that_is_away_at_the_start_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "_HOLD_SECONDS", 0.01)
    bus = FaultyBus()
    bus.refusals["join"] = 2
    rig = Rig(bus)
    assert rig.loop.assigned() == 2


def test_what_was_taken_away_is_neither_worked_on_nor_committed() -> None:
    bus = FaultyBus(partitions=2)
    one = Rig(bus, identity="one")
    one.send(*(bytes([65 + n]) for n in range(8)))
    one.turn()
    assert len(one.hands.given) == 8
    two = Rig(bus, identity="two")
    one.turn()
    kept = {record.value for record in one.hands.given}
    assert 0 < len(kept) < 8
    one.hands.always = two.hands.always = Produced((uploaded("t/b/f"),))
    one.turn(2)
    two.turn(2)
    assert sorted(two.hands.seen) == sorted(value for value in map(bytes, one.hands.seen) if value not in kept)
    assert sum(one.offset(TOPIC, number) for number in range(2)) == 8
    assert len(one.out(Topic.OBJECT_CREATED)) == 8


def test_an_end_that_comes_after_the_partition_went_is_dropped() -> None:
    bus = FaultyBus(partitions=1)
    one = Rig(bus)
    one.send(b"a")
    one.turn()
    (record,) = one.hands.given
    one.loop._on_revoked(frozenset({record.partition}))
    one.loop._finish([(record, Produced((uploaded("t/b/f"),)))])
    assert one.offset() == 0
    assert one.out(Topic.OBJECT_CREATED) == []


def test_a_second_process_of_the_same_identity_ends_the_first() -> None:
    bus = FaultyBus()
    one = Rig(bus, identity="same")
    one.send(b"a")
    one.turn()
    Rig(bus, identity="same")
    one.hands.always = DONE
    with pytest.raises(Fenced):
        one.turn()


def test_a_record_that_kills_the_process_is_given_up_after_three_beginnings() -> None:
    bus = FaultyBus()
    bus.send([Message(TOPIC, value, value) for value in (b"killer", b"next")])
    for life in range(3):
        rig = Rig(bus, heavy=True, identity=str(life))
        rig.turn(2)
        assert rig.hands.seen == [b"killer"]
        rig.leave()
    last = Rig(bus, heavy=True, identity="last")
    last.turn(3)
    assert last.hands.seen == [b"next"]
    (letter,) = last.out(DEAD)
    assert letter.value == b"killer"
    assert letter.header("juesuan-category") == "crash"
    assert last.offset() == 1


def test_a_record_that_kills_a_light_service_is_found_in_its_batch() -> None:
    bus = FaultyBus(partitions=2)
    values = [b"%s%d" % (kind, n) for n in range(4) for kind in (b"a", b"b")]
    killer = values[3]
    bus.send([Message(TOPIC, value, value) for value in values])
    for life in range(4):
        rig = Rig(bus, identity=str(life))
        if life:
            rig.hands.answers = dict.fromkeys([value for value in values if value != killer], DONE)
        rig.turn(12)
        assert killer in rig.hands.seen
        assert [record.value for record in rig.hands.given] == ([killer] if life else rig.hands.seen)
        rig.leave()
    last = Rig(bus, identity="last")
    last.hands.always = DONE
    last.turn(12)
    assert killer not in last.hands.seen
    assert [(letter.value, letter.header("juesuan-category")) for letter in last.out(DEAD)] == [(killer, "crash")]
    assert sum(last.offset(TOPIC, number) for number in range(2)) == len(values)


def test_a_batch_costs_one_journal_and_after_a_good_end_none_is_careful() -> None:
    bus = FaultyBus()
    rig = Rig(bus)
    rig.hands.always = DONE
    rig.send(*(b"%d" % n for n in range(5)))
    rig.turn()
    assert rig.hands.seen == [b"%d" % n for n in range(5)]
    rig.leave()
    again = Rig(bus, identity="two")
    again.send(b"x", b"y")
    again.turn()
    assert again.hands.seen == [b"x", b"y"]


@pytest.mark.parametrize("heavy", [True, False])
def test_a_stop_in_good_order_is_no_beginning(heavy: bool) -> None:
    bus = FaultyBus()
    stop = threading.Event()
    for life in range(5):
        rig = Rig(bus, heavy=heavy, identity=str(life))
        if life == 0:
            rig.send(b"slow")
        rig.turn(2)
        assert rig.hands.seen == [b"slow"]
        stop.set()
        rig.loop.run(stop, drain_seconds=0.0)
    assert Rig(bus).out(DEAD) == []


def test_the_journal_of_a_finished_record_is_not_held_against_the_next() -> None:
    rig = Rig(heavy=True)
    rig.hands.always = DONE
    rig.send(*(bytes([65 + n]) for n in range(9)))
    rig.turn(10)
    assert rig.offset() == 9
    assert rig.out(DEAD) == []


def test_a_refused_journal_begins_nothing() -> None:
    rig = Rig(heavy=True)
    rig.bus.refusals["commit"] = 1
    rig.send(b"a")
    rig.turn()
    assert rig.hands.seen == []
    rig.turn()
    assert rig.hands.seen == [b"a"]


def test_too_many_crashes_open_the_breaker_and_nothing_catches_it(rig: Rig) -> None:
    rig.hands.always = KILLED
    rig.hands.capacity = 100
    rig.send(*(b"%d" % n for n in range(30)))
    stop = threading.Event()
    with pytest.raises(BreakerOpen, match="in a row"):
        rig.loop.run(stop)
    assert rig.hands.closed


def test_bad_files_never_open_the_breaker(rig: Rig) -> None:
    rig.hands.always = BAD
    rig.hands.capacity = 300
    rig.send(*(b"%d" % n for n in range(250)))
    rig.turn(2)
    assert len(rig.out(DEAD)) == 250


def in_thread(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target)
    thread.start()
    return thread


def test_at_the_stop_running_work_may_end_and_nothing_new_begins() -> None:
    rig = Rig(capacity=1)
    rig.send(b"a", b"b")
    rig.turn()
    stop = threading.Event()
    stop.set()
    rig.hands.answers |= {b"a": DONE, b"b": DONE}
    thread = in_thread(lambda: rig.loop.run(stop, drain_seconds=10))
    thread.join(10)
    assert not thread.is_alive()
    assert rig.hands.seen == [b"a"]
    assert rig.offset() == 1
    assert rig.hands.closed


def test_at_the_stop_work_that_does_not_end_is_abandoned() -> None:
    rig = Rig()
    rig.send(b"a")
    rig.turn()
    stop = threading.Event()
    stop.set()
    rig.loop.run(stop, drain_seconds=0.02)
    assert rig.offset() == 0
    assert rig.hands.given == []


def test_lag_counts_what_waits_and_what_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "_MEASURE_SECONDS", -1.0)
    rig = Rig(capacity=2)
    rig.send(*(bytes([65 + n]) for n in range(5)))
    rig.turn(2)
    assert rig.loop.lag()[Partition(TOPIC, 0)] == 5
    rig.hands.answers[b"A"] = DONE
    rig.turn(2)
    assert rig.loop.lag()[Partition(TOPIC, 0)] == 4
    assert rig.loop.working() == 2


def test_events_of_failures_are_told_once_per_attempt(rig: Rig) -> None:
    event = uploaded("t/b/f")
    message = encode(event, "intake", None)
    rig.bus.send([Message(TOPIC, message.key, message.value, message.headers)])
    rig.hands.always = KILLED
    rig.turn(6)
    assert [record.header("ce_type") for record in rig.out(Topic.DOCUMENT_RETRIED)] == [
        "cn.juesuan.document.retried.v1"
    ] * 2
    assert len({record.header("ce_id") for record in rig.out(Topic.DOCUMENT_RETRIED)}) == 2
    assert len(rig.out(Topic.DOCUMENT_FAILED)) == 1
