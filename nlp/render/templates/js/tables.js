// The statutory tables, drawn from the cells alone: whatever rows and columns were read.
const STATE_MARKS = { zero: "0", blank: "空白", slash: "/", dash: "—", none: "无", absent: "缺", unreadable: "存疑" };
const C = Object.fromEntries(["key", "label", "raw", "value", "unit", "state", "page", "line",
  "candidates", "note", "box"].map((key, i) => [key, i]));

function describeCell(cell, checks) {
  const parts = [cell[C.key].split("|").slice(1).join(" · "), "状态：" + (words.states[cell[C.state]] || cell[C.state])];
  if (cell[C.raw] !== null) parts.push(`原文“${cell[C.raw]}”`);
  if (cell[C.value] !== null) parts.push("数值 " + number(cell[C.value]) + (cell[C.unit] || ""));
  if (cell[C.candidates].length) parts.push("备选 " + cell[C.candidates].join("、"));
  if (cell[C.page] !== null) parts.push(`第 ${cell[C.page]} 页`);
  if (cell[C.line] !== null) parts.push(`第 ${cell[C.line]} 行`);
  if (cell[C.note]) parts.push(cell[C.note]);
  for (const check of checks) parts.push(`${words.doubts[check[6] || "ours"]}：${check[1]}（${number(check[4])} ≠ ${number(check[5])}）`);
  return parts.join("；");
}

function cellNode(cell, failed) {
  if (!cell) return make("td", { class: "c-absent" }, "");
  const checks = failed.get(cell[C.key]) || [];
  const doubts = checks.map((c) => c[6] || "ours");
  const state = cell[C.state];
  const kind = ["c-" + state, doubts.includes("ours") ? "f-ours" : doubts.length ? "f-theirs" : "", fixedCells.has(cell[C.key]) ? "fixed" : ""].join(" ");
  const words_ = describeCell(cell, checks);
  const node = make("td", { class: kind, tabindex: "-1", "data-key": cell[C.key], title: words_, "aria-label": words_ });
  if (state === "number") {
    const shown = number(cell[C.value]);
    node.append(shown);
    // Where the print says it otherwise (减4, 240万元), the print is shown beneath.
    if (cell[C.raw] !== null && cell[C.raw].trim().replace("-", "−") !== shown) node.append(make("small", null, cell[C.raw]));
  } else {
    node.append(STATE_MARKS[state] || state);
    if (state === "unreadable" && cell[C.raw]) node.append(make("small", null, cell[C.raw] + "？"));
    else if (state !== "zero" && cell[C.value] !== null) node.append(make("small", null, "＝" + number(cell[C.value])));
  }
  return node;
}

// One table is one stop of the Tab key; the arrow keys walk its cells.
function gridTable(head, rows, label) {
  const info = make("div", { class: "cellinfo", role: "status" }, "点选一格看它在原件里的图；方向键移动，回车看图。");
  const body = make("tbody", null, rows);
  const node = make("table", { class: "form", "aria-label": label }, make("thead", null, head), body);
  const cells = () => [...body.rows].map((row) => [...row.querySelectorAll("td[data-key]")]).filter((row) => row.length);
  const first = body.querySelector("td[data-key]");
  if (first) first.tabIndex = 0;
  const show = (event) => {
    const cell = event.target.closest("td[data-key]");
    if (cell) info.textContent = cell.title;
    return cell;
  };
  // When the page scrolls under a mouse at rest, the focused cell keeps the line.
  body.addEventListener("mousemove", (event) => { if (event.movementX || event.movementY) show(event); });
  const source = (cell) => openCell(cell.dataset.key);
  body.addEventListener("click", (event) => { const cell = show(event); if (cell) { cell.focus(); source(cell); } });
  body.addEventListener("focusin", (event) => {
    const cell = show(event);
    if (!cell) return;
    for (const other of body.querySelectorAll('td[tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
  });
  body.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest("td[data-key]");
    if (cell && event.key === "Enter") { event.preventDefault(); source(cell); return; }
    if (!step || !cell) return;
    const all = cells();
    const y = all.findIndex((row) => row.includes(cell));
    const row = all[Math.min(all.length - 1, Math.max(0, y + step[0]))];
    const next = row[Math.min(row.length - 1, Math.max(0, all[y].indexOf(cell) + step[1]))];
    event.preventDefault();
    next.focus();
  });
  return [make("div", { class: "scroll", role: "region", "aria-label": label }, node), info];
}

