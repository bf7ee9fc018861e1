import { ignoreClosedPipes } from './cli/closed-pipes.ts';
import { runCommandLine } from './cli/run-command-line.ts';

ignoreClosedPipes();
process.exitCode = await runCommandLine(process.argv);
