import { join } from 'node:path';

/** The folder of the whole project. */
export const ROOT_DIR = join(import.meta.dirname, '..');
/** Logs and temporary settings of local runs; not in git. */
export const LOCAL_DIR = join(ROOT_DIR, '.local');
