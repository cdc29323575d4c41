// Brings what is new on a page of the staff desk without loading it again. Everything also works without this file.
"use strict";

(function () {
  var SECONDS = 8;
  var shown = document.querySelector("[data-live]");
  if (!shown || !window.fetch) return;
  var before = shown.innerHTML;

  function look() {
    if (document.visibilityState !== "visible" || shown.contains(document.activeElement)) return;
    fetch(window.location.pathname, { headers: { Accept: "text/html" }, redirect: "error" })
      .then(function (response) { return response.ok ? response.text() : Promise.reject(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.querySelector("[data-live]");
        if (!fresh || fresh.innerHTML === before || shown.contains(document.activeElement)) return;
        before = fresh.innerHTML;
        var open = Array.from(shown.querySelectorAll("details"), function (one) { return one.open; });
        shown.innerHTML = before;
        shown.querySelectorAll("details").forEach(function (one, n) { one.open = open[n] || false; });
      })
      .catch(function () {}); // the next look may succeed
  }
  window.setInterval(look, SECONDS * 1000);
})();
