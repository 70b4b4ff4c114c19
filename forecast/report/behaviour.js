/* global addEventListener, document, location */
// The page works without this: it filters the rules, and closes a panel by Escape.
for (const filters of document.querySelectorAll("[data-filters]")) {
  const rows = [...document.querySelectorAll(`[data-filtered="${filters.dataset.filters}"] tbody tr`)];
  const find = filters.querySelector("[data-find]");
  const boxes = [...filters.querySelectorAll("input[type=checkbox]")];
  const filter = () => {
    const words = find.value.toLowerCase();
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const row of rows) {
      const outcome = row.querySelector("[data-outcome]").dataset.outcome;
      row.hidden = !(outcome === "" || shown.has(outcome)) || !row.textContent.toLowerCase().includes(words);
    }
  };
  filters.addEventListener("input", filter);
}
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash.startsWith("#r-")) location.hash = "architecture";
});
addEventListener("hashchange", () => {
  const panel = document.getElementById(location.hash.slice(1));
  if (panel?.classList.contains("panel")) panel.focus({ preventScroll: true });
});
