import { listGlobalReferences, readStaticName } from './syntax.ts';
import type { SourceCode, SyntaxNode } from './syntax.ts';

interface AmbientUse {
  readonly node: SyntaxNode;
  readonly name: string;
}

const globalObjects = new Set(['globalThis', 'global', 'self', 'window']);
const timers = ['setTimeout', 'setInterval'];
const cryptoChance = ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'];

/** Members that may not be read, by global; a global named whole (`const D = Date`) hides them. */
const bannedMembers = new Map<string, ReadonlySet<string>>([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
  ['performance', new Set(['now', 'timeOrigin'])],
  ['crypto', new Set(cryptoChance)],
  ['process', new Set(['hrtime', 'uptime'])],
  ['AbortSignal', new Set(['timeout'])],
]);

/** Imported names that may not be used, by module. */
const bannedImports = new Map<string, ReadonlySet<string>>([
  ['crypto', new Set([...cryptoChance, 'webcrypto'])],
  ['timers', new Set(timers)],
  ['timers/promises', new Set([...timers, 'scheduler'])],
  ['perf_hooks', new Set(['performance'])],
  ['process', new Set(['hrtime', 'uptime'])],
]);

/** Lists where a file reads the clock, chance or a timer of the machine it runs on. */
export function listAmbientUses(program: SyntaxNode, sourceCode: SourceCode): AmbientUse[] {
  const imports = (program.body ?? []).filter((node) => node.type === 'ImportDeclaration');
  return [
    ...listGlobalReferences(sourceCode).flatMap((identifier) => judgeGlobal(identifier)),
    ...imports.flatMap((declaration) => judgeImport(declaration)),
  ];
}

function judgeGlobal(identifier: SyntaxNode): AmbientUse[] {
  const own = identifier.name ?? '';
  if (!globalObjects.has(own)) return judgeUse(identifier, own);
  const member = identifier.parent;
  if (member?.type !== 'MemberExpression' || member.object !== identifier) return [];
  const name = readStaticName(member.property, member.computed);
  return name === undefined ? [] : judgeUse(member, name);
}

function judgeUse(node: SyntaxNode, name: string): AmbientUse[] {
  if (timers.includes(name)) return [{ node, name }];
  const banned = bannedMembers.get(name);
  if (banned === undefined) return [];
  const { parent } = node;
  if (parent?.type === 'VariableDeclarator') return [{ node, name }];
  if (parent?.type === 'MemberExpression' && parent.object === node) {
    return judgeMember(parent, name, banned);
  }
  return name === 'Date' ? judgeDateCall(node) : [];
}

function judgeMember(node: SyntaxNode, owner: string, banned: ReadonlySet<string>): AmbientUse[] {
  const member = readStaticName(node.property, node.computed);
  const allowed = member !== undefined && !banned.has(member);
  return allowed ? [] : [{ node, name: `${owner}.${member ?? '[…]'}` }];
}

/** `new Date(x)` only converts; `new Date()` and `Date()` read the clock. */
function judgeDateCall(node: SyntaxNode): AmbientUse[] {
  const { parent } = node;
  if (parent?.callee !== node) return [];
  if (parent.type === 'CallExpression') return [{ node: parent, name: 'Date()' }];
  return parent.arguments?.length === 0 ? [{ node: parent, name: 'new Date()' }] : [];
}

function judgeImport(declaration: SyntaxNode): AmbientUse[] {
  const from = String(declaration.source?.value).replace(/^node:/, '');
  const banned = bannedImports.get(from);
  if (banned === undefined || declaration.importKind === 'type') return [];
  return (declaration.specifiers ?? []).flatMap((specifier) => {
    // A default or namespace import would reach every member unseen.
    const name = specifier.imported === undefined ? '*' : readStaticName(specifier.imported);
    const allowed = specifier.importKind === 'type' || (name !== '*' && !banned.has(name ?? ''));
    return allowed ? [] : [{ node: specifier, name: `${from}.${name ?? ''}` }];
  });
}
