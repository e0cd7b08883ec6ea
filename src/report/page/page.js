// The page: which list is shown, the theme, and printing. The address says what is shown
// (#list=stale_flags&sort=age_days:descending&find=checkout), so that it can be sent to others.

const find = (id) => document.getElementById(id);
const payload = JSON.parse(find("payload").textContent);
const lists = new Map();
const view = { list: undefined, order: [], page: 0, filters: {} };

/** The list called `id`, unpacked at its first use. */
function listOf(id) {
  if (!lists.has(id)) {
    const packed = payload.lists.find((list) => list.id === id);
    if (!packed) return undefined;
    lists.set(id, new List(packed, () => listOf("flags")));
  }
  return lists.get(id);
}

const OWN_WORDS = ["list", "find", "project", "owner", "sort"];

/** The state that an address describes. */
function asked(hash) {
  const words = new URLSearchParams(hash.slice(1));
  const [sort, direction] = (words.get("sort") ?? "").split(":");
  return {
    list: words.get("list"),
    filters: {
      find: words.get("find") ?? "",
      project: words.get("project") ?? "",
      owner: words.get("owner") ?? "",
      sort,
      direction,
      columns: Object.fromEntries([...words].filter(([key]) => !OWN_WORDS.includes(key))),
    },
  };
}

/** Writes the current state into the address. */
function tell() {
  const { find, project, owner, sort, direction, columns } = view.filters;
  const words = new URLSearchParams({ list: view.list.id, ...columns });
  if (sort) words.set("sort", `${sort}:${direction}`);
  for (const [name, value] of Object.entries({ find, project, owner })) if (value) words.set(name, value);
  history.replaceState(null, "", `#${words}`);
}

/** Shows the list that the address names. */
function follow(isFirst) {
  const { list: id, filters } = asked(location.hash);
  if (id === null && !isFirst) return;
  const list = id === null ? undefined : listOf(id);
  view.list = list ?? listOf(payload.lists[0].id);
  view.filters = list ? filters : {};
  dropUnknownColumns();
  showList();
  if (id === null) return;
  if (!list) find("list-gaps").prepend(element("p", `There is no list “${id}”. This is the first list.`, "notice"));
  find("lists").scrollIntoView({ behavior: "instant" });
  find("list-title").focus({ preventScroll: true });
}

/** Ignores columns of the address that the list does not have. */
function dropUnknownColumns() {
  const known = Object.entries(view.filters.columns ?? {}).filter(([key]) => view.list.has(key));
  view.filters.columns = Object.fromEntries(known);
}

