// What does the page do beside what htmx does from its attributes? It listens to the stream, keeps keys and drafts, and helps with the composer.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const log = $("#log"), scroller = $("#scroller"), composer = $("#composer"), say = $("#say"), ways = $("#ways"), notice = $("#notice");
const channel = log.dataset.channel;
const store = {
  get: (name) => JSON.parse(localStorage.getItem(`morningbell.${name}`) ?? "{}"),
  set: (name, value) => localStorage.setItem(`morningbell.${name}`, JSON.stringify(value)),
};
const newKey = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function tell(words, calm = false) {
  notice.textContent = words;
  notice.classList.toggle("calm", calm);
  notice.hidden = !words;
}

// ------------------------------------------------------------------ the stream

let cursor = log.dataset.after, offline = 0;

function listen() {
  const source = new EventSource(`events?after=${cursor}`);
  source.addEventListener("open", () => { clearTimeout(offline); offline = 0; if (notice.textContent === log.dataset.offline) tell(""); });
  source.addEventListener("message", (event) => { cursor = event.lastEventId || cursor; show(event.data); });
  source.addEventListener("around", (event) => around(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    // Counted from the first failure: the browser tries again, and fails again, sooner than that.
    offline ||= setTimeout(() => tell(log.dataset.offline, true), 3000);
    // The browser tries again by itself, unless the server refused.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
  window.addEventListener("pagehide", () => source.close(), { once: true });
}

// A page that the browser kept and shows again goes on where its stream was cut.
window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

// `following`: one is at the end of the talk, and stays there when it grows. `end` is where that was when it was last looked at.
// `awaited`: the clock was stepped here, and what comes of it is wanted wherever one has been reading.
let following = true, end = 0, awaited = false;
const last = () => $$(".message", log).at(-1);
const endNow = () => scroller.scrollHeight - scroller.clientHeight;

// The end of the talk; of a message that is longer than the window, its beginning.
function toEnd() {
  following = !(last()?.offsetHeight > scroller.clientHeight);
  if (following) scroller.scrollTop = endNow();
  else last().scrollIntoView({ block: "start" });
  end = endNow();
  $(".newest").hidden = true;
}

// Late fonts, a changed card, the keyboard of a phone: whoever is at the end stays there, and nobody who has scrolled up is moved.
function keepPlace() {
  end = endNow();
  if (following) scroller.scrollTop = end;
}

// The browser scrolls by itself where the talk has changed; only where it has not was it a person.
function scrolled() {
  if (endNow() !== end) return;
  following = end - scroller.scrollTop < 40;
  if (following) $(".newest").hidden = true;
}

function show(html) {
  const box = document.createElement("template");
  box.innerHTML = html.trim();
  const message = box.content.firstElementChild, old = document.getElementById(message.id);
  if (old) replace(old, message);
  else if (Number(message.dataset.id) > Number(last()?.dataset.id ?? 0)) log.append(message);
  else return;
  htmx.process(message);
  if (following || awaited || message.classList.contains("mine")) { toEnd(); awaited = false; }
  else if (!old) $(".newest").hidden = false;
  seen();
}

let acting = "";

function replace(old, message) {
  // A button that was pressed is disabled meanwhile, and has lost the focus by that.
  const held = old.contains(document.activeElement) || (acting === old.id && document.activeElement === document.body);
  old.replaceWith(message);
  if (held) ($("[aria-invalid]", message) ?? message).focus();
}

function days() {
  let before = "";
  for (const message of $$(".message", log)) {
    message.classList.toggle("new-day", message.dataset.day !== before);
    before = message.dataset.day;
  }
}

function seen() {
  const newest = Number(last()?.dataset.id ?? 0);
  store.set("seen", { ...store.get("seen"), [channel]: Math.max(newest, store.get("seen")[channel] ?? 0) });
}

function around(state) {
  for (const link of $$("[data-channel][href]")) {
    const newest = state.newest[link.dataset.channel] ?? 0;
    $(".dot", link).hidden = link.dataset.channel === channel || newest <= (store.get("seen")[link.dataset.channel] ?? 0);
  }
  if (!state.clock) return;
  for (const part of $$("[data-clock]")) part.textContent = state.clock[part.dataset.clock];
  const date = $(".clock-date input");
  date.min = state.clock.today;
  if (date.value < date.min) date.value = date.min;
}

// ------------------------------------------------------------------ sending: one key for one act, however often it is sent

let failed = { text: "", key: "" };

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const element = ctx.sourceElement, body = ctx.request.body;
  ctx.focused = document.activeElement;
  awaited ||= element.matches(".clock form");
  if (element === say) body.set("caret", [...say.value.slice(0, say.selectionStart)].length);
  if (element === composer) {
    ctx.said = body.get("text");
    ctx.key = failed.text === ctx.said ? failed.key : newKey();
    body.set("key", ctx.key);
  }
  if (element.matches("[data-keyed]")) {
    element.dataset.key ||= newKey();
    body.set("key", element.dataset.key);
    body.set("message", element.closest(".message").dataset.id);
    acting = element.closest(".message").id;
  }
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement !== composer) return;
  if (say.value === ctx.said) write("");
  close();
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === say) return;
  if (ctx.response.status < 400) done(ctx.sourceElement, ctx.response.status === 200 ? ctx.text : "");
  else refused(ctx, ctx.text || composer.dataset.lost);
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx.sourceElement !== say) refused(ctx, composer.dataset.lost);
});

