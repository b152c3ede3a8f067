"""Rebuild the sample reports and their truth: ``python -m corpus.rebuild [NAME ...]``.

Texts, pages and Word files need nothing but the development packages.  PDFs need
LibreOffice, Chromium and the fonts of ``corpus/README.md``; where one of them is missing,
the PDFs that need it are left as they are and named.
"""

from __future__ import annotations

import argparse
import sys

from .build import build_file, needs
from .sources import REPORTS, load_sources
from .truth import build_truths, write_json


def main() -> int:
    """Rebuild; 0 when all was built, 3 when something was left for want of a program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="reports to rebuild (default: all)")
    parser.add_argument("--no-pdf", action="store_true", help="leave the PDFs as they are")
    options = parser.parse_args()
    sources = load_sources()
    truths = build_truths(sources)
    known = {source.name for source in sources}
    if unknown := set(options.names) - known:
        parser.error(f"no such report: {', '.join(sorted(unknown))}")
    left = []
    REPORTS.mkdir(exist_ok=True)
    for source in sources:
        if options.names and source.name not in options.names:
            continue
        path = REPORTS / f"{source.name}.truth.json"
        path.write_bytes(write_json(truths[source.name]).encode())
        if options.no_pdf and source.file.endswith(".pdf"):
            continue
        if missing := needs(source):
            left.append(f"{source.file}: needs {missing}")
            continue
        (REPORTS / source.file).write_bytes(build_file(source))
        print(source.file)
    if not options.names:
        keep = {source.file for source in sources}
        keep |= {f"{source.name}.truth.json" for source in sources}
        for path in REPORTS.iterdir():
            if path.name not in keep:
                print(f"not from any source: {path.name}", file=sys.stderr)
    for line in left:
        print(f"left as it is: {line}", file=sys.stderr)
    return 3 if left else 0


if __name__ == "__main__":
    sys.exit(main())
