"""From a source to the bytes of its file."""

from __future__ import annotations

from .sources import Source
from .to_docx import build_docx
from .to_html import page_html
from .to_pdf import find_browser, find_office, print_with_browser, print_with_office
from .to_text import build_text
from .to_typeset import build_typeset, missing_fonts


def needs(source: Source) -> str:
    """Name what is missing on this machine to build the file; empty when nothing is."""
    kind = source.settings["format"]
    if kind == "word-pdf" and find_office() is None:
        return "LibreOffice (soffice)"
    if kind == "browser-pdf" and find_browser() is None:
        return "Chromium"
    if kind == "typeset-pdf" and missing_fonts():
        return "fonts " + ", ".join(missing_fonts())
    return ""


def build_file(source: Source) -> bytes:
    """Give the bytes of the report's file."""
    kind = source.settings["format"]
    if kind == "word-pdf":
        return print_with_office(source)
    if kind == "browser-pdf":
        return print_with_browser(source)
    if kind == "typeset-pdf":
        return build_typeset(source)
    if kind == "docx":
        return build_docx(source)
    if kind == "html":
        return page_html(source).encode(source.get("charset", "utf-8"))
    text = build_text(source)
    # A byte order mark and CRLF are what a Windows editor saves.
    if source.get("windows"):
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    return text.encode(source.get("charset", "utf-8"))
