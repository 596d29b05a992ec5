"""One document through this room by hand: `python -m services.validator < input > output.json`."""

from services.validator.stage import STAGE
from shared.runtime.once import main

main(STAGE)
