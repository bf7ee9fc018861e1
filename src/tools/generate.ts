import { GenerateError, generateClient } from './generate-client.ts';
import { withGenerationLock } from './generation-lock.ts';

// Generates src/generated if schema.prisma or a package has changed since the last run; prints nothing unless it fails.
try {
  await withGenerationLock(generateClient);
} catch (error) {
  if (!(error instanceof GenerateError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
