"""The recogniser: lines of text as images become characters, each with how sure it is.

The model is the one in the wheel of `rapidocr`, run by ONNX Runtime. Nothing of `rapidocr` itself is imported: it would
look for models on the network when one is missing. One recogniser serves a process; loading it takes 0.3 s and 150 MB.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from services.extractor.scan.raster import Pixels
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.progress import progress

#: Pixels: the height of the model's input, and the multiple to which widths are rounded up.
HEIGHT, _STEP = 48, 32
_NARROWEST, _WIDEST = 64, 2400
#: Lines are made this much narrower than they are: a sixth of the time, and no character lost.
_NARROWED = 0.84
#: Pixels of width that go into one run of the model: more costs memory, fewer cost time.
_BATCH = 2560

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Character:
    """One recognised character: how sure (0 to 1), and where its middle stands as a share of the width."""

    text: str
    sure: float
    at: float


@dataclass(frozen=True)
class Recognised:
    """A line as it was read: what the model finds most likely."""

    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        """The characters in order."""
        return "".join(character.text for character in self.characters)

    @property
    def sure(self) -> float:
        """How sure the least sure character is; 0 for an empty line."""
        return min((character.sure for character in self.characters), default=0.0)


class Recogniser:
    """Reads images of single lines."""

    def __init__(self, model: Path) -> None:
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # else it reports its use to its maker; read once, when imported
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - only when a scan comes

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # documents are the unit of parallel work
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        alphabet = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        #: Class 0 is "nothing here", the last one a space.
        self.alphabet = ("", *alphabet, " ")

    def read(self, lines: Sequence[Pixels]) -> list[Recognised]:
        """Each of `lines` (grey, paper 255, one line of text with some room around it) as characters."""
        scaled = [_scaled(line) for line in lines]
        read: list[Recognised | None] = [None] * len(lines)
        for batch in _batches([image.shape[1] for image in scaled]):
            progress()
            width = max(_round_up(scaled[index].shape[1]) for index in batch)
            images = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
            for place, index in enumerate(batch):
                image = scaled[index].astype(np.float32) / 127.5 - 1.0
                images[place, :, :, : image.shape[1]] = image
            chances: Floats = self._session.run(None, {self._input: images})[0]
            for place, index in enumerate(batch):
                read[index] = self._decoded(chances[place], width / scaled[index].shape[1])
        return [one for one in read if one is not None]

    def _decoded(self, chances: Floats, factor: float) -> Recognised:
        """The characters of one line. `chances`: steps x classes. `factor`: width of the input by that of the line."""
        best = chances.argmax(axis=1)
        steps = len(best)
        starts = np.flatnonzero((best != 0) & np.concatenate(([True], best[1:] != best[:-1])))
        characters: list[Character] = []
        for start in starts:
            end = start + 1
            while end < steps and best[end] == best[start]:
                end += 1
            at = (start + end) / 2 / steps * factor
            sure = float(chances[start:end, best[start]].max())
            characters.append(Character(self.alphabet[best[start]], sure, min(at, 1.0)))
        return Recognised(tuple(characters))


def _scaled(line: Pixels) -> Pixels:
    height, width = line.shape
    wanted = min(max(math.ceil(_NARROWED * width * HEIGHT / height), 8), _WIDEST)
    return np.asarray(cv2.resize(line, (wanted, HEIGHT), interpolation=cv2.INTER_LINEAR), np.uint8)


def _round_up(width: int) -> int:
    return max(-(-width // _STEP) * _STEP, _NARROWEST)


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Indexes of lines of like width, as many as one run of the model takes."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda i: widths[i]):
        if batch and _round_up(widths[index]) * (len(batch) + 1) > _BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


@cache
def recogniser() -> Recogniser:
    """The recogniser of this process. Raises `InvalidDocument` (MISSING_PROGRAM) where the model is not installed."""
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else None
    models = sorted(folder.glob("*rec*.onnx")) if folder else []
    if not models:
        raise InvalidDocument(
            Category.MISSING_PROGRAM,
            Phase.EXTRACT,
            Text(
                zh="未安装文字识别模型，无法读取扫描件。请安装 juesuan[extractor]。",
                en="The models for reading scans are not installed. Install juesuan[extractor].",
            ),
            "rapidocr",
        )
    return Recogniser(models[-1])
