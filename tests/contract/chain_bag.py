"""A mixed bag of files for the chain, and what `juesuan run` makes of the very same files."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from services.indexer.database import open_database
from services.indexer.queries import facts
from services.indexer.records import FactFilter
from tests.corpus.bad import BAD
from tests.corpus.generate import plan

ROOT = Path(__file__).resolve().parents[2]
_FORMATS = ("txt-tabs", "md-pipes", "html-clean", "docx", "xlsx", "xls", "pdf-stroked")
_BROKEN = ("空文件.pdf", "未知类型.bin", "截断.docx", "预算公开.txt", "空白模板.txt")
#: what `juesuan run` calls these documents in the chain
OUTCOMES = {"ok": "indexed", "partial": "partial", "refused": "refused", "failed": "failed"}
_OF_THE_UPLOAD = {"document_name", "revision", "is_current"}

Rows = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Local:
    """How each file ended without the chain, by name, and every fact of each account, by SHA-256 of the content."""

    outcomes: dict[str, str]
    facts: dict[str, Rows]


def bag(seed: int) -> dict[str, bytes]:
    """Good, partial, refused and broken files by name; one content comes twice, one name is hard on programs."""
    files = {job.file_name: job.form.write(job.compose()) for job in plan(7, seed, _FORMATS)}
    first = next(iter(files.values()))
    (partial,) = plan(1, seed + 50, ("txt-tabs",))
    return {
        **files,
        "坏字节.txt": partial.form.write(partial.compose()) + b"\n\xff\xfe\xfd\n",
        **{bad.name: bad.make() for bad in BAD if bad.name in _BROKEN},
        "再次 上传+100%&'引号'.txt": first,
    }


def run_locally(files: dict[str, bytes], folder: Path) -> Local:
    """`juesuan run` on these files."""
    source = folder / "files"
    source.mkdir(parents=True)
    for name, content in files.items():
        (source / name).write_bytes(content)
    database = folder / "local.db"
    done = subprocess.run(
        [sys.executable, "-m", "cli", "run", str(source), "--db", str(database), "--format", "json", "--jobs", "2"],
        capture_output=True,
        check=False,
        timeout=300,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 2, done.stderr.decode()
    said = json.loads(done.stdout)
    outcomes = {Path(file["path"]).name: OUTCOMES[file["outcome"]] for file in said["files"]}
    return Local(outcomes, facts_of(str(database), map(content_id, files.values())))


def content_id(content: bytes) -> str:
    """The id that a content has everywhere."""
    return hashlib.sha256(content).hexdigest()


def facts_of(database: str, contents: Iterable[str]) -> dict[str, Rows]:
    """Every fact of these contents with all its columns but the name of the file and the number of the revision."""
    engine = open_database(database)
    try:
        found = {}
        for content in contents:
            rows = facts(engine, FactFilter(document=content, current=False))
            found[content] = Counter(
                tuple(str(value) for name, value in asdict(row).items() if name not in _OF_THE_UPLOAD) for row in rows
            )
        return found
    finally:
        engine.dispose()
