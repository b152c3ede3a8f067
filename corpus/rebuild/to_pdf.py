"""PDF through a word processor and through a browser, with dates and ids fixed afterwards."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject

from .sources import Source
from .to_docx import build_docx
from .to_html import print_html

_SECONDS = 120


def find_office() -> str | None:
    """Give the word processor's command, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def find_browser() -> str | None:
    """Give the browser's command, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def print_with_office(source: Source) -> bytes:
    """Make a Word file and let LibreOffice turn it into PDF."""
    office = find_office()
    if office is None:
        raise RuntimeError(f"{source.file}: LibreOffice (soffice) is needed to rebuild it")
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder, "report.docx")
        word.write_bytes(build_docx(source))
        profile = Path(folder, "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
        command += ["pdf:writer_pdf_Export", "--outdir", folder, str(word)]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
        return _fix_pdf(word.with_suffix(".pdf").read_bytes(), source)


def print_with_browser(source: Source) -> bytes:
    """Make a page and let a headless browser print it."""
    browser = find_browser()
    if browser is None:
        raise RuntimeError(f"{source.file}: Chromium is needed to rebuild it")
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(print_html(source), "utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--disable-background-networking", f"--user-data-dir={folder}/profile"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri()]
        environment = os.environ | {"HOME": folder}
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS, env=environment)
        return _fix_pdf(out.read_bytes(), source)


def _fix_pdf(data: bytes, source: Source) -> bytes:
    """Write the file again with our metadata, a fixed date and an id from the source."""
    reader = PdfReader(io.BytesIO(data))
    old = reader.metadata or {}
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    stamp = f"D:{source.settings['year'] + 1}0120090000Z"
    writer.metadata = {
        "/Title": "".join(source.title_lines) or source.issuer["issuer"],
        "/Author": source.issuer["issuer"],
        "/Subject": "虚构样例 fictional sample",
        "/Keywords": "虚构样例 fictional sample",
        "/Creator": str(old.get("/Creator", "")),
        "/Producer": str(old.get("/Producer", "")),
        "/CreationDate": stamp,
        "/ModDate": stamp,
    }
    # The XMP packet and LibreOffice's checksum carry dates of their own.
    for key in ("/Metadata",):
        if key in writer._root_object:
            del writer._root_object[key]
    digest = hashlib.md5(source.name.encode(), usedforsecurity=False).digest()
    writer._ID = ArrayObject([ByteStringObject(digest), ByteStringObject(digest)])
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
