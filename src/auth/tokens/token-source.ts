/** Source of the tokens that a server accepts. */
export type TokenSource =
  /** An OpenID Connect issuer, and the audience that its tokens must name */
  | { readonly kind: 'oidc'; readonly issuer: string; readonly audience: string }
  /** The local issuer, for development: its key is in the data folder */
  | { readonly kind: 'local'; readonly dataDir: string }
  /** No issuer, in production without OIDC_ISSUER: every token is refused */
  | { readonly kind: 'none' };
