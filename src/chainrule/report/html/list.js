"use strict";

// The list of checked programs can be sorted by each column and filtered by any word; without a script it stands as it is.
{
  const table = document.querySelector(".listed");
  const body = table.tBodies[0];
  const rows = [...body.rows];

  const label = document.createElement("label");
  const filter = document.createElement("input");
  filter.type = "search";
  label.className = "controls";
  label.append("only rows that contain ", filter);
  table.parentElement.before(label);
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
    }
  });

  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = row => row.cells[column].textContent.trim();
      const sorted = rows.toSorted((a, b) => text(a).localeCompare(text(b), undefined, {numeric: true}));
      body.append(...(down ? sorted.toReversed() : sorted));
    });
  }
}
