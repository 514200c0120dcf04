/** The code that whoever made a proposal in the room takes home; the same rule as consulta/worksheets/tracking.py. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/** The character after `letters`: Luhn's sum modulo 32, every other value from the last on doubled. */
export const checkCharacter = (letters) => {
  let total = 0;
  [...letters].reverse().forEach((letter, place) => {
    const value = ALPHABET.indexOf(letter) * (place % 2 === 0 ? 2 : 1);
    total += Math.floor(value / 32) + (value % 32);
  });
  return ALPHABET[(32 - (total % 32)) % 32];
};

/** A new code, "ABCDE-FGHJK-C": 50 bits of chance and a character that tells a slip of the pen. */
export const newCode = () => {
  const letters = [...crypto.getRandomValues(new Uint8Array(LENGTH))].map((byte) => ALPHABET[byte % 32]).join("");
  return `${letters.slice(0, 5)}-${letters.slice(5)}-${checkCharacter(letters)}`;
};
