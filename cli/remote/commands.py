"""The commands of the chain: each reads its options and hands over to a module that is imported when it is needed."""

from __future__ import annotations

from collections.abc import Callable

import typer

from cli import options as o
from cli.language import Words
from cli.leaving import leave
from cli.remote import messages
from cli.remote import options as r


def add_to(app: typer.Typer) -> None:
    """Add the commands to `juesuan`."""
    commands: list[tuple[Callable[..., None], Words]] = [
        (upload, messages.UPLOAD),
        (status, messages.STATUS),
        (watch, messages.WATCH),
        (replay, messages.REPLAY),
        (topics, messages.TOPICS),
        (reconcile, messages.RECONCILE),
    ]
    for command, words in commands:
        app.command(help=words())(command)
    letters = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    letters.command("list", help=messages.DLQ_LIST())(dlq_list)
    letters.command("show", help=messages.DLQ_SHOW())(dlq_show)
    letters.command("replay", help=messages.DLQ_REPLAY())(dlq_replay)
    app.add_typer(letters, name="dlq", help=messages.DLQ())


def upload(
    folder: r.DirArgument,
    batch: r.BatchName,
    tenant: r.TenantName = None,
    wait: r.WaitOption = False,
    timeout: r.TimeoutOption = None,
    jobs: r.UploadsOption = 8,
    bundle: r.BundleOption = True,
    output: o.RunFormatOption = o.RunFormat.TEXT,
    lang: o.LangOption = None,
) -> None:
    """Upload a folder."""
    del lang
    from cli.remote.batch import named
    from cli.remote.upload import Order
    from cli.remote.upload import upload as carry_out

    as_json = output is o.RunFormat.JSON
    leave(lambda: carry_out(Order(folder, named(batch, tenant), wait or as_json, timeout, jobs, as_json, bundle)))


def status(
    batch: r.BatchOption = None,
    tenant: r.TenantOption = None,
    as_json: r.JsonOption = False,
    watch: r.WatchOption = False,
    all_contents: r.ContentsOption = False,
    lang: o.LangOption = None,
) -> None:
    """Show where documents stand."""
    del lang
    from cli.remote.status import Order
    from cli.remote.status import status as carry_out

    leave(lambda: carry_out(Order(batch, tenant, as_json, watch, all_contents)))


def watch(
    stage: r.WatchedOption = r.Watched.VALIDATED,
    batch: r.BatchOption = None,
    from_start: r.FromStartOption = False,
    count: r.CountOption = None,
    output: o.RunFormatOption = o.RunFormat.TEXT,
    lang: o.LangOption = None,
) -> None:
    """Show events as they come."""
    del lang
    from cli.remote.batch import named
    from cli.remote.watching import watch as carry_out

    def follow() -> int:
        chosen = named(batch, None) if batch else None
        return carry_out(stage.value, chosen, count, from_start=from_start, as_json=output is o.RunFormat.JSON)

    leave(follow)


def replay(
    stage: r.StageOption,
    where: r.WhereOption = None,
    dry_run: r.DryRunOption = False,
    lang: o.LangOption = None,
) -> None:
    """Process documents again."""
    del lang
    from cli.remote.replay import replay as carry_out

    leave(lambda: carry_out(stage.value, where or (), dry_run=dry_run))


def topics(as_json: r.JsonOption = False, lang: o.LangOption = None) -> None:
    """List the topics."""
    del lang
    from cli.remote import overview

    leave(lambda: overview.topics(as_json=as_json))


def reconcile(dry_run: r.DryRunOption = False, lang: o.LangOption = None) -> None:
    """Find what was never announced."""
    del lang
    from cli.remote import overview

    leave(lambda: overview.reconcile(dry_run=dry_run))


def dlq_list(
    service: r.LetterServiceOption = None,
    category: r.CategoryOption = None,
    sent: r.AllLettersOption = False,
    output: o.FormatOption = o.Format.TABLE,
    lang: o.LangOption = None,
) -> None:
    """List dead letters."""
    del lang
    from cli.remote import letters

    leave(lambda: letters.list_letters(letters.Chosen((), service, category, sent), output))


def dlq_show(letter: r.LetterArgument, lang: o.LangOption = None) -> None:
    """Show one dead letter."""
    del lang
    from cli.remote import letters

    leave(lambda: letters.show_letter(letter))


def dlq_replay(
    letters: r.LettersArgument = None,
    every: r.EveryLetterOption = False,
    service: r.LetterServiceOption = None,
    category: r.CategoryOption = None,
    dry_run: r.DryRunOption = False,
    lang: o.LangOption = None,
) -> None:
    """Send dead letters again."""
    del lang
    from cli.remote.letters import Chosen, replay_letters

    chosen = Chosen(tuple(letters or ()), service, category)
    leave(lambda: replay_letters(chosen, every=every, dry_run=dry_run))
