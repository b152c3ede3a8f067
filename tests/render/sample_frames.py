"""Plausible frames for the render tests: fictional issuers, every state, planted errors."""

from __future__ import annotations

import hashlib
import random
import re
from typing import Any

import pandas as pd

from nlp.documents import FRAMES, make_frame
from nlp.form import load_form

THEMES = (
    ("training", "教育培训与队伍建设"),
    ("policy_interpretation", "政策解读"),
    ("key_sector_disclosure", "重点领域信息公开"),
    ("proactive_disclosure", "主动公开的及时与规范"),
    ("on_request", "依申请公开"),
    ("platform_newmedia", "平台与政务新媒体建设"),
    ("information_management", "政府信息管理"),
    ("supervision_assessment", "监督考核"),
    ("mechanism_leadership", "组织领导与工作机制"),
    ("interaction_response", "互动回应与公众参与"),
    ("innovation_service", "创新方式与便民服务"),
    ("other", "其他"),
)
ISSUERS = (
    ("澜江省人民政府", "province", "government"),
    ("澜江省水务厅", "province", "department"),
    ("云汀市人民政府", "city", "government"),
    ("云汀市教育局", "city", "department"),
    ("云汀市市场监督管理局", "city", "department"),
    ("砚山湖市人民政府", "city", "government"),
    ("临岚县人民政府", "county", "government"),
    ("临岚县民政局", "county", "department"),
    ("临岚县财政局", "county", "department"),
    ("白榆区人民政府", "county", "government"),
    ("白榆区城市管理局", "county", "department"),
    ("临岚县柳堰镇人民政府", "township", "government"),
    ("临岚县石桥乡人民政府", "township", "government"),
    ("白榆区杏坛街道办事处", "township", "government"),
    ("白榆区南浦镇人民政府", "township", "government"),
    ("临岚县青泊镇人民政府", "township", "government"),
)
PROBLEMS = {
    "training": ("从事公开工作的人员多为兼职，业务能力有待提升", "个别科室对公开工作重视程度不够"),
    "policy_interpretation": ("政策解读形式较为单一，图解类偏少", "解读材料以文字为主，可读性不强"),
    "key_sector_disclosure": ("民生领域信息公开的深度不够", "公开内容不够丰富，针对性不强"),
    "proactive_disclosure": ("部分栏目信息更新不及时", "少数信息发布格式不统一"),
    "on_request": ("答复文书的说理不够充分",),
    "platform_newmedia": ("政务新媒体日常维护力度不足", "门户网站个别栏目内容空缺"),
    "information_management": ("公开属性源头认定不够准确",),
    "supervision_assessment": ("对下级单位的检查督促偏少",),
    "mechanism_leadership": ("部门之间的协调机制尚不健全",),
    "interaction_response": ("对群众关切的回应不够主动",),
    "innovation_service": ("公开方式创新不足",),
    "other": ("工作成效与先进地区相比仍有差距",),
}
MEASURES = {
    "training": ("每季度组织一次业务培训，配强专职人员", "加强学习交流，提升队伍素质"),
    "policy_interpretation": ("推行图解、动漫和短视频等多种解读方式",),
    "key_sector_disclosure": ("围绕就业、医疗、教育等领域细化公开目录",),
    "proactive_disclosure": ("明确各栏目更新时限，按月通报",),
    "on_request": ("规范答复文书格式，加强与申请人沟通",),
    "platform_newmedia": ("落实专人管理公众号，清理空白栏目",),
    "information_management": ("严格执行发布前的三级审核",),
    "supervision_assessment": ("将公开工作纳入年度绩效考核",),
    "mechanism_leadership": ("健全责任清单，定期会商",),
    "interaction_response": ("办好意见征集栏目，及时反馈采纳情况",),
    "innovation_service": ("在办事大厅设立公开专区，方便群众查阅",),
    "other": ("推动公开工作再上新台阶",),
}
ORDINALS = "一二三四五六七"
RAW = {"blank": "", "slash": "/", "dash": "-", "none": "无", "zero": "0"}


