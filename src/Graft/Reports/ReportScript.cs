namespace Graft.Reports;

/// <summary>What a page does beyond showing itself: tables that sort, a filter, all of it on paper. Everything can be read
/// without.</summary>
static class ReportScript
{
    /// <summary>The element with the script in it.</summary>
    public const string Element = """
        <script>
        "use strict";
        for (const table of document.querySelectorAll("table.sortable")) {
          const body = table.tBodies[0];
          const heads = [...table.tHead.rows[0].cells];
          const value = (row, column) => {
            const cell = row.cells[column], text = cell.dataset.v ?? cell.textContent.trim();
            const number = Number(text.replace(/[,%]/g, ""));
            return text !== "" && !Number.isNaN(number) ? number : text;
          };
          heads.forEach((head, column) => {
            const button = document.createElement("button");
            button.type = "button";
            button.append(...head.childNodes);
            head.append(button);
            button.addEventListener("click", () => {
              const down = head.getAttribute("aria-sort") !== "descending";
              heads.forEach(other => other.removeAttribute("aria-sort"));
              head.setAttribute("aria-sort", down ? "descending" : "ascending");
              const rows = [...body.rows].sort((a, b) => {
                const x = value(a, column), y = value(b, column);
                return typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
              });
              if (down) rows.reverse();
              body.append(...rows);
            });
          });
        }
        for (const box of document.querySelectorAll("input[data-filter]")) {
          box.closest("label").hidden = false;
          const table = document.querySelector("table." + box.dataset.filter);
          box.addEventListener("input", () => {
            const wanted = box.value.toLocaleLowerCase();
            for (const row of table.tBodies[0].rows)
              row.hidden = !row.cells[0].textContent.toLocaleLowerCase().includes(wanted);
          });
        }
        addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(one => one.open = true));
        </script>

        """;
}
