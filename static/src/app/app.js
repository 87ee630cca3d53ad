// Every page works without scripts. The Design System's own, then three conveniences of ours.
import { initAll } from '../govuk/govuk-frontend.min.js';

initAll();
const waiting = (act, ms) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(act, ms); }; };
const send = (form, url, more = {}) => fetch(url, { method: 'POST', body: new FormData(form), headers: { 'X-Requested-With': 'fetch' }, ...more });

// 1. <div data-preview="/url"> in a form: posts the form as it is typed, shows the answer.
for (const box of document.querySelectorAll('form [data-preview]')) {
  const form = box.closest('form');
  let request;
  form.addEventListener('input', waiting(async () => {
    request?.abort();
    request = new AbortController();
    try {
      const answer = await send(form, box.dataset.preview, { signal: request.signal });
      if (answer.ok) box.innerHTML = await answer.text();
    } catch (error) { if (error.name !== 'AbortError') box.textContent = 'We could not work this out. Use the button.'; }
  }, 600));
}

// 2. <form data-autosave="/url"> with <p data-autosave-status role="status"> keeps a draft.
for (const form of document.querySelectorAll('form[data-autosave]')) {
  const status = form.querySelector('[data-autosave-status]');
  let changed = false;
  const save = async () => {
    if (!changed) return;
    changed = false;
    try {
      const answer = await send(form, form.dataset.autosave, { keepalive: true });
      if (!answer.ok) throw new Error(answer.status);
      const time = new Date().toLocaleTimeString('en-GB', { hour: 'numeric', minute: '2-digit', hour12: true });
      status.textContent = 'Draft saved at ' + time.replace(' ', '');
    } catch {
      changed = true;
      status.textContent = 'We could not save your draft. We will try again. Do not close this page.';
    }
  };
  const later = waiting(save, 3000);
  form.addEventListener('input', () => { changed = true; later(); });
  form.addEventListener('submit', () => { changed = false; });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && save());
}

// 3. <dialog data-timeout="1200" data-warn="120" data-keep="/url" data-out="/url"> warns before sign-out.
const dialog = document.querySelector('dialog[data-timeout]');
if (dialog) {
  const { timeout, warn, keep, out, csrf } = dialog.dataset;
  const tabs = new BroadcastChannel('session');
  const count = dialog.querySelector('[data-left]');
  let end, opener;
  const start = (tell = true) => { end = Date.now() + timeout * 1000; if (tell) tabs.postMessage('start'); };
  tabs.onmessage = () => start(false);
  start();
  dialog.querySelector('[data-stay]').addEventListener('click', async () => {
    await fetch(keep, { method: 'POST', headers: { 'X-CSRFToken': csrf } });
    start();
    dialog.close();
    opener?.focus();
  });
  setInterval(() => {
    const left = Math.round((end - Date.now()) / 1000);
    if (left <= 0) return location.assign(out);
    if (left > warn) return dialog.open && dialog.close();
    if (!dialog.open) { opener = document.activeElement; count.textContent = ''; dialog.showModal(); }
    const text = left > 60 ? `${Math.ceil(left / 60)} minutes` : left > 20 ? '1 minute' : `${left} seconds`;
    if (!count.textContent || (count.textContent !== text && (left > 20 || left % 10 === 0))) count.textContent = text;
  }, 1000);
}
