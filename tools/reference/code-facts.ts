import { join } from 'node:path';
import ts from 'typescript';
import { ROOT_DIR } from '../paths.ts';
import { renderType } from './render-type.ts';

/** What only the compiler knows of the code. */
export interface CodeFacts {
  /** The type of what each command answers, by its name. */
  readonly results: ReadonlyMap<string, string>;
  readonly errorCodes: readonly string[];
}

const SOURCES = join(ROOT_DIR, 'functions/src');
const COMMANDS = join(SOURCES, 'composition/commands.ts');
const ERRORS = join(SOURCES, 'kernel/errors.ts');

/** Asks the compiler, which takes a few seconds. */
export function readCodeFacts(): CodeFacts {
  const program = ts.createProgram([COMMANDS, ERRORS], readOptions());
  const checker = program.getTypeChecker();
  const results = exportsOf(program, COMMANDS).map((command): [string, string] => [
    command.name,
    renderType(checker, resultOf(checker, command), `what ${command.name} answers`),
  ]);
  const errorCode = exportsOf(program, ERRORS).find(({ name }) => name === 'ErrorCode');
  if (errorCode === undefined) throw new Error(`${ERRORS} exports no ErrorCode.`);
  const codes = checker.getDeclaredTypeOfSymbol(errorCode) as ts.UnionType;
  const errorCodes = codes.types.map((type) => (type as ts.StringLiteralType).value);
  return { results: new Map(results), errorCodes: errorCodes.toSorted() };
}

function readOptions(): ts.CompilerOptions {
  const folder = join(ROOT_DIR, 'functions');
  const path = join(folder, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, readText) as { readonly config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, folder).options;
}

function readText(path: string): string | undefined {
  return ts.sys.readFile(path);
}

function exportsOf(program: ts.Program, path: string): ts.Symbol[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`The compiler does not find ${path}.`);
  return checker.getExportsOfModule(module);
}

/** What the promise of the command's `run` holds. */
function resultOf(checker: ts.TypeChecker, exported: ts.Symbol): ts.Type {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const command = checker.getTypeOfSymbol(isAlias ? checker.getAliasedSymbol(exported) : exported);
  const run = command.getProperty('run');
  const [signature] = run === undefined ? [] : checker.getTypeOfSymbol(run).getCallSignatures();
  const result = signature && checker.getAwaitedType(signature.getReturnType());
  if (result === undefined) throw new Error(`${exported.name} is no command.`);
  return result;
}
