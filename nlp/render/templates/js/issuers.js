// Issuers: a list, and for each one its years, its peers, and what became of its problems.
const ROLES = { problem: "问题", measure: "措施", report: "总体情况" };

function showIssuers(chosen) {
  const box = byId("issuers-list");
  box.replaceChildren();
  const rows = index.issuers.map(([name, own]) => [name, own.filter((i) => chosen.has(i))]).filter(([, own]) => own.length);
  const unknown = [...chosen].filter((i) => !reports[i][R.known]).length;
  box.append(make("p", { class: "small" }, `${rows.length} 个机关有符合条件的报告${unknown ? `；另有 ${unknown} 份报告没有认出机关，不在此列` : ""}。`));
  if (!rows.length) return;
  const [node, body] = table("nlist", [["机关"], ["层级和类别"], ["年度"], ["份数", "num"], ["问题", "num"], ["措施", "num"], ["不符 · 原文如此", "num"]]);
  box.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "机关" }, node));
  const total = (own, key) => own.reduce((sum, i) => sum + reports[i][key], 0);
  showPieces(box, body, rows, ([name, own]) => make("tr", null,
    make("th", { scope: "row" }, make("a", { href: "#i/" + encodeURIComponent(name) }, name)),
    make("td", { "data-l": "层级和类别" }, groupName(reports[own[own.length - 1]])),
    make("td", { "data-l": "年度" }, own.map((i) => yearOf(reports[i])).join("、")),
    make("td", { class: "num", "data-l": "份数" }, own.length),
    make("td", { class: "num", "data-l": "问题" }, total(own, R.problems)),
    make("td", { class: "num", "data-l": "措施" }, total(own, R.measures)),
    make("td", { class: "num" + (total(own, R.theirs) ? " bad" : " nil"), "data-l": "不符 · 原文如此" }, total(own, R.theirs))));
}

async function openIssuer(name) {
  const pane = byId("issuer");
  const at = index.issuers.findIndex(([own]) => own === name);
  if (at < 0) { pane.replaceChildren(make("p", { class: "empty" }, "没有这个机关。")); return; }
  const mine = (turn += 1);
  const [own, about] = [await load("i-" + at), await load("indicators")];
  if (mine !== turn) return;
  const numbers = index.issuers[at][1];
  const rows = numbers.map((i) => reports[i]);
  pane.replaceChildren(
    make("a", { class: "back shown", href: "#issuers" }, "← 全部机关"), make("h2", { tabindex: "-1" }, name),
    make("p", { class: "small" }, [own.places.join(" / "), [...new Set(rows.map(groupName))].join("、"), `${rows.length} 份报告`].filter(Boolean).join(" · ")),
    own.places.length > 1 ? make("p", { class: "notice" }, "这些报告写的地区不完全相同：可能不是同一个机关，请核对。") : "",
    make("div", { class: "jump" }, numbers.map((i) => make("a", { href: "#r/" + reports[i][R.id] }, yearOf(reports[i]) + " 年度报告"))),
    yearsCard(own, about, numbers), themesCard(numbers), threadsCard(own), claimsCard(own));
  window.scrollTo({ top: 0, behavior: "auto" });
}

// Indicators down, years across; under each value what is usual among its peers.
function yearsCard(own, about, numbers) {
  const names = about.names.filter(([key]) => about.shown.includes(key) && own.values[key]);
  const card = make("div", { class: "card" }, make("h3", null, "各年指标与同类机关"),
    make("p", { class: "small" }, "每格：值、分子/分母、Wilson 95% 区间；横条上的点是本机关（细线为区间），色带是同类的中间一半（四分位），竖线是中位数。同类：同年度、同层级、同类别而读取无疑问的报告；少于 5 份不列。分母小于 30 标“小”，不宜比较；这里不排名次。占比以 100% 为满格，其余以本行最大的数为满格；指标所用字母的意思见“指标”页。"));
  if (!names.length) { card.append(make("p", { class: "empty" }, "没有指标。")); return card; }
  const head = numbers.map((i, k) => make("th", { scope: "col" }, yearOf(reports[i]), make("small", null, own.peers[k] ? "" : "层级或类别未识别，无同类")));
  const body = names.map(([key, label, , formula, kind]) => {
    const values = new Map(own.values[key].map((row) => [row[0], row]));
    const peersOf = (k) => (own.peers[k] && about.peers[own.peers[k]] ? about.peers[own.peers[k]][key] : null);
    const all = numbers.flatMap((i, k) => [values.get(i)?.[1] ?? 0, peersOf(k)?.[3] ?? 0]);
    const top = kind === 1 ? 1 : Math.max(...all);
    return make("tr", null, make("th", { scope: "row", title: formula }, label, make("small", null, (formula || "").split("；")[0])),
      numbers.map((i, k) => issuerCell(values.get(i), peersOf(k), kind, top, `${label}，${yearOf(reports[i])}`)));
  });
  card.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "各年指标" },
    make("table", { class: "plain years" }, make("thead", null, make("tr", null, make("th", { scope: "col" }, "指标"), head)), make("tbody", null, body))));
  return card;
}
function issuerCell(row, peers, kind, top, label) {
  const show = (v) => (kind ? percent(v) : number(Math.round(v * 100) / 100));
  const usual = peers ? make("small", { class: "usual" }, `同类 ${peers[0]} 份：中位 ${show(peers[2])}（${show(peers[1])}–${show(peers[3])}）`) : make("small", { class: "usual nil" }, "同类不足 5 份");
  if (!row) return make("td", { class: "nil" }, "—");
  const [, value, top_, base, low, high, small, reason] = row;
  if (value === null) return make("td", { title: label }, make("b", { class: "nil" }, "—"), make("small", null, reason || "缺数"), usual);
  const parts = base === null || top_ === null ? "" : `${number(top_)}/${number(base)}`;
  return make("td", { title: label }, make("b", null, show(value)), parts ? make("span", { class: "small" }, ` ${parts} `) : " ",
    low === null ? "" : make("span", { class: "ci small" }, span([low, high])), small && base !== null ? pill("小", "", "分母小于 30") : "",
    reason ? pill("慎用", "warn", reason) : "", peerStrip(value, low, high, peers, top), usual);
}

