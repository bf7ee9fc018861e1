import Negotiator from 'negotiator';
import type { Plugin } from 'graphql-yoga';
import type { Language } from '../domain/text/language.ts';

// Nynorsk, and Norwegian without a written form, fall back to bokmål.
const languageByTag: Readonly<Record<string, Language>> = { en: 'en', nb: 'nb', no: 'nb', nn: 'nb' };

const responseLanguages = new WeakMap<Request, Language>();

/** Chooses the language of the messages in the response to a request, which its headers then name. */
export function chooseLanguage(request: Request): Language {
  const language = responseLanguages.get(request) ?? negotiateLanguage(request.headers.get('accept-language'));
  responseLanguages.set(request, language);
  return language;
}

/**
 * Names the language of responses that can have messages to people: all of the executor, and refused tokens. Responses
 * from memory never have any, so that they are the same in every language.
 */
export const responseLanguage: Plugin = {
  onRequestParse: ({ request }) => void chooseLanguage(request),
  onResponse: ({ request, response }) => {
    const language = responseLanguages.get(request);
    if (language === undefined) return;
    response.headers.set('content-language', language);
    response.headers.append('vary', 'Accept-Language');
  },
};

/** Returns the language of messages that a client prefers (Accept-Language); English if it accepts none. */
function negotiateLanguage(acceptLanguage: string | null): Language {
  if (acceptLanguage === null) return 'en';
  const negotiator = new Negotiator({ headers: { 'accept-language': acceptLanguage } });
  return languageByTag[negotiator.language(Object.keys(languageByTag)) ?? 'en'] ?? 'en';
}
