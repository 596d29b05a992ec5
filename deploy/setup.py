"""What the servers must hold before the services start: `python -m deploy.setup [topics] [buckets] [schema]`.

Every step may be repeated; what is there already stays as it is. JUESUAN_PARTITIONS (8) and JUESUAN_REPLICATION (1)
say how topics are made.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from deploy import CHAIN_SERVICES
from services.indexer.database import open_database
from shared.adapters.objects import open_store
from shared.runtime.connections import ChainSettings
from shared.runtime.topics import all_topics

_PARTITIONS, _REPLICATION = 8, 1
#: with so many copies one may be away, and two still take every record
_COPIES_TO_SPARE = 3
STEPS = ("topics", "buckets", "schema")


def create_topics(kafka: str, partitions: int = _PARTITIONS, replication: int = _REPLICATION) -> None:
    """Make the topics that are not there yet; `kafka`: host:port of some brokers."""
    # Kafka's own value is 1: a record that one broker alone holds would count as kept, and be lost with that broker.
    kept = {"min.insync.replicas": "2"} if replication >= _COPIES_TO_SPARE else {}
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        there = set(admin.list_topics())
        wanted = [
            NewTopic(spec.name, spec.partitions or partitions, replication, topic_configs=spec.configs() | kept)
            for spec in all_topics(CHAIN_SERVICES)
            if spec.name not in there
        ]
        if wanted:
            admin.create_topics(wanted)
    finally:
        admin.close()


def create_buckets(url: str, names: Sequence[str]) -> None:
    """Make the buckets that are not there yet."""
    store = open_store(url)
    for name in names:
        store.ensure_bucket(name)


def create_schema(database: str) -> None:
    """Bring the database to the present schema."""
    open_database(database).dispose()


def main(steps: Sequence[str]) -> int:
    """Carry out these steps, all of them when none is named; 2 for a name that is no step."""
    if unknown := set(steps) - set(STEPS):
        sys.stderr.write(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}\n")
        return 2
    settings = ChainSettings.from_environment()
    for step in steps or STEPS:
        if step == "topics":
            partitions = int(os.environ.get("JUESUAN_PARTITIONS", _PARTITIONS))
            create_topics(settings.kafka, partitions, int(os.environ.get("JUESUAN_REPLICATION", _REPLICATION)))
        elif step == "buckets":
            create_buckets(settings.store, (settings.incoming, settings.outputs))
        else:
            create_schema(settings.database)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
