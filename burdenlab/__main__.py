"""Let ``python -m burdenlab`` do what ``burdenlab`` does."""

import sys

from burdenlab.cli import main

sys.exit(main())
