import type { Intent } from '../client/index.ts';
import { CallError } from '../client/index.ts';
import type { Office } from './office.ts';
import type { Notification, Person } from './person.ts';

/** Shows each person of an office side by side: what they are told, and where they comment. */
export function showOffice(root: HTMLElement, office: Office): void {
  root.replaceChildren(
    ...office.people.map((person) => deskOf(root.ownerDocument, person, office)),
  );
}

function deskOf(document: Document, person: Person, office: Office): HTMLElement {
  const desk = document.createElement('section');
  desk.dataset['person'] = person.name;
  const input = element(document, 'input', { required: 'true', placeholder: 'A comment' });
  const button = element(document, 'button', {}, 'Comment');
  const form = element(document, 'form');
  form.append(input, button);
  const status = element(document, 'output');
  const list = element(document, 'ol');
  desk.append(element(document, 'h2', {}, person.name), form, status, list);

  const say = createSay(person, office);
  const submit = async (): Promise<void> => {
    button.disabled = true;
    try {
      await say(input.value);
      input.value = '';
      status.textContent = 'Said.';
    } catch (error) {
      status.textContent = explain(error);
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit().catch((error: unknown) => (status.textContent = explain(error)));
  });
  person.watch(
    office.orgId,
    (notifications) => list.replaceChildren(...notifications.map((one) => itemOf(document, one))),
    (error) => (status.textContent = explain(error)),
  );
  return desk;
}

/** Says something once: what had no answer is the same intent when it is tried again. */
function createSay({ client }: Person, { intentToSay }: Office): (body: string) => Promise<void> {
  let unanswered: Intent<'addComment'> | undefined;
  return async (body) => {
    const intent = unanswered?.input.body === body ? unanswered : intentToSay(body);
    unanswered = intent;
    await client.send(intent);
    unanswered = undefined;
  };
}

function itemOf(document: Document, { id, title, body }: Notification): HTMLElement {
  return element(document, 'li', { id }, body === '' ? title : `${title}: ${body}`);
}

/** In words: a refusal by its code, which stays the same over releases. */
export function explain(error: unknown): string {
  if (!(error instanceof CallError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'no-answer') return 'Nobody answers. Is `npm start` running?';
  return `Refused (${error.code}): ${error.message}`;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  // A text, and never HTML: it is what other people wrote.
  made.textContent = text;
  return made;
}
