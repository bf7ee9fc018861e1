import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Runs a program of src, compiled once for the same sources: node src/tools/launch.js cli --help
const root = fileURLToPath(new URL('../..', import.meta.url));
const cacheFolder = join(root, 'node_modules/.cache/resh-graph');
const keptBuilds = 5;

const [, , program = ''] = process.argv;
const source = join(root, 'src', `${program}.ts`);
process.argv.splice(1, 2, source);

const build = findOrCreateBuild();
process.setSourceMapsEnabled(true);
if (build === undefined) {
  await import('tsx');
  await import(pathToFileURL(source).href);
} else {
  // Node 22 keeps the machine code too.
  module.enableCompileCache?.(join(build, 'v8'));
  await import(pathToFileURL(join(build, `${program}.mjs`)).href);
}

/** Returns the folder of the compiled programs; undefined if there is none and it cannot be created. */
function findOrCreateBuild() {
  while (true) {
    const hash = hashSources();
    const folder = join(cacheFolder, hash);
    if (existsSync(folder)) return folder;
    const newFolder = createFolder();
    compile(newFolder);
    if (newFolder === undefined) return undefined;
    // Sources edited in the meantime are compiled again.
    if (hashSources() === hash) keepBuild(newFolder, folder);
    else rmSync(newFolder, { recursive: true, force: true });
  }
}

/** Returns a hash of everything that a build depends on, including where it is: builds contain absolute paths. */
function hashSources() {
  const hash = createHash('sha256').update(root);
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', name))
    .filter((name) => /\.[jt]s$/.test(name) && !name.startsWith(join('src', 'generated')))
    .sort();
  for (const name of ['package-lock.json', 'prisma.config.ts', join('prisma', 'schema.prisma'), ...sources])
    hash.update(`\0${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest('hex').slice(0, 32);
}

/** Returns a new folder, or undefined if this user may not create one. */
function createFolder() {
  try {
    mkdirSync(cacheFolder, { recursive: true });
    return mkdtempSync(join(cacheFolder, 'new-'));
  } catch {
    return undefined;
  }
}

/**
 * Generates the database client if necessary, and compiles the programs into a folder. Ends this process if that fails;
 * the problem has then been printed.
 *
 * @param {string | undefined} folder undefined only generates the client
 */
function compile(folder) {
  const script = join(root, 'src/tools/compile.ts');
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, ...(folder ? [folder] : [])], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) return;
  if (folder) rmSync(folder, { recursive: true, force: true });
  process.exit(1);
}

/**
 * Moves a finished build to its place, and removes the oldest ones.
 *
 * @param {string} newFolder
 * @param {string} folder
 */
function keepBuild(newFolder, folder) {
  try {
    renameSync(newFolder, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(newFolder, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  const builds = readdirSync(cacheFolder)
    .map((name) => ({ path: join(cacheFolder, name), time: statSync(join(cacheFolder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of builds.slice(keptBuilds)) rmSync(path, { recursive: true, force: true });
}