let fixedCells = new Map(); // corrections of the report that is shown, by key of the cell
let openCell = () => {}; // set with the report that is shown
const th = (text, attributes) => make("th", attributes, text);
function statutoryTables(no, cells, failed) {
  const rows = new Map();
  for (const cell of cells) {
    const [, row, column] = cell[C.key].split("|");
    if (!rows.has(row)) rows.set(row, new Map());
    rows.get(row).set(column, cell);
  }
  if (!rows.size) return [];
  if (cells.every((cell) => cell[C.state] === "absent")) {
    return [make("p", { class: "small" }, pill("表格缺失", "warn"), ` 文件里没有这张表（应有 ${cells.length} 格），不作 0 计。`)];
  }
  if (no === "四") return reviewTable(rows, failed);
  if (no === "三") return [requestTable(rows, failed)].flat();
  return blockTables(rows, failed);
}
function requestTable(rows, failed) {
  const columns = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
  const head = make("tr", null, th("项目", { colspan: 2, scope: "col" }), columns.map((c) => th(c, { scope: "col" })));
  const labels = [...rows.entries()].map(([no, row]) => {
    const label = [...row.values()][0][C.label] || no;
    const at = label.indexOf("/");
    return at > 0 ? [label.slice(0, at), label.slice(at + 1)] : ["", label];
  });
  const body = [...rows.values()].map((row, i) => {
    const [group, own] = labels[i];
    const heads = [];
    if (!group) heads.push(th(own, { colspan: 2, scope: "row" }));
    else {
      if (i === 0 || labels[i - 1][0] !== group) {
        let span = 1;
        while (i + span < labels.length && labels[i + span][0] === group) span += 1;
        heads.push(th(group, { rowspan: span, scope: "rowgroup", class: "group" }));
      }
      heads.push(th(own, { scope: "row" }));
    }
    return make("tr", null, heads, columns.map((c) => cellNode(row.get(c), failed)));
  });
  return gridTable(head, body, "第三部分表格");
}
function blockTables(rows, failed) {
  const blocks = [];
  for (const [label, row] of rows) {
    const columns = [...row.keys()];
    const last = blocks[blocks.length - 1];
    if (last && last.columns.join() === columns.join()) last.rows.push([label, row]);
    else blocks.push({ columns, rows: [[label, row]] });
  }
  const widest = Math.max(...blocks.map((b) => b.columns.length));
  const pad = (n) => (widest > n ? make("td", { colspan: widest - n }) : null);
  const body = blocks.flatMap(({ columns, rows: own }, i) => [
    i === 0 ? null : make("tr", null, th("信息内容"), columns.map((c) => th(c)), pad(columns.length)),
    ...own.map(([label, row]) => make("tr", null, th([...row.values()][0][C.label] || label, { scope: "row" }),
      columns.map((c) => cellNode(row.get(c), failed)), pad(columns.length))),
  ]).filter(Boolean);
  const head = make("tr", null, th("信息内容"), blocks[0].columns.map((c) => th(c)), pad(blocks[0].columns.length));
  return gridTable(head, body, "第二部分表格");
}
function reviewTable(rows, failed) {
  const groups = new Map();
  for (const row of rows.values()) for (const [column, cell] of row) {
    const [group, own] = column.includes(".") ? column.split(".") : ["", column];
    if (!groups.has(group)) groups.set(group, new Map());
    groups.get(group).set(own, cell);
  }
  const columns = [...new Set([...groups.values()].flatMap((row) => [...row.keys()]))];
  const head = make("tr", null, th("类别", { scope: "col" }), columns.map((c) => th(c, { scope: "col" })));
  const body = [...groups.entries()].map(([group, row]) =>
    make("tr", null, th(group || "合计", { scope: "row" }), columns.map((c) => cellNode(row.get(c), failed))));
  return gridTable(head, body, "第四部分表格");
}
