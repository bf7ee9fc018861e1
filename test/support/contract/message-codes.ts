import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../..', import.meta.url));

// Every plan checks what these constraints check, before it writes.
const backstop = 'src/store/change/constraint-errors.ts';

type Declaration = ts.FunctionDeclaration | ts.ClassDeclaration | ts.VariableDeclaration;

/** Codes of the user errors and warnings that a function can reach. */
export interface ReachableCodes {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Finds the codes of messages that functions of the program can reach, by following every reference from them. */
export class MessageCodes {
  private readonly program = createProgram();
  private readonly checker = this.program.getTypeChecker();
  private readonly references = new Map<Declaration, ReadonlySet<Declaration>>();

  /** Returns the codes that an exported function can reach. */
  findReachable(file: string, functionName: string): ReachableCodes {
    const start = this.findFunction(file, functionName);
    const visited = new Set<Declaration>([start]);
    for (const declaration of visited) for (const next of this.findReferences(declaration)) visited.add(next);
    const codes = (define: string): string[] =>
      [...new Set([...visited].flatMap((declaration) => findDefinedCode(declaration, define) ?? []))].sort();
    return { errors: codes('defineProblem'), warnings: codes('defineWarning') };
  }

  private findFunction(file: string, functionName: string): ts.FunctionDeclaration {
    const found = this.program
      .getSourceFile(join(root, file))
      ?.statements.find(
        (statement): statement is ts.FunctionDeclaration =>
          ts.isFunctionDeclaration(statement) && statement.name?.text === functionName,
      );
    if (!found) throw new Error(`${file} has no function ${functionName}.`);
    return found;
  }

  private findReferences(declaration: Declaration): ReadonlySet<Declaration> {
    const known = this.references.get(declaration);
    if (known) return known;
    const found = new Set<Declaration>();
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) for (const target of this.resolve(node)) found.add(target);
      // Types have no messages.
      if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
    };
    ts.forEachChild(declaration, visit);
    this.references.set(declaration, found);
    return found;
  }

  private resolve(identifier: ts.Identifier): Declaration[] {
    const symbol = this.checker.getSymbolAtLocation(identifier);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    return (target?.declarations ?? []).filter(isFollowed);
  }
}

function createProgram(): ts.Program {
  const path = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = ts.sys.readDirectory(join(root, 'src/operations'), ['.ts']);
  return ts.createProgram(files, options);
}

function isFollowed(declaration: ts.Declaration): declaration is Declaration {
  const { fileName } = declaration.getSourceFile();
  if (!fileName.startsWith(join(root, 'src')) || fileName.endsWith(backstop)) return false;
  if (ts.isVariableDeclaration(declaration)) return ts.isSourceFile(declaration.parent.parent.parent);
  return ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration);
}

/** Returns the code of a message that is defined by a call such as `defineProblem('NOT_FOUND', ...)`. */
function findDefinedCode(declaration: Declaration, define: string): string | undefined {
  const call = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  if (!call || !ts.isCallExpression(call) || call.expression.getText() !== define) return undefined;
  const [code] = call.arguments;
  return code && ts.isStringLiteral(code) ? code.text : undefined;
}
