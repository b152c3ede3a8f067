// What is shown follows the address after the #, so that every place can be linked to.
const VIEWS = ["overview", "families", "reports", "years", "dyads", "network", "heat", "residue", "about"];
const done = new Set();
let turn = 0;
async function route() {
  const mine = (turn += 1);
  const [head, place] = location.hash.slice(1).split("/");
  const view = head === "f" ? "families" : head === "r" ? "reports" : VIEWS.includes(head) ? head : "overview";
  for (const name of VIEWS) byId(name).classList.toggle("on", name === view);
  for (const a of document.querySelectorAll("nav a")) {
    if (a.hash === "#" + view) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  }
  byId("families").classList.toggle("open", head === "f");
  byId("reports").classList.toggle("open", head === "r");
  if (view === "families") { if (!done.has(view)) await showFamilies(place); if (head === "f" && mine === turn) await openFamily(place); }
  if (view === "reports") { if (!done.has(view)) showReportList(place); if (head === "r" && mine === turn) await openReuseReport(Number(place)); }
  if (view === "years" && !done.has(view)) await showYears();
  if (view === "dyads" && !done.has(view)) await showDyads();
  done.add(view);
  for (const item of document.querySelectorAll(".fam, .item")) {
    if (head === "f" && item.dataset.key === place || head === "r" && item.dataset.n === place) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  if (place !== undefined || view !== "overview") window.scrollTo({ top: 0, behavior: "auto" });
}
function watchHeat() {
  const cells = byId("heat-cells"), note = byId("heat-note");
  if (!cells) return;
  const size = Number(cells.dataset.cell), n = Number(cells.dataset.n);
  const names = [...cells.parentNode.querySelectorAll("text")].map((t) => t.textContent);
  const shades = [...cells.querySelectorAll("path")];
  const legend = [...document.querySelectorAll(".heatkey span")].map((s) => s.textContent.trim());
  const tell = (event) => {
    const box = cells.getBoundingClientRect(), scale = box.width / (n * size);
    const x = Math.floor((event.clientX - box.left) / (size * scale)), y = Math.floor((event.clientY - box.top) / (size * scale));
    if (x < 0 || y < 0 || x >= n || y >= n) return;
    const shade = event.target.closest("path"), level = shade ? shade.getAttribute("class") : "l0";
    const share = level === "l-self" ? "自身" : legend[Number(level.slice(1))];
    note.textContent = `${names[y]}　×　${names[x]}：${share}`;
  };
  if (shades.length) for (const name of ["mousemove", "click"]) cells.addEventListener(name, tell);
}
async function start() {
  if (!("DecompressionStream" in window)) { byId("old-browser").hidden = false; return; }
  document.documentElement.classList.add("js");
  [all, vocabulary] = [await load("index"), await load("words")];
  let wait;
  const later = (f) => () => { clearTimeout(wait); wait = setTimeout(f, 150); };
  for (const id of ["f-text", "f-scope", "f-tie"]) byId(id).addEventListener(id === "f-text" ? "input" : "change", later(() => showFamilies(location.hash.slice(3))));
  for (const id of ["r-text", "r-sort"]) byId(id).addEventListener(id === "r-text" ? "input" : "change", later(() => showReportList(location.hash.slice(3))));
  watchHeat();
  window.addEventListener("hashchange", route);
  await route();
  document.documentElement.dataset.ready = "yes";
}
start();
