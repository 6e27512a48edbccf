"""The report of a study: the notebooks executed on a coded corpus, rendered, and linked from one page."""

from __future__ import annotations

import html
import logging
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

from burdenlab import __version__
from burdenlab.coding.codebook import Codebook
from burdenlab.figures.style import source_note
from burdenlab.loaders.files import Source
from burdenlab.loaders.metadata import Metadata
from burdenlab.loaders.project import project_path
from burdenlab.loaders.seed import find_seed
from burdenlab.messages import Language, check_language, reason_text
from burdenlab.study import Corpus, code_corpus

__all__ = ["run_study"]

# Nothing is fetched and no script runs: a report's text can do nothing in the page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'"
_META = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}">'
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
# No notebook sees a name of another, and what was imported is left out of every later collection of garbage.
_FRESH = "get_ipython().reset()\nimport gc\ngc.collect()\ngc.freeze()\ndel gc"
_STYLE = """body{font-family:system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;line-height:1.6;color:#222}table{border-collapse:collapse;font-size:.9rem}td,th{padding:.2rem .7rem;text-align:left;
border-bottom:1px solid #ddd}img{max-width:100%}.figures{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem}figure{margin:0}
figcaption{font-size:.85rem}.note{background:#fff6dd;padding:.5rem .8rem}"""
_WORDS = {
    "title": ("基层负担研究报告", "A study of grassroots burden"),
    "notebooks": ("笔记本", "Notebooks"),
    "figures": ("图", "Figures"),
    "tables": ("表", "Tables"),
    "files": ("文件的去向", "What became of the files"),
    "counted": ("计入", "counted"),
    "warned": ("计入(有提示)", "counted with warnings"),
    "quarantined": ("隔离", "quarantined"),
    "skipped": ("跳过", "skipped"),
    "path": ("文件", "File"),
    "state": ("去向", "State"),
    "reasons": ("原因", "Reasons"),
    "detail": ("说明", "Detail"),
    "made": ("由 burdenlab {} 生成;编码本 {} {}。", "Made by burdenlab {} with the codebook {} {}."),
    "all": ("全部 {} 个文件见 files.csv。", "All {} files are in files.csv."),
}


def run_study(
    source: Source,
    *,
    out: str | os.PathLike[str],
    metadata: Metadata | None = None,
    codebook: Codebook | str | os.PathLike[str] | None = None,
    lang: Language = "zh",
    parameters: dict[str, Any] | None = None,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] | None = None,
    strict: bool = False,
    say: Callable[[str], None] | None = None,
) -> Corpus:
    """Code a folder, execute every notebook on it and write the report.

    Parameters
    ----------
    source, metadata, codebook, progress, strict
        As in ``code_corpus``.
    out : path
        A folder that is made: ``index.html``, ``notebooks/``, ``figures/``, ``tables/`` and ``coded/``.
    lang : {"zh", "en"}
        Of the page and of the figures shown; figures are written in both.
    parameters : dict, optional
        For the notebooks that declare them, such as ``{"GROUPS": ["level"]}``.
    say : callable, optional
        Told the name of each notebook before it runs.

    Returns
    -------
    Corpus
    """
    check_language(lang)
    folder = Path(out).absolute()
    corpus = code_corpus(
        source, out=folder / "coded", metadata=metadata, codebook=codebook, progress=progress, strict=strict
    )
    given = {"CORPUS": str(folder / "coded"), "RESULTS": str(folder), "LANG": lang, **(parameters or {})}
    is_demo = isinstance(source, (str, os.PathLike)) and Path(source).resolve() == project_path(
        "data", "demo", "reports"
    )
    seed = find_seed() if is_demo else None
    given |= {"DOCUMENT": str(seed)} if seed else {}
    given |= {} if is_demo else {"SINCE": None}  # the first year fits the shipped reports, not anyone's
    pages = []
    client = NotebookClient(
        new_notebook(), kernel_name="python3", resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],  # the kernel else warns of its own loopback connection
    )  # fmt: skip
    with client.setup_kernel():  # one for all notebooks: what they import is loaded once
        for notebook in sorted(project_path("notebooks").glob("*.ipynb")):
            if say:
                say(notebook.stem)
            pages.append(_execute(client, notebook, folder, given, is_demo=is_demo))
    _write(folder / "index.html", _index(folder, corpus, pages, lang))
    return corpus


