import ts from 'typescript';

/** What goes over the wire as it is, and is the same on the other side. */
const PLAIN =
  ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.Null;

/**
 * A type of the code as TypeScript that stands for itself, its fields indented below `indent`. Throws for what
 * would not be the same after it was sent: a time, a function, a bigint.
 */
export function renderType(
  checker: ts.TypeChecker,
  type: ts.Type,
  what: string,
  indent = '    ',
): string {
  const next = (inner: ts.Type): string => renderType(checker, inner, what, indent);
  if ((type.flags & ts.TypeFlags.Unknown) !== 0) return 'unknown';
  if ((type.flags & PLAIN) !== 0) return renderPlain(checker, type);
  // Sorted: the compiler has them in the order in which it met them.
  if (type.isUnion()) return [...new Set(type.types.map(next))].toSorted().join(' | ');
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    if (element === undefined) throw new Error(`In ${what}: a list of nothing known.`);
    return element.isUnion() ? `readonly (${next(element)})[]` : `readonly ${next(element)}[]`;
  }
  if (!isRecord(checker, type)) {
    throw new Error(`In ${what}: ${checker.typeToString(type)} cannot be sent.`);
  }
  return renderFields(checker, type, what, indent);
}

function renderFields(
  checker: ts.TypeChecker,
  type: ts.Type,
  what: string,
  indent: string,
): string {
  const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  const deeper = `${indent}  `;
  const fields = type.getProperties().map((field) => {
    const isOptional = (field.flags & ts.SymbolFlags.Optional) !== 0;
    const value = checker.getNonNullableType(checker.getTypeOfSymbol(field));
    const shown = isOptional ? value : checker.getTypeOfSymbol(field);
    return `${deeper}readonly ${field.name}${isOptional ? '?' : ''}: ${renderType(checker, shown, what, deeper)};`;
  });
  const others =
    index && `${deeper}readonly [field: string]: ${renderType(checker, index, what, deeper)};`;
  return ['{', ...fields, ...(others === undefined ? [] : [others]), `${indent}}`].join('\n');
}

/** Literals stay what they are, in the quotes of this code. */
function renderPlain(checker: ts.TypeChecker, type: ts.Type): string {
  return type.isStringLiteral() ? `'${type.value}'` : checker.typeToString(type);
}

/** An object of fields only: neither called nor made by a class. */
function isRecord(checker: ts.TypeChecker, type: ts.Type): boolean {
  const isCalled = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
  const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
  return isObject && !isCalled && !hasMethods(checker, type);
}

function hasMethods(checker: ts.TypeChecker, type: ts.Type): boolean {
  const types = type.getProperties().map((field) => checker.getTypeOfSymbol(field));
  return types.some((field) => field.getCallSignatures().length > 0);
}
