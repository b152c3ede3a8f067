// Rows of the index: what every view needs to name a report.
let all, vocabulary, familyIndex = null;
const C = Object.fromEntries(["id", "issuer", "year", "characters", "free", "mandated", "formula",
  "own", "peer", "new", "peerAny", "ownReport", "closest", "closestShare", "peers", "residue",
  "reason"].map((key, i) => [key, i]));
const KEYS = ["mandated", "formula", "own", "peer", "new"];
const PIECE = 80;
const label = (n) => (all[n][C.issuer] || "机关未识别") + " " + (all[n][C.year] ?? "年度未识别");
const link = (n) => make("a", { href: "#r/" + n }, label(n));

// Put rows into a box piece by piece; the button loads the next piece.
function pieces(box, target, rows, drawRow) {
  let shown = 0;
  const button = make("button", { type: "button", class: "more" });
  const next = () => {
    target.append(...rows.slice(shown, shown + PIECE).map(drawRow));
    shown = Math.min(rows.length, shown + PIECE);
    button.textContent = `再显示 ${Math.min(PIECE, rows.length - shown)} 条（已显示 ${shown}/${rows.length}）`;
    button.hidden = shown >= rows.length;
  };
  button.addEventListener("click", next);
  next();
  box.append(button);
}
function grid(heads) {
  const body = make("tbody");
  const row = heads.map(([text, cls]) => make("th", { scope: "col", class: cls }, text));
  return [make("table", { class: "plain wide stacking" }, make("thead", null, make("tr", null, row)), body), body];
}
function mixBar(row) {
  const svg = draw("svg", { class: "mix", viewBox: "0 0 400 16", preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  for (const key of KEYS) {
    const value = row[C[key]] || 0;
    if (value) svg.append(draw("rect", { class: "k-" + key, x: 400 * x, y: 0, width: 400 * value, height: 16 }));
    x += value;
  }
  return svg;
}
const cell = (name, text, num) => make("td", { class: num ? "num" : null, "data-l": name }, text);
const fine = (value) => (value === null || value === undefined ? "—" : value.toFixed(3));

async function showYears() {
  const rows = await load("years");
  const box = byId("years-list");
  box.replaceChildren();
  if (!rows.length) { box.append(make("p", { class: "empty" }, "没有同一机关两个年度的报告。")); return; }
  const [node, body] = grid([["机关"], ["前一年度"], ["后一年度"], ["相邻"], ["前份共同", "num"], ["后份共同", "num"], ["最长", "num"], ["余弦", "num"], ["Jaccard", "num"], ["编辑", "num"], ["逐句", "num"]]);
  box.append(make("div", { class: "scroll" }, node));
  pieces(box, body, rows, ([a, b, near, na, nb, sa, sb, longest, ...four]) => make("tr", null,
    make("th", { scope: "row" }, all[b][C.issuer]),
    cell("前一年度", make("a", { href: "#r/" + a }, all[a][C.year])), cell("后一年度", make("a", { href: "#r/" + b }, all[b][C.year])),
    cell("相邻", near ? "是" : "隔年"), cell("前份共同", `${percent(sa)}（${na} 字）`, true), cell("后份共同", `${percent(sb)}（${nb} 字）`, true),
    cell("最长", longest, true), ...["余弦", "Jaccard", "编辑", "逐句"].map((n, i) => cell(n, fine(four[i]), true))));
}
async function showDyads() {
  const rows = await load("dyads");
  const box = byId("dyads-list");
  box.replaceChildren();
  if (!rows.length) { box.append(make("p", { class: "empty" }, "没有两个机关的报告有共同的自由文字。")); return; }
  const [node, body] = grid([["甲"], ["乙"], ["关系"], ["甲共同", "num"], ["乙共同", "num"], ["最长", "num"], ["余弦", "num"], ["Jaccard", "num"], ["编辑", "num"], ["逐句", "num"]]);
  box.append(make("div", { class: "scroll" }, node));
  pieces(box, body, rows, ([a, b, tie, na, nb, sa, sb, longest, ...four]) => make("tr", null,
    make("th", { scope: "row" }, link(a)), cell("乙", link(b)), cell("关系", vocabulary.dyadTies[tie]),
    cell("甲共同", `${percent(sa)}（${na} 字）`, true), cell("乙共同", `${percent(sb)}（${nb} 字）`, true), cell("最长", longest, true),
    ...["余弦", "Jaccard", "编辑", "逐句"].map((n, i) => cell(n, fine(four[i]), true))));
}
function showReportList(current) {
  const box = byId("report-list");
  const words = byId("r-text").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let rows = [...all.keys()].filter((n) => words.every((w) => label(n).toLowerCase().includes(w)));
  const sort = byId("r-sort").value;
  if (sort === "9") rows.sort((a, b) => (all[b][C.peer] ?? -1) - (all[a][C.peer] ?? -1));
  if (sort === "7") rows.sort((a, b) => (all[b][C.own] ?? -1) - (all[a][C.own] ?? -1));
  if (sort === "8") rows.sort((a, b) => (all[a][C.new] ?? 2) - (all[b][C.new] ?? 2));
  byId("r-count").textContent = `${rows.length} / ${all.length} 份报告`;
  const list = make("div", { role: "list" });
  box.replaceChildren(list);
  pieces(box, list, rows, (n) => make("div", { role: "listitem" }, make("a",
    { class: "item", href: "#r/" + n, "data-n": n, "aria-current": String(n) === current ? "true" : null }, label(n), mixBar(all[n]),
    make("span", null, `沿用 ${percent(all[n][C.own])} · 雷同 ${percent(all[n][C.peer])} · 新写 ${percent(all[n][C.new])}`),
    all[n][C.residue] ? pill(`残留 ${all[n][C.residue]}`, "bad") : null, all[n][C.reason] ? pill("慎用", "warn") : null)));
}
