// The charts, by Chart.js. Each has a table below it with the same numbers.

const MOST_BARS = 16;
/** The part of a chart's width that the names of its bars may take. */
const SHARE_OF_NAMES = 0.38;
/** A chart has less room than this for ages of two words, in pixels. */
const NARROW = 420;
const DAY = 86_400_000;
const labelsOf = Chart.defaults.plugins.legend.labels.generateLabels;
let drawn = [];

/** A colour of the style sheet in the current theme. */
function colour(name) {
  const probe = element("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Draws every chart; replaces earlier drawings. */
function drawCharts() {
  drawn.forEach((chart) => chart.destroy());
  prepareCharts();
  const canvases = [...document.querySelectorAll("canvas[data-chart]")];
  const sparks = [...document.querySelectorAll("canvas[data-spark]")];
  drawn = [
    ...canvases.map((canvas) => new Chart(canvas, CHARTS[canvas.dataset.chart](canvas))),
    ...sparks.map((canvas) => new Chart(canvas, spark(canvas.dataset.spark))),
  ];
}

/** Draws every chart for paper: in light colours, sharp, and no larger than two in a row. */
function drawChartsForPaper() {
  const root = document.documentElement;
  const theme = root.dataset.theme;
  root.dataset.theme = "light";
  drawCharts();
  for (const chart of drawn) {
    chart.options.devicePixelRatio = 3;
    if (chart.canvas.dataset.chart) chart.resize(440, Math.min(chart.height, 330));
    else chart.resize();
  }
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
}

function prepareCharts() {
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.color = colour("quiet");
  Chart.defaults.borderColor = colour("line");
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Object.assign(Chart.defaults.plugins.legend, { position: "bottom", align: "start" });
  Object.assign(Chart.defaults.plugins.legend.labels, { boxWidth: 9, boxHeight: 9, padding: 12, usePointStyle: true, generateLabels: legendOf });
  Chart.defaults.interaction.mode = "index";
  Chart.defaults.interaction.intersect = false;
}

/** The legend; series that are lines have a line as their symbol. */
function legendOf(chart) {
  const isLine = ({ datasetIndex }) => chart.data.datasets[datasetIndex].type === "line";
  return labelsOf(chart).map((item) => (isLine(item) ? { ...item, pointStyle: "line" } : item));
}

/** Writes the number into each part of a bar that has room for it. */
const numbers = {
  id: "numbers",
  afterDatasetsDraw(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.font = `600 11px ${Chart.defaults.font.family}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    chart.data.datasets.forEach((dataset, index) => {
      const { hidden, data } = chart.getDatasetMeta(index);
      if (!hidden && dataset.ink) data.forEach((bar, place) => writeNumber(ctx, bar, dataset, dataset.data[place]));
    });
    ctx.restore();
  },
};

function writeNumber(ctx, bar, dataset, value) {
  const text = wholeNumber.format(value);
  const { x, y, base, horizontal, width, height } = bar.getProps(["x", "y", "base", "width", "height"], true);
  const isLying = bar.horizontal ?? horizontal;
  const [length, thickness] = isLying ? [Math.abs(x - base), height] : [width, Math.abs(y - base)];
  if (!value || length < ctx.measureText(text).width + 6 || thickness < 13) return;
  ctx.fillStyle = dataset.ink;
  if (isLying) ctx.fillText(text, (x + base) / 2, y);
  else ctx.fillText(text, x, (y + base) / 2);
}

/** Grey stripes for unknown values: distinct from all others, in colour and in black and white. */
function stripes() {
  const canvas = element("canvas");
  canvas.width = canvas.height = 8;
  const context = canvas.getContext("2d");
  context.strokeStyle = colour("series-grey");
  context.lineWidth = 2;
  for (const start of [-8, 0, 8]) {
    context.moveTo(start, 8);
    context.lineTo(start + 8, 0);
  }
  context.stroke();
  return context.createPattern(canvas, "repeat");
}

/** Parts of stacked bars: `[key, label, colour, colour of the number]`. */
function parts(rows, series) {
  const card = colour("card");
  return series
    .filter(([key]) => rows.some((row) => row[key] > 0))
    .map(([key, label, name, ink]) => ({
      label,
      data: rows.map((row) => row[key]),
      backgroundColor: key === "unknown" ? stripes() : colour(name),
      borderColor: card,
      borderWidth: 1,
      pointStyle: "rect",
      ink,
      maxBarThickness: 26,
    }));
}

/** A name, cut to the available width. */
function cut(chart, text) {
  const room = chart.width * SHARE_OF_NAMES;
  const { ctx } = chart;
  ctx.save();
  ctx.font = `${Chart.defaults.font.size}px ${Chart.defaults.font.family}`;
  const characters = [...text];
  const fits = (length) => ctx.measureText(characters.slice(0, length).join("")).width <= room;
  let length = characters.length;
  while (length > 1 && !fits(length)) length -= 1;
  ctx.restore();
  return length < characters.length ? `${characters.slice(0, length).join("").trimEnd()}…` : text;
}

/** Horizontal bars; those that do not fit are only in the table. */
function lyingBars(canvas, all, label, series) {
  const rows = all.slice(0, MOST_BARS);
  sayMore(canvas, all.length - rows.length);
  canvas.parentElement.style.height = `${Math.max(9, rows.length * 1.75 + 5)}rem`;
  return {
    type: "bar",
    data: { labels: rows.map(label), datasets: parts(rows, series) },
    options: {
      indexAxis: "y",
      scales: {
        x: { stacked: true, ticks: { precision: 0 }, grid: { drawTicks: false } },
        y: { stacked: true, grid: { display: false }, ticks: { autoSkip: false, color: colour("ink"), callback(value) { return cut(this.chart, this.getLabelForValue(value)); } } },
      },
    },
    plugins: [numbers],
  };
}

function sayMore(canvas, more) {
  const note = document.querySelector(`[data-note="${canvas.dataset.chart}"]`);
  note.hidden = more <= 0;
  note.textContent = `${wholeNumber.format(more)} more in the table.`;
}

const CHARTS = {
  lifecycle: (canvas) => lyingBars(canvas, payload.lifecycle, (row) => row.name || row.project_key, [
    ["live", "Live", "series-grey", colour("ink")],
    ["ready_for_code_removal", "Ready for code removal", "series-blue", colour("card")],
    ["ready_to_archive", "Ready to archive", "series-orange", "#221a00"],
    ["code_not_checked", "Code not checked", "series-green", colour("card")],
    ["deprecated", "Deprecated", "series-purple", colour("card")],
    ["unknown", "Unknown", "series-grey"],
  ]),

  statuses: (canvas) => lyingBars(canvas, payload.statuses,
    (row) => `${row.critical ? "★ " : ""}${row.project_key}/${row.environment_key}`, [
      ["new", "New", "series-green", colour("card")],
      ["active", "Active", "series-grey", colour("ink")],
      ["launched", "Launched", "series-blue", colour("card")],
      ["inactive", "Inactive", "series-orange", "#221a00"],
      ["unknown", "Unknown", "series-grey"],
    ]),

  owners: (canvas) => lyingBars(canvas, payload.owners, (row) => row.label, [
    ["ready_for_code_removal", "Ready for code removal", "series-blue", colour("card")],
    ["ready_to_archive", "Ready to archive", "series-orange", "#221a00"],
  ]),

  ages: () => ({
    type: "bar",
    data: {
      labels: payload.ages.map((age) => age.label),
      datasets: parts(payload.ages, [
        ["temporary", "Temporary", "series-blue", colour("card")],
        ["permanent", "Permanent", "series-grey", colour("ink")],
      ]).map((dataset) => ({ ...dataset, maxBarThickness: 64 })),
    },
    options: { scales: { ...standing(true), x: { stacked: true, grid: { display: false }, ticks: { autoSkip: false, maxRotation: 0, font: ({ chart }) => ({ size: chart.width < NARROW ? 9 : 11 }), callback: ageLines } } } },
    plugins: [numbers],
  }),

  velocity: () => ({
    data: {
      labels: payload.velocity.map((month) => month.month),
      datasets: [
        { ...line("Net", "ink", "circle", []), data: payload.velocity.map((month) => month.net) },
        { type: "bar", label: "Created", backgroundColor: colour("series-blue"), stack: "all", data: payload.velocity.map((month) => month.created) },
        { type: "bar", label: "Archived", backgroundColor: colour("series-orange"), stack: "all", data: payload.velocity.map((month) => -month.archived) },
      ],
    },
    options: {
      scales: standing(true),
      plugins: { tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${item.dataset.label === "Archived" ? -item.raw : item.raw}` } } },
    },
  }),

  trend: () => {
    const looks = [["series-red", "circle", []], ["series-blue", "rect", [6, 3]], ["series-orange", "triangle", [2, 3]], ["series-purple", "rectRot", [8, 3, 2, 3]]];
    const figures = payload.headline.filter((figure) => figure.series.length > 0 && figure.less_is_better);
    return {
      data: {
        datasets: figures.map((figure, index) => ({
          ...line(figure.label, ...looks[index % looks.length]),
          data: byDay(figure.series),
        })),
      },
      options: {
        scales: { x: { ...dayScale(), grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16, precision: 0, callback: dayOf } }, y: standing(false).y },
        plugins: { legend: { labels: { pointStyleWidth: 26 } }, tooltip: { callbacks: { title: titleOf } } },
      },
    };
  },
};