// A button is disabled while it works, and loses the focus by that.
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => setTimeout(() => {
  if (document.activeElement === document.body && ctx.focused?.isConnected) ctx.focused.focus();
}));

// `words`: what a step of the clock says when nothing comes of it.
function done(element, words) {
  delete element.dataset.key;
  element.closest("details")?.removeAttribute("open");
  tell(words, true);
  if (words) awaited = false;
}

function refused(ctx, words) {
  tell(words);
  if (ctx.sourceElement !== composer) return;
  failed = { text: ctx.said, key: ctx.key };
  if (!say.value) write(ctx.said);
}

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const ask = $("#ask"), { ctx, issueRequest, dropRequest } = event.detail;
  $("p", ask).textContent = ctx.confirm;
  ask.returnValue = "";
  ask.onclick = ({ target }) => target.value && ask.close(target.value);
  ask.onclose = () => (ask.returnValue === "yes" ? issueRequest() : dropRequest());
  ask.showModal();
});

// ------------------------------------------------------------------ who speaks

const speaker = $(".speaker"), asWhom = $(".speaker option[selected]")?.value;

// Every page of a browser speaks as the same person: one that shows somebody else must not go on.
if (speaker) {
  const name = `morningbell.speaker ${new URL(speaker.action).pathname}`;
  localStorage.setItem(name, asWhom);
  window.addEventListener("storage", (event) => { if (event.key === name && event.newValue !== asWhom) location.reload(); });
}

// ------------------------------------------------------------------ the composer

const draft = `morningbell.draft.${channel}`;
let chosen = -1, recalled = 0;

function write(text, caret = text.length) {
  say.value = text;
  say.setSelectionRange(caret, caret);
  grow();
}

function grow() {
  say.style.height = "auto";
  say.style.height = `${say.scrollHeight}px`;
  sessionStorage.setItem(draft, say.value);
}

const options = () => $$("[role=option]", ways);

function open() {
  const any = options().length > 0 && say.value !== "" && document.activeElement === say;
  ways.hidden = !any;
  say.setAttribute("aria-expanded", String(any));
  choose(-1);
}

function close() {
  ways.replaceChildren();
  open();
}

