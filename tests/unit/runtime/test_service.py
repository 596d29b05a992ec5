from __future__ import annotations

import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.adapters.bus import Bus, Fenced, Message, Record
from shared.adapters.memory_bus import MemoryBus
from shared.contracts.base import Text
from shared.contracts.errors import TransientFault
from shared.contracts.events import ObjectRef
from shared.observability.log import configure
from shared.observability.metrics import Metric
from shared.runtime import service as service_module
from shared.runtime.breaker import BreakerOpen
from shared.runtime.connections import (
    ChainSettings,
    Connections,
    MissingSetting,
    bus,
    current,
    load,
    opened_once,
    save,
    settings,
    store,
    use,
)
from shared.runtime.results import Produced
from shared.runtime.service import EXIT_BREAKER, EXIT_FENCED, EXIT_OK, Readiness, Service, run_service, serve
from tests.unit.runtime.rig import uploaded


def free_port() -> int:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])


@pytest.fixture
def chain(tmp_path: Path) -> ChainSettings:
    (tmp_path / "store").mkdir()
    return ChainSettings(
        kafka="", store=str(tmp_path / "store"), database="sqlite://", instance="test", port=free_port()
    )


def work(record: Record) -> Produced:
    """Lead every record on as an upload, kept where the settings in force say."""
    store().put(settings().outputs, "seen", record.value or b"")
    return Produced((uploaded("t/b/f"),))


SERVICE = Service(name="tester", version="1", topics=("work",), work=work)


