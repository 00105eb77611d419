import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** The laws of the house, each with its remedy; see server/README.md. */
const ROOT = resolve(__dirname, '..');
const FILE_LINES_MAX = 300;
const TEST_FILE_LINES_MAX = 500;
const FUNCTION_LINES_MAX = 60;

/** Calls go down this list. */
const RANKS = [
  'platform',
  'people',
  'accounting',
  'inventory',
  'approvals',
  'shipping',
  'orders',
  'payments',
  'fulfillment',
  'cancellations',
  'documents',
  'notifications',
  'reports',
  'webhooks',
  'console',
];
const VAGUE_NAMES = /(^|[-/.])(utils?|helpers?|common|misc|manager)([-/.]|$)/i;
const LEFTOVERS = new RegExp(`\\b(${['FIX' + 'ME', 'XX' + 'X', 'TO' + 'DO'].join('|')})\\b`);
const GENERATED = ['package-lock.json'];
/** Started by name or by a tool, so nobody imports them. */
const ENTRY_POINTS =
  /^(server\/main\.ts|nodes\/.*\.node\.ts|credentials\/.*|test\/.*|scripts\/run\.mjs|scripts\/commands\/.*|server\/platform\/database\/migrations\/.*|.*\.config\.[cm]?[jt]s|gulpfile\.js|demo\/.*)$/;

const files = ['server', 'nodes', 'credentials', 'scripts', 'test', 'demo'].flatMap((folder) =>
  walk(join(ROOT, folder)),
);
const sources = files.filter((file) => /\.(ts|mjs|js|cjs)$/.test(file));

function walk(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    if (['node_modules', 'dist', '.orderloom'].includes(name)) return [];
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [relative(ROOT, path)];
  });
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

interface Shape {
  imports: { target: string; line: number }[];
  functions: { name: string; lines: number; line: number }[];
}

function shapeOf(file: string): Shape {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const shape: Shape = { imports: [], functions: [] };
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier?.startsWith('.'))
      shape.imports.push({ target: resolveImport(file, specifier), line: lineAt(node.pos) });
    if (isNamedFunction(node)) {
      const lines = lineAt(node.end) - lineAt(node.getStart()) + 1;
      shape.functions.push({ name: node.name?.getText() ?? 'a function', lines, line: lineAt(node.getStart()) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return shape;
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    return (node.moduleSpecifier as ts.StringLiteral).text;
  }
  const called =
    ts.isCallExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require');
  const argument = called ? node.arguments[0] : undefined;
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined;
}

function isNamedFunction(node: ts.Node): node is ts.FunctionDeclaration | ts.MethodDeclaration {
  return ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node);
}

function resolveImport(from: string, specifier: string): string {
  const path = relative(ROOT, resolve(ROOT, dirname(from), specifier));
  const found = ['', '.ts', '/index.ts', '.mjs', '.js', '.json']
    .map((end) => path + end)
    .find((one) => existsSync(join(ROOT, one)) && statSync(join(ROOT, one)).isFile());
  return found ?? path;
}

function sliceOf(file: string): string | undefined {
  const [top, slice, rest] = file.split('/');
  return top === 'server' && rest !== undefined ? slice : undefined;
}

const shapes = new Map(sources.map((file) => [file, shapeOf(file)]));

/** Fails with one line for each break, so that all can be mended at once. */
function expectNone(breaks: string[]): void {
  expect(breaks).toEqual([]);
}

