(function () {
  "use strict";
  var root = document.documentElement;
  var bar = document.getElementById("controls");
  bar.hidden = false;
  function show(language) {
    root.dataset.lang = language;
    bar.querySelectorAll("[data-show]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.show === language));
    });
  }
  function fold(open) {
    document.querySelectorAll("details").forEach(function (part) { part.open = open; });
  }
  bar.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) { return; }
    if (button.dataset.show) { show(button.dataset.show); }
    if (button.dataset.fold) { fold(button.dataset.fold === "open"); }
  });
  window.addEventListener("beforeprint", function () { fold(true); });
  show("both");
}());
