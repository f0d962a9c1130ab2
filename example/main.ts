import { openOffice } from './office.ts';
import { explain, showOffice } from './page.ts';
import type { Place } from './person.ts';

const root = document.querySelector('main');
if (root === null) throw new Error('The page has no <main>.');

try {
  // Written by whoever started the emulators: their ports may be any.
  const response = await fetch('place.json');
  showOffice(root, await openOffice((await response.json()) as Place));
} catch (error) {
  root.textContent = explain(error);
}
