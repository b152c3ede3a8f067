// Blocks of data are unpacked when they are first asked for, and kept.
const kept = new Map();
async function load(name) {
  if (!kept.has(name)) {
    const packed = atob(document.getElementById("b-" + name).textContent.trim());
    const bytes = new Uint8Array(packed.length);
    for (let i = 0; i < packed.length; i += 1) bytes[i] = packed.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    kept.set(name, JSON.parse(await new Response(stream).text()));
    // A reader who leafs through thousands of reports should not fill the memory.
    const large = [...kept.keys()].filter((key) => /^[rin]-/.test(key));
    if (large.length > 30) kept.delete(large[0]);
  }
  return kept.get(name);
}

// Everything that reports say goes through text nodes; no markup is ever made from it.
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [event, f] of Object.entries(value)) node.addEventListener(event, f);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
}
function draw(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
const byId = (id) => document.getElementById(id);
const pill = (text, kind, title) => make("span", { class: "pill " + (kind || ""), title }, text);

// Numbers as the form prints them: no thousands separators, at most six decimals.
function number(value) {
  if (value === null || value === undefined) return "—";
  return String(Math.round(value * 1e6) / 1e6).replace("-", "−");
}
function percent(value) {
  return value === null || value === undefined ? "—" : (100 * value).toFixed(1) + "%";
}
