import { Command, InvalidArgumentError, Option } from 'commander';
import { openLocalIssuer } from '../auth/tokens/local-issuer.ts';
import { readAuthenticationConfig } from '../config.ts';
import { parseName, parseSubject } from './arguments.ts';
import { CommandFailedError, type SetExitCode } from './exit-codes.ts';

const examples = `
For development: the token is signed by the local issuer, whose key is in DATA_DIR, and a server with the same DATA_DIR accepts
it. What the subject may do is said by its grants in the register. The database is not opened, so that a server may be running.

Examples:
  npm run resh -- token --as trust-admin
  TOKEN=$(npm run --silent resh -- token --as operator --name 'Kari Nordmann' --for 30m)
  curl -H "Authorization: Bearer $TOKEN" ...`;

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const maxSeconds = 366 * 86_400;

export function tokenCommand(_setExitCode: SetExitCode): Command {
  return new Command('token')
    .description('print a token of the local issuer, for development')
    .requiredOption('--as <subject>', 'whose token it is', parseSubject)
    .option('--name <name>', 'name of the subject, used where the register knows none', parseName)
    .addOption(
      new Option('--for <duration>', 'how long it is valid: a number with s, m, h or d')
        .argParser(parseDuration)
        .default(parseDuration('8h'), '8h'),
    )
    .addHelpText('after', examples)
    .action(async ({ as: subject, name, for: seconds }: { as: string; name?: string; for: number }) => {
      const authentication = readAuthenticationConfig(process.env);
      if (authentication.kind === 'oidc')
        throw new CommandFailedError(
          `Tokens come from ${authentication.issuer} (OIDC_ISSUER), and no server with that setting accepts one of the local issuer. Get one there, or run without OIDC_ISSUER and OIDC_AUDIENCE.`,
        );
      if (authentication.kind === 'none')
        throw new CommandFailedError(
          'The local issuer is for development, and NODE_ENV is production. Name an issuer in OIDC_ISSUER and OIDC_AUDIENCE, and get the token there.',
        );
      const issuer = await openLocalIssuer(authentication.dataDir);
      process.stdout.write(`${await issuer.sign({ subject, name: name ?? null }, seconds)}\n`);
    });
}

function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(number) * (secondsPerUnit[unit] ?? Number.NaN);
  if (!(seconds >= 1 && seconds <= maxSeconds))
    throw new InvalidArgumentError('Give a number with s, m, h or d, such as 30m or 8h; at most 366d.');
  return seconds;
}
