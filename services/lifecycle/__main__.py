"""`python -m services.lifecycle`: run the service."""

import sys

from services.lifecycle.chain import SERVICE
from shared.runtime.service import run_service

sys.exit(run_service(SERVICE))
