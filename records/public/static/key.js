// The phone's key: ECDSA on P-256 (W3C Web Cryptography). It is made not to be taken out: the browser signs with it, and
// gives it to nobody, this page included.
const KEY = { name: "ECDSA", namedCurve: "P-256" };
const HASH = { name: "ECDSA", hash: "SHA-256" };
export const HALF_MINUTE_MS = 30_000;

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const base64url = (bytes) => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

// A new key, and its public half as records want it: base64 of SubjectPublicKeyInfo.
export const makeKey = async () => {
  const pair = await crypto.subtle.generateKey(KEY, false, ["sign", "verify"]);
  return { key: pair.privateKey, publicKey: base64(await crypto.subtle.exportKey("spki", pair.publicKey)) };
};

export const counterOf = (ms) => Math.floor(ms / HALF_MINUTE_MS);

// What the square says in one half minute; gates read it by the same form (civic/gate_codes.py).
export const codeOf = async ({ key, communityId, credential }, counter) => {
  const statement = ["lamplight-phone-1", communityId, credential, String(counter)].join("\x1f");
  const signature = await crypto.subtle.sign(HASH, key, new TextEncoder().encode(statement));
  return `LP1.${credential}.${counter}.${base64url(signature)}`;
};
