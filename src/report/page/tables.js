"use strict";
// The lists: rows that are found, sorted, shown a page at a time, and copied as CSV.
// Data is written with textContent only, so that it is never parsed as HTML.

const ROWS_OF_A_PAGE = 50;
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const wholeNumber = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A list with its cells by column, and with the name and the owner of every flag in it. */
class List {
  constructor(packed, flags) {
    Object.assign(this, packed);
    this.columns = packed.columns.map(({ words, at, ...column }) => ({
      ...column,
      cells: words ? at.map((word) => words[word]) : at,
    }));
    if (this.has("flag_key") && this.id !== "flags") this.addDetails(flags());
  }

  column(key) {
    return this.columns.find((column) => column.key === key);
  }

  has(key) {
    return this.column(key) !== undefined;
  }

  /** Adds name and owner with its key, from the list of all flags or from the names of the flags that it leaves out. */
  addDetails(flags) {
    const [projects, keys] = [this.column("project_key").cells, this.column("flag_key").cells];
    const places = keys.map((key, row) => placeOf(projects[row], key));
    const [known, others] = [flags.places(), otherNames()];
    const { names, owners, owner_keys } = payload.names;
    for (const [key, label, rest] of [["name", "Name", names], ["owner", "Owner", unpacked(owners)], ["owner_key", "Owner's key", unpacked(owner_keys)]]) {
      const { cells } = flags.column(key);
      const cellOf = (place) => (known.has(place) ? cells[known.get(place)] : rest[others.get(place)]);
      this.columns.push({ key, label, kind: "text", cells: places.map((place) => cellOf(place) ?? null) });
    }
  }

  /** Which row each flag is in. */
  places() {
    const [projects, keys] = [this.column("project_key").cells, this.column("flag_key").cells];
    this.found ??= new Map(keys.map((key, row) => [placeOf(projects[row], key), row]));
    return this.found;
  }

  /** The distinct values of a column, for a filter. */
  choices(key) {
    const values = new Set(this.column(key)?.cells ?? []);
    values.delete(null);
    return [...values].sort(collator.compare);
  }

  /** The text of each row that `find` searches. */
  texts() {
    this.allTexts ??= Array.from({ length: this.rows }, (_, row) =>
      this.columns.map((column) => shown(column, column.cells[row])).join("\n").toLowerCase());
    return this.allTexts;
  }

  /** Whether a row passes the filters of columns. */
  isOf(columns, row) {
    return Object.entries(columns).every(([key, value]) => {
      const column = this.column(key);
      return isWanted(column, column.cells[row], value);
    });
  }

  /** The number of different flags in the given rows; undefined if a list has one row per flag. */
  flags(order) {
    if (!this.has("flag_key") || !this.has("environment_key")) return undefined;
    const [projects, keys] = [this.column("project_key").cells, this.column("flag_key").cells];
    return new Set(order.map((row) => placeOf(projects[row], keys[row]))).size;
  }

  /** The numbers of the rows that pass the filters, in order. */
  order({ find = "", project = "", owner = "", columns = {}, sort, direction }) {
    const words = find.toLowerCase().split(/\s+/).filter(Boolean);
    const texts = words.length > 0 ? this.texts() : [];
    const [projects, owners] = [this.column("project_key")?.cells, this.column("owner")?.cells];
    const passes = (row) =>
      (project === "" || projects?.[row] === project) &&
      (owner === "" || owners?.[row] === owner) &&
      this.isOf(columns, row) &&
      words.every((word) => texts[row].includes(word));
    const order = Array.from({ length: this.rows }, (_, row) => row).filter(passes);
    const column = this.column(sort);
    return column ? sorted(order, column, direction === "descending" ? -1 : 1) : order;
  }
}

/** Where the names of flags are that the list of all flags leaves out. */
function otherNames() {
  const { projects: { words, at }, flags } = payload.names;
  payload.names.found ??= new Map(flags.map((key, row) => [placeOf(words[at[row]], key), row]));
  return payload.names.found;
}

const unpacked = ({ words, at }) => at.map((word) => words[word]);
const placeOf = (project, key) => `${project}\u0000${key}`;

