// The source of a cell: the part of the file's page that it was read from, with the cell framed.
async function pictureAddress(name) {
  const block = byId("b-p-" + name);
  if (block) return "data:image/png;base64," + block.textContent.trim();
  return "pictures/" + name + ".png";
}
function placeInWords(report, cell) {
  const parts = [report.meta.file];
  if (cell[C.page] !== null) parts.push(`第 ${cell[C.page]} 页`);
  if (cell[C.line] !== null) parts.push(`第 ${cell[C.line]} 行`);
  if (cell[C.box].length) parts.push(`距左 ${cell[C.box][0]}、距上 ${cell[C.box][1]}，宽 ${cell[C.box][2] - cell[C.box][0]}、高 ${cell[C.box][3] - cell[C.box][1]} 点`);
  return parts.join("，");
}
function closePicture() {
  const dialog = byId("picture");
  if (dialog.open) dialog.close();
}
async function showPicture(report, cell) {
  const dialog = byId("picture");
  const title = [keyName(cell[C.key]), cell[C.label] && !cell[C.key].includes(cell[C.label]) ? `（${cell[C.label]}）` : ""].join("");
  const picture = cell[C.box].length ? report.pictures.find(([page]) => page === cell[C.page]) : null;
  const body = make("div", { class: "picture-body", tabindex: "0", role: "region", "aria-label": "原文图" });
  const shut = make("button", { type: "button", class: "shut" }, "关闭");
  shut.addEventListener("click", closePicture);
  dialog.replaceChildren(make("div", { class: "picture-head" }, make("b", { id: "picture-title" }, title), make("span", null, "读作 ", make("b", null, cell[C.value] === null ? words.states[cell[C.state]] || cell[C.state] : number(cell[C.value])), cell[C.raw] ? `，印的是“${cell[C.raw]}”` : ""), shut),
    body, make("p", { class: "small" }, "出处：" + placeInWords(report, cell)));
  const why = report.meta.file_kind !== "pdf" ? "不是 PDF，没有页面图" : cell[C.box].length ? "本页没有附这一页的图（见“说明”）" : "这一格没有在页面上的位置";
  const missing = () => body.replaceChildren(make("p", { class: "empty" }, `${why}；请按下面的出处打开原件核对。`));
  if (!picture) missing();
  else {
    const [page, left, top, right, bottom, width, height] = picture;
    const image = make("img", { alt: `${report.meta.file} 第 ${page} 页的表格，所选单元格已框出`, width, height });
    image.addEventListener("error", () => body.replaceChildren(make("p", { class: "empty" }, "找不到图片文件：请把 pictures 文件夹和这个网页放在一起，或按下面的出处打开原件核对。")));
    // The frame is drawn in the picture's own measure, so it stays right at every size.
    const frame = draw("svg", { class: "frame", viewBox: `0 0 ${right - left} ${bottom - top}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    const [x0, y0, x1, y1] = cell[C.box];
    frame.append(draw("rect", { x: x0 - left - 1, y: y0 - top - 1, width: x1 - x0 + 2, height: y1 - y0 + 2 }));
    body.append(make("div", { class: "sheet" }, image, frame));
    image.addEventListener("load", () => {
      const scale = image.clientHeight / (bottom - top);
      body.scrollTop = (y0 - top) * scale - body.clientHeight / 2;
      body.scrollLeft = (x0 - left) * scale - body.clientWidth / 2;
    });
    image.src = await pictureAddress(`${report.meta.report_id}-${page}`);
  }
  if (!dialog.open) dialog.showModal();
}
