import { commands } from '../composition/index.ts';
import { callable } from './callable.ts';

export const attemptCall = callable(commands.attemptCall);
