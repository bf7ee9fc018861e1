/** The person who sends the request, identified by the token; grants of the subject say what the viewer may do. */
export interface Viewer {
  readonly subject: string;
  /** Name in the token; the register may have another */
  readonly name: string | null;
}

/** A viewer with the expiry of the token. */
export interface TokenViewer extends Viewer {
  readonly expiresAt: Date;
}
