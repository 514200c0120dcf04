/** The code that whoever made a proposal in the room takes home; the same rule as consulta/worksheets/tracking.py. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/** The character after `letters`: each value times its place (from 1), added up, modulo 31. */
export const checkCharacter = (letters) =>
  ALPHABET[[...letters].reduce((sum, letter, at) => sum + (at + 1) * ALPHABET.indexOf(letter), 0) % 31];

/** A new code, "ABCDE-FGHJK-C": 50 bits of chance and a character that tells a slip of the pen. */
export const newCode = () => {
  const letters = [...crypto.getRandomValues(new Uint8Array(LENGTH))].map((byte) => ALPHABET[byte % 32]).join("");
  return `${letters.slice(0, 5)}-${letters.slice(5)}-${checkCharacter(letters)}`;
};