function themesCard(numbers) {
  const card = make("div", { class: "card" }, make("h3", null, "各年第五部分的主题"), make("p", { class: "small" }, "问 = 作为问题提出，措 = 作为措施提出；带“？”的只有存疑标注。空格表示没有提到；“未找到”表示没有第五部分。"));
  const rows = index.themes.map(([, name], t) => {
    const cells = numbers.map((i) => {
      const r = reports[i];
      if (!r[R.based]) return make("td", { class: "nil" }, "未找到");
      const marks = [["problem", "问"], ["measure", "措"]].flatMap(([role, word]) => {
        const [sure, unsure] = roleKeys(role);
        return r[sure].includes(t) ? [pill(word, role)] : r[unsure].includes(t) ? [pill(word + "？", "warn")] : [];
      });
      return make("td", null, marks);
    });
    return [cells.some((c) => c.querySelector(".pill")), make("tr", null, make("th", { scope: "row" }, name), cells)];
  }).filter(([any]) => any).map(([, row]) => row);
  if (!rows.length) { card.append(make("p", { class: "empty" }, "没有认出主题。")); return card; }
  card.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "各年主题" }, make("table", { class: "plain themes-years" },
    make("thead", null, make("tr", null, make("th", { scope: "col" }, "主题"), numbers.map((i) => make("th", { scope: "col" }, yearOf(reports[i]))))), make("tbody", null, rows))));
  return card;
}

// What became of each problem: its wording, measures and echoes through the years.
function threadsCard(own) {
  const card = make("div", { class: "card" }, make("h3", null, "问题的下文"));
  if (!own.threads.length) {
    card.append(make("p", { class: "empty" }, "这份结果里没有该机关的历年脉络：只有一个年度的报告，或没有找到第五部分，或这次构建没有做跨年追踪。"));
    return card;
  }
  card.append(make("p", { class: "small" }, "同一个问题历年的说法、回应它的措施和下一年总体情况里的说法。括号里是与前一步联系的把握（0 至 1）；没有写进下文不等于没有做。"));
  const groups = new Map();
  for (const row of own.threads) {
    if (!groups.has(row[0])) groups.set(row[0], []);
    groups.get(row[0]).push(row);
  }
  const list = [...groups.values()].map((steps) => steps.sort((a, b) => a[1] - b[1]));
  list.sort((a, b) => b[0][8] - a[0][8] || a[0][2] - b[0][2] || a[0][0] - b[0][0]);
  const holder = make("div");
  card.append(holder);
  showPieces(card, holder, list, (steps) => {
    const years = steps[0][8];
    return make("details", { class: "thread", open: list.length <= 4 || years > 1 },
      make("summary", null, steps[0][6].slice(0, 40) + (steps[0][6].length > 40 ? "……" : ""), " ", pill(years > 1 ? `${years} 个年度都提出` : "一个年度提出", years > 1 ? "warn" : "")),
      make("ol", { class: "steps" }, steps.map(([, , year, role, at, statement, text, score]) => make("li", { class: role },
        make("b", null, `${year} `), pill(ROLES[role] || role, role === "report" ? "" : role), " ", text, " ",
        score === null ? "" : make("small", null, `（${score.toFixed(2)}）`), " ",
        make("a", { class: "src", href: "#r/" + reports[at][R.id] + (statement === null ? "/p/" + encodeURIComponent("一") : "/s/" + statement) }, "原文")))));
  });
  return card;
}

function claimsCard(own) {
  const card = make("div", { class: "card" }, make("h3", null, "正文里与表格不同的数"));
  if (!own.claims.length) { card.append(make("p", { class: "empty" }, "没有发现（只比较能与表格单元格对应的数）。")); return card; }
  const [node, body] = table("mlist", [["报告"], ["正文"], ["正文数", "num"], ["表中数", "num"], ["判断"], ["说明"]]);
  for (const [at, no, page, text, value, relation, cells, cell, reason] of own.claims) {
    body.append(make("tr", null, make("th", { scope: "row" }, make("a", { href: `#r/${reports[at][R.id]}/n/${no}` }, yearOf(reports[at])), page ? ` 第 ${page} 页` : ""),
      make("td", { "data-l": "正文" }, `“${text}”`), make("td", { class: "num", "data-l": "正文数" }, number(value)), make("td", { class: "num", "data-l": "表中数" }, number(cell)),
      make("td", { "data-l": "判断" }, pill(RELATIONS[relation][0], RELATIONS[relation][1])),
      make("td", { "data-l": "说明" }, reason || "", " ", (cells || "").split(" + ").filter(Boolean).map((key) => make("a", { class: "src", href: `#r/${reports[at][R.id]}/c/${encodeURIComponent(key)}` }, keyName(key))))));
  }
  card.append(make("div", { class: "scroll" }, node));
  return card;
}
function keyName(key) {
  const [table_, ...rest] = key.split("|");
  return `表${{ 2: "二", 3: "三", 4: "四" }[table_] || table_} ${rest.filter((part) => part !== "数值").join(" · ")}`;
}
