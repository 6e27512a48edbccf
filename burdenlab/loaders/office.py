"""Old office formats, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from burdenlab.loaders.docx import read_docx
from burdenlab.loaders.encodings import Decoded
from burdenlab.loaders.limits import Options
from burdenlab.loaders.mojibake import check_text
from burdenlab.loaders.parts import Parts
from burdenlab.loaders.quarantine import Quarantined

__all__ = ["OFFICE_FORMATS", "find_office", "read_office"]

# Kind (wps is doc by another name) -> the reader of LibreOffice; left to itself it takes garbage for plain text.
OFFICE_FORMATS = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}

_SECONDS = 25  # below the limit of the process that this runs in, so that the reason is told
_WINDOWS = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_MAC = ("/Applications/LibreOffice.app/Contents/MacOS/soffice",)

# No macro is run and nothing linked is fetched.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item></oor:items>
"""


def find_office() -> str | None:
    """Find the program: what BURDENLAB_SOFFICE names, else soffice on the path, else the usual places."""
    named = os.environ.get("BURDENLAB_SOFFICE")
    candidates = (named,) if named else (shutil.which("soffice"), shutil.which("libreoffice"), *_WINDOWS, *_MAC)
    return next((path for path in candidates if path and Path(path).is_file()), None)


def read_office(data: bytes, suffix: str, options: Options) -> Parts:
    """Turn a doc, wps, odt or rtf file into docx and read that.

    Raises
    ------
    Quarantined
        ``legacy_doc`` where LibreOffice is not installed or cannot read the file.
    """
    program = find_office()
    if program is None:
        raise Quarantined(
            "legacy_doc",
            f"a {suffix} file needs LibreOffice, which is not installed; install it, or save the file as docx in Word or WPS.",
            f"{suffix} 文件需要 LibreOffice,但未安装;请安装,或在 Word、WPS 中另存为 docx。",
        )
    with tempfile.TemporaryDirectory(prefix="burdenlab-") as folder:
        source = Path(folder, f"source.{suffix}")
        source.write_bytes(data)
        # A profile of its own: macros stay off, and a running LibreOffice of the user's is left alone.
        profile = Path(folder, "profile")
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, encoding="utf-8")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
        try:
            subprocess.run(
                [*command, f"--infilter={OFFICE_FORMATS[suffix]}", "--convert-to", "docx", "--outdir", folder, str(source)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                timeout=_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Quarantined(
                "timeout", "LibreOffice took too long; save the file as docx.", "LibreOffice 转换超时;请另存为 docx。"
            ) from None
        made = source.with_suffix(".docx")
        if not made.is_file():
            raise Quarantined(
                "legacy_doc",
                f"LibreOffice could not read the {suffix} file; save it as docx in Word or WPS.",
                f"LibreOffice 无法读取该 {suffix} 文件;请在 Word 或 WPS 中另存为 docx。",
            )
        read = read_docx(made.read_bytes(), options)
        check_text(Decoded(read.parts[0].raw, "", 1.0))
        return read