class _Text:
    """Builds a text and tells where each piece ended up."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, piece: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += piece
        return start, len(self.text)


def make_sample(reports: int = 48, *, hostile: str = "", seed: int = 7) -> dict[str, pd.DataFrame]:
    """Make all frames for some reports; ``hostile`` is planted in every kind of text."""
    rng = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FRAMES}
    for number in range(reports):
        name, level, kind = ISSUERS[number % len(ISSUERS)]
        round_ = number // len(ISSUERS)
        if round_ >= 3:  # three years of sixteen issuers, then of sixteen more
            name = f"第{round_ // 3}片{name}"
        _add_report(rows, rng, name, level, kind, 2022 + round_ % 3, number, hostile)
    for file, code, reason in (
        ("附件/扫描件.pdf", "scan", "全部 4 页没有文字，是扫描件；请先做文字识别"),
        ("临岚县/空.txt", "empty", "文件为空；请重新下载"),
        (f"加密{hostile}.pdf", "encrypted", "打开需要密码；请向发布机关索取未加密的文件"),
    ):
        rows["skipped"].append({"file": file, "code": code, "reason": reason, "sha256": "0" * 64})
    _add_threads(rows)
    return {name: make_frame(name, values) for name, values in rows.items()}


def _add_report(
    rows: dict[str, list[dict[str, Any]]],
    rng: random.Random,
    name: str,
    level: str,
    kind: str,
    year: int,
    number: int,
    hostile: str,
) -> None:
    sha = hashlib.sha256(f"{number}-{name}-{year}".encode()).hexdigest()
    report = sha[:12]
    known = number % 17 != 11  # one in a while has no issuer that could be told
    title = f"{name}{year}年政府信息公开工作年度报告{hostile}"
    doc = _Text()
    doc.add(title + "\n")
    doc.add(f"根据《中华人民共和国政府信息公开条例》，现公布{year}年度报告。\n")
    form = load_form("2021")
    sections, statements = [], []

    def heading(no: str, label: str) -> None:
        start, body = doc.add(f"{no}、{label}\n")
        sections.append([no, label, start, body, body])

    heading("一", "总体情况")
    doc.add(
        f"{year}年，{name}坚持以公开促落实，全年主动公开信息{rng.randint(80, 900)}条，"
        f"其中通过门户网站公开{rng.randint(40, 400)}条。𠮷字用来检验位置。{hostile}\n"
    )
    doc.add("（一）主动公开\n围绕重点工作发布各类文件，公开内容覆盖就业、教育和医疗。\n")
    heading("二", "主动公开政府信息情况")
    doc.add("第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n")
    doc.add("规章\t0\t0\t0\n行政规范性文件\t3\t1\t12\n")
    heading("三", "收到和处理政府信息公开申请情况")
    doc.add("自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计\n")
    heading("四", "政府信息公开行政复议、行政诉讼情况")
    doc.add("结果维持\t结果纠正\t其他结果\t尚未审结\t总计\n")
    heading("五", "存在的主要问题及改进情况")
    if number % 13 != 5:
        themes = [t for t, _ in THEMES]
        picked = rng.sample(themes, rng.randint(2, 4))
        doc.add("存在的主要问题：")
        for order, theme in enumerate(picked):
            doc.add(f"{ORDINALS[order]}是")
            span = doc.add(rng.choice(PROBLEMS[theme]) + hostile)
            doc.add("；" if order < len(picked) - 1 else "。\n")
            statements.append(["problem", *span, theme])
        doc.add("下一步，将采取以下措施：")
        answered = [t for t in picked if rng.random() < 0.7] + rng.sample(themes, 1)
        for order, theme in enumerate(answered):
            doc.add(f"{ORDINALS[order]}是")
            span = doc.add(rng.choice(MEASURES[theme]))
            doc.add("；" if order < len(answered) - 1 else "。\n")
            statements.append(["measure", *span, theme])
    else:
        doc.add("无。\n")
    heading("六", "其他需要报告的事项")
    doc.add("无其他需要报告的事项。\n")
    for this, after in zip(sections, [*sections[1:], [None, None, len(doc.text)]], strict=True):
        this[4] = after[2]
    for no, label, start, body, end in sections:
        if number % 19 == 7 and no == "六":
            continue
        rows["sections"].append(
            {
                "report_id": report,
                "section": no,
                "title": f"{no}、{label}",
                "start": start,
                "end": end,
                "page": 1 + "一二三四五六".index(no) // 2,
                "body_start": body,
                "characters": end - body,
                "text": doc.text[body:end],
            }
        )
    _add_statements(rows, rng, report, doc.text, statements, hostile)
    cells = _add_cells(rows, rng, report, form, number, hostile)
    if number % 4 != 3:
        _balance(rows["cells"][-250:], report)
    _add_claims(rows, report, doc.text, year, number, hostile)
    checks = _add_checks(rows, rng, report, number, hostile)
    _add_indicators(rows, rng, report, year)
    findings = []
    if not known:
        findings.append(("issuer_unknown", "warning", "正文没有写明发布机关", 0, len(title)))
    if number % 9 == 4:
        findings.append(
            ("year_conflict", "warning", f"标题写 {year} 年，期限写 {year - 1} 年", 0, 8)
        )
    for code, severity, message, start, end in findings:
        rows["findings"].append(
            {
                "report_id": report,
                "code": code,
                "severity": severity,
                "message": message + hostile,
                "start": start,
                "end": end,
                "page": 1,
            }
        )
    for order, sentence in enumerate(filter(None, doc.text.split("。")), 1):
        start = doc.text.index(sentence)
        rows["sentences"].append(
            {
                "report_id": report,
                "section": None,
                "sentence": order,
                "start": start,
                "end": start + len(sentence),
                "page": 1,
                "text": sentence,
                "words": " ".join(sentence[:12]),
                "word_count": 12,
            }
        )
    rows["reports"].append(
        {
            "report_id": report,
            "file": f"{name}/{year}.pdf",
            "sha256": sha,
            "file_kind": "pdf",
            "reader": "pdfplumber 0.11",
            "pages": 5,
            "title": title,
            "issuer": name if known else None,
            "year": year,
            "year_conflict": number % 9 == 4,
            "period_start": f"{year}-01-01",
            "period_end": f"{year}-12-31",
            "level": level if known else None,
            "kind": kind,
            "province": "澜江省",
            "edition": "2021",
            "edition_evidence": "本年制发件数",
            "characters": len(doc.text),
            "sections_found": 6,
            "cells_read": cells["read"],
            "cells_doubtful": cells["unreadable"],
            "cells_absent": cells["absent"],
            "checks_passed": checks["pass"],
            "checks_failed": checks["fail"],
            "checks_failed_theirs": checks["theirs"],
            "problems": sum(s[0] == "problem" for s in statements),
            "measures": sum(s[0] == "measure" for s in statements),
            "findings": len(findings),
            "text": doc.text,
        }
    )


def _add_statements(
    rows: dict[str, list[dict[str, Any]]],
    rng: random.Random,
    report: str,
    text: str,
    statements: list[list[Any]],
    hostile: str,
) -> None:
    labels = dict(THEMES)
    for order, (role, start, end, theme) in enumerate(statements, 1):
        abstain = rng.random() < 0.2
        answers = [
            other
            for other, (role2, _, _, theme2) in enumerate(statements, 1)
            if theme2 == theme and role2 != role
        ]
        second = rng.choice([t for t, _ in THEMES]) if rng.random() < 0.25 else theme
        assigned = list(dict.fromkeys([theme, second]))
        rows["statements"].append(
            {
                "report_id": report,
                "statement": order,
                "role": role,
                "start": start,
                "end": end,
                "page": 4,
                "text": text[start:end],
                "primary": theme,
                "themes": " ".join(assigned),
                "abstain": abstain,
                "answers": " ".join(map(str, answers)) or None,
                "words": " ".join(text[start:end]),
            }
        )
        for candidate in labels:
            rows["themes"].append(
                {
                    "report_id": report,
                    "statement": order,
                    "theme": candidate,
                    "label": labels[candidate],
                    "probability": round(rng.uniform(0.5, 0.99), 4)
                    if candidate in assigned
                    else round(rng.uniform(0, 0.3), 4),
                    "assigned": candidate in assigned,
                    "primary": candidate == theme,
                    # As the classifier names them; markup and an absent word change nothing.
                    "evidence": "；".join(
                        [text[start : start + 4], "".join(hostile.split()), "没有的词"]
                    )
                    if candidate in assigned
                    else None,
                }
            )


def _add_cells(
    rows: dict[str, list[dict[str, Any]]],
    rng: random.Random,
    report: str,
    form: Any,
    number: int,
    hostile: str,
) -> dict[str, int]:
    wanted = [("2", r.no, c.key) for b in form.blocks for r in b.rows for c in b.columns]
    wanted += [("3", r.no, c.key) for r in form.requests for c in form.applicants]
    wanted += [("4", form.review_row, c) for c in form.review_columns()]
    counts = {"read": 0, "unreadable": 0, "absent": 0}
    for section, row, column in wanted:
        state, value, note, candidates = "number", float(rng.randint(1, 60)), "", ""
        if number % 11 == 6 and section == "4":
            state = "absent"
        elif number % 8 == 3 and row == "3.4.2":
            state, candidates = "unreadable", "3|13"
            note = "换页处行名断开，无法确定属于哪一行"
        elif rng.random() < 0.55:
            state = "zero"
        elif rng.random() < 0.06:
            state = rng.choice(["blank", "slash", "dash", "none"])
        raw = RAW.get(state, None if state == "absent" else str(int(value)))
        if state == "unreadable":
            raw = "3 13" + hostile
        if section == "2" and "收费" in row and state == "number":
            value, raw = value + 0.5, f"{value + 0.5}万元"
        readable = state in ("number", "zero")
        counts["read" if state not in ("unreadable", "absent") else state] += 1
        rows["cells"].append(
            {
                "report_id": report,
                "key": f"{section}|{row}|{column}",
                "section": section,
                "row": row,
                "row_label": form.row_label(section, row),
                "column": column,
                "raw": raw,
                "value": (0.0 if state == "zero" else value) if readable else None,
                "unit": "万元" if raw and raw.endswith("万元") else None,
                "state": state,
                "page": None if state == "absent" else 2,
                "x0": 10.0,
                "top": 20.0,
                "x1": 60.0,
                "bottom": 40.0,
                "candidates": candidates or None,
                "note": note or None,
            }
        )
    return counts


def _balance(cells: list[dict[str, Any]], report: str) -> None:
    """Make the printed totals what the rows add up to, where all of them can be read."""
    own = {cell["key"]: cell for cell in cells if cell["report_id"] == report}

    def put(key: str, total: float) -> None:
        cell = own[key]
        if cell["state"] in ("number", "zero"):
            state = "number" if total else "zero"
            cell.update(value=total, state=state, raw=str(int(total)))

    rows = [key for key in own if key.startswith("3|3.") and key.endswith("|总计")]
    parts = [own[key]["value"] for key in rows if key != "3|3.7|总计"]
    if None not in parts:
        put("3|3.7|总计", sum(parts))
        later, before = (own[f"3|{row}|总计"]["value"] for row in ("4", "2"))
        if later is not None and before is not None:
            put("3|1|总计", max(0, sum(parts) + later - before))
    for group in ("复议", "直接起诉", "复议后起诉"):
        names = ("结果维持", "结果纠正", "其他结果", "尚未审结")
        values = [own[f"4|数值|{group}.{name}"]["value"] for name in names]
        if None not in values:
            put(f"4|数值|{group}.总计", sum(values))


_RELATIONS = ("agree", "differ", "scope", "none")


def _add_claims(
    rows: dict[str, list[dict[str, Any]]],
    report: str,
    text: str,
    year: int,
    number: int,
    hostile: str,
) -> None:
    for order, found in enumerate(re.finditer(r"(\d+)条", text), 1):
        relation = _RELATIONS[(number + order) % 4]
        tied = relation != "none"
        rows["claims"].append(
            {
                "report_id": report,
                "claim": order,
                "section": "一",
                "start": found.start(),
                "end": found.end(),
                "page": 1,
                "text": found.group(),
                "value": float(found.group(1)),
                "bound": "exact",
                "form": "digits",
                "kind": "count",
                "unit": "条",
                "object": "信息",
                "topic": "requests_new" if tied else "other",
                "scope": "unstated",
                "time": "year",
                "year": year,
                "status": "reported",
                "relation": relation,
                "cells": "3|1|总计+3|2|总计" if tied else None,
                "cell_value": float(found.group(1)) + (relation == "differ") if tied else None,
                "reason": f"正文与表格相差 1{hostile}" if relation == "differ" else None,
            }
        )


def _add_threads(rows: dict[str, list[dict[str, Any]]]) -> None:
    """A thread is an issuer's problems of one theme, with the measures of the same report."""
    names = {row["report_id"]: (row["issuer"], row["year"]) for row in rows["reports"]}
    threads: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows["statements"]:
        issuer, _ = names[row["report_id"]]
        if issuer is not None:
            threads.setdefault((issuer, row["primary"]), []).append(row)
    number = dict.fromkeys((issuer for issuer, _ in threads), 0)
    for (issuer, _), steps in threads.items():
        problems = {names[s["report_id"]][1] for s in steps if s["role"] == "problem"}
        if not problems:
            continue
        number[issuer] += 1
        steps.sort(key=lambda s: (names[s["report_id"]][1], s["statement"]))
        for order, step in enumerate(steps, 1):
            rows["threads"].append(
                {
                    "issuer": issuer,
                    "thread": number[issuer],
                    "step": order,
                    "year": names[step["report_id"]][1],
                    **{key: step[key] for key in ("role", "report_id", "statement")},
                    **{key: step[key] for key in ("start", "end", "text")},
                    "score": None if order == 1 else 0.8,
                    "years": len(problems),
                }
            )


