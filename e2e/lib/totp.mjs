// Time-based one-time codes (RFC 6238, SHA-1, six digits, thirty seconds), as an authenticator on a phone makes them.

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Decodes the base32 text that a person copies into an authenticator; spaces and case do not count. */
export function decodeBase32(text) {
  let bits = "";
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, "")) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Error(`« ${letter} » is no base32 letter`);
    bits += value.toString(2).padStart(5, "0");
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The code for a secret at an instant (milliseconds). */
export function totp(secret, now = Date.now(), { digits = 6, period = 30 } = {}) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / period)));
  const hash = createHmac("sha1", decodeBase32(secret)).update(counter).digest();
  const offset = hash[hash.length - 1] & 15;
  const number = (hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

/** A code that is not the previous one: a server refuses the same code twice. Waits for the next period if need be. */
export async function freshTotp(secret, previous) {
  for (;;) {
    const code = totp(secret);
    if (code !== previous) return code;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
