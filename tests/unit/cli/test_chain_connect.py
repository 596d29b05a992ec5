from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from cli.remote import letters
from cli.remote.batch import BadName, Batch, named
from cli.remote.connect import NoAnswer, NoServers, answered, chain_environment, environment_file
from deploy.local import stack
from shared.adapters.bus import BusFault
from shared.contracts.base import Text
from shared.contracts.errors import Category, Phase, TransientFault

DATABASE = "postgresql+psycopg://postgres:@/juesuan?host=/a folder/data"


def write(state: Path) -> None:
    lines = {"JUESUAN_KAFKA": "127.0.0.1:1", "JUESUAN_STORE": "http://a:b@127.0.0.1:2", "JUESUAN_DATABASE": DATABASE}
    (state / "env").write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in lines.items()))


def test_the_file_of_make_up_says_where_the_servers_are(tmp_path: Path) -> None:
    write(tmp_path)
    found = chain_environment({"JUESUAN_STATE": str(tmp_path)})
    assert (found["JUESUAN_KAFKA"], found["JUESUAN_DATABASE"]) == ("127.0.0.1:1", DATABASE)


def test_a_variable_counts_more_than_the_file(tmp_path: Path) -> None:
    write(tmp_path)
    found = chain_environment({"JUESUAN_STATE": str(tmp_path), "JUESUAN_KAFKA": "broker:9092"})
    assert (found["JUESUAN_KAFKA"], found["JUESUAN_STORE"]) == ("broker:9092", "http://a:b@127.0.0.1:2")


def test_without_either_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoServers) as caught:
        chain_environment({"JUESUAN_STATE": str(tmp_path), "JUESUAN_KAFKA": "broker:9092"})
    assert "JUESUAN_STORE" in caught.value.text.zh
    assert "make up" in caught.value.text.en


def test_the_file_is_that_of_the_checkout_unless_moved() -> None:
    assert environment_file({}) == stack.ROOT / ".state" / "env"


@pytest.mark.parametrize(
    "fault",
    [
        BusFault("nobody at broker:9092"),
        TransientFault(Category.SERVER, Phase.INDEX, Text(zh="", en=""), "nobody at broker:9092"),
    ],
)
def test_a_server_that_is_away_is_named(fault: Exception) -> None:
    with pytest.raises(NoAnswer, match="broker:9092"), answered():
        raise fault


def test_a_batch_may_name_its_tenant() -> None:
    assert named("2024", None) == Batch("default", "2024")
    assert named("吕梁/2024", None) == named("2024", "吕梁") == Batch("吕梁", "2024")
    assert named("吕梁/2024", None).prefix == "吕梁/2024/"


@pytest.mark.parametrize(
    ("batch", "tenant"), [("", None), ("a/b/c", None), ("a/b", "t"), ("..", None), ("b", "_canary"), ("a\nb", None)]
)
def test_a_name_that_would_break_the_keys_is_refused(batch: str, tenant: str | None) -> None:
    with pytest.raises(BadName):
        named(batch, tenant)


def test_the_letters_of_every_service_are_read() -> None:
    assert letters.SERVICES == stack.CHAIN_SERVICES
