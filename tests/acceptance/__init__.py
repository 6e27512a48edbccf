"""Long runs that measure what the package promises of chance: ``make acceptance``."""
