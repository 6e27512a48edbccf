"""Hits, sentences and tokens to numbers with intervals."""
