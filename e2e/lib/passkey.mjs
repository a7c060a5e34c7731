// A virtual authenticator that follows a page: the browser forgets its own when it changes process, on signing out for
// instance, where a real device would still be there.

const OPTIONS = {
  protocol: "ctap2",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

export class Passkeys {
  #page;
  #session;
  #authenticator;
  #kept = [];

  constructor(page) {
    this.#page = page;
  }

  /** Puts the device, with the keys that it keeps, beside the page as it is now. */
  async plug() {
    await this.#session?.detach().catch(() => {});
    this.#session = await this.#page.context().newCDPSession(this.#page);
    await this.#session.send("WebAuthn.enable");
    const { authenticatorId } = await this.#session.send("WebAuthn.addVirtualAuthenticator", { options: OPTIONS });
    this.#authenticator = authenticatorId;
    // A device counts its answers, and one that counts backwards is a copy.
    for (const credential of this.#kept) {
      credential.signCount += 10;
      await this.#session.send("WebAuthn.addCredential", { authenticatorId, credential });
    }
  }

  /** Keeps what the device holds; to be called before the page goes where the browser would forget it. */
  async unplug() {
    const { credentials } = await this.#session.send("WebAuthn.getCredentials", {
      authenticatorId: this.#authenticator,
    });
    this.#kept = credentials;
  }
}
