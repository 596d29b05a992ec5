"""`python -m services.validator` runs the service; with a FILE ("-": stdin) it does one document by hand."""

import sys

from services.validator.chain import SERVICE
from services.validator.stage import STAGE
from shared.runtime.once import main
from shared.runtime.service import run_service

if len(sys.argv) > 1:
    main(STAGE)
else:
    sys.exit(run_service(SERVICE))
