// Families: the list, one family with its template and timeline, two passages side by side.
const F = Object.fromEntries(["key", "across", "wording", "issuers", "reports", "passages", "first",
  "firstYear", "lastYear", "ties"].map((key, i) => [key, i]));
const TIES = ["superior", "subordinate", "same_county", "same_system", "far", "unknown"];
const BLOCK = 40;

function withSlots(text) {
  return text.split(/(｛[^｛｝]*｝)/).map((part) => (part.startsWith("｛")
    ? make("span", { class: part === "｛改动｝" ? "c-change" : "c-slot" }, part) : part));
}
async function showFamilies(current) {
  familyIndex = familyIndex || await load("families");
  const box = byId("family-list");
  const scope = byId("f-scope").value, tie = byId("f-tie").value;
  const words = byId("f-text").value.trim().split(/\s+/).filter(Boolean);
  const rows = [...familyIndex.keys()].filter((n) => {
    const f = familyIndex[n];
    if (scope !== "" && String(f[F.across]) !== scope) return false;
    if (tie !== "" && !f[F.ties][Number(tie)]) return false;
    return words.every((w) => (f[F.wording] + " " + f[F.first] + " " + f[F.key]).includes(w));
  });
  byId("f-count").textContent = `${rows.length} / ${familyIndex.length} 个家族` + (familyIndex.length < vocabulary.families ? `（全部 ${vocabulary.families} 个里的）` : "");
  const list = make("div", { role: "list" });
  box.replaceChildren(list);
  if (!rows.length) { list.append(make("p", { class: "empty item" }, "没有符合条件的家族。")); return; }
  pieces(box, list, rows, (n) => {
    const f = familyIndex[n];
    const text = f[F.wording].length > 64 ? f[F.wording].slice(0, 62) + "……" : f[F.wording];
    return make("div", { role: "listitem" }, make("a", { class: "fam", href: "#f/" + f[F.key], "data-key": f[F.key], "aria-current": f[F.key] === current ? "true" : null },
      make("b", null, f[F.across] ? `${f[F.issuers]} 个机关` : `${f[F.reports]} 个年度`), ...withSlots(text),
      make("span", null, f[F.first] ? `最早见于 ${f[F.first]} ${f[F.firstYear]}` : "先后不明")));
  });
}
// One column a year, one dot a passage; the earliest is a ring, so colour is not needed.
function timeline(passages) {
  const years = new Map();
  for (const p of passages) {
    const year = all[p[0]][C.year];
    if (year === null) continue;
    if (!years.has(year)) years.set(year, []);
    years.get(year).push(p);
  }
  const span = [...years.keys()];
  if (!span.length) return null;
  const low = Math.min(...span), high = Math.max(...span), count = high - low + 1;
  const step = Math.max(26, Math.min(90, 560 / count)), most = Math.min(14, Math.max(...[...years.values()].map((v) => v.length)));
  const width = Math.round(count * step + 10), height = most * 12 + 26;
  const svg = draw("svg", { class: "time", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "各年度的文段数" });
  svg.append(draw("path", { d: `M0 ${height - 18}H${width}` }));
  for (let year = low; year <= high; year += 1) {
    const x = 5 + (year - low + 0.5) * step, here = years.get(year) || [];
    svg.append(draw("text", { x, y: height - 4, "text-anchor": "middle" }, String(year)));
    here.slice(0, 14).forEach((p, i) => {
      const dot = draw("circle", { class: p === passages[0] ? "one" : "dot", cx: x, cy: height - 26 - 12 * i, r: 4.5 });
      dot.append(draw("title", {}, label(p[0])));
      svg.append(dot);
    });
    if (here.length > 14) svg.append(draw("text", { x: x + 8, y: 12 }, `共 ${here.length}`));
  }
  return svg;
}
const MARKS = ["", "c-slot", "c-change", "c-only", "c-only"];
const CHANGE_NAMES = ["", "填空不同", "改动", "只有这边有", "只有这边有"];
// Python counts characters, JavaScript counts halves of rare ones.
const letters = (text) => Array.from(text);
function side(text, changes, first) {
  const chars = letters(text), nodes = [];
  for (const [kind, a, b, c, d] of changes) {
    const [from, to] = first ? [a, b] : [c, d];
    const piece = chars.slice(from, to).join("");
    if (kind === 0) nodes.push(piece);
    else if (piece) nodes.push(make("span", { class: MARKS[kind], title: CHANGE_NAMES[kind] }, piece));
    else nodes.push(make("span", { class: "c-gap", title: "这边没有" }, "▲"));
  }
  return nodes;
}
function sides(passages, at) {
  const [first, other] = [passages[0], passages[at]];
  return make("div", { class: "sides" },
    make("div", null, make("h5", null, "最早：", link(first[0])), ...side(first[4], other[5], true)),
    make("div", null, make("h5", null, vocabulary.ties[other[1]] + "：", link(other[0])), ...side(other[4], other[5], false)));
}
async function openFamily(key) {
  familyIndex = familyIndex || await load("families");
  const n = familyIndex.findIndex((f) => f[F.key] === key);
  const pane = byId("family");
  if (n < 0) { pane.replaceChildren(make("p", { class: "empty" }, familyIndex.length < vocabulary.families ? "本页没有放这个家族（只放用得最广的），请看 families 表。" : "没有这个家族。")); return; }
  const f = familyIndex[n];
  const [template, note, tied, slots, passages] = (await load("f-" + Math.floor(n / BLOCK)))[n % BLOCK];
  const cut = f[F.passages] > passages.length ? `共 ${f[F.passages]} 处，这里只有最早的 ${passages.length} 处；全部在 passages 表。` : "";
  const compare = make("div");
  const choose = make("select", { id: "pick" }, passages.slice(1).map((p, i) => make("option", { value: i + 1 }, label(p[0]))));
  const show = () => compare.replaceChildren(sides(passages, Number(choose.value)));
  choose.addEventListener("change", show);
  // The passage that differs most says most.
  const changed = (p) => p[5].filter((c) => c[0] > 1).length;
  let best = 1;
  for (let i = 2; i < passages.length; i += 1) if (changed(passages[i]) > changed(passages[best])) best = i;
  choose.value = String(best);
  show();
  const [node, body] = grid([["次序", "num"], ["报告"], ["与最早者"], ["部分"], ["文字"]]);
  const members = make("div", { class: "scroll" }, node);
  const slotList = slots.length ? make("table", { class: "plain" }, make("thead", null, make("tr", null, make("th", { scope: "col" }, "填空"), make("th", { scope: "col" }, "见到的填法（文段数）"))),
    make("tbody", null, slots.map(([name, values], i) => make("tr", null, make("th", { scope: "row" }, `${i + 1} ｛${name}｝`),
      make("td", null, values.slice(0, 24).map(([v, c]) => `${v}（${c}）`).join("；") + (values.length > 24 ? "……" : "") || "都没有填"))))) : make("p", { class: "small" }, "各处都一样。");
  pane.replaceChildren(
    make("a", { class: "back", href: "#families" }, "← 返回列表"),
    make("h3", null, f[F.key] + (f[F.across] ? ` · ${f[F.issuers]} 个机关` : " · 一个机关的各年之间") + ` · ${f[F.reports]} 份报告 · ${f[F.passages]} 处`),
    make("p", { class: "verdict" }, note + "。"), tied ? make("p", { class: "small" }, "同年使用：" + tied) : "",
    f[F.across] ? make("p", { class: "small" }, "其他使用机关与最早者：" + (TIES.map((t, i) => (f[F.ties][i] ? `${vocabulary.ties[t]} ${f[F.ties][i]}` : null)).filter(Boolean).join("，") || "—")) : "",
    make("h4", null, "模板"), make("p", { class: "template" }, ...withSlots(template)),
    f[F.wording] !== template ? make("p", { class: "small" }, "通行写法：", ...withSlots(f[F.wording])) : "",
    cut ? make("p", { class: "doubt" }, cut) : "",
    make("h4", null, "先后"), timeline(passages) || make("p", { class: "small" }, "年度不明"),
    make("p", { class: "small" }, "圆圈是最早的一处，实点是其余；最早只就这批报告而言。"),
    make("h4", null, "逐字对照"), make("div", { class: "pick" }, make("label", null, "与最早一处对照", choose)), compare,
    make("p", { class: "key" }, make("span", { class: "c-slot" }, "填空（名称、日期、数字）不同"), make("span", { class: "c-change" }, "文字改动"), make("span", { class: "c-only" }, "只有这边有"), make("span", { class: "c-gap" }, "▲ 这边没有")),
    make("h4", null, "填空"), slotList, make("h4", null, "全部文段"), members);
  pieces(members, body, passages, (p, i) => make("tr", null, cell("次序", passages.indexOf(p) + 1, true), make("th", { scope: "row" }, link(p[0])),
    cell("与最早者", vocabulary.ties[p[1]]), cell("部分", (p[2] || "引言") + (p[3] ? ` · 第 ${p[3]} 页` : "")), cell("文字", p[4])));
}
