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
    await generateClient();
    if (folder !== undefined) await compile(folder);
  });
} catch (error) {
  if (error instanceof GenerateError) process.stderr.write(`${error.message}\n`);
  // The compiler has printed its own errors.
  else if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}

async function compile(outdir: string): Promise<void> {
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
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    // CommonJS packages require modules of Node.
    banner: {
      js: `import { createRequire as create } from 'node:module'; const require = create(import.meta.url);`,
    },
    plugins: [keepModuleUrls()],
  });
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
