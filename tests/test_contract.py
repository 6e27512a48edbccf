"""What users may rely on: names, signatures, layers, and the cost of an import."""

import inspect
import subprocess
import sys

import burdenlab as bl

SIGNATURES = {
    "read_documents": "(source, *, metadata=None, encoding=None, text_column=None, workers=1, limits=None",
    "split_sections": "(documents)",
    "split_sentences": "(documents, sections)",
    "tokenize": "(sentences, *, codebook=None)",
    "load_codebook": "(path=None)",
    "find_hits": "(sentences, codebook)",
    "kwic": "(documents, query, *, window=15, sections=None)",
    "examples": "(hits, sentences, *, n=3, seed=0)",
    "theme_rates": "(hits, sentences, *, themes, by='doc_id', documents=None, unit='han', per=1000, cluster=None, "
    "level=0.95, n_resamples=2000, seed=0",
    "raw_span": "(edits, doc_id, start, end)",
    "undo_edits": "(text, edits)",
    "read_seed": "(path)",
    "code_corpus": "(source, *, out, metadata=None, codebook=None",
    "open_corpus": "(out)",
    "keyness": "(tokens, *, target, reference=None, measure='g2', n_permutations=1999, seed=0)",
}
ALSO_PUBLIC = {
    "Codebook",
    "Coder",
    "Corpus",
    "FOLD_SCRIPT",
    "Features",
    "Limits",
    "RULES",
    "Rule",
    "SPECIFIC_CLASSES",
    "adjudication_sheet",
    "agreement",
    "attention_entropy",
    "attribution_experimental",
    "balance_sentences",
    "burden_quantities_experimental",
    "check_table",
    "codebook_sensitivity",
    "coding_sheet",
    "collocations",
    "commitment_quality_experimental",
    "commitments_experimental",
    "compare_codebooks",
    "cooccurrence",
    "copied_shares",
    "correct_balance",
    "corrected_rates",
    "count_themes",
    "credit_blame_experimental",
    "document_map",
    "document_similarity",
    "final_codes",
    "find_causes_experimental",
    "find_compilations",
    "find_duplicates",
    "find_items",
    "find_seed",
    "find_specifics",
    "find_subjects_experimental",
    "formulaic_sentences",
    "formulaicness",
    "group_variables",
    "hand_agreement",
    "hard_results",
    "jensen_shannon",
    "krippendorff_alpha",
    "lexical_diversity",
    "load_capacity",
    "load_corpus",
    "load_features",
    "load_mapping",
    "load_word_lists",
    "match_remedies_experimental",
    "metadata_template",
    "mismatch",
    "mismatch_mappings",
    "move_profile",
    "move_transitions",
    "n_to_code",
    "panel",
    "policy_periods",
    "policy_timeline",
    "project_path",
    "rate_differences",
    "rate_influence",
    "read_bridges",
    "read_coding_sheets",
    "read_features",
    "read_sample",
    "relabel_codes",
    "remedy_coverage_experimental",
    "remedy_orientation",
    "remedy_orphans_experimental",
    "result_claims",
    "reused_sentences",
    "robustness",
    "save_codebook",
    "score_codes",
    "shared_by_pair",
    "shared_passages",
    "shingle_similarity",
    "specificity",
    "stop_words",
    "suggest_terms",
    "term_drift",
    "tf_idf",
    "theme_change",
    "theme_presence",
    "theme_slope",
    "theme_trend",
    "train_coder",
    "word_frequency",
}


def test_signatures_are_those_of_the_contract():
    for name, expected in SIGNATURES.items():
        signature = inspect.signature(getattr(bl, name))
        bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
        written = str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
        assert written.startswith(expected), name


def test_public_names_are_these():
    assert set(bl.__all__) == set(SIGNATURES) | ALSO_PUBLIC


def test_every_public_function_has_a_docstring_with_an_example():
    functions = [name for name in bl.__all__ if inspect.isfunction(getattr(bl, name))]
    assert len(functions) > 90
    for name in functions:
        assert ">>> " in (inspect.getdoc(getattr(bl, name)) or ""), name


def test_layers_hold():
    """What `make check` runs; kept here too so that it cannot be forgotten."""
    script = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=bl.project_path())
    assert done.returncode == 0, done.stdout


def test_import_loads_nothing_heavy():
    """The cost beyond pandas is bounded by what is not loaded; the seconds are measured in the benchmarks."""
    script = "import sys, burdenlab; print([m for m in ('pandas', 'numpy', 'jieba', 'matplotlib', 're2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_figures_are_imported_by_name():
    assert "figures" not in bl.__all__
