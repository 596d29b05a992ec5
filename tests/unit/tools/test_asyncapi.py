from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from deploy.local.stack import CHAIN_SERVICES
from shared.contracts.events import MODELS, EventType
from shared.runtime.cloudevents import encode
from shared.runtime.letters import RESENT
from shared.runtime.topics import TOPIC_OF, all_topics, dead_letter_topic
from tests.unit.runtime.rig import uploaded
from tools.asyncapi import SENDS, asyncapi


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(asyncapi())
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def looked_up(made: dict[str, Any], reference: str) -> Any:
    found: Any = made
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_the_required_parts_are_there(made: dict[str, Any]) -> None:
    assert made["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= made["info"].keys()


def test_every_reference_leads_somewhere(made: dict[str, Any]) -> None:
    found = list(references(made))
    assert len(found) > 50
    for reference in found:
        assert looked_up(made, reference), reference


def test_every_topic_is_a_channel(made: dict[str, Any]) -> None:
    addresses = {channel["address"] for channel in made["channels"].values()}
    assert addresses == {str(spec.name) for spec in all_topics(CHAIN_SERVICES)}


def test_all_services_of_the_chain_are_described() -> None:
    assert tuple(service.name for service in SENDS) == CHAIN_SERVICES


def test_messages_of_an_operation_belong_to_its_channel(made: dict[str, Any]) -> None:
    for name, operation in made["operations"].items():
        channel = looked_up(made, operation["channel"]["$ref"])
        assert operation["action"] == ("receive" if ".receives." in name else "send")
        by_services = set(channel["messages"]) - {"ResentLetter"}  # people's command sends that one
        offered = {f"{operation['channel']['$ref']}/messages/{message}" for message in by_services}
        assert {message["$ref"] for message in operation["messages"]} == offered


def test_what_is_sent_is_received_by_the_service_that_works_on_it(made: dict[str, Any]) -> None:
    operations = made["operations"]
    for service in CHAIN_SERVICES[1:5]:
        (received,) = [
            operation["channel"]["$ref"]
            for name, operation in operations.items()
            if name.startswith(f"{service}.receives.") and "retry" not in name
        ]
        before = CHAIN_SERVICES[CHAIN_SERVICES.index(service) - 1]
        sent = [
            operation["channel"]["$ref"]
            for name, operation in operations.items()
            if name.startswith(f"{before}.sends.")
        ]
        assert received in sent


def test_marks_of_letters_lie_in_the_topics_of_dead_letters_alone(made: dict[str, Any]) -> None:
    marked = {item["address"] for item in made["channels"].values() if "ResentLetter" in item["messages"]}
    assert marked == {dead_letter_topic(service) for service in CHAIN_SERVICES}
    assert set(made["components"]["messages"]["ResentLetter"]["headers"]["properties"]) == {RESENT}


@pytest.mark.parametrize("kind", list(EventType))
def test_every_event_has_its_message_headers_and_payload(made: dict[str, Any], kind: EventType) -> None:
    name = MODELS[kind].__name__
    message = made["components"]["messages"][name]
    assert message["name"] == kind.value
    payload = looked_up(made, message["payload"]["$ref"])
    assert set(payload["properties"]) == set(MODELS[kind].model_fields)
    (channel,) = [found for found in made["channels"].values() if found["address"] == str(TOPIC_OF[kind])]
    assert list(channel["messages"]) == [name]


def test_the_headers_are_those_that_are_sent(made: dict[str, Any]) -> None:
    sent = {name for name, _ in encode(uploaded("a/b/c"), "tester", None).headers}
    assert set(made["components"]["messageTraits"]["CloudEvent"]["headers"]["required"]) == sent
