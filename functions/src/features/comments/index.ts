export { commentPath } from './comment.ts';
export { addComment, deleteComment, updateComment } from './commands.ts';
export { commentEvents } from './events.ts';
