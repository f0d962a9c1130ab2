import { join } from 'node:path';
import ts from 'typescript';

/** A name that a door exports, or a member of one, and whether a comment at its declaration says what it is. */
export interface Documented {
  /** `door: name` or `door: name.member`. */
  readonly name: string;
  readonly hasComment: boolean;
  /** A plain number, or milliseconds since when: only a comment or the name can say which. */
  readonly isNumber: boolean;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['source'],
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
};

/** Everything that these doors export, and the members of what they export, as the compiler sees it. */
export function listDocumented(root: string, doors: readonly string[]): Documented[] {
  const paths = doors.map((door) => join(root, door));
  const program = ts.createProgram(paths, options);
  const checker = program.getTypeChecker();
  return doors.flatMap((door, index) => {
    const file = program.getSourceFile(paths[index] ?? '');
    const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${door} is no module.`);
    return checker.getExportsOfModule(module).flatMap((exported) => {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      const name = `${door}: ${exported.name}`;
      const own = { name, hasComment: hasComment(symbol, checker), isNumber: false };
      return [own, ...membersOf(symbol, checker).map((member) => describe(member, name, checker))];
    });
  });
}

function hasComment(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return symbol.getDocumentationComment(checker).some(({ text }) => text.trim() !== '');
}

/** What an interface, a class or a type made of members declares itself. */
function membersOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const hasMembers = ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias;
  if ((symbol.flags & hasMembers) === 0) return [];
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (type.isUnion()) return [];
  return type.getProperties().filter(isOurs);
}

function isOurs(member: ts.Symbol): boolean {
  const declarations = member.declarations ?? [];
  return declarations.some(
    (declaration) =>
      !declaration.getSourceFile().fileName.includes('/node_modules/') &&
      !(ts.canHaveModifiers(declaration) && isPrivate(declaration)),
  );
}

function isPrivate(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isPrivateIdentifier(name);
}

function describe(member: ts.Symbol, of: string, checker: ts.TypeChecker): Documented {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(member));
  return {
    name: `${of}.${member.name}`,
    hasComment: hasComment(member, checker),
    isNumber: (type.flags & ts.TypeFlags.NumberLike) !== 0,
  };
}
