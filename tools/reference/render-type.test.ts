import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { renderType } from './render-type.ts';

/** What a type is rendered as, white space aside. */
function rendered(type: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'types-'));
  try {
    const path = join(folder, 'answer.ts');
    writeFileSync(path, `export type Answer = ${type};\n`);
    const program = ts.createProgram([path], { strict: true, types: [] });
    const checker = program.getTypeChecker();
    const file = program.getSourceFile(path)!;
    const [answer] = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
    const text = renderType(checker, checker.getDeclaredTypeOfSymbol(answer!), 'an answer');
    return text.replaceAll(/\s+/g, ' ');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  [
    '{ id: string; n: 1; is: boolean }',
    '{ readonly id: string; readonly n: 1; readonly is: boolean; }',
  ],
  ["{ role?: 'a' | 'b' }", "{ readonly role?: 'a' | 'b'; }"],
  ['{ at: string | null }', '{ readonly at: null | string; }'],
  ['{ of: readonly { n: number }[] }', '{ readonly of: readonly { readonly n: number; }[]; }'],
  ['{ any: unknown[] }', '{ readonly any: readonly unknown[]; }'],
  ['Record<string, number>', '{ readonly [field: string]: number; }'],
  ['{ a: number } & { b: number }', '{ readonly a: number; readonly b: number; }'],
])('%s is rendered, and stands for itself', (type, text) => {
  expect(rendered(type)).toBe(text.replaceAll(/\s+/g, ' '));
});

test.each(['{ at: Date }', '{ run: () => void }', '{ n: bigint }', '{ all: Map<string, string> }'])(
  '%s cannot be sent, and is refused',
  (type) => {
    expect(() => rendered(type)).toThrow(/^In an answer: .+ cannot be sent\.$/);
  },
);
