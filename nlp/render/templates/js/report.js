// One report: what was read of it, then its text with each extracted thing marked.
const S = Object.fromEntries(["no", "role", "start", "end", "page", "primary", "themes", "abstain",
  "answers", "probabilities"].map((key, i) => [key, i]));
const SECTIONS = ["一", "二", "三", "四", "五", "六"];
const DIGIT = { 2: "二", 3: "三", 4: "四" };
const roleName = (role) => (role === "problem" ? "问题" : "措施");

function chips(report, s) {
  const box = make("span", { class: "chips" });
  const themes = s[S.themes].length ? s[S.themes] : s[S.primary] ? [s[S.primary]] : [];
  for (const id of themes) {
    const p = s[S.probabilities][id];
    const title = p === undefined || p === null ? "" : "概率 " + p.toFixed(2);
    box.append(pill(themeOf(id) + (s[S.abstain] ? "？" : ""), s[S.abstain] ? "warn" : s[S.role], title));
  }
  if (s[S.abstain]) box.append(pill("主题存疑", "warn", "分类器把握不足，请人工核对"));
  for (const other of s[S.answers]) {
    const role = s[S.role] === "problem" ? "措施" : "问题";
    box.append(make("a", { href: `#r/${report.meta.report_id}/s/${other}` }, `${s[S.role] === "problem" ? "→" : "←"} ${role}${other}`));
  }
  return box;
}

// A line is cut wherever a mark begins or ends, so that marks may overlap.
function markedLine(report, start, end) {
  const { text, statements, findings } = report;
  const over = statements.filter((s) => s[S.start] !== null && s[S.start] < end && s[S.end] > start);
  const found = findings.filter((f) => f[3] !== null && f[4] !== null && f[3] < end && f[4] > start);
  const cuts = new Set([start, end]);
  for (const s of over) { cuts.add(Math.max(start, s[S.start])); cuts.add(Math.min(end, s[S.end])); }
  for (const f of found) { cuts.add(Math.max(start, f[3])); cuts.add(Math.min(end, f[4])); }
  const points = [...cuts].sort((a, b) => a - b);
  const nodes = [];
  for (let i = 0; i + 1 < points.length; i += 1) {
    const [a, b] = [points[i], points[i + 1]];
    const here = over.filter((s) => s[S.start] <= a && s[S.end] >= b);
    const noted = found.filter((f) => f[3] <= a && f[4] >= b);
    for (const s of here) if (s[S.start] === a) {
      nodes.push(make("span", { class: "tag " + s[S.role], id: "s-" + s[S.no] }, roleName(s[S.role]) + s[S.no]));
    }
    const piece = text.slice(a, b);
    if (here.length || noted.length) {
      const kind = [...new Set(here.map((s) => s[S.role])), here.some((s) => s[S.abstain]) ? "unsure" : "", noted.length ? "finding" : ""];
      nodes.push(make("mark", { class: kind.join(" ").trim(), title: noted.map((f) => f[2]).join("；") || null, "data-s": here.map((s) => s[S.no]).join(" ") || null }, piece));
    } else nodes.push(piece);
    for (const s of here) if (s[S.end] === b) nodes.push(chips(report, s));
  }
  return nodes;
}

// Rows of a table's text are folded away: the statutory table below shows them cell by cell.
function isTableLine(line, inTable) {
  if (line.includes("\t")) return true;
  return inTable && line.length <= 40 && !/[。；！？]/.test(line);
}
function prose(report, start, end, inTable) {
  const box = make("div", { class: "prose" });
  let rows = [];
  const flush = () => {
    if (!rows.length) return;
    if (rows.length < 3 && !rows.some((r) => r.includes("\t"))) box.append(...rows.map((r) => make("p", null, r)));
    else box.append(make("details", null, make("summary", { class: "small" }, `表格文字（${rows.length} 行）`), make("div", { class: "tabtext", tabindex: "0" }, rows.join("\n"))));
    rows = [];
  };
  let at = start;
  while (at < end) {
    const stop = report.text.indexOf("\n", at);
    const to = stop < 0 || stop > end ? end : stop;
    const line = report.text.slice(at, to);
    if (line.trim()) {
      if (isTableLine(line, inTable)) rows.push(line);
      else {
        flush();
        const sub = /^[（(][一二三四五六七八九十]+[）)][^。；]{1,24}$/.test(line.trim());
        box.append(make("p", { class: sub ? "sub" : null }, markedLine(report, at, to)));
      }
    }
    at = to + 1;
  }
  flush();
  return box;
}

