import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { GenerateError, generateClient } from './generate-client.ts';
import { withGenerationLock } from './generation-lock.ts';

// Generates the database client if necessary, and compiles the programs into a folder: compile.ts [FOLDER]
const root = fileURLToPath(new URL('../..', import.meta.url));
const [, , folder] = process.argv;

// These read files of their package, so they stay where they are; all others load faster as parts of the programs.
const unbundledPackages = [
  '@electric-sql/*',
  '@graphql-yoga/render-graphiql',
  '@prisma/schema-engine-wasm',
  'pg-native',
];

try {
  await withGenerationLock(async () => {
    const generated = generateClient();
    await Promise.all([generated, folder !== undefined && compile(folder, generated)]);
  });
} catch (error) {
  if (error instanceof GenerateError) process.stderr.write(`${error.message}\n`);
  // The compiler has printed its own errors.
  else if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}

/** Compiles the programs; what does not import the database client is compiled while that is generated. */
async function compile(outdir: string, generated: Promise<void>): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts', 'src/cli.ts'],
    outdir,
    bundle: true,
    // The command line loads only the parts of a command.
    splitting: true,
    external: unbundledPackages,
    platform: 'node',
    format: 'esm',
    // Node reads .js files once more to find out their format.
    outExtension: { '.js': '.mjs' },
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    // CommonJS packages require modules of Node.
    banner: {
      js: `import { createRequire as create } from 'node:module'; const require = create(import.meta.url);`,
    },
    plugins: [waitForClient(generated), keepModuleUrls()],
  });
}

/** Resolves imports of generated files once they are there; the caller reports it if they cannot be generated. */
function waitForClient(generated: Promise<void>): Plugin {
  return {
    name: 'wait-for-client',
    setup: (compiler) => {
      compiler.onResolve({ filter: /\/generated\// }, async ({ path }) =>
        generated.then(
          () => undefined,
          () => ({ path, external: true }),
        ),
      );
    },
  };
}

/** Keeps `import.meta.url` that of the source, because SQL scripts and other files are next to it. */
function keepModuleUrls(): Plugin {
  return {
    name: 'keep-module-urls',
    setup: (compiler) => {
      compiler.onLoad({ filter: /\.ts$/, namespace: 'file' }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        return { loader: 'ts', contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) };
      });
    },
  };
}
