// Sends questions without leaving the page. Everything also works without this file.
"use strict";

(function () {
  var PATIENCE = 30000; // milliseconds
  var form = document.getElementById("ask");
  var input = document.getElementById("question");
  var send = form.querySelector(".send");
  var lines = document.querySelector(".lines");
  var status = document.getElementById("newest");
  var problem = document.getElementById("problem");
  var count = document.getElementById("count");
  var longest = Number(input.dataset.longest);
  var waiting = false;
  var unsent = { key: "", id: "" };

  var WORDS = {
    empty: "Anh/Chị chưa nhập câu hỏi. Xin gõ câu hỏi vào ô bên dưới rồi bấm Gửi.",
    offline: "Chưa gửi được: có thể mạng đang chậm hoặc mất. Nội dung vẫn còn, xin gửi lại.",
    fault: "Máy chưa trả lời được. Nội dung vẫn còn, xin thử lại sau ít phút.",
    working: "Đang tra cứu",
    thanks: "Cảm ơn Anh/Chị đã cho biết.",
  };

  function length(text) { return Array.from(text.normalize("NFC")).length; }
  function figure(number) { return String(number).replace(/\B(?=(\d{3})+$)/g, "."); }

  function randomId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  }

  function say(text) {
    problem.textContent = text;
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function fit() {
    var left = longest - length(input.value);
    count.textContent = left < 0 ? "Quá " + figure(-left) + " ký tự" : left <= 300 ? "Còn " + figure(left) + " ký tự" : "";
    input.rows = 1;
    while (input.rows < 6 && input.scrollHeight > input.clientHeight) input.rows += 1;
  }

  function said(text) {
    var now = new Date();
    var line = document.createElement("li");
    line.className = "line mine";
    var who = document.createElement("p");
    who.className = "who";
    who.append("Anh/Chị ");
    var time = document.createElement("time");
    time.dateTime = now.toISOString();
    time.textContent = now.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Ho_Chi_Minh" });
    who.append(time);
    var bubble = document.createElement("div");
    bubble.className = "bubble";
    text.split("\n").forEach(function (row, n) {
      if (n) bubble.append(document.createElement("br"));
      bubble.append(row);
    });
    line.append(who, bubble);
    return line;
  }

  function typing(on) {
    status.textContent = "";
    if (!on) return;
    var dots = document.createElement("span");
    dots.className = "dots";
    dots.setAttribute("aria-hidden", "true");
    for (var n = 0; n < 3; n++) dots.append(document.createElement("i"));
    status.append(WORDS.working, dots);
  }

  function busy(on) {
    waiting = on;
    send.setAttribute("aria-disabled", String(on));
  }

  // The same words sent again after a fault keep their id, so that they are not answered twice.
  function idFor(key) {
    if (unsent.key !== key) unsent = { key: key, id: randomId() };
    return unsent.id;
  }

  function fields(source, button) {
    var data = new URLSearchParams(new FormData(source));
    if (button && button.name) data.set(button.name, button.value);
    data.delete("message_id");
    data.set("message_id", idFor(data.toString()));
    return data;
  }

  function refresh(token) {
    document.querySelectorAll("input[name=token]").forEach(function (field) { field.value = token; });
  }

  function post(data) {
    var stop = new AbortController();
    var clock = setTimeout(function () { stop.abort(); }, PATIENCE);
    return fetch("/chat", { method: "POST", headers: { Accept: "application/json" }, body: data, signal: stop.signal })
      .then(
        function (response) {
          return response.json().catch(function () { return { problem: WORDS.fault }; });
        },
        function () { return { problem: WORDS.offline }; }
      )
      .finally(function () { clearTimeout(clock); });
  }

  function ask(source, button) {
    if (waiting) return;
    var typed = source === form;
    var text = typed ? input.value : button.textContent.trim();
    if (typed && !text.trim()) { say(WORDS.empty); input.focus(); return; }
    if (typed && length(text) > longest) {
      say("Câu hỏi dài " + figure(length(text)) + " ký tự, nhiều hơn mức " + figure(longest) + " ký tự. Xin rút gọn hoặc chia thành nhiều câu.");
      input.focus();
      return;
    }
    var data = fields(source, button);
    var mine = said(text.trim());
    say("");
    busy(true);
    lines.append(mine);
    if (typed) { input.value = ""; fit(); input.focus(); }
    var slow = setTimeout(function () { typing(true); }, 200);
    mine.scrollIntoView({ block: "start" });
    post(data).then(function (result) {
      clearTimeout(slow);
      typing(false);
      busy(false);
      if (result.token) refresh(result.token);
      if (result.line !== undefined) { // empty where a person reads it and the machine keeps silent
        unsent = { key: "", id: "" };
        document.querySelectorAll("form.votes").forEach(function (older) { older.remove(); });
        lines.insertAdjacentHTML("beforeend", result.line);
        document.getElementById("forget").hidden = false;
        listen();
        mine.scrollIntoView({ block: "start" });
        return;
      }
      mine.remove();
      if (typed) { input.value = input.value ? text + "\n" + input.value : text; fit(); }
      say(result.problem || WORDS.fault);
    });
  }

  // A vote is said in passing: it adds a line only where the answer offers something else.
  function vote(source, button) {
    if (waiting) return;
    busy(true);
    say("");
    post(fields(source, button)).then(function (result) {
      busy(false);
      if (result.token) refresh(result.token);
      if (result.line === undefined) { say(result.problem || WORDS.fault); return; }
      unsent = { key: "", id: "" };
      var thanks = document.createElement("p");
      thanks.className = "votes";
      thanks.setAttribute("role", "status");
      source.replaceWith(thanks);
      thanks.textContent = WORDS.thanks;
      if (result.line.indexOf('name="choice"') === -1) return;
      lines.insertAdjacentHTML("beforeend", result.line);
      lines.lastElementChild.scrollIntoView({ block: "start" });
    });
  }

  // What the desk says unasked. A hidden page lets go of its connection: browsers allow few of them to one site.
  var stream = null;
  function listen() {
    var talks = !document.getElementById("forget").hidden && document.visibilityState === "visible";
    if (!talks || stream || lines.dataset.after === undefined || !window.EventSource) return;
    stream = new EventSource("/chat/events?sau=" + lines.dataset.after);
    stream.addEventListener("line", function (event) {
      lines.dataset.after = event.lastEventId;
      lines.insertAdjacentHTML("beforeend", event.data);
      if (document.activeElement !== input || !input.value) {
        lines.lastElementChild.scrollIntoView({ block: "nearest" });
      }
    });
  }
  function letGo() {
    if (stream) stream.close();
    stream = null;
  }
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") listen();
    else letGo();
  });
  window.addEventListener("pagehide", letGo);
  listen();

  document.addEventListener("submit", function (event) {
    if (!event.target.matches("form[data-chat]")) return;
    event.preventDefault();
    if (event.target.matches(".votes")) vote(event.target, event.submitter);
    else ask(event.target, event.submitter);
  });

  // An Enter that ends a composed Vietnamese syllable is not "send".
  input.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    ask(form, send);
  });
  if (document.body.classList.contains("embedded") && window.parent !== window) {
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") window.parent.postMessage("motcua:close", "*"); // says nothing of the visitor
    });
  }
  input.addEventListener("input", function () { fit(); if (problem.textContent) say(""); });

  fit();
  var last = document.querySelectorAll(".line.mine");
  if (last.length && !problem.textContent) {
    history.scrollRestoration = "manual"; // else the browser goes back to where a scroll was cut off
    last[last.length - 1].scrollIntoView({ block: "start", behavior: "instant" });
  }
})();
