// Keeps the numbers of a campaign fresh while it goes. Without this file the page loads itself anew now and then.
"use strict";

(function () {
  var place = document.querySelector("[data-live]");
  if (!place) return;
  var every = 3000;

  var waiting = 0;

  function again() { waiting = window.setTimeout(ask, every); }

  function ask() {
    if (document.hidden) { again(); return; }
    fetch(place.dataset.live, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error("no numbers");
      return answer.text();
    }).then(function (part) { place.innerHTML = part; again(); }).catch(function () { every = Math.min(every * 2, 60000); again(); });
  }

  // Who comes back to the page sees how it is now.
  document.addEventListener("visibilitychange", function () { window.clearTimeout(waiting); ask(); });
  again();
})();
