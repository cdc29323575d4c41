// Reading aloud by the device's own voice, and printing. Everything also works without this file.
"use strict";

(function () {
  var speech = window.speechSynthesis;
  var reading = null;

  function voice() {
    return speech.getVoices().find(function (one) { return one.lang.toLowerCase().startsWith("vi"); });
  }

  function stop() {
    if (!reading) return;
    speech.cancel();
    reading.button.textContent = reading.label;
    reading.button.setAttribute("aria-pressed", "false");
    reading = null;
  }

  // Some voices fall silent in a long text, so every paragraph is an utterance of its own.
  function paragraphs(root) {
    var blocks = root.querySelectorAll("h1, h2, h3, p, li, dt, dd");
    return Array.from(blocks).filter(function (block) {
      return !block.querySelector("p, li, dd") && block.getClientRects().length && !block.closest("[data-quiet]");
    }).map(function (block) { return block.innerText.trim(); }).filter(Boolean);
  }

  function read(button) {
    var root = document.querySelector(button.dataset.speak);
    var again = reading && reading.button === button;
    stop();
    if (!root || again) return;
    var mine = { button: button, label: button.textContent };
    reading = mine;
    button.textContent = "Dừng đọc";
    button.setAttribute("aria-pressed", "true");
    var texts = paragraphs(root);
    texts.forEach(function (text, number) {
      var utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = "vi-VN";
      utterance.voice = voice() || null;
      if (number === texts.length - 1) utterance.onend = function () { if (reading === mine) stop(); };
      speech.speak(utterance);
    });
  }

  function offer() {
    var able = Boolean(speech && voice());
    document.querySelectorAll("[data-speak]").forEach(function (button) { button.hidden = !able; });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-speak], [data-print]");
    if (!button) return;
    if ("speak" in button.dataset) read(button);
    else window.print();
  });
  document.querySelectorAll("[data-print]").forEach(function (button) { button.hidden = false; });
  if (speech) {
    offer();
    if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
    window.addEventListener("pagehide", stop);
  }

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open]):not([data-quiet])"));
    opened.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (one) { one.open = false; });
  });
})();