/** Sorts rows by a column; unknown values come last in both directions. */
function sorted(order, column, sign) {
  const key = (cell) => (Array.isArray(cell) ? cell.join(", ") : typeof cell === "boolean" ? Number(cell) : cell);
  const keys = column.cells.map(key);
  const compare = (one, two) => (typeof one === "string" ? collator.compare(one, two) : one - two);
  return order.sort((one, two) => {
    const [first, second] = [keys[one], keys[two]];
    if (first === null || second === null) return (first === null) - (second === null) || one - two;
    return sign * compare(first, second) || one - two;
  });
}

/** A cell for people. */
function shown(column, cell) {
  if (cell === null || cell === undefined) return column.kind === "boolean" ? "unknown" : "";
  switch (column.kind) {
    case "boolean": return cell ? "yes" : "no";
    case "day": return String(cell).slice(0, 10);
    case "number": return wholeNumber.format(cell);
    case "word": return plain(cell);
    case "words": return plain(Array.isArray(cell) ? cell.join("; ") : cell);
    case "texts": return Array.isArray(cell) ? cell.join("; ") : String(cell);
    default: return String(cell);
  }
}

/** A word such as `ready_to_archive`, for people. */
const plain = (word) => String(word).replaceAll("_", " ");

/** The rows as CSV. */
function toCsv(list, order) {
  const raw = (column, cell) => (column.kind === "number" && cell !== null ? cell : asText(column, cell));
  const asText = (column, cell) => (["day", "word"].includes(column.kind) ? cell ?? "" : shown(column, cell));
  const header = list.columns.map((column) => quoted(column.key)).join(",");
  const line = (row) => list.columns.map((column) => quoted(raw(column, column.cells[row]))).join(",");
  return [header, ...order.map(line)].join("\r\n") + "\r\n";
}

/** A field of CSV. Text that a spreadsheet would run as a formula begins with an apostrophe. */
function quoted(value) {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@＝＋－＠\t\r\n]/.test(value.trimStart()) || /^[\t\r\n]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}

/** An element with text. */
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Keys and IDs that only CSV has, because a name stands beside them. */
const KEYS_OF_NAMES = new Map([["subject", "subject_name"], ["maintainer_id", "owner"], ["maintainer_team_key", "owner"], ["owner_key", "owner"]]);

/** The columns as they are shown: the flag comes first, with its name below it. */
function shownColumns(list) {
  const shown = list.columns.filter((column) => !list.has(KEYS_OF_NAMES.get(column.key)));
  if (!list.has("flag_key")) return shown;
  const rest = shown.filter((column) => !["flag_key", "name"].includes(column.key));
  return [list.column("flag_key"), ...rest];
}

/** A cell of a row. */
function cellElement(list, column, row) {
  const cell = column.cells[row];
  if (column.key === "flag_key" && list.has("name")) return flagElement(list, row);
  const td = element("td", undefined, `${column.kind} ${column.key}`);
  const text = shown(column, cell);
  if (column.kind === "word" && text !== "") {
    const badge = element("span", text, "badge");
    badge.dataset.word = cell;
    td.append(badge);
  } else if (Array.isArray(cell)) {
    const items = element("ul");
    items.append(...cell.map((one) => element("li", column.kind === "words" ? plain(one) : String(one))));
    td.append(items);
  } else {
    td.append(element("bdi", text));
  }
  return td;
}

/** A flag: its key, which leads to LaunchDarkly, and its name. */
function flagElement(list, row) {
  const [project, key] = [list.column("project_key").cells[row], list.column("flag_key").cells[row]];
  const td = element("td", undefined, "flag");
  if (key !== null) {
    const link = element("a", key);
    link.href = flagUrl(project, key);
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    td.append(link);
  }
  const name = list.column("name").cells[row];
  if (name !== null && name !== key) {
    const label = element("bdi", name, "name");
    label.title = name;
    td.append(label);
  }
  return td;
}

function flagUrl(project, key) {
  const template = payload.flag_url;
  return template
    .replace("{project_key}", () => encodeURIComponent(project))
    .replace("{flag_key}", () => encodeURIComponent(key));
}
