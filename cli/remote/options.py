"""The options of the commands of the chain, declared once; built after the language is chosen."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.remote import messages


class ServiceName(StrEnum):
    """Values of --stage."""

    EXTRACTOR = "extractor"
    NORMALIZER = "normalizer"
    VALIDATOR = "validator"
    INDEXER = "indexer"


class Watched(StrEnum):
    """Values of --stage of `watch`."""

    VALIDATED = "validated"
    INDEXED = "indexed"


DirArgument = Annotated[Path, typer.Argument(help=messages.DIR(), metavar="DIR")]
BatchName = Annotated[str, typer.Option("--batch", help=messages.BATCH())]
BatchOption = Annotated[str | None, typer.Option("--batch", help=messages.BATCH_ONLY(), show_default=False)]
TenantName = Annotated[str | None, typer.Option("--tenant", help=messages.TENANT(), show_default=False)]
TenantOption = Annotated[str | None, typer.Option("--tenant", help=messages.TENANT_ONLY(), show_default=False)]
WaitOption = Annotated[bool, typer.Option("--wait", help=messages.WAIT())]
TimeoutOption = Annotated[
    float | None, typer.Option("--timeout", min=0, help=messages.TIMEOUT(), metavar="SECONDS", show_default=False)
]
UploadsOption = Annotated[int, typer.Option("--jobs", min=1, max=64, help=messages.UPLOADS())]
BundleOption = Annotated[bool, typer.Option("--bundle/--no-bundle", help=messages.BUNDLE())]
JsonOption = Annotated[bool, typer.Option("--json", help=messages.JSON())]
WatchOption = Annotated[bool, typer.Option("--watch", help=messages.STATUS_WATCH())]
ContentsOption = Annotated[bool, typer.Option("--all-contents", help=messages.ALL_CONTENTS())]
StageOption = Annotated[ServiceName, typer.Option("--stage", help=messages.STAGE())]
WhereOption = Annotated[list[str] | None, typer.Option("--where", help=messages.WHERE(), show_default=False)]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=messages.DRY_RUN())]
WatchedOption = Annotated[Watched, typer.Option("--stage", help=messages.WATCHED())]
FromStartOption = Annotated[bool, typer.Option("--from-start", help=messages.FROM_START())]
CountOption = Annotated[int | None, typer.Option("--count", min=1, help=messages.COUNT(), show_default=False)]
LettersArgument = Annotated[
    list[str] | None, typer.Argument(help=messages.LETTERS(), metavar="LETTER...", show_default=False)
]
LetterArgument = Annotated[str, typer.Argument(help=messages.LETTER(), metavar="LETTER")]
LetterServiceOption = Annotated[str | None, typer.Option("--service", help=messages.SERVICE(), show_default=False)]
CategoryOption = Annotated[str | None, typer.Option("--category", help=messages.CATEGORY(), show_default=False)]
AllLettersOption = Annotated[bool, typer.Option("--all", help=messages.ALL_LETTERS())]
EveryLetterOption = Annotated[bool, typer.Option("--all", help=messages.EVERY_LETTER())]
