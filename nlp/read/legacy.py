"""Older containers: Word 97 files, WPS and RTF through LibreOffice, and single-file web pages.

LibreOffice is used where it is installed, in a profile of its own that runs no macros and
follows no links; nothing of the user's own settings is read or changed.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from email.message import Message
from pathlib import Path

from nlp.documents import ReadError
from nlp.read.encoding import find_codec

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF = b"{\\rtf"
# A report converts in two to five seconds; beyond this the file is a trap.
_SECONDS = 90
_MACOS = "/Applications/LibreOffice.app/Contents/MacOS/soffice"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def find_office() -> str | None:
    """Give the path of LibreOffice, or None where it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    return _MACOS if sys.platform == "darwin" and Path(_MACOS).exists() else None


def is_old_word(data: bytes) -> bool:
    """Tell whether a file is one that LibreOffice can turn into .docx.

    Examples
    --------
    >>> is_old_word(rb"{\\rtf1 x}"), is_old_word(OLE + bytes(100)), is_old_word(b"PK")
    (True, False, False)
    """
    word = data.startswith(OLE) and "WordDocument".encode("utf-16-le") in data
    return word or data.startswith(RTF)


def convert_to_docx(data: bytes, name: str, office: str) -> bytes:
    """Convert a .doc, .wps or .rtf file to .docx with LibreOffice.

    Raises
    ------
    ReadError
        ``damaged`` where LibreOffice cannot open it, ``timeout`` where it hangs.
    """
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        place = Path(folder)
        suffix = ".rtf" if data.startswith(RTF) else ".doc"
        source = place / f"report{suffix}"
        source.write_bytes(data)
        user = place / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        # Left to guess, LibreOffice opens a damaged file as plain text.
        opened_as = "Rich Text Format" if suffix == ".rtf" else "MS Word 97"
        command = [
            office,
            "--headless",
            "--norestore",
            "--nolockcheck",
            f"-env:UserInstallation={(place / 'profile').as_uri()}",
            f"--infilter={opened_as}",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(place / "out"),
            str(source),
        ]
        # A linked picture must not be fetched: every proxy leads nowhere.
        nowhere = "http://127.0.0.1:9"
        environment = {**os.environ, "http_proxy": nowhere, "https_proxy": nowhere, "no_proxy": ""}
        try:
            _run(command, environment)
        except subprocess.TimeoutExpired as error:
            raise ReadError(
                "timeout",
                name,
                expected=f"{_SECONDS} 秒内可以转换的旧版 Word 文件",
                found="LibreOffice 长时间没有转换完的文件",
                advice="请用 Word 或 WPS 打开后另存为 .docx 再读取。",
            ) from error
        made = place / "out" / "report.docx"
        if not made.exists() or made.stat().st_size == 0:
            raise ReadError(
                "damaged",
                name,
                expected="可以打开的旧版 Word、WPS 或 RTF 文件",
                found="LibreOffice 打不开的文件",
                advice="请用 Word 或 WPS 打开后另存为 .docx 再读取；打不开则请重新下载。",
            )
        return made.read_bytes()


def _run(command: list[str], environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(timeout=_SECONDS)
    finally:
        if process.poll() is None:
            # soffice is a script that starts the real program: end them both.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()


def is_mhtml(data: bytes) -> bool:
    """Tell whether a file is a web page saved with its pictures in one file (.mht).

    Examples
    --------
    >>> is_mhtml(b"From: <saved>\\r\\nContent-Type: multipart/related; boundary=x\\r\\n\\r\\n")
    True
    """
    head = data[:4000].split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0].lower()
    return b"content-type:" in head and b"multipart/related" in head and b"<html" not in head


def unpack_mhtml(data: bytes, name: str) -> bytes:
    """Give the web page inside an .mht file, as bytes that declare their encoding.

    Raises
    ------
    ReadError
        ``damaged`` where there is no page inside.
    """
    # Parts within parts are parsed by recursion; browsers write them one or two deep.
    with contextlib.suppress(RecursionError):
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                page = _decoded(part)
                if page.strip():
                    return page.encode("utf-8-sig", errors="replace")
    raise ReadError(
        "damaged",
        name,
        expected="内含网页的单个文件网页（.mht）",
        found="没有网页内容的 .mht 文件",
        advice="请用浏览器重新保存，或另存为“网页，仅 HTML”。",
    )


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    for charset in (find_codec(part.get_content_charset() or ""), "utf-8", "gb18030"):
        if charset:
            with contextlib.suppress(UnicodeError):
                return raw.decode(charset)
    return raw.decode("gb18030", errors="replace")
