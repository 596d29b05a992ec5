"""`python -m services.intake`: run the service."""

import sys

from services.intake.chain import SERVICE
from shared.runtime.service import run_service

sys.exit(run_service(SERVICE))
