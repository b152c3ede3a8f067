// One report: what was read of it, then its text with each extracted thing marked.
const S = Object.fromEntries(["no", "role", "start", "end", "page", "primary", "themes", "abstain",
  "answers", "probabilities", "evidence", "near"].map((key, i) => [key, i]));
const SECTIONS = ["一", "二", "三", "四", "五", "六"];
const DIGIT = { 2: "二", 3: "三", 4: "四" };
const roleName = (role) => (role === "problem" ? "问题" : "措施");

function chips(report, s) {
  const box = make("span", { class: "chips" });
  for (const id of themesOf(s)) box.append(pill(themeOf(id) + (s[S.abstain] ? "？" : ""), s[S.abstain] ? "warn" : s[S.role]));
  if (s[S.abstain]) box.append(pill("主题存疑", "warn"));
  for (const other of s[S.answers]) {
    const role = s[S.role] === "problem" ? "措施" : "问题";
    box.append(make("a", { href: `#r/${report.meta.report_id}/s/${other}` }, `${s[S.role] === "problem" ? "→" : "←"} ${role}${other}`));
  }
  return box;
}

const themesOf = (s) => (s[S.themes].length ? s[S.themes] : s[S.primary] ? [s[S.primary]] : []);
// Why a statement has its themes: the words that spoke for each, the probability, what is in doubt.
function why(report, s) {
  const themes = themesOf(s);
  if (!themes.length) return [];
  const byHand = report.corrections.some(([what, , key]) => what === "tag" && key === String(s[S.no]));
  const said = report.text.slice(s[S.start], s[S.end]).replace(/\s/g, "");
  const explained = report.statements.some((other) => Object.keys(other[S.evidence]).length);
  const probable = (p) => `概率 ${p > 0.99 ? "0.99 以上" : p < 0.01 ? "不到 0.01" : p.toFixed(2)}`;
  const reason = (id) => {
    const p = s[S.probabilities][id];
    const found = (s[S.evidence][id] || "").split("；").filter((word) => word && said.includes(word));
    const parts = p === undefined || p === null ? [] : [probable(p)];
    if (found.length) parts.push("支持它的词" + found.map((word) => `“${word}”`).join(""));
    else if (explained && !byHand) parts.push("没有哪个词明显支持它");
    return make("span", null, make("b", null, themeOf(id)), themes.length > 1 && id === s[S.primary] ? "（为主）" : "", "：", parts.join("；") || "由人给出");
  };
  const rest = [];
  if (byHand) rest.push(make("span", null, "主题经人更正，见上面的“人工更正”；概率和词是分类器原来的。"));
  if (s[S.abstain]) {
    const near = s[S.near].map(([id, p]) => `${themeOf(id)}（${probable(p)}）`).join("、");
    rest.push(make("span", { class: "doubt" }, "主题存疑：分类器把握不足，请人工核对。" + (near ? `没有认定、但也有可能的：${near}。` : "")));
  }
  const id = "why-" + s[S.no];
  const box = make("span", { class: "why", id, hidden: true }, themes.map(reason), rest);
  const button = make("button", { type: "button", class: "ask", "aria-expanded": "false", "aria-controls": id, "aria-label": `${roleName(s[S.role])}${s[S.no]}归入主题的依据`,
    on: { click: () => { box.hidden = !box.hidden; button.setAttribute("aria-expanded", String(!box.hidden)); } } }, "依据");
  return [button, box];
}

const N = Object.fromEntries(["no", "start", "end", "page", "value", "high", "bound", "kind", "unit", "object", "scope", "time",
  "status", "relation", "cells", "cell", "reason"].map((key, i) => [key, i]));
const RELATIONS = { agree: ["与表相符", "measure", "＝"], differ: ["与表不符", "bad", "≠"], scope: ["范围不同", "warn", "≈"],
  not_comparable: ["不能比较", "", ""], none: ["不涉及表格", "", ""] };
const BOUNDS = { about: "约", over: "不止", under: "不到", exact: "", range: "" };
function describeClaim(n) {
  const parts = ["正文数字 " + BOUNDS[n[N.bound]] + number(n[N.value]) + (n[N.high] === null ? "" : "—" + number(n[N.high])) + (n[N.unit] || "")];
  if (n[N.object]) parts.push("数的是：" + n[N.object]);
  parts.push(RELATIONS[n[N.relation]][0] + (n[N.cell] === null ? "" : `（表中 ${number(n[N.cell])}）`));
  if (n[N.reason]) parts.push(n[N.reason]);
  return parts.join("；");
}
function claimSign(report, n) {
  const [name, kind, sign] = RELATIONS[n[N.relation]];
  if (!sign) return null;
  const text = `${sign}${number(n[N.cell])}`;
  const href = n[N.cells].length ? `#r/${report.meta.report_id}/c/${encodeURIComponent(n[N.cells][0])}` : null;
  return make(href ? "a" : "span", { class: "pill claim-sign " + kind, href, title: name + "：" + (n[N.reason] || "") }, "表" + text);
}

