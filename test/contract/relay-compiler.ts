import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import relayCompiler from 'relay-compiler';

export interface RelayOutcome {
  readonly exitCode: number;
  readonly output: string;
  /** Names of the generated files, sorted */
  readonly artifacts: readonly string[];
}

const customScalarTypes = {
  Date: 'string',
  DateTime: 'string',
  ReshId: 'number',
  OrganizationNumber: 'string',
  Revision: 'number',
};

/** Runs the official Relay compiler on a schema and a client module, in a temporary folder. */
export async function compileWithRelay(schema: string, module: string): Promise<RelayOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'resh-graph-relay-'));
  try {
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'schema.graphql'), schema);
    await writeFile(join(folder, 'src/OrgChart.ts'), module);
    const config = { src: './src', schema: './schema.graphql', language: 'typescript', customScalarTypes };
    await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
    const outcome = await runRelayCompiler('relay.config.json', folder);
    const artifacts = await readdir(join(folder, 'src/__generated__')).catch(() => []);
    return { ...outcome, artifacts: artifacts.sort() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function runRelayCompiler(config: string, cwd: string): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    execFile(relayCompiler, [config], { cwd }, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      resolve({ exitCode, output: `${error?.message ?? ''}${stdout}${stderr}` });
    });
  });
}
