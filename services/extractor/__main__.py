"""One document through this room by hand: `python -m services.extractor < input > output.json`."""

from services.extractor.stage import STAGE
from shared.runtime.once import main

main(STAGE)
