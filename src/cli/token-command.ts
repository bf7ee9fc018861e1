import { Command, InvalidArgumentError, Option } from 'commander';
import { parseName, parseSubject } from './arguments.ts';
import { CommandFailedError, type SetExitCode } from './exit-codes.ts';

const examples = `
For development: the local issuer signs the token with its key in DATA_DIR, and a server with the same DATA_DIR accepts
it. The grants of the subject in the register decide its permissions. The command does not open the database, so a
server can be running.

Examples:
  npm run resh -- token --as trust-admin
  TOKEN=$(npm run --silent resh -- token --as operator --name 'Kari Nordmann' --for 30m)
  curl -H "Authorization: Bearer $TOKEN" ...`;

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const maxSeconds = 366 * 86_400;

export function tokenCommand(_setExitCode: SetExitCode): Command {
  return new Command('token')
    .description('print a token of the local issuer, for development')
    .requiredOption('--as <subject>', 'subject of the token', parseSubject)
    .option('--name <name>', 'name of the subject, used if the register has none', parseName)
    .addOption(
      new Option('--for <duration>', 'how long the token is valid: a number with s, m, h or d')
        .argParser(parseDuration)
        .default(parseDuration('8h'), '8h'),
    )
    .addHelpText('after', examples)
    .action(async ({ as: subject, name, for: seconds }: { as: string; name?: string; for: number }) => {
      const { readAuthenticationConfig } = await import('../config.ts');
      const authentication = readAuthenticationConfig(process.env);
      if (authentication.kind === 'oidc')
        throw new CommandFailedError(
          `OIDC_ISSUER is ${authentication.issuer}, and servers with that setting accept no token of the local ` +
            'issuer. Get a token from that issuer, or run without OIDC_ISSUER and OIDC_AUDIENCE.',
        );
      if (authentication.kind === 'none')
        throw new CommandFailedError(
          'The local issuer is for development, and NODE_ENV is production. ' +
            'Set OIDC_ISSUER and OIDC_AUDIENCE, and get a token from that issuer.',
        );
      const { openLocalIssuer } = await import('../auth/tokens/local-issuer.ts');
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
