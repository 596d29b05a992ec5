"""The chain as this command runs it."""

from __future__ import annotations

from services.extractor.stage import STAGE as EXTRACTOR
from services.normalizer.stage import STAGE as NORMALIZER
from services.validator.stage import STAGE as VALIDATOR
from shared.runtime.local import Chain

CHAIN = Chain(EXTRACTOR, NORMALIZER, VALIDATOR)
