"""What a methods section says about the material, with every number from the tables."""

from __future__ import annotations

import pandas as pd

from burdenlab.messages import Language, check_language, reason_text
from burdenlab.tables import check_table

__all__ = ["intake_paragraph", "intake_table"]


def intake_table(files: pd.DataFrame) -> pd.DataFrame:
    """Count files and documents by state and reason, most frequent first; reasons are spelled out in both languages.

    From the table ``files``: ``state``, ``reasons``, ``files``, ``documents``, ``reason_zh``, ``reason_en``.

    Examples
    --------
    >>> import burdenlab as bl
    >>> intake_table(bl.read_documents("data/demo/reports")[1])["files"].sum()
    np.int64(18)
    """
    check_table(files, "files")
    counts = files.groupby(["state", "reasons"], as_index=False).agg(
        files=("path", "size"), documents=("n_documents", "sum")
    )
    counts = counts.sort_values(["files", "state", "reasons"], ascending=[False, True, True], ignore_index=True)
    spelled = {f"reason_{lang}": [reason_text(codes, lang) for codes in counts["reasons"]] for lang in ("zh", "en")}
    return counts.assign(**spelled)


def intake_paragraph(
    files: pd.DataFrame,
    documents: pd.DataFrame,
    edits: pd.DataFrame,
    *,
    duplicates: pd.DataFrame,
    reused: pd.DataFrame,
    lang: Language = "zh",
) -> str:
    """Write the sentences of a methods section that say what came in.

    Parameters
    ----------
    files, documents, edits : DataFrame
        Of ``read_documents``.
    duplicates, reused : DataFrame
        Of ``find_duplicates`` and ``reused_sentences``.
    lang : {"zh", "en"}

    Examples
    --------
    >>> import burdenlab as bl
    >>> files_of = bl.read_documents("data/demo/reports")
    >>> sentences = bl.split_sentences(files_of[0], bl.split_sections(files_of[0]))
    >>> documents, files, edits = files_of
    >>> text = intake_paragraph(files, documents, edits, duplicates=bl.find_duplicates(documents),
    ...     reused=bl.reused_sentences(sentences), lang="en")
    >>> text.startswith("Of 18 files found, 18 were counted")
    True
    """
    check_language(lang)
    states = files["state"].value_counts().reindex(["counted", "warned", "quarantined", "skipped"], fill_value=0)
    removed = int((edits["before"].str.len() - edits["after"].str.len()).clip(lower=0).sum())
    n_characters = int(documents["text"].str.len().sum()) + removed
    quarantined = files.loc[files["state"] == "quarantined", "reasons"].str.split(";").explode().value_counts()
    why = "; ".join(f"{reason_text(code, lang)} {n}" for code, n in quarantined.items())
    n_han = int(reused["n_han"].sum())
    values = {
        **states,
        "found": len(files),
        "counted": states["counted"] + states["warned"],
        "why": f" ({why})" if why and lang == "en" else f"({why})" if why else "",
        "documents": len(documents),
        "han": int(documents["n_han"].sum()),
        "edits": len(edits),
        "removed": removed / n_characters if n_characters else 0.0,
        "truncated": int(documents["truncated"].sum()),
        "clusters": int(duplicates["cluster"].nunique()),
        "doubles": int((~duplicates["is_representative"]).sum()),
        "reused": int(reused["n_reused"].sum()) / n_han if n_han else 0.0,
    }
    return _TEXT[lang].format(**values)


_TEXT = {
    "en": (
        "Of {found} files found, {counted} were counted ({warned} of them with warnings), {quarantined} were quarantined"
        "{why} and {skipped} skipped. They gave {documents} documents with {han:,} Han characters. Cleaning made {edits:,} "
        "recorded and reversible edits, which removed {removed:.2%} of the characters; {truncated} documents are cut off "
        "at their source. {doubles} documents are copies of others ({clusters} clusters), and {reused:.1%} of the Han "
        "characters stand in passages of 13 or more characters that another document has too."
    ),
    "zh": (
        "共找到 {found} 个文件:计入 {counted} 个(其中 {warned} 个有提示),隔离 {quarantined} 个{why},跳过 {skipped} 个;"
        "得到 {documents} 份文稿,{han:,} 个汉字。清理共 {edits:,} 处,均有记录、可以还原,删去字符的 {removed:.2%};"
        "{truncated} 份在来源处就不完整。{doubles} 份是其他文稿的副本({clusters} 组);{reused:.1%} 的汉字位于与其他文稿"
        "相同的、13 字以上的段落中。"
    ),
}