// A line is cut wherever a mark begins or ends, so that marks may overlap.
function markedLine(report, start, end) {
  const { text, statements, findings } = report;
  const said = report.claims.filter((n) => n[N.start] < end && n[N.end] > start);
  const over = statements.filter((s) => s[S.start] !== null && s[S.start] < end && s[S.end] > start);
  const found = findings.filter((f) => f[3] !== null && f[4] !== null && f[3] < end && f[4] > start);
  const cuts = new Set([start, end]);
  for (const s of over) { cuts.add(Math.max(start, s[S.start])); cuts.add(Math.min(end, s[S.end])); }
  for (const f of found) { cuts.add(Math.max(start, f[3])); cuts.add(Math.min(end, f[4])); }
  for (const n of said) { cuts.add(Math.max(start, n[N.start])); cuts.add(Math.min(end, n[N.end])); }
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
    const counted = said.filter((n) => n[N.start] <= a && n[N.end] >= b);
    if (here.length || noted.length || counted.length) {
      const kind = [...new Set(here.map((s) => s[S.role])), here.some((s) => s[S.abstain]) ? "unsure" : "", noted.length ? "finding" : "",
        counted.length ? "claim " + counted.map((n) => "n-" + n[N.relation]).join(" ") : ""];
      const title = [...noted.map((f) => f[2]), ...counted.map(describeClaim)].join("；");
      nodes.push(make("mark", { class: kind.filter(Boolean).join(" "), title: title || null, "data-n": counted.map((n) => n[N.no]).join(" ") || null, "data-s": here.map((s) => s[S.no]).join(" ") || null }, piece));
    } else nodes.push(piece);
    for (const n of counted) if (n[N.end] === b) nodes.push(claimSign(report, n));
    for (const s of here) if (s[S.end] === b) nodes.push(chips(report, s), ...why(report, s));
  }
  return nodes.filter(Boolean);
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
    ["发布机关", meta.issuer ? make("a", { href: "#i/" + encodeURIComponent(meta.issuer) }, meta.issuer) : "未识别"], ["年度", (meta.year ?? "未识别") + (meta.year_conflict ? "（各处所写不一致）" : "")],
    ["层级", words.levels[meta.level] || "未识别"], ["类别", words.kinds[meta.kind] || "未识别"], ["地区", region || "未识别"],
    ["格式", words.editions[meta.edition] || "未识别"], ["版本依据", meta.edition_evidence],
    ["统计期限", meta.period_start && meta.period_end ? `${meta.period_start} 至 ${meta.period_end}` : null],
    ["文件", meta.file], ["页数", meta.pages], ["读取", meta.reader], ["SHA-256", (meta.sha256 || "").slice(0, 12)],
  ];
  return make("dl", { class: "meta" }, rows.filter((r) => r[1] !== null && r[1] !== undefined && r[1] !== "").map(([k, v]) => make("div", null, make("dt", null, k), make("dd", null, v.nodeType ? v : String(v)))));
}

