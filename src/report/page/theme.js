// Light, dark, or the system's theme.

const THEMES = ["system", "light", "dark"];

function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  find("theme").textContent = `Theme: ${theme}`;
  drawCharts();
}

function nextTheme() {
  const now = document.documentElement.dataset.theme ?? "system";
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  setTheme(next);
  remember(next);
}

/** A browser may refuse to store data for local files. Then each visit starts with the system's theme. */
function remember(theme) {
  try {
    localStorage.setItem("flaglake-theme", theme);
  } catch { /* not remembered */ }
}

function remembered() {
  try {
    const theme = localStorage.getItem("flaglake-theme");
    return THEMES.includes(theme) ? theme : "system";
  } catch {
    return "system";
  }
}
