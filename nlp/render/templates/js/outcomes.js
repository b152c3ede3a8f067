// How requests were decided, why they were refused, and what became of disputes.
const OUTCOMES = [["G", "予以公开", ["3.1"]], ["P", "部分公开", ["3.2"]], ["D", "不予公开", ["3.3."]],
  ["U", "无法提供", ["3.4."]], ["X", "不予处理", ["3.5."]], ["O", "其他处理", ["3.6"]]];
const REVIEWS = [["复议", "行政复议"], ["直接起诉", "未经复议直接起诉"], ["复议后起诉", "复议后起诉"]];
let sums; // sums(report, part of a key) of the block "numbers"

function readNumbers(data) {
  const at = new Map(data.keys.map((key, i) => [key, i]));
  const places = new Map();
  const placesOf = (part) => {
    if (!places.has(part)) {
      const open = part.endsWith(".") || part === "3.6";
      places.set(part, data.keys.filter((key) => {
        const no = key.split("|")[1];
        return open ? no.startsWith(part) : no === part;
      }).map((key) => at.get(key)));
    }
    return places.get(part);
  };
  return {
    // The 2019 form has one row where the 2021 form has three: either, but not a part of them.
    table3(i, part) {
      const row = data.rows[i];
      const own = placesOf(part);
      const known = own.filter((k) => row[k] !== null);
      const whole = part === "3.6" ? (known.length === 1 && data.keys[known[0]] === "3|3.6|总计") || known.length === own.length - 1 : known.length === own.length;
      return whole ? known.reduce((sum, k) => sum + row[k], 0) : null;
    },
    table4: (i, group, result) => data.rows[i][at.get(`4|数值|${group}.${result}`)],
    placeOf: (key) => at.get(key),
    rows: data.rows,
    reasons: data.reasons,
  };
}
// One report's decisions: null where one of the six or the total was not read.
const decisions = new Map(); // what a report decided does not change with the filter
function decided(i) {
  if (!decisions.has(i)) decisions.set(i, readDecided(i));
  return decisions.get(i);
}
function readDecided(i) {
  const parts = OUTCOMES.map(([, , [part]]) => sums.table3(i, part));
  const total = sums.table3(i, "3.7");
  return total === null || parts.includes(null) ? null : { parts, total };
}
function addUp(numbers) {
  const found = { parts: OUTCOMES.map(() => 0), total: 0, counted: 0, left: 0, uneven: 0 };
  for (const i of numbers) {
    const own = decided(i);
    if (!own) { found.left += 1; continue; }
    // Where the parts do not make up the printed total, shares would not add up to 100 %.
    if (own.parts.reduce((a, b) => a + b, 0) !== own.total) { found.uneven += 1; continue; }
    own.parts.forEach((v, k) => { found.parts[k] += v; });
    found.total += own.total;
    found.counted += 1;
  }
  return found;
}

