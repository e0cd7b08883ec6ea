// Filters of columns: a value, one of several words (`live,deprecated`), a time from which on rows
// count, or a range that ends before its second bound (`90..182`, `2026-11..2026-12`, `730..`).

/** Whether a cell passes the filter `value`. */
function isWanted(column, cell, value) {
  const range = bounds(column, value);
  if (range) return cell !== null && cell >= range.from && (range.below === undefined || cell < range.below);
  if (column.kind === "number") return cell === Number(value);
  if (column.kind === "text") return shown(column, cell) === value;
  return words(column, value).includes(shown(column, cell));
}

/** The words of a filter, for people. */
const words = ({ kind }, value) => (kind === "word" ? value.split(",") : [value]).map(plain);

/** The bounds of a filter; undefined if it is no range. */
function bounds({ kind }, value) {
  const [from, below] = value.split("..");
  const bound = kind === "number" ? Number : String;
  if (kind !== "day" && (kind !== "number" || below === undefined)) return undefined;
  return { from: bound(from), below: below ? bound(below) : undefined };
}

/** A filter for people: the name of its column, and what it lets pass. Of an owner, the name is shown. */
function filterWords(list, key, value) {
  const column = list.column(key);
  const names = list.column(KEYS_OF_NAMES.get(key));
  if (names) return { label: names.label, words: names.cells[column.cells.indexOf(value)] ?? (value || "nobody") };
  return { label: column.label, words: valueWords(column, value) };
}

function valueWords(column, value) {
  const range = bounds(column, value);
  const short = (bound) => String(bound).slice(0, 10);
  if (range) return `from ${short(range.from)}${range.below === undefined ? "" : `, below ${short(range.below)}`}`;
  return column.kind === "text" ? value : words(column, value).join(" or ");
}

/** What the address asks for, without the order of its rows. */
function rowsOf(hash) {
  const words = new URLSearchParams(hash.slice(1));
  words.delete("sort");
  words.sort();
  return String(words);
}

/** Of a list that is cut: how many flags the number counts that leads to it. */
function countedWords(list) {
  if (list.rows === list.total) return "";
  const asked = rowsOf(location.hash);
  const link = [...document.querySelectorAll("a[data-count]")].find((one) => rowsOf(one.hash) === asked);
  return link ? `; ${link.dataset.count || link.textContent} flags in all` : "";
}
