"""One stage, one document, by hand: the input on stdin or in a file, the result as JSON on stdout."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import BaseModel, ValidationError

from shared.contracts.document import SourceFile
from shared.contracts.errors import JuesuanError
from shared.runtime.stage import Stage

USAGE_ERROR = 2


def main(stage: Stage) -> None:
    """Run `stage` on the file named as the only argument, or on stdin; exits with 0, or with 2 and the reason."""
    if len(sys.argv) > 2:  # noqa: PLR2004 - the program and one file
        sys.exit(f"usage: python -m services.{stage.name} [FILE]")
    path = Path(sys.argv[1]) if sys.argv[1:] not in ([], ["-"]) else None
    try:
        content = path.read_bytes() if path else sys.stdin.buffer.read()
        given = _parse(stage.takes, path.name if path else "stdin", content)
        result: BaseModel = stage.handle(given)
    except (OSError, ValidationError, JuesuanError) as error:
        reason = error.text.model_dump() if isinstance(error, JuesuanError) else {"en": str(error)}
        sys.stderr.write(json.dumps({"stage": stage.name, **reason}, ensure_ascii=False) + "\n")
        sys.exit(USAGE_ERROR)
    sys.stdout.write(result.model_dump_json() + "\n")


def _parse(model: type[BaseModel], name: str, content: bytes) -> BaseModel:
    if model is SourceFile:
        return SourceFile(name=name, content=content)
    return model.model_validate_json(content)