function showList() {
  const { list, filters } = view;
  find("list-title").textContent = list.title;
  find("list-meaning").textContent = list.meaning;
  const gaps = list.gaps.map((gap) => `Incomplete: ${gap}.`);
  find("list-gaps").replaceChildren(...[...cutWords(list), ...gaps].map((words) => element("p", words, "notice")));
  find("names").value = list.id;
  for (const link of document.querySelectorAll(".names a")) {
    if (link.hash === `#list=${list.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  find("find").value = filters.find ?? "";
  choose("project", "project_key", filters.project);
  choose("owner", "owner", filters.owner);
  find("filters").hidden = list.rows === 0;
  showColumnFilters();
  refresh();
}

/** Where the rows are that the page leaves out. */
function cutWords(list) {
  if (list.rows === list.total) return [];
  const [rows, total] = [list.rows, list.total].map((value) => wholeNumber.format(value));
  return [`This page has the first ${rows} of ${total} rows. All are in the ${list.source} of the output, and in the JSON of flaglake report`];
}

/** A button for each filtered column that removes the filter. */
function showColumnFilters() {
  const { list, filters } = view;
  find("column-filters").replaceChildren(...Object.entries(filters.columns).map(([key, value]) => {
    const { label, words } = filterWords(list, key, value);
    const button = element("button", `${label}: ${words} ✕`);
    button.type = "button";
    button.dataset.column = key;
    button.setAttribute("aria-label", `End the filter ${label}: ${words}`);
    return button;
  }));
}

function endColumnFilter(key) {
  delete view.filters.columns[key];
  showColumnFilters();
  tell();
  refresh();
  find("list-title").focus({ preventScroll: true });
}

/** Fills a filter with its values, and with the value of a saved address if it no longer occurs. */
function choose(id, key, chosen) {
  const choices = view.list.choices(key);
  if (chosen && view.list.has(key) && !choices.includes(chosen)) choices.push(chosen);
  const options = choices.map((choice) => new Option(choice, choice, false, choice === chosen));
  find(id).replaceChildren(new Option("All", ""), ...options);
  find(`${id}-filter`).hidden = choices.length < 2 && !chosen;
  view.filters[id] = find(id).value;
}

/** Filters, sorts, and shows the first page. */
function refresh() {
  view.order = view.list.order(view.filters);
  view.page = 0;
  showHead();
  showPage();
}

function showHead() {
  const { list, filters } = view;
  const head = element("tr");
  for (const column of shownColumns(list)) {
    const th = element("th", undefined, column.kind);
    th.scope = "col";
    if (column.key === filters.sort) th.setAttribute("aria-sort", filters.direction);
    const button = element("button", column.label);
    button.type = "button";
    button.dataset.sort = column.key;
    th.append(button);
    head.append(th);
  }
  const table = find("list-table");
  table.caption.textContent = list.title;
  table.tHead.replaceChildren(head);
}

function showPage() {
  const { list, order, page } = view;
  const start = page * ROWS_OF_A_PAGE;
  const rows = order.slice(start, start + ROWS_OF_A_PAGE);
  const columns = shownColumns(list);
  const table = find("list-table");
  table.setAttribute("aria-rowcount", String(order.length + 1));
  table.tBodies[0].replaceChildren(...rows.map((row, index) => {
    const tr = element("tr");
    tr.setAttribute("aria-rowindex", String(start + index + 2));
    tr.append(...columns.map((column) => cellElement(list, column, row)));
    return tr;
  }));
  showCounts(start, rows.length);
}

function showCounts(start, shownRows) {
  const { list, order, page } = view;
  const pages = Math.ceil(order.length / ROWS_OF_A_PAGE);
  const number = (value) => wholeNumber.format(value);
  const all = list.rows === list.total ? number(list.rows) : `the first ${number(list.rows)} of ${number(list.total)}`;
  const words = order.length === list.rows ? all : `${number(order.length)} of ${all}`;
  const flags = list.flags(order) ?? order.length;
  const ofFlags = flags === order.length ? "" : `, ${number(flags)} ${flags === 1 ? "flag" : "flags"}`;
  find("list-count").textContent = list.rows === 0 ? "" : `${words} ${list.rows === 1 ? "row" : "rows"}${ofFlags}${countedWords(list)}`;
  find("list-scroll").hidden = order.length === 0;
  find("list-empty").hidden = order.length > 0;
  find("list-empty").textContent = emptyWords(list);
  find("pages").hidden = pages < 2;
  find("page-of").textContent = `${number(start + 1)}–${number(start + shownRows)} of ${number(order.length)}`;
  find("previous").disabled = page === 0;
  find("next").disabled = page >= pages - 1;
}

/** The text to show if there is no row. */
function emptyWords(list) {
  if (list.rows > 0) return "Nothing matches: change or clear the filters.";
  return list.gaps.length > 0 ? "None are known, but not everything was read: see above." : list.empty;
}

function sortBy(key) {
  const { filters, list } = view;
  const column = list.column(key);
  const first = ["number", "day"].includes(column.kind) ? "descending" : "ascending";
  const second = first === "ascending" ? "descending" : "ascending";
  filters.direction = filters.sort === key && filters.direction === first ? second : first;
  filters.sort = key;
  tell();
  refresh();
  document.querySelector(`#list-table [data-sort="${key}"]`).focus();
}

function turn(pages) {
  view.page += pages;
  showPage();
  find("list").scrollIntoView({ behavior: "instant" });
}

async function copy() {
  const csv = toCsv(view.list, view.order);
  try {
    await navigator.clipboard.writeText(csv);
  } catch {
    copyTheOldWay(csv);
  }
  find("list-count").textContent = `Copied ${wholeNumber.format(view.order.length)} ${view.order.length === 1 ? "row" : "rows"} as CSV.`;
}

/** For browsers that deny local files access to the clipboard. */
function copyTheOldWay(text) {
  const area = element("textarea", text, "visually-hidden");
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function save() {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([toCsv(view.list, view.order)], { type: "text/csv;charset=utf-8" }));
  link.download = `${view.list.id}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function listen() {
  const filter = (id) => find(id).addEventListener("input", () => {
    view.filters[id] = find(id).value;
    tell();
    refresh();
  });
  ["find", "project", "owner"].forEach(filter);
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  find("list-table").addEventListener("click", (event) => {
    const button = event.target.closest("[data-sort]");
    if (button) sortBy(button.dataset.sort);
  });
  find("column-filters").addEventListener("click", (event) => {
    const button = event.target.closest("[data-column]");
    if (button) endColumnFilter(button.dataset.column);
  });
  find("names").addEventListener("change", (event) => { location.hash = `#list=${event.target.value}`; });
  find("previous").addEventListener("click", () => turn(-1));
  find("next").addEventListener("click", () => turn(1));
  find("copy").addEventListener("click", copy);
  find("download").addEventListener("click", save);
  find("print").addEventListener("click", () => window.print());
  find("theme").addEventListener("click", nextTheme);
  addEventListener("hashchange", () => follow(false));
}

/** Shows the age of the data if it is at least one day. */
function sayAge() {
  const days = Math.floor((Date.now() - Date.parse(payload.started_at)) / 86_400_000);
  if (days >= 1) find("age").textContent = ` (${days} ${days === 1 ? "day" : "days"} ago)`;
}

document.documentElement.dataset.scripted = "true";
// Scripts draw the charts, so the tables below them start closed.
document.querySelectorAll(".chart details").forEach((table) => { table.open = false; });
document.querySelector(".tools").hidden = false;
find("browser").hidden = false;
sayAge();
listen();
setTheme(remembered());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
addEventListener("beforeprint", drawChartsForPaper);
addEventListener("afterprint", drawCharts);
follow(true);
document.documentElement.dataset.ready = "true";