function metaList(meta) {
  const region = [meta.province, meta.city, meta.county, meta.township].filter(Boolean).join(" ");
  const rows = [
    ["发布机关", meta.issuer || "未识别"], ["年度", (meta.year ?? "未识别") + (meta.year_conflict ? "（各处所写不一致）" : "")],
    ["层级", words.levels[meta.level] || "未识别"], ["类别", words.kinds[meta.kind] || "未识别"], ["地区", region || "未识别"],
    ["格式", words.editions[meta.edition] || "未识别"], ["版本依据", meta.edition_evidence],
    ["统计期限", meta.period_start && meta.period_end ? `${meta.period_start} 至 ${meta.period_end}` : null],
    ["文件", meta.file], ["页数", meta.pages], ["读取", meta.reader], ["SHA-256", (meta.sha256 || "").slice(0, 12)],
  ];
  return make("dl", { class: "meta" }, rows.filter((r) => r[1] !== null && r[1] !== undefined && r[1] !== "").map(([k, v]) => make("div", null, make("dt", null, k), make("dd", null, String(v)))));
}

function issueList(report) {
  const id = report.meta.report_id;
  const items = [];
  for (const [code, severity, message, start, , page] of report.findings) {
    items.push(make("li", null, pill(words.severities[severity] || severity, severity === "error" ? "bad" : severity === "warning" ? "warn" : "", code), " ", message, page && start !== null ? `（第 ${page} 页）` : ""));
  }
  const failed = report.checks.filter((c) => c[0] === "fail");
  for (const [, name, subject, formula, left, right, doubt, , reason, cells, page] of failed) {
    const own = doubt || "ours";
    items.push(make("li", null, pill(words.doubts[own], own === "theirs" ? "bad" : "warn"), ` ${name}${subject ? "（" + subject + "）" : ""}：`,
      make("b", { class: "neq" }, `${number(left)} ≠ ${number(right)}`), formula ? ` ${formula}` : "", reason ? `；${reason}` : "", page ? `；第 ${page} 页 ` : " ",
      cells.map((key) => make("a", { href: `#r/${id}/c/${encodeURIComponent(key)}`, class: "src" }, key.split("|").slice(1).filter((part) => part !== "数值").join(" · ")))));
  }
  const open = report.checks.filter((c) => c[0] === "not_assessable");
  const box = [make("p", { class: "small" }, `勾稽：通过 ${report.meta.checks_passed ?? 0}，不符 ${failed.length}，无法判断 ${open.length}`)];
  if (items.length) box.push(make("ul", { class: "notes" }, items));
  if (open.length) box.push(make("details", { class: "small" }, make("summary", null, `无法判断的 ${open.length} 项`), make("ul", null, open.map((c) => make("li", null, `${c[1]}${c[2] ? "（" + c[2] + "）" : ""}：${c[8] || "未说明"}`)))));
  return box;
}

function drawReport(report, pane) {
  const id = report.meta.report_id;
  const failed = new Map();
  for (const check of report.checks) if (check[0] === "fail") for (const key of check[9]) failed.set(key, [...(failed.get(key) || []), check]);
  const cellsOf = { 二: [], 三: [], 四: [] };
  for (const cell of report.cells) {
    const no = cell[C.key].split("|")[0];
    (cellsOf[DIGIT[no] || no] || []).push(cell);
  }
  const sections = [...report.sections].sort((a, b) => a[1] - b[1]);
  const present = new Set(sections.map((s) => s[0]));
  const jump = make("div", { class: "jump" }, SECTIONS.map((no) => present.has(no)
    ? make("a", { href: `#r/${id}/p/${no}` }, "第" + no + "部分")
    : make("span", { class: "lost" }, "第" + no + "部分未找到")));
  pane.replaceChildren(
    make("a", { class: "back", href: "#reports" }, "← 返回列表"),
    make("h3", null, report.meta.title || report.meta.file), metaList(report.meta), ...issueList(report), jump,
    make("div", { class: "states", "aria-label": "图例" }, "图例：", make("span", { class: "c-number" }, "12"), make("span", { class: "c-zero" }, "0"),
      make("span", { class: "c-absent" }, "缺：文件里没有"), make("span", { class: "c-unreadable" }, "存疑"),
      pill("不符 · 原文如此", "bad"), pill("不符 · 读取存疑", "warn"), pill("问题", "problem"), pill("措施", "measure")));
  let at = 0;
  const drawn = new Set();
  const addTables = (no, box) => {
    if (!cellsOf[no] || drawn.has(no)) return;
    drawn.add(no);
    box.append(...statutoryTables(no, cellsOf[no], failed));
  };
  for (const [no, start, body, end, page] of sections) {
    if (start > at) pane.append(prose(report, at, start, false));
    const box = make("div", { class: "sec", id: "p-" + no }, make("h4", null, report.text.slice(start, body ?? start).trim() || "第" + no + "部分", make("small", null, page ? `第 ${page} 页` : "")));
    box.append(prose(report, Math.max(at, body ?? start), end, no in cellsOf && cellsOf[no].length > 0));
    addTables(no, box);
    pane.append(box);
    at = Math.max(at, end);
  }
  if (at < report.text.length) pane.append(prose(report, at, report.text.length, false));
  for (const no of Object.keys(cellsOf)) if (!drawn.has(no) && cellsOf[no].length) {
    const box = make("div", { class: "sec", id: "p-" + no }, make("h4", null, `第${no}部分（正文中未找到）`));
    addTables(no, box);
    pane.append(box);
  }
}
