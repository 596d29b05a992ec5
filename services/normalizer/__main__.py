"""One document through this room by hand: `python -m services.normalizer < input > output.json`."""

from services.normalizer.stage import STAGE
from shared.runtime.once import main

main(STAGE)
