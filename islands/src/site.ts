// The little that pages do with JavaScript. Everything works without it.

/** A summary of what to mend takes the focus, so that a screen reader reads it first. */
document.getElementById("summary")?.focus();

/** A question that was begun is not lost when the page is left by mistake. */
const form = document.querySelector<HTMLFormElement>("form[data-keep]");
if (form) {
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

/** A template goes into the reply where the cursor is. */
const reply = document.querySelector<HTMLTextAreaElement>("#reply textarea");
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-insert]")) {
  button.hidden = reply === null;
  button.addEventListener("click", () => {
    reply?.setRangeText(button.dataset.insert ?? "", reply.selectionStart, reply.selectionEnd, "end");
    reply?.focus();
  });
}

/** A question that follows from another one is shown when that one is answered so. */
for (const follow of document.querySelectorAll<HTMLElement>("[data-when]")) {
  const asked = document.querySelectorAll<HTMLInputElement>(`[name="${follow.dataset.when}"]`);
  const show = (): void => {
    follow.hidden = ![...asked].some((one) => one.checked && one.value === follow.dataset.is);
  };
  if (asked.length > 0) {
    for (const one of asked) one.addEventListener("change", show);
    show();
  }
}
