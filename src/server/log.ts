import pino, { type Logger } from 'pino';
import type { Config } from '../config.ts';

/** The server's log: readable lines on a terminal, JSON elsewhere; on standard error, so that standard output stays a person's. */
export function createLog(level: Config['logLevel']): Logger {
  return process.stderr.isTTY
    ? pino({ level, transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } } })
    : pino({ level }, pino.destination(2));
}
