// Charts are drawn here, as tables and SVG: a library that could (Vega, under Altair) is over
// 800 kB of script, makes functions from text, which the page's policy forbids, and draws
// pictures that cannot be read aloud, searched or copied as numbers.
const Z = 1.959963984540054; // 97.5 % point of the normal distribution
const FEW = 30; // denominators below this are marked, as everywhere in the result

// Wilson (1927) score interval of a share.
function wilson(count, total) {
  if (!total || count < 0 || count > total) return [null, null]; // no part of a whole
  const p = count / total, z2 = Z * Z;
  const centre = (p + z2 / (2 * total)) / (1 + z2 / total);
  const half = (Z * Math.sqrt((p * (1 - p)) / total + z2 / (4 * total * total))) / (1 + z2 / total);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
// Byar's approximation of the Poisson interval: for events that are no part of the base.
function byar(count, base) {
  if (!base) return [null, null];
  const up = count + 1;
  const low = count ? count * (1 - 1 / (9 * count) - Z / (3 * Math.sqrt(count))) ** 3 : 0;
  return [Math.max(0, low) / base, (up * (1 - 1 / (9 * up) + Z / (3 * Math.sqrt(up))) ** 3) / base];
}
const span = ([low, high]) => (low === null ? "" : `[${percent(low)}，${percent(high)}]`);
const few = (total) => (total > 0 && total < FEW ? pill("小", "", "分母小于 30") : null);

// A share in words: 12.5%  3/24 [4.3%，31.0%] 小
function figures(count, total, interval) {
  if (!total) return make("span", { class: "figures nil" }, "— 分母为 0");
  if (count > total && !interval) return make("span", { class: "figures doubt" }, `${number(count)}/${number(total)} 分子大于分母，不作占比`);
  return make("span", { class: "figures" }, make("b", null, percent(count / total)), ` ${number(count)}/${number(total)} `,
    make("span", { class: "ci" }, span(interval || wilson(count, total))), " ", few(total));
}

// The steps of the palette: one hue that darkens evenly, so that it reads in grey as well.
const STEPS = [0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8];
const step = (share) => STEPS.reduce((found, from, i) => (share > from ? i + 1 : found), 0);
function heatCell(count, doubtful, total, label, href) {
  const share = total ? count / total : 0;
  const words_ = `${label}：${total ? `${count}/${total}（${percent(share)}）` : "没有可计的报告"}${doubtful ? `，另有 ${doubtful} 份存疑` : ""}`;
  const shown = make(href ? "a" : "span", { href }, total ? percent(share).replace(/\.0%$/, "%") : "—");
  return make("td", { class: `num h${step(share)}` + (total && total < FEW ? " few" : ""), title: words_ }, shown,
    make("small", null, total ? `${count}/${total}` : "", doubtful ? make("i", { class: "plus" }, `+${doubtful}?`) : null));
}
function heatLegend(unit) {
  const marks = STEPS.map((from, i) => make("span", { class: "h" + (i + 1) }, `>${Math.round(100 * from)}%`));
  return make("p", { class: "heat-legend" }, make("span", { class: "h0" }, "0"), marks,
    make("span", { class: "few" }, "角标：n<30"), make("span", { class: "bare" }, `每格：占比，下为 ${unit}；“+n?”另有存疑，不计入`));
}

// A bar of parts; each part has its own texture and a letter, so that colour is not needed.
function partsBar(parts, total, label) {
  const svg = draw("svg", { class: "parts", viewBox: "0 0 400 26", preserveAspectRatio: "none", role: "img", "aria-label": label });
  let at = 0;
  for (const [kind, count] of parts) {
    const width = total ? (400 * count) / total : 0;
    if (width > 0) svg.append(draw("rect", { class: "o-" + kind, x: at.toFixed(2), y: 0, width: width.toFixed(2), height: 26 }));
    at += width;
  }
  return svg;
}
function plainBar(share, kind, interval) {
  const svg = draw("svg", { class: "share", viewBox: "0 0 200 14", preserveAspectRatio: "none", "aria-hidden": "true" });
  svg.append(draw("rect", { class: "track", x: 0, y: 2, width: 200, height: 10 }));
  svg.append(draw("rect", { class: kind, x: 0, y: 2, width: (200 * Math.min(1, share)).toFixed(2), height: 10 }));
  if (interval && interval[0] !== null) {
    const [a, b] = interval.map((v) => (200 * Math.min(1, v)).toFixed(2));
    svg.append(draw("path", { class: "whisker", d: `M${a} 7H${b}M${a} 3.5v7M${b} 3.5v7` }));
  }
  return svg;
}
// An own value (with its interval) over the middle half of the peers.
function peerStrip(value, low, high, peers, top) {
  const svg = draw("svg", { class: "ibar", viewBox: "0 0 200 16", preserveAspectRatio: "none", "aria-hidden": "true" });
  const x = (v) => Math.max(0, Math.min(200, (200 * v) / (top || 1)));
  svg.append(draw("path", { class: "axis", d: "M0 8H200M0 1V15M200 1V15" }));
  if (peers) {
    svg.append(draw("rect", { class: "peers", x: x(peers[1]), y: 2, width: Math.max(1.5, x(peers[3]) - x(peers[1])), height: 12 }));
    svg.append(draw("path", { class: "median", d: `M${x(peers[2])} 1V15` }));
  }
  if (low !== null) svg.append(draw("path", { class: "whisker", d: `M${x(low)} 8H${x(high)}M${x(low)} 5v6M${x(high)} 5v6` }));
  svg.append(draw("rect", { class: "point", x: Math.max(0, x(value) - 2), y: 4, width: 4, height: 8 }));
  return svg;
}
