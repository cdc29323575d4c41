// Shows the chat within another site, which names this file in a script element of its page.
"use strict";

(function () {
  var script = document.currentScript;
  var home = new URL(script.src).origin;
  var label = script.dataset.label || "Hỏi về thủ tục";
  var side = script.dataset.side === "left" ? "left" : "right";
  var host = document.createElement("div");
  var root = host.attachShadow({ mode: "open" });
  var frame = null;

  var style =
    ":host { all: initial; }" +
    "* { box-sizing: border-box; font: 600 16px/1.4 system-ui, sans-serif; }" +
    "button { position: fixed; bottom: 16px; " + side + ": 16px; z-index: 2147483000; min-height: 52px; padding: 0 20px; color: #fff; background: #8f1d22; border: 2px solid #fff; border-radius: 26px; cursor: pointer; box-shadow: 0 2px 10px rgb(0 0 0 / 35%); }" +
    "button:focus-visible { outline: 3px solid #ffcf33; outline-offset: 0; box-shadow: 0 0 0 6px #16181d; }" +
    "iframe { position: fixed; bottom: 84px; " + side + ": 16px; z-index: 2147483000; width: min(400px, calc(100vw - 32px)); height: min(640px, calc(100vh - 108px)); border: 1px solid #c9c6bd; border-radius: 12px; background: #f4f3ef; box-shadow: 0 6px 30px rgb(0 0 0 / 30%); }" +
    "iframe[hidden] { display: none; }" +
    "@media print { button, iframe { display: none; } }";

  // A constructed sheet needs no permission from the site's own policy for inline styles.
  var sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];

  var button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");
  root.append(button);

  function open(on) {
    if (on && !frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.src = home + "/chat?nhung=1";
      root.append(frame);
    }
    if (frame) frame.hidden = !on;
    button.textContent = on ? "Đóng" : label;
    button.setAttribute("aria-expanded", String(on));
    if (on) frame.focus();
    else button.focus();
  }

  function shown() { return Boolean(frame) && !frame.hidden; }

  button.addEventListener("click", function () { open(!shown()); });
  root.addEventListener("keydown", function (event) { if (event.key === "Escape" && shown()) open(false); });
  window.addEventListener("message", function (event) {
    if (frame && event.source === frame.contentWindow && event.origin === home && event.data === "motcua:close") open(false);
  });

  document.body.append(host);
})();
