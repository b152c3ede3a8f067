// What is shown follows the address after the #, so that every place can be linked to.
const VIEWS = ["overview", "themes", "heat", "outcomes", "indicators", "issuers", "reports", "checks", "reuse", "about"];
const LISTED = new Set(["heat", "outcomes", "indicators", "issuers", "reports", "checks"]);
const SHOW = { heat: showHeat, outcomes: showOutcomes, checks: showChecks, indicators: showIndicators, issuers: showIssuers };
const shown = new Set(); // views that were drawn for what the reader chose
let view = "overview", current = null, turn = 0;

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}
async function refresh() {
  const chosen = new Set([...reports.keys()].filter((i) => matches(reports[i])));
  const rows = [...chosen].map((i) => reports[i]);
  byId("f-count").textContent = `${rows.length} / ${reports.length} 份报告`;
  if (SHOW[view]) { shown.add(view); await SHOW[view](chosen); }
  if (view === "reports") showReports(rows, current);
}
function point(node) {
  if (!node) return;
  for (const other of document.querySelectorAll(".hit")) other.classList.remove("hit");
  node.classList.add("hit");
  node.scrollIntoView({ block: "center", inline: "center", behavior: "auto" });
  if (node.matches("td")) node.focus({ preventScroll: true });
}
async function openReport(parts) {
  const id = parts[0];
  const pane = byId("report");
  if (!byId("b-r-" + id)) { pane.replaceChildren(make("p", { class: "empty" }, "没有这份报告。")); return; }
  const mine = (turn += 1);
  if (current !== id) {
    const report = await load("r-" + id);
    if (mine !== turn) return; // another report was asked for meanwhile
    drawReport(report, pane);
    current = id;
    pane.scrollTop = 0;
    for (const item of byId("reports-list").querySelectorAll(".item")) {
      if (item.dataset.id === id) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  }
  const [, kind, place] = parts;
  if (kind === "c") point([...pane.querySelectorAll("td[data-key]")].find((td) => td.dataset.key === decode(place)));
  else if (kind === "s") {
    const mark = [...pane.querySelectorAll("mark[data-s]")].find((m) => m.dataset.s.split(" ").includes(place));
    point(mark || byId("s-" + place));
  } else if (kind === "n") {
    point([...pane.querySelectorAll("mark[data-n]")].find((m) => m.dataset.n.split(" ").includes(place)));
  } else if (kind === "p") byId("p-" + decode(place))?.scrollIntoView({ block: "start" });
  else window.scrollTo({ top: 0, behavior: "auto" });
}
async function route() {
  const parts = location.hash.slice(1).split("/");
  const opening = parts[0] === "r" && parts.length > 1;
  const issuer = parts[0] === "i" && parts.length > 1;
  const theme = parts[0].startsWith("t-");
  closePicture();
  const before = view;
  view = opening ? "reports" : issuer ? "issuers" : theme ? "themes" : VIEWS.includes(parts[0]) ? parts[0] : "overview";
  for (const name of VIEWS) byId(name).classList.toggle("on", name === view);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === "#" + view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("filter").hidden = !LISTED.has(view) || issuer;
  byId("issuers").classList.toggle("open", issuer);
  byId("reports").classList.toggle("open", opening);
  document.body.classList.toggle("issuing", issuer);
  document.body.classList.toggle("reading", opening); // a narrow screen shows the report alone
  if (before !== view || view !== "reports" || !byId("reports-list").querySelector(".item")) await refresh();
  if (opening) await openReport(parts.slice(1));
  else if (issuer) await openIssuer(decode(parts.slice(1).join("/")));
  else if (before !== view) window.scrollTo({ top: 0, behavior: "auto" });
}
async function start() {
  if (typeof DecompressionStream === "undefined") { byId("old-browser").hidden = false; return; }
  document.documentElement.classList.add("js");
  index = await load("index");
  ({ reports, words } = index);
  themeNames = new Map(index.themes.map(([id, name]) => [id, name]));
  setUpFilter(refresh);
  byId("i-pick").addEventListener("change", refresh);
  byId("i-sort").addEventListener("change", refresh);
  setUpHeat(refresh);
  setUpOutcomes(refresh);
  byId("picture").addEventListener("click", (event) => { if (event.target === byId("picture")) closePicture(); });
  window.addEventListener("hashchange", route);
  await route();
  window.nianbaoReady = performance.now();
  document.documentElement.dataset.ready = "yes";
  await new Promise((done) => { setTimeout(done, 50); });
  // Printing shows every list, so they are made ready once the page is at rest.
  const all = new Set(reports.keys());
  for (const [name, show] of Object.entries(SHOW)) if (!shown.has(name)) await show(all);
  document.documentElement.dataset.complete = "yes";
}
start().catch((error) => {
  // Without its data the page still shows the overview and the themes.
  document.documentElement.classList.remove("js");
  byId("old-browser").hidden = false;
  byId("old-browser").textContent = "逐份数据没有能展开：" + error.message;
});
