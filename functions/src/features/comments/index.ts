export { addComment, deleteComment, updateComment } from './commands.ts';
export { commentEvents } from './events.ts';