describe('The house', () => {
  it('keeps files short enough to read in one sitting', () => {
    expectNone(
      sources.flatMap((file) => {
        const max = file.startsWith('test/') ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
        const lines = read(file).split('\n').length - 1;
        return lines > max ? [`${file} has ${lines} lines; split it by verb below ${max}`] : [];
      }),
    );
  });

  it('keeps functions short enough to see whole', () => {
    expectNone(
      [...shapes].flatMap(([file, { functions }]) =>
        functions
          .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
          .map(
            ({ name, lines, line }) =>
              `${file}:${line} ${name} has ${lines} lines; name its parts, at most ${FUNCTION_LINES_MAX}`,
          ),
      ),
    );
  });

  it('lets calls go down the ranks only', () => {
    expectNone(
      [...shapes].flatMap(([file, { imports }]) => {
        const slice = sliceOf(file);
        if (!slice) return [];
        return imports.flatMap(({ target, line }) => {
          const other = sliceOf(target);
          if (!other || other === slice || RANKS.indexOf(other) < RANKS.indexOf(slice)) return [];
          return [
            `${file}:${line} ${slice} imports ${other}, which ranks above it; emit an event or fill a registry instead`,
          ];
        });
      }),
    );
  });

  it('lets a slice be entered by its door only', () => {
    expectNone(
      [...shapes].flatMap(([file, { imports }]) => {
        const slice = sliceOf(file);
        if (!file.startsWith('server/')) return [];
        return imports.flatMap(({ target, line }) => {
          const other = sliceOf(target);
          if (!other || other === slice || other === 'platform' || /^server\/[^/]+\/index\.ts$/.test(target)) return [];
          return [`${file}:${line} reaches into ${target}; export what it needs from server/${other}/index.ts`];
        });
      }),
    );
  });

  it('gives every slice a rank and a README', () => {
    const slices = readdirSync(join(ROOT, 'server')).filter((name) =>
      statSync(join(ROOT, 'server', name)).isDirectory(),
    );
    const houses = slices.filter((name) => !['node_modules', 'dist'].includes(name));
    expectNone([
      ...houses
        .filter((name) => !RANKS.includes(name))
        .map((name) => `server/${name} has no rank; add it to RANKS and server/README.md`),
      ...houses
        .filter((name) => !existsSync(join(ROOT, 'server', name, 'README.md')))
        .map((name) => `server/${name} has no README.md; write its words and rules`),
    ]);
  });

  it('keeps n8n’s side away from the service', () => {
    expectNone(
      [...shapes].flatMap(([file, { imports }]) =>
        /^(nodes|credentials)\//.test(file)
          ? imports
              .filter(({ target }) => target.startsWith('server/'))
              .map(({ target, line }) => `${file}:${line} imports ${target}; nodes talk HTTP only`)
          : [],
      ),
    );
  });

  it('holds no file that nothing uses', () => {
    const used = new Set([...shapes.values()].flatMap(({ imports }) => imports.map(({ target }) => target)));
    expectNone(
      sources
        .filter((file) => !used.has(file) && !ENTRY_POINTS.test(file))
        .map((file) => `${file} is imported by nobody; use it or delete it`),
    );
  });

  it('calls things by what they are', () => {
    expectNone(
      files.filter((file) => VAGUE_NAMES.test(file)).map((file) => `${file} has a vague name; say what it holds`),
    );
  });

  it('leaves nothing for later without saying so in an issue', () => {
    expectNone(
      sources.flatMap((file) =>
        GENERATED.includes(file)
          ? []
          : read(file)
              .split('\n')
              .flatMap((line, n) =>
                LEFTOVERS.test(line) ? [`${file}:${n + 1} leftover mark; do it or open an issue`] : [],
              ),
      ),
    );
  });

  it('switches no test off', () => {
    const off = new RegExp(`\\b(it|test|describe)\\.(${['skip', 'only', 'todo'].join('|')})\\b`);
    expectNone(
      sources
        .filter((file) => file.startsWith('test/') && off.test(read(file)))
        .map((file) => `${file} switches a test off; mend it or delete it`),
    );
  });

  it('reads the environment in one place of the service', () => {
    expectNone(
      sources
        .filter(
          (file) =>
            file.startsWith('server/') && file !== 'server/platform/config.ts' && /process\.env/.test(read(file)),
        )
        .map((file) => `${file} reads process.env; add a field to platform/config.ts`),
    );
  });

  it('takes the time from a clock that tests can move', () => {
    const clock = 'server/platform/clock.ts';
    expectNone(
      sources
        .filter((file) => file.startsWith('server/') && file !== clock && /\bDate\.now\(|new Date\(\)/.test(read(file)))
        .map((file) => `${file} reads the clock; take ctx.now or a Clock`),
    );
  });
});
