import { expect, test } from '@jest/globals';
import { plantProject } from './planted-project.ts';

test('format tells of every file that is not as the formatter would write it', async () => {
  const long = `export const row = { ${'name: 1, '.repeat(11)}name: 1 };\n`;
  const project = plantProject({
    'functions/src/double-quotes.ts': 'export const name = "x";\n',
    'functions/src/no-semicolon.ts': 'export const name = 1\n',
    'functions/src/long-line.ts': long,
    'tools/indented.ts': '  export const name = 1;\n',
    'functions/src/well-formed.ts': "export const name = 'x';\n",
  });
  const { exitCode, output } = await project.run('format:check');
  project.remove();
  const planted = /(?:functions\/src|tools)\/[a-z-]+\.ts/g;
  expect(output.match(planted)?.toSorted()).toEqual([
    'functions/src/double-quotes.ts',
    'functions/src/long-line.ts',
    'functions/src/no-semicolon.ts',
    'tools/indented.ts',
  ]);
  expect(exitCode).not.toBe(0);
});
