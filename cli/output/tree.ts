/** A line, and what hangs below it. */
export interface Branch {
  readonly text: string;
  readonly below: readonly Branch[];
}

/** Drawn with lines, top first. */
export function formatTree(roots: readonly Branch[]): string {
  return roots.flatMap((root) => [root.text, ...linesBelow(root.below, '')]).join('\n');
}

/** Not recursive: a chain of causes may be a thousand long. */
function linesBelow(branches: readonly Branch[], indent: string): string[] {
  const lines: string[] = [];
  const open = [{ branches, indent, at: 0 }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const branch = top.branches[top.at];
    if (branch === undefined) {
      open.pop();
      continue;
    }
    top.at += 1;
    const isLast = top.at === top.branches.length;
    lines.push(`${top.indent}${isLast ? '└─ ' : '├─ '}${branch.text}`);
    open.push({ branches: branch.below, indent: `${top.indent}${isLast ? '   ' : '│  '}`, at: 0 });
  }
  return lines;
}
