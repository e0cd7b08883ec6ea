// Links over the bars and points of the charts. Each leads where the same number in the chart's table
// does: to the list of what it counts. A chart is one stop of the Tab key; arrow keys go on from there.

/** The charts whose tables begin with the newest row. */
const NEWEST_FIRST = ["trend", "velocity"];
/** The width and height of the link of a point. */
const POINT = 24;
const FORWARD = ["ArrowRight", "ArrowDown"];
const BACK = ["ArrowLeft", "ArrowUp"];

/** Puts the links in place whenever a chart is drawn. */
Chart.register({ id: "bars", afterUpdate: (chart) => { if (chart.canvas?.dataset.chart) placeLinks(chart); } });

/** The parts of a chart that lead somewhere: bar or point, the table's link, and what it is in words. */
function linkedParts(chart) {
  const table = chart.canvas.closest("figure").querySelector("table");
  const headings = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows];
  if (NEWEST_FIRST.includes(chart.canvas.dataset.chart)) rows.reverse();
  const parts = chart.data.datasets.flatMap((dataset, index) => {
    const column = headings.indexOf(dataset.label);
    if (column < 0 || !chart.isDatasetVisible(index)) return [];
    return chart.getDatasetMeta(index).data.map((part, place) => {
      const { cells } = rows[place];
      const link = cells[column].querySelector("a");
      return { part, link, words: `${cells[0].textContent}, ${dataset.label}: ${link?.textContent}` };
    });
  });
  return parts.filter(({ link }) => link);
}

function placeLinks(chart) {
  const parts = linkedParts(chart);
  if (parts.length === 0) {
    chart.canvas.parentElement.querySelector(".bars")?.remove();
    return;
  }
  const group = groupOf(chart);
  if (group.children.length !== parts.length) {
    group.replaceChildren(...parts.map(() => element("a")));
    [...group.children].forEach((link, index) => { link.tabIndex = index === 0 ? 0 : -1; });
  }
  parts.forEach(({ part, link, words }, index) => {
    const own = group.children[index];
    own.href = link.hash;
    own.setAttribute("aria-label", words);
    Object.entries(boxOf(part)).forEach(([side, length]) => { own.style[side] = `${length}px`; });
  });
}

/** The element with the links of a chart. */
function groupOf(chart) {
  const { canvas } = chart;
  let group = canvas.parentElement.querySelector(".bars");
  if (!group) {
    group = element("div", undefined, "bars");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `${canvas.closest("figure").querySelector("h3").textContent}: lists behind the numbers`);
    group.addEventListener("keydown", step);
    // The chart shows the numbers at the pointer, although a link is above it.
    for (const name of ["mousemove", "mouseout"]) group.addEventListener(name, (event) => canvas.dispatchEvent(new MouseEvent(name, event)));
    canvas.after(group);
  }
  return group;
}

/** Where a bar or point is in its chart. */
function boxOf(part) {
  const { x, y, base, width, height } = part.getProps(["x", "y", "base", "width", "height"], true);
  if (base === undefined) return { left: x - POINT / 2, top: y - POINT / 2, width: POINT, height: POINT };
  if (part.horizontal) return { left: Math.min(x, base), top: y - height / 2, width: Math.abs(x - base), height };
  return { left: x - width / 2, top: Math.min(y, base), width, height: Math.abs(y - base) };
}

/** Goes to the next link of the chart, or to the one before. */
function step(event) {
  const links = [...event.currentTarget.children];
  const now = links.indexOf(event.target);
  const next = FORWARD.includes(event.key) ? now + 1 : BACK.includes(event.key) ? now - 1
    : event.key === "Home" ? 0 : event.key === "End" ? links.length - 1 : undefined;
  if (now < 0 || next === undefined) return;
  event.preventDefault();
  const target = links[Math.max(0, Math.min(next, links.length - 1))];
  links.forEach((link) => { link.tabIndex = link === target ? 0 : -1; });
  target.focus({ preventScroll: true });
}
