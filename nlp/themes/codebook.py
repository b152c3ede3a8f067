"""The codebook: themes, their definitions, their cues, as a file that users can edit."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nlp.resources import find_resource

_ID = re.compile(r"[a-z][a-z0-9_]*")
_TEXT_FIELDS = ("name", "definition", "code_when", "do_not_code_when")
_THEME_FIELDS = {"id", *_TEXT_FIELDS, "cues", "highlight", "fallback"}


class CodebookError(ValueError):
    """A codebook that cannot be used; the message says in Chinese where and what to do.

    ``code`` is a stable English key: ``missing``, ``syntax``, ``structure``, ``field``,
    ``duplicate``, ``cue``.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Theme:
    """One theme: what it is called, when to code it, and the cues that point to it."""

    id: str
    name: str
    definition: str
    code_when: str
    do_not_code_when: str
    cues: tuple[str, ...]
    highlight: bool = False
    fallback: bool = False


@dataclass(frozen=True)
class Codebook:
    """The themes in order, and the coding rules by id.

    ``sha256`` is the hash of what the codebook says (not of its layout), so that comments
    and line breaks may change without a model becoming a stranger to it.
    """

    version: str
    title: str
    unit: str
    themes: tuple[Theme, ...]
    rules: Mapping[str, str]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of all themes in order."""
        return tuple(theme.id for theme in self.themes)

    @cached_property
    def fallback(self) -> str | None:
        """The id of the theme used only where nothing else holds, if there is one."""
        return next((theme.id for theme in self.themes if theme.fallback), None)

    @cached_property
    def highlighted(self) -> tuple[str, ...]:
        """The ids of the themes that every summary shows on their own."""
        return tuple(theme.id for theme in self.themes if theme.highlight)

    @cached_property
    def sha256(self) -> str:
        """Hash of the content, stable against layout."""
        content = {
            "version": self.version,
            "title": self.title,
            "unit": self.unit,
            "themes": [vars(theme) | {"cues": list(theme.cues)} for theme in self.themes],
            "rules": dict(self.rules),
        }
        return hashlib.sha256(
            json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()

    def name_of(self, theme_id: str) -> str:
        """Give the Chinese name of a theme."""
        return next(theme.name for theme in self.themes if theme.id == theme_id)


def load_codebook(path: str | Path | None = None) -> Codebook:
    """Read and check a codebook.

    Parameters
    ----------
    path : str, Path or None
        A TOML file; None reads the one that ships.

    Raises
    ------
    CodebookError
        If the file is missing, is not TOML, or breaks a rule; the message names the theme
        and the field.

    Examples
    --------
    >>> codebook = load_codebook()
    >>> len(codebook.themes), codebook.fallback
    (12, 'other')
    >>> codebook.highlighted
    ('training', 'policy_interpretation', 'key_sector_disclosure')
    """
    file = find_resource("corpus/codebook.toml") if path is None else Path(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise CodebookError("missing", f"找不到编码手册 {file.name}，请检查路径") from None
    except UnicodeDecodeError:
        raise CodebookError(
            "syntax", f"{file.name} 不是 UTF-8 编码，请另存为 UTF-8 后再试"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise CodebookError("syntax", f"{file.name} 不是有效的 TOML：{error}") from None
    return _check_codebook(data, file.name)


def _check_codebook(data: Mapping[str, object], file: str) -> Codebook:
    raw_themes = data.get("themes")
    if not isinstance(raw_themes, list) or len(raw_themes) < 2:
        raise CodebookError("structure", f"{file} 至少要有两个 [[themes]] 条目")
    themes = tuple(_check_theme(raw, n, file) for n, raw in enumerate(raw_themes, 1))
    for field in ("id", "name"):
        values = [getattr(theme, field) for theme in themes]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise CodebookError(
                "duplicate", f"{file}：{field} 重复：{'、'.join(twice)}；每个主题须各不相同"
            )
    if sum(theme.fallback for theme in themes) > 1:
        raise CodebookError("structure", f"{file}：fallback = true 的主题至多一个")
    rules: dict[str, str] = {}
    raw_rules = data.get("rules", [])
    if not isinstance(raw_rules, list):
        raise CodebookError("structure", f"{file}：rules 应写成 [[rules]] 条目")
    for n, raw in enumerate(raw_rules, 1):
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or "text" not in raw:
            raise CodebookError("field", f"{file}：第 {n} 条规则缺少 id 或 text")
        rules[raw["id"]] = str(raw["text"])
    return Codebook(
        version=str(data.get("version", "")),
        title=str(data.get("title", "")),
        unit=str(data.get("unit", "")),
        themes=themes,
        rules=rules,
    )


def _check_theme(raw: object, n: int, file: str) -> Theme:
    if not isinstance(raw, dict):
        raise CodebookError("structure", f"{file}：第 {n} 个主题应写成 [[themes]] 条目")
    theme_id = raw.get("id")
    if not isinstance(theme_id, str) or not _ID.fullmatch(theme_id):
        raise CodebookError(
            "field",
            f"{file}：第 {n} 个主题的 id 应为小写字母开头、由小写字母数字下划线组成，"
            f"实为 {theme_id!r}",
        )
    where = f"{file}：主题 {theme_id}"
    unknown = sorted(set(raw) - _THEME_FIELDS)
    if unknown:
        raise CodebookError(
            "field", f"{where} 有不认识的字段 {'、'.join(unknown)}；可用字段见文件开头的说明"
        )
    texts: dict[str, str] = {}
    for field in _TEXT_FIELDS:
        value = raw.get(field, "" if field == "do_not_code_when" else None)
        if not isinstance(value, str) or (field == "name" and not value.strip()):
            raise CodebookError("field", f"{where} 的 {field} 应为文字，实为 {value!r}")
        texts[field] = value
    flags: dict[str, bool] = {}
    for field in ("highlight", "fallback"):
        flag = raw.get(field, False)
        if not isinstance(flag, bool):
            raise CodebookError("field", f"{where} 的 {field} 应为 true 或 false，实为 {flag!r}")
        flags[field] = flag
    cues = raw.get("cues", [])
    if not isinstance(cues, list) or not all(isinstance(cue, str) and cue for cue in cues):
        raise CodebookError("field", f"{where} 的 cues 应为文字列表，不能有空串")
    for cue in cues:
        try:
            pattern = re.compile(cue)
        except re.error as error:
            raise CodebookError(
                "cue", f"{where} 的线索词 {cue!r} 不是有效的正则表达式：{error}"
            ) from None
        if pattern.search("") is not None:
            raise CodebookError("cue", f"{where} 的线索词 {cue!r} 能匹配空文本，会处处命中；请收紧")
    return Theme(
        id=theme_id,
        name=texts["name"],
        definition=texts["definition"],
        code_when=texts["code_when"],
        do_not_code_when=texts["do_not_code_when"],
        cues=tuple(cues),
        highlight=flags["highlight"],
        fallback=flags["fallback"],
    )
