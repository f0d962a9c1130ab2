export { assignTask, completeTask, createTask, updateTask } from './commands.ts';
export { taskEvents } from './events.ts';
export { taskPath } from './task.ts';