class Running:
    """A service in a thread."""

    def __init__(self, service: Service, chain: ChainSettings, bus_: Bus) -> None:
        self.stop = threading.Event()
        self.url = f"http://127.0.0.1:{chain.port}"
        self._thread = threading.Thread(target=serve, args=(service, chain, bus_, self.stop))
        self._thread.start()

    def get(self, page: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + page, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except urllib.error.URLError as error:
            return 0, str(error)

    def wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not done() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert done()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def memory() -> MemoryBus:
    return MemoryBus(partitions=2)


@pytest.fixture
def running(chain: ChainSettings, memory: MemoryBus) -> Iterator[Running]:
    service = Running(SERVICE, chain, memory)
    try:
        service.wait(lambda: service.get("/readyz")[0] == 200)
        yield service
    finally:
        service.end()


def test_a_service_works_until_it_is_stopped(running: Running, memory: MemoryBus, chain: ChainSettings) -> None:
    memory.send([Message("work", b"k", b"v")])
    running.wait(lambda: len(list(memory.read_all("juesuan.object.created"))) == 1)
    assert (Path(chain.store) / chain.outputs / "seen").read_bytes() == b"v"
    assert running.get("/livez") == (200, "ok\n")


def test_every_metric_of_the_catalogue_is_set(running: Running, memory: MemoryBus) -> None:
    memory.send([Message("work", b"k", b"v"), Message("work", b"j", b"v")])
    running.wait(lambda: len(list(memory.read_all("juesuan.object.created"))) == 2)
    samples: dict[str, float] = {}

    def all_there() -> bool:
        lines = running.get("/metrics")[1].splitlines()
        samples.clear()
        parts = [line.rpartition(" ") for line in lines if not line.startswith("#")]
        samples.update({name: float(value) for name, _, value in parts})
        return any(name.startswith(Metric.LAG) for name in samples)

    running.wait(all_there)
    for metric in Metric:
        assert any(name.startswith(metric.value) for name in samples), metric
    assert samples['juesuan_records_total{outcome="produced",reason="",service="tester"}'] == 2
    assert samples['juesuan_record_seconds_count{service="tester"}'] == 2
    assert samples['juesuan_document_bytes_total{service="tester"}'] == 20
    assert samples["juesuan_partitions_assigned"] == 4
    assert samples["juesuan_ready"] == 1
    assert samples["process_resident_memory_bytes"] > 0


def test_what_is_missing_is_named(chain: ChainSettings, memory: MemoryBus, tmp_path: Path) -> None:
    there: list[bool] = []
    needy = Service(name="needy", version="1", topics=("work",), work=work, needs=(("database", lambda: bool(there)),))
    service = Running(needy, chain, memory)
    try:
        service.wait(lambda: service.get("/readyz") == (503, "database\n"))
        assert service.get("/livez")[0] == 200
        there.append(True)
        service.wait(lambda: service.get("/readyz")[0] == 200)
        (tmp_path / "store").rename(tmp_path / "gone")
        service.wait(lambda: service.get("/readyz") == (503, "object store\n"))
    finally:
        service.end()


def test_the_loop_asks_anew_and_probes_do_not(chain: ChainSettings) -> None:
    asked: list[int] = []
    readiness = Readiness((("server", lambda: bool(asked.append(1)) or len(asked) < 2),), Connections(chain))
    assert readiness.missing() == ""
    assert readiness.missing() == ""
    assert len(asked) == 1
    readiness._asked -= 0.3
    assert not readiness.ready()
    assert readiness.missing() == "server"
    assert len(asked) == 2


@pytest.fixture
def _process_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(service_module, "settle_heap", lambda: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
    configure(None)


@pytest.mark.usefixtures("_process_as_before")
@pytest.mark.parametrize(
    ("end", "code"),
    [
        (None, EXIT_OK),
        (Fenced("another took over"), EXIT_FENCED),
        (BreakerOpen("20 failures in a row"), EXIT_BREAKER),
    ],
)
def test_the_exit_code_says_why_a_service_ended(
    end: BaseException | None, code: int, chain: ChainSettings, memory: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(service: Service, chain_: ChainSettings, bus_: Bus, stop: threading.Event) -> None:
        assert (service, chain_, bus_) == (SERVICE, chain, memory)
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        if end:
            raise end

    monkeypatch.setattr(service_module, "serve", ends)
    with use(Connections(chain, memory)):
        assert run_service(SERVICE) == code


def test_connections_belong_to_the_thread_that_uses_them(chain: ChainSettings, memory: MemoryBus) -> None:
    opened: list[str] = []

    @opened_once
    def something() -> str:
        opened.append(settings().instance)
        return settings().instance

    found: list[str] = []

    def other() -> None:
        with use(Connections(ChainSettings(kafka="", store="", database="", instance="other"))):
            found.extend([something(), something()])

    with use(Connections(chain, memory)):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        found.append(something())
        assert bus() is memory
        assert store() is store()
        outer = current()
        with use(Connections(chain)):
            assert current() is not outer
        assert current() is outer
    assert found == ["other", "other", "test"]
    assert opened == ["other", "test"]


def test_outputs_are_kept_by_content_and_found_by_their_claim_check(chain: ChainSettings) -> None:
    text = Text(zh="字", en="word")
    with use(Connections(chain)):
        reference = save("reports", "ab" + "0" * 62, "cd" + "1" * 62, "7", text)
        assert reference == ObjectRef(bucket=chain.outputs, key=f"reports/ab/ab{'0' * 62}/cd{'1' * 14}-7.json")
        assert save("reports", "ab" + "0" * 62, "cd" + "1" * 62, "7", text) == reference
        assert load(reference, Text) == text
        with pytest.raises(TransientFault):
            load(ObjectRef(bucket=chain.outputs, key="nothing"), Text)


def test_what_a_newer_version_added_to_an_output_is_passed_over(chain: ChainSettings) -> None:
    with use(Connections(chain)):
        store().put(chain.outputs, "newer", b'{"zh": "a", "en": "b", "fr": "c"}')
        assert load(ObjectRef(bucket=chain.outputs, key="newer"), Text) == Text(zh="a", en="b")


SETTINGS = {"JUESUAN_KAFKA": "k:1", "JUESUAN_STORE": "/s", "JUESUAN_DATABASE": "sqlite://"}


def test_settings_come_from_the_environment() -> None:
    found = ChainSettings.from_environment({**SETTINGS, "JUESUAN_JOBS": "5", "JUESUAN_INSTANCE": "a"})
    assert (found.kafka, found.store, found.jobs, found.instance) == ("k:1", "/s", 5, "a")
    assert ChainSettings.from_environment(SETTINGS).instance == socket.gethostname()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(MissingSetting, match=name):
        ChainSettings.from_environment({key: value for key, value in SETTINGS.items() if key != name})
