// Asks before what cannot be undone, and keeps a form from being sent twice. Everything also works without this file.
"use strict";

(function () {
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    var question = button && button.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
  });

  // A page shown again from the browser's memory may be sent again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  var problem = document.querySelector(".problem");
  if (problem) {
    problem.tabIndex = -1;
    problem.focus();
  }
})();