def _add_checks(
    rows: dict[str, list[dict[str, Any]]],
    rng: random.Random,
    report: str,
    number: int,
    hostile: str,
) -> dict[str, int]:
    columns = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    counts = {"pass": 0, "fail": 0, "theirs": 0}
    for index, column in enumerate(columns):
        doubt, result, reason = None, "pass", None
        left, right = 12.0, 12.0
        if number % 5 == 2 and index == 6:
            result, doubt, right = "fail", "theirs", 14.0
            reason = f"逐格读取无疑问，原文所印的数相加不等{hostile}"
        elif number % 8 == 3 and index == 0:
            result, doubt, left = "fail", "ours", 9.0
            reason = "有一个单元格读取存疑"
        if result == "pass":
            counts["pass"] += 1
        else:
            counts["fail"] += 1
            counts["theirs"] += doubt == "theirs"
        rows["checks"].append(
            {
                "report_id": report,
                "check_id": "s3_balance",
                "name": "新收＋结转＝办理＋结转下年",
                "subject": f"{column}列",
                "formula": "一＋二＝三（七）＋四",
                "left": left,
                "right": right,
                "result": result,
                "doubt": doubt,
                "severity": "error",
                "reason": reason,
                "cells": " ".join(f"3|{row}|{column}" for row in ("1", "2", "3.7", "4")),
                "page": 2,
                "source": "国办公开办函〔2021〕30号",
            }
        )
    rows["checks"].append(
        {
            "report_id": report,
            "check_id": "carry_over",
            "name": "上年结转与上年度报告一致",
            "subject": "总计",
            "formula": "上年报告的四＝本年报告的二",
            "result": "not_assessable",
            "severity": "warning",
            "reason": "没有上一年度的报告",
            "source": "国办公开办函〔2021〕30号",
        }
    )
    return counts


