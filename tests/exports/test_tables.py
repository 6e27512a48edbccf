"""CSV for people and spreadsheets."""

import pandas as pd

from burdenlab.exports.tables import save_table


def test_excel_shows_chinese_and_runs_nothing(tmp_path):
    table = pd.DataFrame({"主题": ["=1+1", "+x", "-1", "@a", "\tb", "正常"], "n": [-1, 2, 3, 4, 5, 6]})
    path = save_table(table, tmp_path / "new" / "t", note="说明")
    assert path.name == "t.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(path, encoding="utf-8-sig")
    assert back["主题"].tolist() == ["'=1+1", "'+x", "'-1", "'@a", "'\tb", "正常"]
    assert back["n"].tolist() == [-1, 2, 3, 4, 5, 6]
    assert set(back["note"]) == {"说明"}
    assert table.columns.tolist() == ["主题", "n"]
