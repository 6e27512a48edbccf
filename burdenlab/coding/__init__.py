"""Sentences and a codebook to hits; the reading behind them."""