def _add_indicators(
    rows: dict[str, list[dict[str, Any]]], rng: random.Random, report: str, year: int
) -> None:
    for key, name, group, formula in (
        ("disclosure_rate", "公开率", "outcome", "(G+P)/T"),
        ("denial_rate", "不予公开率", "outcome", "D/T"),
        ("correction_rate", "复议纠错率（已审结）", "disputes", "c/(t−u)"),
    ):
        total = rng.choice([0, 0, 7, 24, 64, 310])
        part = rng.randint(0, total) if total else 0
        low, high = (
            (max(0, part / total - 0.1), min(1, part / total + 0.1)) if total else (None,) * 2
        )
        rows["indicators"].append(
            {
                "report_id": report,
                "indicator": key,
                "name": name,
                "group": group,
                "formula": formula,
                "value": part / total if total else None,
                "numerator": part if total else None,
                "denominator": total,
                "low": low,
                "high": high,
                "small": total < 30,
                "reason": None if total else "分母为零",
            }
        )
    rows["indicators"].append(
        {
            "report_id": report,
            "indicator": "requests",
            "name": "申请量",
            "group": "demand",
            "formula": "N",
            "value": rng.randint(0, 400),
            "small": False,
        }
    )


MANIFEST: dict[str, Any] = {
    "product": "nianbao",
    "version": "0.1.0",
    "counts": {"reports": 48, "skipped": 3},
    "parameters": {"workers": 2, "codebook": "corpus/codebook.toml"},
    "versions": {"python": "3.11", "pdfplumber": "0.11.9"},
    "model": {"file": "models/themes.skops", "sha256": "ab" * 32},
    "inputs": [{"file": "云汀市教育局/2022.pdf", "sha256": "cd" * 32}],
}