def _execute(
    client: NotebookClient, notebook: Path, folder: Path, given: dict[str, Any], *, is_demo: bool
) -> tuple[str, str]:
    """Execute one notebook with the parameters that it declares; give its page and its title."""
    declared = _declared(notebook)
    if is_demo and "FEATURES" in declared:  # real reports say more than composed ones
        declared -= {"CORPUS"}
    target = folder / "notebooks" / notebook.name
    target.parent.mkdir(parents=True, exist_ok=True)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    executed = papermill.execute_notebook(
        str(notebook), str(target), parameters={k: v for k, v in given.items() if k in declared}, prepare_only=True
    )
    assert client.kc is not None
    about = client.wait_for_reply(client.kc.kernel_info())
    assert about is not None
    executed.metadata["language_info"] = about["content"]["language_info"]
    for each in (new_notebook(cells=[new_code_cell(_FRESH)]), executed):
        client.nb = each
        client.reset_execution_trackers()
        try:
            for index, cell in enumerate(each.cells):
                client.execute_cell(cell, index)
        finally:
            nbformat.write(executed, target)
    exporter = HTMLExporter(template_name="classic", exclude_input_prompt=True, exclude_output_prompt=True)
    exporter.mathjax_url = exporter.require_js_url = exporter.jquery_url = ""
    body, _ = exporter.from_notebook_node(executed)
    body = _SCRIPT.sub("", body).replace("<head>", f"<head>{_META}", 1)
    _write(target.with_suffix(".html"), body)
    first = str(executed.cells[0].source).splitlines()[0].lstrip("# ")
    return f"notebooks/{target.stem}.html", first


def _declared(notebook: Path) -> set[str]:
    return set(papermill.inspect_notebook(str(notebook)))


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)


def _index(folder: Path, corpus: Corpus, pages: list[tuple[str, str]], lang: Language) -> str:
    say = {key: words[lang == "en"] for key, words in _WORDS.items()}
    text = html.escape
    files = corpus.files
    counts = files["state"].value_counts()
    fates = " · ".join(f"{say[s]} {counts.get(s, 0)}" for s in ("counted", "warned", "quarantined", "skipped"))
    odd = files[files["state"] != "counted"].head(200)
    detail = "detail_zh" if lang == "zh" else "detail"
    rows = "".join(
        f"<tr><td>{text(f['path'])}</td><td>{say[f['state']]}</td><td>{text(reason_text(f['reasons'], lang))}</td><td>{text(f[detail])}</td></tr>"
        for f in odd.to_dict("records")
    )
    head = "".join(f"<th>{say[c]}</th>" for c in ("path", "state", "reasons", "detail"))
    pictures = "".join(
        f'<figure><a href="figures/{text(p.stem)}.pdf"><img src="figures/{text(p.name)}" alt="{text(p.stem)}"></a>'
        f"<figcaption>{text(p.stem)} <a href='figures/{text(p.stem)}.svg'>svg</a> <a href='figures/{text(p.stem)}.csv'>csv</a></figcaption></figure>"
        for p in sorted((folder / "figures").glob(f"*.{lang}.png"))
    )
    tables = "".join(
        f'<li><a href="tables/{text(p.name)}">{text(p.name)}</a></li>'
        for p in sorted((folder / "tables").glob("*.csv"))
    )
    notebooks = "".join(f'<li><a href="{text(page)}">{text(title)}</a></li>' for page, title in pages)
    made = say["made"].format(__version__, corpus.codebook.name, corpus.codebook.version)
    return f"""<!DOCTYPE html>
<html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">{_META}<title>{say["title"]}</title><style>{_STYLE}</style></head>
<body><h1>{say["title"]}</h1><p class="note">{text(source_note(corpus.documents, lang=lang))}</p><p>{fates}</p>
<h2>{say["notebooks"]}</h2><ul>{notebooks}</ul>
<h2>{say["figures"]}</h2><div class="figures">{pictures}</div>
<h2>{say["tables"]}</h2><ul>{tables}</ul>
<h2>{say["files"]}</h2>{f"<table><tr>{head}</tr>{rows}</table>" if rows else ""}<p><a href="coded/files.csv">{say["all"].format(len(files))}</a></p>
<p><small>{text(made)}</small></p></body></html>
"""
