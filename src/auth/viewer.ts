/** Who asks, as the token says; what they may do is ours to say, by their grants. */
export interface Viewer {
  readonly subject: string;
  /** Name in the token; the register may know another */
  readonly name: string | null;
}

/** Who asks, and until when the token says so. */
export interface TokenViewer extends Viewer {
  readonly expiresAt: Date;
}
