// The few shapes of the ESLint plugin interface that our rule needs.

export interface SyntaxNode {
  readonly type: string;
  readonly parent?: SyntaxNode | null;
  readonly name?: string;
  readonly value?: unknown;
  readonly computed?: boolean;
  readonly object?: SyntaxNode;
  readonly property?: SyntaxNode;
  readonly callee?: SyntaxNode;
  readonly arguments?: readonly SyntaxNode[];
  readonly body?: readonly SyntaxNode[];
  readonly source?: SyntaxNode;
  readonly importKind?: string;
  readonly specifiers?: readonly SyntaxNode[];
  readonly imported?: SyntaxNode;
}

interface Reference {
  readonly identifier: SyntaxNode;
  readonly isTypeReference?: boolean;
}

export interface SourceCode {
  readonly scopeManager: {
    readonly globalScope: {
      readonly through: readonly Reference[];
      readonly variables: readonly {
        readonly defs: readonly unknown[];
        readonly references: readonly Reference[];
      }[];
    } | null;
  };
}

export interface Rule {
  readonly meta: { readonly type: 'problem'; readonly docs: { readonly description: string } };
  create(context: {
    readonly sourceCode: SourceCode;
    report(problem: { node: SyntaxNode; message: string }): void;
  }): Record<string, (node: SyntaxNode) => void>;
}

/** The name that `object.name`, `object['name']` or `{ name }` asks for; `undefined` if computed. */
export function readStaticName(key: SyntaxNode | undefined, computed = false): string | undefined {
  if (key?.type === 'Identifier' && !computed) return key.name;
  return typeof key?.value === 'string' ? key.value : undefined;
}

/** The references in a file to names that the file does not declare itself. */
export function listGlobalReferences(sourceCode: SourceCode): SyntaxNode[] {
  const scope = sourceCode.scopeManager.globalScope;
  if (scope === null) return [];
  const builtIn = scope.variables.filter((variable) => variable.defs.length === 0);
  return [...scope.through, ...builtIn.flatMap((variable) => variable.references)]
    .filter((reference) => reference.isTypeReference !== true)
    .map((reference) => reference.identifier);
}