// What a researcher corrected: [what, its name, key, field, old, new, who, when, why].
function correctionList(report) {
  if (!report.corrections.length) return [];
  const id = report.meta.report_id;
  return [make("div", { class: "corrected" }, make("p", { class: "small" }, `人工更正 ${report.corrections.length} 处（与原件不同处以更正为准，原读数照录）`),
    make("ul", { class: "notes" }, report.corrections.map(([what, name, key, field, old, now, who, when, why]) => make("li", null, pill("更正", "measure"), ` ${name} `,
      key && what === "cell" ? make("a", { href: `#r/${id}/c/${encodeURIComponent(key)}` }, keyName(key)) : key || "", field && field !== "value" ? ` ${field}` : "", "：",
      make("span", { class: "was" }, (what === "tag" && old ? old.split(" ").map(themeOf).join("、") : old) || "（未写原值）"), " → ", make("b", null, (what === "tag" ? now.split(" ").map(themeOf).join("、") : now) || "（删去）"), make("small", null, `　${who || ""} ${when || ""}：${why || ""}`)))))];
}
function mixLine(report) {
  if (!report.reuse.length) return [];
  const [mandated, formula, own, peer, fresh, other, issuer, share, left] = report.reuse;
  return [make("p", { class: "small" }, `文字构成：规定用语 ${percent(mandated)}，套话 ${percent(formula)}，沿用自己 ${percent(own)}，与他机关雷同 ${percent(peer)}，新写 ${percent(fresh)}`,
    other ? ["；共同文字最多的是 ", make("a", { href: "#r/" + other }, issuer || "机关未识别的报告"), `（${percent(share)}）`] : "",
    left ? `；疑似残留 ${left} 处` : "", report.painted ? ["。", make("a", { href: report.painted }, "看标色的正文")] : "")];
}
const SUMS = { sum: "分项相加", shares: "占比相加", rate: "比率重算", growth: "与上年相比" };
function claimList(report) {
  const id = report.meta.report_id;
  const tied = report.claims.filter((n) => n[N.relation] !== "none");
  const count = (kind) => tied.filter((n) => n[N.relation] === kind).length;
  if (!report.claims.length) return [];
  const rows = tied.map((n) => make("li", null, make("a", { href: `#r/${id}/n/${n[N.no]}` }, `“${report.text.slice(n[N.start], n[N.end])}”`), " ",
    pill(RELATIONS[n[N.relation]][0], RELATIONS[n[N.relation]][1]), n[N.cell] === null ? "" : ` 表中 ${number(n[N.cell])} `, n[N.reason] ? make("small", null, n[N.reason]) : "", " ",
    n[N.cells].map((key) => make("a", { class: "src", href: `#r/${id}/c/${encodeURIComponent(key)}` }, keyName(key)))));
  return [make("details", { class: "small", open: count("differ") > 0 }, make("summary", null,
    `正文数字 ${report.claims.length} 个：与表相符 ${count("agree")}，不符 ${count("differ")}，范围不同 ${count("scope")}，不能比较 ${count("not_comparable")}`), make("ul", null, rows))];
}
function legend() {
  const box = make("div", { class: "states", role: "note", "aria-label": "图例" }, make("b", null, "图例"));
  const item = (...nodes) => box.append(make("span", { class: "bare" }, ...nodes));
  item(make("mark", { class: "problem" }, "实线"), " 问题"); item(make("mark", { class: "measure" }, "双线"), " 措施");
  item(make("mark", { class: "problem unsure" }, "虚线"), " 主题存疑"); box.append(make("span", { class: "bare onscreen" }, make("span", { class: "ask" }, "依据"), " 点一下看归入主题凭哪些词、概率多大")); item(make("mark", { class: "claim" }, "123"), " 正文数字（点线）");
  item(pill("表＝12", "measure"), pill("表≠12", "bad"), pill("表≈12", "warn"), " 与表格相符、不符、范围不同"); item(make("mark", { class: "finding" }, "虚框"), " 提示");
  for (const [kind, text] of [["number", "12"], ["zero", "0"], ["absent", "缺：文件里没有"], ["unreadable", "存疑"]]) box.append(make("span", { class: "c-" + kind }, text));
  box.append(pill("不符 · 原文如此", "bad"), pill("不符 · 读取存疑", "warn"));
  return box;
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
  for (const [check, , left, right, reason, page] of report.sums) {
    items.push(make("li", null, pill("正文核算不符", "warn"), ` ${SUMS[check] || check}：`, make("b", { class: "neq" }, `算出 ${number(left)}，写明 ${number(right)}`), reason ? `；${reason}` : "", page ? `；第 ${page} 页` : ""));
  }
  const open = report.checks.filter((c) => c[0] === "not_assessable");
  const box = [make("p", { class: "small" }, `勾稽：通过 ${report.meta.checks_passed ?? 0}，不符 ${failed.length}，无法判断 ${open.length}`)];
  if (items.length) box.push(make("ul", { class: "notes" }, items));
  if (open.length) box.push(make("details", { class: "small" }, make("summary", null, `无法判断的 ${open.length} 项`), make("ul", null, open.map((c) => make("li", null, `${c[1]}${c[2] ? "（" + c[2] + "）" : ""}：${c[8] || "未说明"}`)))));
  return box;
}

function drawReport(report, pane) {
  const id = report.meta.report_id;
  openCell = (key) => showPicture(report, report.cells.find((cell) => cell[C.key] === key));
  const failed = new Map();
  for (const check of report.checks) if (check[0] === "fail") for (const key of check[9]) failed.set(key, [...(failed.get(key) || []), check]);
  fixedCells = new Map(report.corrections.filter((c) => c[0] === "cell").map((c) => [c[2], c]));
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
    make("h3", null, report.meta.title || report.meta.file), metaList(report.meta), ...correctionList(report), ...issueList(report), ...claimList(report), ...mixLine(report), jump,
    legend());
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
