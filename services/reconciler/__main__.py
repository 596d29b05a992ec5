"""`python -m services.reconciler`: compare bucket and lifecycle every few minutes, with a canary each time."""

import sys

from services.reconciler.watch import main

sys.exit(main())
