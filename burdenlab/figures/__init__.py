"""Tables to Axes, and Axes to files. Import it by name; ``import burdenlab`` leaves it alone."""

from burdenlab.figures.attribution import plot_attribution
from burdenlab.figures.balance import plot_balance, plot_mappings
from burdenlab.figures.codebook import plot_sensitivity, plot_term_drift
from burdenlab.figures.comparisons import plot_differences, plot_keyness, plot_trends
from burdenlab.figures.concreteness import plot_commitments, plot_quantities, plot_specificity
from burdenlab.figures.rates import plot_theme_by_group, plot_theme_by_move, plot_theme_rates
from burdenlab.figures.remedies import plot_remedy_coverage, plot_remedy_matrix
from burdenlab.figures.reuse import plot_passages, plot_reuse
from burdenlab.figures.save import save_bilingual, save_figure
from burdenlab.figures.shares import plot_copied_shares, plot_formulaicness
from burdenlab.figures.style import font_path, source_note
from burdenlab.figures.validation import plot_validation
from burdenlab.figures.words import draw_wordcloud

__all__ = [
    "draw_wordcloud",
    "font_path",
    "plot_attribution",
    "plot_balance",
    "plot_commitments",
    "plot_copied_shares",
    "plot_differences",
    "plot_formulaicness",
    "plot_keyness",
    "plot_mappings",
    "plot_passages",
    "plot_quantities",
    "plot_remedy_coverage",
    "plot_remedy_matrix",
    "plot_reuse",
    "plot_sensitivity",
    "plot_specificity",
    "plot_term_drift",
    "plot_theme_by_group",
    "plot_theme_by_move",
    "plot_theme_rates",
    "plot_trends",
    "plot_validation",
    "save_bilingual",
    "save_figure",
    "source_note",
]
