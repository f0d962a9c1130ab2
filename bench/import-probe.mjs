// Imports the file in the first argument and prints how many milliseconds that took. Plain JavaScript: a
// deployed instance loads no compiler either.
import { pathToFileURL } from 'node:url';

const { href } = pathToFileURL(process.argv[2]);
const beganMs = performance.now();
await import(href);
process.stdout.write(String(performance.now() - beganMs));
