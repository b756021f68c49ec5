// SHA-256 (FIPS 180-4) of short ASCII text, in place: the browser's own takes longer to be asked than this to be done,
// and is missing on plain http.

const round = new Uint32Array(64);
const start = new Uint32Array(8);
for (let number = 2, found = 0; found < 64; number++) {
  let isPrime = true;
  for (let factor = 2; factor * factor <= number; factor++) isPrime &&= number % factor !== 0;
  if (!isPrime) continue;
  if (found < 8) start[found] = (Math.sqrt(number) % 1) * 2 ** 32;
  round[found++] = (Math.cbrt(number) % 1) * 2 ** 32;
}

const turned = (word, by) => (word >>> by) | (word << (32 - by));
const words = new Uint32Array(64);
const state = new Uint32Array(8);

/** The first 32 bits of the digest of `text`, up to 119 ASCII characters. */
export function beginning(text) {
  const blocks = text.length > 55 ? 2 : 1;
  state.set(start);
  for (let block = 0; block < blocks; block++) {
    for (let word = 0; word < 16; word++) {
      let value = 0;
      for (let byte = 0; byte < 4; byte++) {
        const place = block * 64 + word * 4 + byte;
        value = (value << 8) | (place < text.length ? text.charCodeAt(place) : place === text.length ? 0x80 : 0);
      }
      words[word] = value;
    }
    if (block === blocks - 1) words[15] = text.length * 8;
    mix();
  }
  return state[0];
}

function mix() {
  for (let at = 16; at < 64; at++) {
    const early = words[at - 15];
    const late = words[at - 2];
    const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words[at] = words[at - 16] + s0 + words[at - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let at = 0; at < 64; at++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + round[at] + words[at]) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => (state[at] += value));
}
