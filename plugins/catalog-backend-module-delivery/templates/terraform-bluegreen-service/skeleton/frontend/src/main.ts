import { Api } from './api.ts';
import { renderItems } from './view.ts';

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}

const api = new Api((path, init) => fetch(path, init));
const form = element('add', HTMLFormElement);
const title = element('title', HTMLInputElement);
const message = element('message', HTMLParagraphElement);
const list = element('items', HTMLUListElement);

async function show(work: () => Promise<void>): Promise<void> {
  message.textContent = 'Loading…';
  try {
    await work();
    list.innerHTML = renderItems(await api.list());
    message.textContent = '';
  } catch (error) {
    message.textContent =
      error instanceof Error ? error.message : String(error);
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void show(async () => {
    await api.add(title.value);
    form.reset();
  });
});

void show(async () => {});