async function showOutcomes(chosen) {
  if (!sums) sums = readNumbers(await load("numbers"));
  const numbers = [...chosen];
  const box = byId("outcome-charts");
  box.replaceChildren();
  if (!numbers.length) { box.append(make("p", { class: "empty" }, "没有符合条件的报告。")); return; }
  box.append(outcomeCard(numbers), reasonCard(numbers), funnelCard(numbers));
}
// Sums over unlike bodies count twice what a government took over from its departments.
function caution(numbers) {
  const kinds = new Set(numbers.map((i) => groupName(reports[i])));
  return kinds.size < 2 ? null : make("p", { class: "small caution" }, `所选报告有 ${kinds.size} 种层级和类别。政府年报往往已汇总所属部门的件数，跨类相加会重复计数：请先用上面的“层级”“类别”筛选。`);
}
function outcomeCard(numbers) {
  const by = byId("o-by").value;
  const keyOf = { group: groupName, year: yearOf, issuer: issuerKey }[by];
  const groups = new Map();
  for (const i of numbers) {
    const key = keyOf(reports[i]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(i);
  }
  let rows = [...groups.entries()].map(([key, own]) => [key, own, addUp(own)]);
  if (by === "year") rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const legend = make("ul", { class: "legend parts-legend" }, OUTCOMES.map(([kind, name]) => {
    const svg = draw("svg", { width: 22, height: 14, "aria-hidden": "true" });
    svg.append(draw("rect", { class: "o-" + kind, x: 0, y: 0, width: 22, height: 14 }));
    return make("li", null, svg, name);
  }));
  const card = make("div", { class: "card" }, make("h3", null, "申请怎样办结"),
    make("p", { class: "small" }, "表三总计列（三）各项 ÷（七）总计；方括号内是 Wilson 95% 区间。各组是所计报告的件数之和（大机关权重大）；同一机关的各件并不独立，区间偏窄。"),
    by === "year" ? caution(numbers) || "" : "", legend);
  const [node, body] = table("olist", [[by === "year" ? "年度" : by === "issuer" ? "机关" : "层级和类别"], ["占比"], ...OUTCOMES.map(([, name]) => [name, "num"])]);
  card.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "申请怎样办结" }, node));
  showPieces(card, body, rows, ([key, own, sum]) => {
    const first = reports[own[0]];
    const label = by === "issuer" ? make("a", { href: linkOf(first) }, nameOf(first)) : key;
    const shares = OUTCOMES.map(([, name], k) => `${name} ${sum.total ? percent(sum.parts[k] / sum.total) : "—"}`).join("，");
    const left = [sum.left ? `${sum.left} 份缺数或存疑未计` : "", sum.uneven ? `${sum.uneven} 份各项之和不等于总计未计` : ""].filter(Boolean).join("；");
    return make("tr", null,
      make("th", { scope: "row" }, label, make("small", null, `办结 ${number(sum.total)} 件，计 ${sum.counted} 份`), left ? make("small", { class: "doubt" }, left) : null),
      make("td", { class: "bar-cell" }, sum.total ? partsBar(OUTCOMES.map(([kind], k) => [kind, sum.parts[k]]), sum.total, shares) : make("span", { class: "nil" }, sum.counted ? "办结 0 件" : "—")),
      OUTCOMES.map(([, name], k) => make("td", { class: "num", "data-l": name }, sum.total ? [make("b", null, percent(sum.parts[k] / sum.total)), make("small", null, `${number(sum.parts[k])}/${number(sum.total)}`), make("small", { class: "ci" }, span(wilson(sum.parts[k], sum.total)))] : "—", k === 0 ? few(sum.total) : null)));
  });
  return card;
}

function reasonCard(numbers) {
  const pick = byId("o-reason").value;
  const wanted = sums.reasons.filter(([, group]) => !pick || group.includes(pick));
  const counts = wanted.map(() => 0);
  let counted = 0, left = 0;
  const keys = wanted.map(([key]) => sums.placeOf(key));
  for (const i of numbers) {
    const row = sums.rows[i];
    if (keys.some((k) => row[k] === null)) { left += 1; continue; }
    for (let k = 0; k < keys.length; k += 1) counts[k] += row[keys[k]];
    counted += 1;
  }
  const total = counts.reduce((a, b) => a + b, 0);
  const order = counts.map((_, k) => k).sort((a, b) => counts[b] - counts[a] || a - b);
  const card = make("div", { class: "card" }, make("h3", null, "为什么没有公开（理由的帕累托图）"),
    make("p", { class: "small" }, `表三总计列各理由的件数 ÷ 所选各理由之和 ${number(total)} 件；计 ${counted} 份报告${left ? `，${left} 份缺数或存疑未计` : ""}。横条是该理由的占比，竖线是累计占比，细线是 Wilson 95% 区间。`), caution(numbers) || "");
  if (!total) { card.append(make("p", { class: "empty" }, "所计报告没有这类件。")); return card; }
  const [node, body] = table("plist", [["理由"], ["占比与累计"], ["件数", "num"], ["占比 [95% 区间]", "num"], ["累计", "num"]]);
  let sum = 0;
  for (const k of order) {
    sum += counts[k];
    const [, group, label] = wanted[k];
    const bar = plainBar(counts[k] / total, "problem", wilson(counts[k], total));
    bar.append(draw("path", { class: "cumulative", d: `M${((200 * sum) / total).toFixed(2)} 0v14` }));
    body.append(make("tr", null, make("th", { scope: "row" }, label, make("small", null, group)), make("td", { class: "bar-cell" }, bar),
      make("td", { class: "num", "data-l": "件数" }, number(counts[k])),
      make("td", { class: "num", "data-l": "占比" }, make("b", null, percent(counts[k] / total)), " ", make("span", { class: "ci" }, span(wilson(counts[k], total)))),
      make("td", { class: "num", "data-l": "累计" }, percent(sum / total))));
  }
  card.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "理由" }, node), few(total) || "");
  return card;
}

const RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
const disputes = new Map();
// Table 4 and the base of a report; null where a number is lacking, "uneven" where its sums fail.
function disputed(i) {
  if (disputes.has(i)) return disputes.get(i);
  const own = REVIEWS.map(([group]) => RESULTS.map((result) => sums.table4(i, group, result)));
  const base = ["1", "2", "3.7"].map((row) => sums.table3(i, row));
  let found = { own, base };
  if (own.flat().includes(null) || base.includes(null)) found = null;
  // A printed total that its results do not make up is no base for a share.
  else if (own.some((row) => row[0] + row[1] + row[2] + row[3] !== row[4]) || base[2] > base[0] + base[1]) found = "uneven";
  disputes.set(i, found);
  return found;
}
function funnelCard(numbers) {
  const results = RESULTS;
  const per = REVIEWS.map(() => results.map(() => 0));
  let received = 0, total = 0, counted = 0, left = 0, uneven = 0;
  for (const i of numbers) {
    const found = disputed(i);
    if (!found) { left += 1; continue; }
    if (found === "uneven") { uneven += 1; continue; }
    const { own, base } = found;
    own.forEach((row, g) => row.forEach((v, k) => { per[g][k] += v; }));
    received += base[0] + base[1];
    total += base[2];
    counted += 1;
  }
  const card = make("div", { class: "card" }, make("h3", null, "申请 → 复议、诉讼 → 纠正"),
    make("p", { class: "small" }, `计 ${counted} 份表三、表四各数齐全的报告${left ? `，${left} 份缺数或存疑未计` : ""}${uneven ? `，${uneven} 份所印各数不平未计` : ""}。一件申请可以先复议后起诉，案件也可能出自往年的申请，所以“争议 ÷ 办结”不是占比，区间用泊松分布（Byar 近似）；“纠正 ÷ 已审结”是占比，用 Wilson 区间。`), caution(numbers) || "");
  const [node, body] = table("flist", [["环节"], ["图"], ["件数", "num"], ["比率 [95% 区间]"], ["算法"]]);
  const add = (label, count, base, formula, kind, interval, indent) => body.append(make("tr", { class: indent ? "indent" : "first" },
    make("th", { scope: "row" }, label), make("td", { class: "bar-cell" }, base ? plainBar(count / base, kind, interval) : ""),
    make("td", { class: "num strong", "data-l": "件数" }, number(count)),
    make("td", { "data-l": "比率" }, interval === null ? "" : figures(count, base, interval)), make("td", { class: "small", "data-l": "算法" }, formula)));
  add("申请（新收 + 上年结转）", received, received, "表三（一）+（二）", "measure", null);
  add("办结", total, received, "（三）七总计 ÷（新收 + 上年结转）", "measure", wilson(total, received));
  const all = results.map((_, k) => per.reduce((sum, row) => sum + row[k], 0));
  add("争议（复议 + 诉讼）", all[4], total, "表四三个总计之和 ÷ 办结", "problem", byar(all[4], total));
  REVIEWS.forEach(([, name], g) => add(name, per[g][4], total, "总计 ÷ 办结", "problem", byar(per[g][4], total), true));
  const closed = (row) => row[4] - row[3];
  add("已审结", closed(all), all[4], "（总计 − 尚未审结）÷ 总计", "measure", wilson(closed(all), all[4]));
  add("纠正", all[1], closed(all), "结果纠正 ÷ 已审结", "bad", wilson(all[1], closed(all)));
  REVIEWS.forEach(([, name], g) => add(name, per[g][1], closed(per[g]), "结果纠正 ÷（总计 − 尚未审结）", "bad", wilson(per[g][1], closed(per[g])), true));
  card.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "申请到纠正" }, node));
  return card;
}
function setUpOutcomes(changed) {
  for (const id of ["o-by", "o-reason"]) byId(id).addEventListener("change", changed);
}
