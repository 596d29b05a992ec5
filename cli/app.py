"""The commands. Each one only reads its options and hands over to a module that is imported when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from cli import messages, places
from cli import options as o
from cli.language import Words
from cli.leaving import leave
from cli.remote import commands as remote
from cli.remote.options import BatchOption


def build_app() -> typer.Typer:
    """The command line in the language that was chosen."""
    app = typer.Typer(
        name="juesuan",
        help=messages.ABOUT(),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # help in boxes takes twice as long to load, and breaks on narrow windows
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    commands: list[tuple[Callable[..., None], Words]] = [
        (run, messages.RUN),
        (show, messages.SHOW),
        (search, messages.SEARCH),
        (facts, messages.FACTS),
        (findings, messages.FINDINGS),
        (reports, messages.REPORTS),
        (export, messages.EXPORT),
        (version, messages.VERSION),
    ]
    for command, words in commands:
        app.command(help=words())(command)
    remote.add_to(app)
    return app


def _root(lang: o.LangOption = None) -> None:
    # The language is read from the arguments before they are parsed (cli.main); declared here for --help and checking.
    del lang


def run(
    paths: o.PathsArgument,
    out: o.OutOption = None,
    db: o.DbOption = None,
    no_db: o.NoDbOption = False,
    jobs: o.JobsOption = None,
    output: o.RunFormatOption = o.RunFormat.TEXT,
    log: o.LogOption = None,
    lang: o.LangOption = None,
) -> None:
    """Process files and folders."""
    del lang
    from cli.run import Order
    from cli.run import run as carry_out
    from shared.observability.log import Level, configure

    configure(Level(log.lower()) if log else None)
    database = None if no_db else places.database(db)
    order = Order(tuple(paths), out, database, jobs, output is o.RunFormat.JSON)
    leave(lambda: carry_out(order))


def show(file: o.FileArgument, table: o.TableOption = None, lang: o.LangOption = None) -> None:
    """Show the tables of a file."""
    del lang
    from cli.show import show as carry_out
    from shared.observability.log import configure

    configure(None)
    leave(lambda: carry_out(file, table))


def search(
    words: o.WordsArgument,
    year: o.YearOption = None,
    division: o.DivisionOption = None,
    limit: o.LimitOption = None,
    output: o.FormatOption = o.Format.TABLE,
    db: o.DbOption = None,
    lang: o.LangOption = None,
) -> None:
    """Full-text search."""
    del lang
    from cli import queries

    query = queries.SearchQuery(" ".join(words), year, division, limit)
    leave(lambda: queries.search(places.database(db), query, output))


def facts(
    code: o.CodeOption = None,
    year: o.YearOption = None,
    division: o.DivisionOption = None,
    table: o.TableOption = None,
    entity: o.EntityOption = None,
    measure: o.MeasureOption = None,
    minimum: o.MinimumOption = None,
    maximum: o.MaximumOption = None,
    all_revisions: o.AllOption = False,
    batch: BatchOption = None,
    limit: o.LimitOption = None,
    output: o.FormatOption = o.Format.TABLE,
    db: o.DbOption = None,
    lang: o.LangOption = None,
) -> None:
    """Query facts."""
    del lang
    from cli import queries
    from services.indexer.records import FactFilter

    least, most = o.decimal(minimum), o.decimal(maximum)

    def ask() -> int:
        chosen = FactFilter(
            code=code, year=year, division=division, table=table, entity=entity, measure=queries.measure(measure),
            minimum=least, maximum=most, current=not all_revisions,
        )  # fmt: skip
        if batch is not None:
            from cli.remote import answers

            return answers.facts(batch, db, chosen, limit, output)
        return queries.facts(places.database(db), chosen, limit, output)

    leave(ask)


def findings(
    severity: o.SeverityOption = None,
    rule: o.RuleOption = None,
    year: o.YearOption = None,
    division: o.DivisionOption = None,
    entity: o.EntityOption = None,
    table: o.TableOption = None,
    all_revisions: o.AllOption = False,
    batch: BatchOption = None,
    limit: o.LimitOption = None,
    output: o.FormatOption = o.Format.TABLE,
    db: o.DbOption = None,
    lang: o.LangOption = None,
) -> None:
    """Query findings."""
    del lang
    from cli import queries
    from services.indexer.records import FindingFilter

    chosen = FindingFilter(
        severity=queries.severity(severity.value if severity else None), rule=rule, year=year, division=division,
        entity=entity, table=table, current=not all_revisions,
    )  # fmt: skip
    if batch is not None:
        from cli.remote import answers

        leave(lambda: answers.findings(batch, db, chosen, limit, output))
    leave(lambda: queries.findings(places.database(db), chosen, limit, output))


def reports(
    year: o.YearOption = None,
    division: o.DivisionOption = None,
    entity: o.EntityOption = None,
    failed: o.FailedOption = False,
    all_revisions: o.AllOption = False,
    batch: BatchOption = None,
    limit: o.LimitOption = None,
    output: o.FormatOption = o.Format.TABLE,
    db: o.DbOption = None,
    lang: o.LangOption = None,
) -> None:
    """List reports."""
    del lang
    from cli import queries
    from services.indexer.records import ReportFilter

    if batch is not None and failed:
        from cli.remote import answers

        leave(lambda: answers.failures(batch, db, limit, output))
    if failed:
        leave(lambda: queries.failures(places.database(db), limit, output))
    chosen = ReportFilter(year=year, division=division, entity=entity, current=not all_revisions)
    if batch is not None:
        from cli.remote import answers

        leave(lambda: answers.reports(batch, db, chosen, limit, output))
    leave(lambda: queries.reports(places.database(db), chosen, limit, output))


def export(
    out: o.ExportOutOption = Path("export"),
    output: o.ExportFormatOption = o.ExportFormat.CSV,
    year: o.YearOption = None,
    division: o.DivisionOption = None,
    entity: o.EntityOption = None,
    all_revisions: o.AllOption = False,
    db: o.DbOption = None,
    lang: o.LangOption = None,
) -> None:
    """Export facts, findings and reports."""
    del lang
    from cli import queries
    from services.indexer.records import ReportFilter

    chosen = ReportFilter(year=year, division=division, entity=entity, current=not all_revisions)
    leave(lambda: queries.export(places.database(db), chosen, output.value, out))


def version(lang: o.LangOption = None) -> None:
    """Show the version."""
    del lang
    from importlib import metadata

    typer.echo(f"juesuan {metadata.version('juesuan')}")
