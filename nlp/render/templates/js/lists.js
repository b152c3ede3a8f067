// One filter for the three lists; lists show a piece at a time, however long they are.
const PIECE = 80;
const filters = {};
const searched = new Map(); // what of a report can be searched for, joined once
let themeNumbers;
const FLAGS = {
  theirs: ["有原文不符", (r) => r[R.theirs] > 0],
  ours: ["有读取存疑", (r) => r[R.doubtful] > 0 || r[R.failed] > r[R.theirs]],
  abstained: ["有主题存疑", (r) => r[R.abstained] > 0],
  absent: ["有表格缺失", (r) => r[R.absent] > 0],
  findings: ["有提示", (r) => r[R.findings] > 0],
  clean: ["无不符且无存疑", (r) => !r[R.failed] && !r[R.doubtful] && !r[R.abstained]],
};

function fillSelect(select, first, options) {
  select.replaceChildren(make("option", { value: "" }, first));
  for (const [value, label] of options) select.append(make("option", { value }, label));
}
function setUpFilter(changed) {
  themeNumbers = new Map(index.themes.map(([id], i) => [id, i]));
  const seen = (key) => new Set(reports.map((r) => r[key]));
  const ordered = (key, names) => Object.entries(names).filter(([c]) => seen(key).has(c))
    .concat(seen(key).has(null) ? [["?", "未识别"]] : []);
  const years = [...seen(R.year)].filter((y) => y !== null).sort().map((y) => [String(y), String(y)]);
  if (seen(R.year).has(null)) years.push(["?", "未识别"]);
  fillSelect(byId("f-year"), "全部", years);
  fillSelect(byId("f-level"), "全部", ordered(R.level, words.levels));
  fillSelect(byId("f-kind"), "全部", ordered(R.kind, words.kinds));
  fillSelect(byId("f-edition"), "全部", ordered(R.edition, words.editions));
  fillSelect(byId("f-theme"), "全部", index.themes.flatMap(([id, name]) =>
    [["problem " + id, "问题 · " + name], ["measure " + id, "措施 · " + name]]));
  fillSelect(byId("f-flag"), "全部", Object.entries(FLAGS).map(([k, v]) => [k, v[0]]));
  const keys = ["text", "year", "level", "kind", "edition", "theme", "flag"];
  const readFields = () => { for (const key of keys) filters[key] = byId("f-" + key).value; };
  let wait;
  const later = (delay) => {
    clearTimeout(wait); // a word that is still being typed is not searched for letter by letter
    wait = setTimeout(() => { readFields(); changed(); }, delay);
  };
  for (const key of keys) {
    // Not every browser sends "input" for a choice from a list.
    if (key === "text") byId("f-text").addEventListener("input", () => later(150));
    byId("f-" + key).addEventListener("change", () => later(0));
  }
  readFields(); // browsers keep the fields over a reload
  byId("f-clear").addEventListener("click", () => {
    for (const key of keys) byId("f-" + key).value = "";
    readFields();
    changed();
  });
}
function matches(r) {
  const same = (key, column) => !filters[key] || String(r[column] ?? "?") === filters[key];
  if (!same("year", R.year) || !same("level", R.level) || !same("kind", R.kind) || !same("edition", R.edition)) return false;
  if (filters.flag && !FLAGS[filters.flag][1](r)) return false;
  if (filters.theme) {
    const [role, id] = filters.theme.split(" ");
    const at = themeNumbers.get(id);
    const [sure, unsure] = role === "problem" ? [R.problemThemes, R.problemDoubts] : [R.measureThemes, R.measureDoubts];
    if (!r[sure].includes(at) && !r[unsure].includes(at)) return false;
  }
  if (!filters.text) return true;
  if (!searched.has(r)) searched.set(r, [r[R.name], r[R.place], r[R.file], r[R.year], r[R.id]].join(" ").toLowerCase());
  const text = searched.get(r);
  return filters.text.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

// Put rows into a box piece by piece; the button loads the next piece.
function showPieces(box, target, rows, draw_, piece = PIECE) {
  let shown = 0;
  const button = make("button", { type: "button", class: "more" });
  const next = () => {
    target.append(...rows.slice(shown, shown + piece).map(draw_));
    shown = Math.min(rows.length, shown + piece);
    button.textContent = `再显示 ${Math.min(piece, rows.length - shown)} 条（已显示 ${shown}/${rows.length}）`;
    button.hidden = shown >= rows.length;
  };
  button.addEventListener("click", next);
  next();
  box.append(button);
}
function table(kind, heads) {
  const body = make("tbody");
  const row = heads.map(([text, cls]) => make("th", { scope: "col", class: cls }, text));
  const node = make("table", { class: "plain wide stacking " + kind }, make("thead", null, make("tr", null, row)), body);
  return [node, body];
}

async function showChecks(chosen) {
  const rows = (await load("checks")).filter((row) => chosen.has(row[0]));
  const box = byId("checks-list");
  box.replaceChildren();
  if (!rows.length) { box.append(make("p", { class: "empty" }, "所选报告没有不符的检查。")); return; }
  const [node, body] = table("clist", [["报告"], ["规则"], ["左 ≠ 右", "num"], ["疑在"], ["说明"], ["出处"]]);
  box.append(make("div", { class: "scroll" }, node));
  showPieces(box, body, rows, ([at, name, subject, formula, left, right, doubt, , reason, cells, page]) => {
    const r = reports[at];
    const place = cells.length ? "#r/" + r[R.id] + "/c/" + encodeURIComponent(cells[cells.length - 1]) : "#r/" + r[R.id];
    return make("tr", null,
      make("th", { scope: "row" }, make("a", { href: "#r/" + r[R.id] }, titleOf(r))),
      make("td", { "data-l": "规则" }, name, make("div", { class: "small" }, [subject, formula].filter(Boolean).join("："))),
      make("td", { class: "num neq", "data-l": "左 ≠ 右" }, number(left) + " ≠ " + number(right)),
      make("td", { "data-l": "疑在" }, pill(words.doubts[doubt] || doubt, doubt === "theirs" ? "bad" : "warn")),
      make("td", { "data-l": "说明" }, reason || ""),
      make("td", { "data-l": "出处" }, make("a", { href: place }, "看单元格"), page ? ` 第 ${page} 页` : ""));
  });
}

function intervalBar(value, low, high, small) {
  const svg = draw("svg", { class: "ibar" + (small ? " small" : ""), viewBox: "0 0 200 16", preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const x of [0, 50, 100, 150, 200]) svg.append(draw("path", { class: "axis", d: `M${x} 1V15` }));
  if (low !== null) svg.append(draw("rect", { class: "band", x: 200 * low, y: 5, width: Math.max(1, 200 * (high - low)), height: 6 }));
  svg.append(draw("rect", { class: "point", x: Math.min(197, Math.max(0, 200 * value - 1.5)), y: 2, width: 3, height: 12 }));
  return svg;
}
async function showIndicators(chosen) {
  const data = await load("indicators");
  const box = byId("indicators-list");
  const pick = byId("i-pick");
  box.replaceChildren();
  if (!data.names.length) { box.append(make("p", { class: "empty" }, "没有指标。")); return; }
  if (!pick.options.length) {
    const groups = new Map();
    data.names.forEach(([, name, group], i) => {
      if (!groups.has(group)) groups.set(group, make("optgroup", { label: words.groups[group] || group || "其他" }));
      groups.get(group).append(make("option", { value: i }, name));
    });
    pick.append(...groups.values());
    const rate = data.names.findIndex((n) => n[4] === 1);
    pick.value = String(Math.max(0, rate));
  }
  const at = Number(pick.value);
  const [, name, , formula, rate] = data.names[at];
  const rows = (await load("n-" + at)).filter((row) => chosen.has(row[0]));
  const sort = byId("i-sort").value;
  if (sort !== "issuer") rows.sort((a, b) => (a[1] === null) - (b[1] === null) || (sort === "down" ? b[1] - a[1] : a[1] - b[1]));
  box.append(make("p", { class: "small" }, `${name} = ${formula || "（无公式）"}`));
  const heads = [["机关"], ["年度"], ["值", "num"], ["分子/分母", "num"], ["95% 区间", "num"]];
  const bars = rate === 1;
  if (bars) heads.push(["0 — 100%"]);
  heads.push(["说明"]);
  const [node, body] = table("ilist", heads);
  box.append(make("div", { class: "scroll" }, node));
  let before = null;
  showPieces(box, body, rows, ([i, value, top, bottom, low, high, small, reason]) => {
    const r = reports[i];
    const first = nameOf(r) !== before;
    before = nameOf(r);
    const shown = value === null ? "—" : rate ? percent(value) : number(value);
    return make("tr", { class: first ? "first" : null },
      make("th", { scope: "row" }, make("a", { href: "#r/" + r[R.id] }, nameOf(r))),
      make("td", { "data-l": "年度" }, r[R.year] ?? "未识别"),
      make("td", { class: "num strong" + (value === null ? " nil" : ""), "data-l": "值" }, shown),
      make("td", { class: "num", "data-l": "分子/分母" }, top === null && bottom === null ? "" : number(top) + "/" + number(bottom)),
      make("td", { class: "num ci", "data-l": "95% 区间" }, low === null ? "" : `${percent(low)}–${percent(high)}`),
      bars ? make("td", null, value === null ? "" : intervalBar(value, low, high, small)) : null,
      make("td", { "data-l": "说明" }, small && value !== null ? pill("小", "", "分母小于 30") : "",
        value !== null && reason ? pill("慎用", "warn") : "", value === null ? reason || "缺数" : reason));
  });
}

function showReports(rows, current) {
  const box = byId("reports-list");
  box.replaceChildren();
  if (!rows.length) { box.append(make("p", { class: "empty item" }, "没有符合条件的报告。")); return; }
  const list = make("div", { role: "list" });
  box.append(list);
  showPieces(box, list, rows, (r) => make("div", { role: "listitem" }, make("a",
    { class: "item", href: "#r/" + r[R.id], "data-id": r[R.id], "aria-current": r[R.id] === current ? "true" : null },
    titleOf(r),
    make("span", null, [words.levels[r[R.level]] || "层级未识别", words.editions[r[R.edition]] || "版本未识别",
      `问题 ${r[R.problems]} 措施 ${r[R.measures]}`].join(" · ")),
    r[R.theirs] ? pill(`原文不符 ${r[R.theirs]}`, "bad") : null,
    r[R.failed] > r[R.theirs] ? pill(`读取存疑 ${r[R.failed] - r[R.theirs]}`, "warn") : null,
    r[R.doubtful] ? pill(`存疑格 ${r[R.doubtful]}`, "warn") : null,
    r[R.absent] ? pill(`缺 ${r[R.absent]} 格`) : null)));
}
