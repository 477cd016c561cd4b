// Lets a reader sort the tables: each header that can be sorted becomes a button. Without this the page reads the same.
(function () {
  "use strict";
  var said = document.createElement("p");
  said.className = "sr";
  said.setAttribute("role", "status");
  document.body.appendChild(said);

  function key(row, column, byNumber) {
    var cell = row.cells[column];
    if (!byNumber) return cell.textContent.trim();
    var given = cell.getAttribute("data-value");
    return given === null ? null : Number(given);
  }

  // What is not known comes last, whichever way.
  function compare(one, other, sign) {
    if (one === null || other === null) return (one === null) - (other === null);
    if (typeof one === "number") return sign * (one - other);
    return sign * one.localeCompare(other, undefined, { numeric: true, sensitivity: "base" });
  }

  function sort(table, header) {
    var up = header.getAttribute("aria-sort") !== "ascending";
    var byNumber = header.getAttribute("data-sort") === "number";
    var column = header.cellIndex;
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row) {
      return { row: row, key: key(row, column, byNumber) };
    });
    rows.sort(function (one, other) { return compare(one.key, other.key, up ? 1 : -1); });
    rows.forEach(function (entry) { body.appendChild(entry.row); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    said.textContent = "Sorted by " + header.textContent.trim() + (up ? ", upwards" : ", downwards");
  }

  Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), function (table) {
    table.classList.add("sorts");
    Array.prototype.forEach.call(table.tHead.querySelectorAll("th[data-sort]"), function (header) {
      var button = document.createElement("button");
      button.type = "button";
      while (header.firstChild) button.appendChild(header.firstChild);
      header.appendChild(button);
      button.addEventListener("click", function () { sort(table, header); });
    });
  });
})();
