"""`python -m services.indexer`: run the service."""

import sys

from services.indexer.chain import SERVICE
from shared.runtime.service import run_service

sys.exit(run_service(SERVICE))
