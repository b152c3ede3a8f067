// Theme by year, by level and by issuer: how many of the reports state each theme.
const roleKeys = (role) => (role === "problem" ? [R.problemThemes, R.problemDoubts] : [R.measureThemes, R.measureDoubts]);

function countThemes(rows, role) {
  const [sure, unsure] = roleKeys(role);
  const counts = index.themes.map(() => [0, 0]);
  let total = 0;
  for (const r of rows) {
    if (!r[R.based]) continue; // without section 五 a report says nothing of themes
    total += 1;
    for (const t of r[sure]) counts[t][0] += 1;
    for (const t of r[unsure]) counts[t][1] += 1;
  }
  return { counts, total };
}
function groupRows(rows, keyOf) {
  const groups = new Map();
  for (const r of rows) {
    const key = keyOf(r);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(r);
  }
  return groups;
}
const yearOf = (r) => (r[R.year] === null ? "年度未识别" : String(r[R.year]));
const issuerKey = (r) => (r[R.known] ? r[R.name] : r[R.id]);
const linkOf = (r) => (r[R.known] ? "#i/" + encodeURIComponent(r[R.name]) : "#r/" + r[R.id]);

// Themes down, groups across: few groups, so all of them at once.
function heatAcross(caption, groups, role) {
  const found = [...groups.entries()].map(([label, rows]) => [label, countThemes(rows, role)]);
  const heads = found.map(([label, own]) => make("th", { scope: "col", class: "num" }, label, make("small", null, `n=${own.total}`)));
  const body = index.themes.map(([, name], t) => make("tr", null, make("th", { scope: "row" }, name),
    found.map(([label, own]) => heatCell(own.counts[t][0], own.counts[t][1], own.total, `${name}，${label}`))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, make("table", { class: "plain heat" },
    make("caption", null, caption), make("thead", null, make("tr", null, make("th", { scope: "col" }, "主题"), heads)), make("tbody", null, body)));
}

async function showHeat(chosen) {
  const role = byId("h-role").value;
  const rows = [...chosen].map((i) => reports[i]);
  const box = byId("heat-maps");
  box.replaceChildren();
  const based = rows.filter((r) => r[R.based]).length;
  const what = role === "problem" ? "提出该类问题的报告" : "提出该类措施的报告";
  box.append(make("p", { class: "small" }, `分母 n：所选 ${rows.length} 份报告中找到第五部分的 ${based} 份。分子：${what}；一份报告提几条都只计一份。`));
  if (!based) { box.append(make("p", { class: "empty" }, "所选报告没有第五部分。")); return; }
  box.append(heatLegend("份数/n"));
  const byYear = new Map([...groupRows(rows, yearOf)].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
  const order = Object.values(words.levels);
  const levels = [...groupRows(rows, groupName)].sort((a, b) => order.findIndex((l) => a[0].startsWith(l)) - order.findIndex((l) => b[0].startsWith(l)) || (a[0] < b[0] ? -1 : 1));
  box.append(make("h3", { class: "rest" }, "主题 × 年度"), heatAcross(`主题 × 年度：${what}`, byYear, role));
  box.append(make("h3", { class: "rest" }, "主题 × 层级和类别"), heatAcross(`主题 × 层级和类别：${what}`, new Map(levels), role));
  box.append(make("h3", { class: "rest" }, "主题 × 机关"), make("p", { class: "small" }, "每格：提出该主题的份数/该机关的报告份数。一个机关只有几份报告，颜色只供查找，不供比较高低。"));
  const sort = byId("h-sort");
  const own = [...groupRows(rows, issuerKey)].map(([, group]) => [group[0], countThemes(group, role)]).filter(([, c]) => c.total);
  if (sort.value !== "") {
    const ranks = new Map(own.map((entry) => [entry, rank(entry[1], sort.value)]));
    own.sort((a, b) => ranks.get(b) - ranks.get(a));
  }
  const heads = index.themes.map(([, name]) => make("th", { scope: "col", class: "num slim" }, name));
  const body = make("tbody");
  box.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "主题 × 机关" }, make("table", { class: "plain heat issuers" },
    make("caption", null, `主题 × 机关：${what}`), make("thead", null, make("tr", null, make("th", { scope: "col" }, "机关"), heads)), body)));
  showPieces(box, body, own, ([r, c]) => make("tr", null,
    make("th", { scope: "row" }, make("a", { href: linkOf(r) }, nameOf(r)), make("small", null, `n=${c.total}`)),
    index.themes.map(([, name], t) => smallCell(c.counts[t], c.total, `${nameOf(r)}，${name}`))), 25);
}
function rank(counts, by) {
  const shares = counts.counts.map(([sure]) => sure / counts.total);
  return by === "all" ? shares.filter((s) => s > 0).length : shares[Number(by)];
}
function smallCell([sure, unsure], total, label) {
  return make("td", { class: `num h${step(sure / total)}`, title: `${label}：${sure}/${total}${unsure ? `，另有 ${unsure} 份存疑` : ""}` },
    sure ? `${sure}/${total}` : unsure ? "" : "·", unsure ? make("i", { class: "plus" }, `+${unsure}?`) : null);
}
function setUpHeat(changed) {
  fillSelect(byId("h-sort"), "机关顺序", [["all", "提到主题多的在前"], ...index.themes.map(([, name], i) => [String(i), "提“" + name + "”的在前"])]);
  for (const id of ["h-role", "h-sort"]) byId(id).addEventListener("change", changed);
}