/** An age in lines, so that no age is left out: its words, where the chart is narrow. */
function ageLines(index) {
  const label = this.getLabelForValue(index);
  return this.chart.width < NARROW ? label.split(" ") : label.split(/ (?=\S+$)/);
}

function line(label, name, pointStyle, borderDash) {
  const borderColor = colour(name);
  return { type: "line", label, borderColor, backgroundColor: borderColor, pointStyle, borderDash, borderWidth: 2, pointRadius: (context) => (context.dataset.data.length > 40 ? 0 : 3), pointHoverRadius: 4, tension: 0 };
}

function standing(stacked) {
  return {
    x: { stacked, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16 } },
    y: { stacked, beginAtZero: true, ticks: { precision: 0 }, grid: { drawTicks: false } },
  };
}

/** Points by the number of their day: days without an extraction keep their place. */
const byDay = (series) => series.map(({ day, value }) => ({ x: Date.parse(day) / DAY, y: value }));
const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const titleOf = (items) => (items.length > 0 ? dayOf(items[0].raw.x) : "");
const dayScale = () => ({ type: "linear", bounds: "data" });

/** A figure's trend in one small line. */
function spark(id) {
  const { series } = payload.headline.find((figure) => figure.id === id);
  const data = byDay(series);
  const last = data.length - 1;
  return {
    data: { datasets: [{ ...line("", "accent", "circle", []), data, pointRadius: (context) => (context.dataIndex === last ? 3 : 0), clip: false }] },
    options: {
      layout: { padding: 4 },
      plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: { title: titleOf } } },
      scales: { x: { ...dayScale(), display: false }, y: { display: false, grace: "10%" } },
    },
  };
}
