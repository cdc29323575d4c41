// Search while typing, papers that stay ticked, cases that open at once, texts to copy. All pages also work without it.
"use strict";

(function () {
  var PAUSE = 250; // milliseconds after the last letter

  function searchAsYouType(form) {
    var results = document.getElementById("results");
    var clock = null;
    var running = null;

    function show() {
      var fields = new URLSearchParams(new FormData(form));
      Array.from(fields.entries()).forEach(function (pair) { if (!pair[1]) fields.delete(pair[0]); });
      var query = fields.toString();
      var address = form.getAttribute("action") + (query ? "?" + query : "");
      if (running) running.abort();
      var mine = running = new AbortController();
      fields.set("manh", "1");
      fetch(form.getAttribute("action") + "?" + fields, { signal: mine.signal })
        .then(function (response) { if (!response.ok) throw new Error(String(response.status)); return response.text(); })
        .then(function (part) {
          if (running !== mine) return;
          results.innerHTML = part;
          history.replaceState(null, "", address);
        })
        .catch(function () { if (running === mine) running = null; });
    }

    form.addEventListener("input", function (event) {
      if (event.isComposing) return;
      clearTimeout(clock);
      clock = setTimeout(show, event.target.type === "search" ? PAUSE : 0);
    });
    form.addEventListener("compositionend", function () { clearTimeout(clock); clock = setTimeout(show, PAUSE); });
  }

  function keepTicks(list) {
    var key = "giay-to:" + list.dataset.ticks;
    var ticked = [];
    try { ticked = JSON.parse(localStorage.getItem(key) || "[]"); } catch (_) { ticked = []; }
    var boxes = Array.from(list.querySelectorAll("input[type=checkbox]"));
    var count = document.getElementById("ticked");
    function tell() {
      var done = boxes.filter(function (box) { return box.checked; }).length;
      if (count) count.textContent = done ? "Đã đánh dấu " + done + " trên " + boxes.length + " giấy tờ." : "";
    }
    boxes.forEach(function (box) { if (ticked.indexOf(box.id) >= 0) box.checked = true; });
    tell();
    list.addEventListener("change", function () {
      var now = boxes.filter(function (box) { return box.checked; }).map(function (box) { return box.id; });
      try { if (now.length) localStorage.setItem(key, JSON.stringify(now)); else localStorage.removeItem(key); } catch (_) { /* private window */ }
      tell();
    });
  }

  function offerCopy(button) {
    var text = document.getElementById(button.dataset.copy);
    var told = document.getElementById("copied");
    button.hidden = false;
    button.addEventListener("click", function () {
      text.select();
      var done = navigator.clipboard ? navigator.clipboard.writeText(text.value) : Promise.reject(new Error("no clipboard"));
      done.catch(function () { if (!document.execCommand("copy")) throw new Error("not copied"); })
        .then(function () { told.textContent = "Đã chép."; })
        .catch(function () { told.textContent = "Chưa chép được, xin chọn và chép bằng tay."; });
    });
  }

  document.querySelectorAll("form[data-search]").forEach(searchAsYouType);
  document.querySelectorAll("[data-ticks]").forEach(keepTicks);
  document.querySelectorAll("button[data-copy]").forEach(offerCopy);

  // Anchors of folded entries are opened when somebody comes by their address.
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
})();
