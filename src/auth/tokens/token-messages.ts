import { definePhrase } from '../../domain/plan/messages/message.ts';

// The texts of refused tokens.

export const tokenExpired = definePhrase({
  en: 'The token has expired; get a new one.',
  nb: 'Tokenet er utløpt; hent et nytt.',
});

export const tokenNotSignedByIssuer = definePhrase({
  en: 'The token is not signed by its issuer.',
  nb: 'Tokenet er ikke signert av utstederen.',
});

export const tokenKeyUnknown = definePhrase({
  en: 'The token is signed by a key that its issuer does not publish.',
  nb: 'Tokenet er signert med en nøkkel som utstederen ikke har publisert.',
});

export const tokenKeyAmbiguous = definePhrase({
  en: 'The token matches several keys of its issuer; it must name one in "kid".',
  nb: 'Tokenet passer til flere av utstederens nøkler; det må oppgi en av dem i «kid».',
});

export const tokenAlgorithmRefused = definePhrase({
  en: 'The token is not signed with an accepted algorithm.',
  nb: 'Tokenet er ikke signert med en godkjent algoritme.',
});

export const tokenNotJwt = definePhrase({
  en: 'The token is not a signed JWT.',
  nb: 'Tokenet er ikke et signert JWT.',
});

export const tokenClaimMissing = definePhrase<{ claim: string }>({
  en: 'The token has no "{claim}" claim.',
  nb: 'Tokenet mangler feltet «{claim}».',
});

export const tokenClaimInvalid = definePhrase<{ claim: string }>({
  en: 'The token has an invalid "{claim}" claim.',
  nb: 'Tokenet har en ugyldig verdi i feltet «{claim}».',
});

export const tokenSubjectInvalid = definePhrase({
  en: 'The token has a "sub" claim that is empty or cannot be stored.',
  nb: 'Feltet «sub» i tokenet er tomt eller kan ikke lagres.',
});

export const tokenOfOtherIssuer = definePhrase({
  en: 'The token is from another issuer.',
  nb: 'Tokenet er fra en annen utsteder.',
});

export const tokenForOtherAudience = definePhrase({
  en: 'The token is for another audience.',
  nb: 'Tokenet er ment for en annen mottaker.',
});

export const tokenNotYetValid = definePhrase({
  en: 'The token is not valid yet.',
  nb: 'Tokenet er ikke gyldig ennå.',
});

/** A server without an issuer. */
export const tokensNotAccepted = definePhrase({
  en: 'This server accepts no tokens, because it has no issuer. Set OIDC_ISSUER and OIDC_AUDIENCE.',
  nb: 'Denne tjeneren godtar ingen token, fordi den ikke har noen utsteder. Sett OIDC_ISSUER og OIDC_AUDIENCE.',
});

/** @param reason from the network or the issuer, in English */
export const issuerUnreachable = definePhrase<{ issuer: string; reason: string }>({
  en: 'The keys of the issuer {issuer} cannot be read ({reason}). Try again in a moment.',
  nb: 'Nøklene til utstederen {issuer} kan ikke leses ({reason}). Prøv igjen om et øyeblikk.',
});

/** Reading needs a token, and the request has none. */
export const readingRequiresToken = definePhrase({
  en: 'Reading requires a token here: send it as "Authorization: Bearer TOKEN".',
  nb: 'Her kreves det et token for å lese: send det som «Authorization: Bearer TOKEN».',
});

export const authorizationHeaderInvalid = definePhrase({
  en: 'The Authorization header is not "Bearer TOKEN": send a token in that form, or omit the header.',
  nb: 'Headeren Authorization er ikke «Bearer TOKEN»: send et token på den formen, eller utelat headeren.',
});

/** A subscription ends when its token does. */
export const tokenExpiredDuringSubscription = definePhrase({
  en: 'The token has expired. Subscribe again with a new token and `since`.',
  nb: 'Tokenet er utløpt. Abonner på nytt med et nytt token og `since`.',
});
