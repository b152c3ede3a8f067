// One report: its mix, and its text painted by class with the name of who has it too.
function tagFor(kind, other, earlier) {
  const own = kind === 2;
  const who = own ? "沿用 " + (all[other][C.year] ?? "") : (earlier === 1 ? "先见于 " : earlier === 0 ? "也见于 " : "见于 ") + label(other);
  return make("a", { class: "from " + (own ? "own" : "peer"), href: "#r/" + other }, who);
}
function paintLine(text, from, to, spans, state) {
  const nodes = [];
  let at = from;
  for (; state.i < spans.length && spans[state.i][0] < to; state.i += 1) {
    const [start, end, kind, other, earlier] = spans[state.i];
    if (start > at) nodes.push(text.slice(at, start));
    if (kind === 2 || kind === 3) {
      const mark = kind + ":" + other;
      if (state.last !== mark || start - state.end > 60) nodes.push(tagFor(kind, other, earlier));
      state.last = mark;
      state.end = end;
    }
    const piece = text.slice(Math.max(at, start), end);
    nodes.push(kind === 4 ? piece : make("span", { class: "t-" + KEYS[kind], title: vocabulary.classes[kind] }, piece));
    at = Math.max(at, end);
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}
function paintText(text, spans) {
  const box = make("div", { class: "painted" }), state = { i: 0, last: null, end: 0 };
  let at = 0;
  for (const line of text.split("\n")) {
    const to = at + line.length;
    const counted = state.i < spans.length && spans[state.i][0] < to;
    if (line.trim()) {
      if (counted) box.append(make("p", null, paintLine(text, at, to, spans, state)));
      else box.append(make("p", { class: "t-off" }, line.includes("\t") || line.length < 60 ? line.replaceAll("\t", "　") : line));
    }
    at = to + 1;
  }
  return box;
}
const LEGEND = [["t-mandated", "规定用语（点线）"], ["t-formula", "套话（虚线）"], ["t-own", "沿用自己（实线）"], ["t-peer", "与他机关雷同（双线）"], ["", "新写（无线）"], ["t-off", "标题、表格等不计（小字）"]];
async function openReuseReport(n) {
  const pane = byId("report");
  if (!all[n]) { pane.replaceChildren(make("p", { class: "empty" }, "没有这份报告。")); return; }
  const row = all[n];
  const [text, spans] = byId("b-r-" + n) ? await load("r-" + n) : [null, []];
  const facts = [["计入字数", row[C.characters]], ["自由字数", row[C.free]],
    ...KEYS.map((key, i) => [vocabulary.classes[i], percent(row[C[key]])]), ["见于他机关（含沿用）", percent(row[C.peerAny])],
    ["有共同文字的他机关报告", row[C.peers] + " 份"]];
  pane.replaceChildren(
    make("a", { class: "back", href: "#reports" }, "← 返回列表"), make("h3", null, label(n)), mixBar(row),
    row[C.reason] ? make("p", { class: "doubt" }, row[C.reason]) : "",
    make("dl", { class: "meta" }, facts.map(([k, v]) => make("div", null, make("dt", null, k), make("dd", null, String(v)))),
      row[C.ownReport] === null ? "" : make("div", null, make("dt", null, "上一份"), make("dd", null, link(row[C.ownReport]))),
      row[C.closest] === null ? "" : make("div", null, make("dt", null, "最相近"), make("dd", null, link(row[C.closest]), ` ${percent(row[C.closestShare])}`))),
    ...(text === null ? [make("p", { class: "doubt" }, "本页没有放这份的正文。" + (vocabulary.notes.painted || ""))] : [make("p", { class: "key painted" }, LEGEND.map(([cls, name]) => make("span", { class: cls }, name))),
    make("p", { class: "small" }, "“先见于”是更早年度的报告，“也见于”是同年或更晚的；先后只就这批报告而言。"),
    paintText(text, spans)]));
}