function choose(index) {
  chosen = index;
  options().forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
  const option = options()[index];
  if (option) say.setAttribute("aria-activedescendant", option.id);
  else say.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

// The server counts characters; here an emoji has the length of two.
function take(option) {
  const before = [...say.value].slice(0, Number(option.dataset.start)).join("") + option.dataset.insert;
  write(before + say.value.slice(say.selectionStart), before.length);
  close();
  say.dispatchEvent(new Event("input", { bubbles: true }));
}

function recall(step) {
  const lines = $$(".mine [data-line]", log).map((line) => line.textContent);
  recalled = Math.min(Math.max(recalled + step, 0), lines.length);
  write(recalled ? lines[lines.length - recalled] : "");
}

function onListKey(event) {
  const count = options().length;
  if (event.key === "ArrowDown") choose((chosen + 1) % count);
  else if (event.key === "ArrowUp") choose(chosen <= 0 ? count - 1 : chosen - 1);
  else if (event.key === "Tab" && !event.shiftKey) take(options()[Math.max(chosen, 0)]);
  else if (event.key === "Enter" && !event.shiftKey && chosen >= 0) take(options()[chosen]);
  else if (event.key === "Escape") close();
  else return false;
  return true;
}

function onKey(event) {
  if (event.key === "Enter" && !event.shiftKey) { if (say.value.trim()) composer.requestSubmit(); }
  else if (event.key === "ArrowUp" && (!say.value || recalled)) recall(1);
  else if (event.key === "ArrowDown" && recalled) recall(-1);
  else return false;
  return true;
}

say.addEventListener("keydown", (event) => {
  // While an input method is composing, its keys are its own: 229, where Safari has already ended the composition that Enter confirms.
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (ways.hidden ? onKey(event) : onListKey(event) || onKey(event)) event.preventDefault();
});
say.addEventListener("input", () => { recalled = 0; grow(); });
say.addEventListener("blur", () => { ways.hidden = true; });
ways.addEventListener("mousedown", (event) => { event.preventDefault(); const option = event.target.closest("[role=option]"); if (option) take(option); });
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === say) open();
});

// ------------------------------------------------------------------ files

async function upload(files) {
  for (const file of files) {
    if (file.size > Number(composer.dataset.limit)) { tell(composer.dataset.tooLarge); continue; }
    tell(composer.dataset.sending.replace("{name}", file.name), true);
    const body = new FormData();
    body.append("key", newKey());
    body.append("file", file);
    const answer = await fetch("upload", { method: "POST", body }).catch(() => null);
    tell(answer?.ok ? "" : (await answer?.text()) || composer.dataset.lost);
  }
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
let over = 0;
document.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { over += 1; composer.classList.add("dropping"); } });
document.addEventListener("dragleave", (event) => { if (carriesFiles(event) && (over -= 1) <= 0) composer.classList.remove("dropping"); });
document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  over = 0;
  composer.classList.remove("dropping");
  upload(event.dataTransfer.files);
});
say.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) { event.preventDefault(); upload(event.clipboardData.files); }
});
$("#attach").addEventListener("change", (event) => { upload([...event.target.files]); event.target.value = ""; });

// ------------------------------------------------------------------ around the chat

function drawer(open) {
  document.body.classList.toggle("drawer", open);
  $(".drawer-open").setAttribute("aria-expanded", String(open));
  (open ? $(".drawer-close") : $(".drawer-open")).focus();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-drawer], [data-picture], [data-try], .newest, .lightbox");
  if (target?.matches("[data-drawer]")) drawer(!document.body.classList.contains("drawer"));
  else if (target?.matches("[data-picture]")) { event.preventDefault(); enlarge($("img", target)); }
  else if (target?.matches("[data-try]")) { write(target.dataset.try); say.focus(); }
  else if (target?.matches(".newest")) toEnd();
  else if (target?.matches(".lightbox")) target.close();
  else if (!event.target.closest(".clock-date")) $(".clock-date")?.removeAttribute("open");
});

function enlarge(picture) {
  const box = $("#lightbox");
  $("img", box).src = picture.src;
  $("img", box).alt = picture.alt;
  box.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("drawer")) drawer(false);
  if (event.key === "Escape") $(".clock-date")?.removeAttribute("open");
});
document.addEventListener("change", (event) => { if (event.target.form?.matches("[data-auto]")) event.target.form.requestSubmit(); });
scroller.addEventListener("scroll", scrolled, { passive: true });
const sizes = new ResizeObserver(keepPlace);
sizes.observe(log);
sizes.observe(scroller);

if (sessionStorage.getItem(draft)) write(sessionStorage.getItem(draft));
new MutationObserver(days).observe(log, { childList: true });
days();
seen();
if (location.hash && $(location.hash)) { following = false; $(location.hash).scrollIntoView(); }
else toEnd();
listen();
