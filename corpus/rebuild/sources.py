"""Reading the sources: one TOML file an issuer, and the passages that issuers share."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .markup import Block, parse_body
from .tables import Table, build_tables, raw_cells

SOURCES = Path(__file__).resolve().parent.parent / "sources"
REPORTS = SOURCES.parent / "reports"
# %3.7% in the prose is the printed total of row （七）, so that prose and table agree.
_TOTAL = re.compile(r"%(\d[\d.]*)%")
SUFFIXES = {
    "word-pdf": ".pdf",
    "browser-pdf": ".pdf",
    "typeset-pdf": ".pdf",
    "html": ".html",
    "docx": ".docx",
    "text": ".txt",
    "markdown": ".md",
}


@dataclass(frozen=True)
class Source:
    """One report to be built: its settings, its blocks of prose, its cells and its grids."""

    issuer: dict[str, Any]
    settings: dict[str, Any]
    blocks: tuple[Block, ...]
    cells: dict[str, str]
    tables: dict[str, list[Table]]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return str(self.settings["name"])

    @property
    def file(self) -> str:
        """The file's name."""
        return self.name + SUFFIXES[self.settings["format"]]

    @property
    def title_lines(self) -> list[str]:
        """The printed title, line by line (none where the report prints no title)."""
        return list(self.settings.get("title", []))

    def get(self, key: str, default: Any = None) -> Any:
        """Give a setting of the report."""
        return self.settings.get(key, default)


def load_sources(folder: Path = SOURCES) -> list[Source]:
    """Load every report of every source file, in the order of file names and years."""
    shared_file = folder / "families.toml"
    shared = tomllib.loads(shared_file.read_text("utf-8")) if shared_file.exists() else {}
    out = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == "families.toml":
            continue
        data = tomllib.loads(path.read_text("utf-8"))
        own = {f"{path.stem}.{k}": v for k, v in data.get("passages", {}).items()}
        passages = {**shared.get("passages", {}), **own}
        # Inside its own file a passage is called by its short name.
        for settings in data.pop("report"):
            settings.setdefault("name", f"{path.stem}-{settings['year']}")
            body = settings.pop("body")
            for key in data.get("passages", {}):
                body = body.replace(f"@{key}@", f"@{path.stem}.{key}@")
                body = body.replace(f"@{key}|", f"@{path.stem}.{key}|")
            try:
                cells = raw_cells(settings)
                body = _TOTAL.sub(lambda m, c=cells: c[f"3|{m[1]}|总计"], body)
                blocks = tuple(parse_body(body, passages))
                tables = build_tables(settings, cells)
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name} {settings['name']}: {error!r}") from error
            issuer = {k: v for k, v in data.items() if k != "passages"}
            issuer["slug"] = path.stem
            out.append(Source(issuer, settings, blocks, cells, tables))
    return out
