"""Every metric of the services: name, labels and meaning in one place; the reference page is made from this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metric(StrEnum):
    """Names as Prometheus sees them."""

    RECORDS = "juesuan_records_total"
    SECONDS = "juesuan_record_seconds"
    BYTES = "juesuan_document_bytes_total"
    ASSIGNED = "juesuan_partitions_assigned"
    LAG = "juesuan_lag_records"
    WORKING = "juesuan_records_working"
    BEAT = "juesuan_loop_age_seconds"
    READY = "juesuan_ready"


HELP = {
    Metric.RECORDS: "Records that ended, by service, outcome (produced, rejected, postponed, lost) and reason.",
    Metric.SECONDS: "Seconds from taking a record to committing its end, by service.",
    Metric.BYTES: "Bytes of the uploaded files whose record was led on, by service.",
    Metric.ASSIGNED: "Partitions that this instance holds.",
    Metric.LAG: "Records that wait or are being worked on, by topic and partition that this instance holds.",
    Metric.WORKING: "Records that this instance is working on.",
    Metric.BEAT: "Seconds since the last turn of the loop.",
    Metric.READY: "1 while every server that the service needs answers, else 0.",
}


@dataclass(frozen=True)
class Metrics:
    """The metrics of one process, in a registry of its own."""

    registry: CollectorRegistry
    records: Counter
    seconds: Histogram
    size: Counter
    lag: Gauge
    assigned: Gauge
    working: Gauge
    beat: Gauge
    ready: Gauge


def make_metrics() -> Metrics:
    """A fresh set, with the process's own figures (memory, CPU, open files) beside them."""
    from prometheus_client import (  # noqa: PLC0415 - only services need it
        CollectorRegistry,
        Counter,
        Gauge,
        Histogram,
        ProcessCollector,
    )

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    counter = Counter(Metric.RECORDS, HELP[Metric.RECORDS], ["service", "outcome", "reason"], registry=registry)
    histogram = Histogram(
        Metric.SECONDS,
        HELP[Metric.SECONDS],
        ["service"],
        registry=registry,
        buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
    )
    gauges = {
        name: Gauge(name, HELP[name], registry=registry)
        for name in (Metric.ASSIGNED, Metric.WORKING, Metric.BEAT, Metric.READY)
    }
    return Metrics(
        registry,
        counter,
        histogram,
        Counter(Metric.BYTES, HELP[Metric.BYTES], ["service"], registry=registry),
        Gauge(Metric.LAG, HELP[Metric.LAG], ["topic", "partition"], registry=registry),
        gauges[Metric.ASSIGNED],
        gauges[Metric.WORKING],
        gauges[Metric.BEAT],
        gauges[Metric.READY],
    )
