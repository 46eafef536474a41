// Which calls of AWS a program makes: the commands of the SDK that are made in the files which its entry point needs, found in the syntax
// trees. A file counts when a name that it declares is imported, so a barrel does not bring everything that it exports.
import { PRODUCT_ROOT } from '@app/platform';
import { join } from 'node:path';
import ts from 'typescript';

const SDK = /^@aws-sdk\/client-(.+)$/;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.Node20,
  pathsBasePath: PRODUCT_ROOT,
  jsx: ts.JsxEmit.ReactJSX,
  noLib: true,
  types: [],
  paths: {
    '@app/contracts': ['./libs/contracts/src/index.ts'],
    '@app/contracts/*': ['./libs/contracts/src/*/index.ts'],
    '@app/learning/*': ['./libs/learning/src/*/index.ts'],
    '@app/onnx/*': ['./libs/onnx/src/*/index.ts'],
    '@app/platform/*': ['./libs/platform/src/*/index.ts'],
    '@app/*': ['./libs/*/src/index.ts'],
  },
};

/** @param entry from the product's root: `apps/was/src/main.ts`. @returns `['s3:GetObject', ...]`, by client, sorted. */
export function sdkCallsOf(entry: string): string[] {
  const host = ts.createCompilerHost(OPTIONS);
  host.resolveModuleNameLiterals = (names, file) =>
    names.map(({ text }) =>
      /^(\.|@app\/)/.test(text) ? ts.resolveModuleName(text, file, OPTIONS, host) : { resolvedModule: undefined },
    );
  const program = ts.createProgram([join(PRODUCT_ROOT, entry)], OPTIONS, host);
  const checker = program.getTypeChecker();
  const seen = new Set<ts.SourceFile>();
  const calls = new Set<string>();
  const waiting = [program.getSourceFile(join(PRODUCT_ROOT, entry))];
  for (let file = waiting.pop(); waiting.length > 0 || file !== undefined; file = waiting.pop()) {
    if (file === undefined || seen.has(file)) continue;
    seen.add(file);
    for (const call of callsIn(file)) calls.add(call);
    for (const statement of file.statements) {
      if (ts.isImportDeclaration(statement)) waiting.push(...filesBehind(statement, checker));
    }
  }
  return [...calls].sort();
}

function* filesBehind(
  { importClause, moduleSpecifier }: ts.ImportDeclaration,
  checker: ts.TypeChecker,
): Generator<ts.SourceFile> {
  if (importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
  const bindings = importClause?.namedBindings;
  const names =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name)
      : [];
  const symbols = names.map((name) => checker.getSymbolAtLocation(name));
  if (names.length === 0) symbols.push(checker.getSymbolAtLocation(moduleSpecifier)); // for its effects, or all of it
  for (const symbol of symbols) {
    if (symbol === undefined) continue;
    const target = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    for (const declaration of target.declarations ?? []) yield declaration.getSourceFile();
  }
}

/** `new GetObjectCommand(...)` and `paginateListObjectsV2(...)`, of what a file imports from a client of the SDK. */
function callsIn(file: ts.SourceFile): string[] {
  const clientOf = new Map<string, string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const client = SDK.exec(statement.moduleSpecifier.text)?.[1];
    const bindings = statement.importClause?.namedBindings;
    if (client === undefined || bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const { name } of bindings.elements) clientOf.set(name.text, client);
  }
  const calls: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && ts.isIdentifier(node.expression)) {
      const { text } = node.expression;
      const client = clientOf.get(text);
      const operation = /^(?:paginate(.+)|(.+)Command)$/.exec(text);
      if (client !== undefined && operation) calls.push(`${client}:${operation[1] ?? operation[2] ?? ''}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}
