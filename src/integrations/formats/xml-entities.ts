/**
 * The character named by a reference in XML (`amp`, `#233`, `#xE9`, `eacute`), undefined when there is none. Beside
 * XML's five the names of HTML 4 are known, in either case, because senders paste HTML into leads and the hosted
 * service reads them. A document cannot define its own, so nothing can be made to expand.
 */
export function decodeEntity(reference: string): string | undefined {
  if (reference.startsWith('#')) return numberedCharacter(reference.slice(1).toLowerCase());
  return NAMED.get(reference) ?? NAMED.get(reference.toLowerCase());
}

const DECIMAL = /^\d{1,7}$/;
const HEXADECIMAL = /^x[\da-f]{1,6}$/;
const CODE_POINT_MAX = 0x10ffff;

function numberedCharacter(digits: string): string | undefined {
  const significant = digits.replace(/^(x?)0+/, '$1');
  const codePoint = HEXADECIMAL.test(significant)
    ? Number.parseInt(significant.slice(1), 16)
    : DECIMAL.test(significant)
      ? Number(significant)
      : 0;
  return codePoint > 0 && codePoint <= CODE_POINT_MAX ? String.fromCodePoint(codePoint) : undefined;
}

/** HTML 4.01, section 24: runs of names for neighbouring characters, by the code of the first; `-` is a gap. */
const RUNS: readonly (readonly [number, string])[] = [
  [0x22, 'quot'],
  [0x26, 'amp apos'],
  [0x3c, 'lt - gt'],
  [0xa0, 'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr'],
  [0xb0, 'deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest'],
  [0xc0, 'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml'],
  [0xd0, 'ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig'],
  [0xe0, 'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml'],
  [0xf0, 'eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'],
  [0x152, 'OElig oelig'],
  [0x160, 'Scaron scaron'],
  [0x178, 'Yuml'],
  [0x192, 'fnof'],
  [0x2c6, 'circ'],
  [0x2dc, 'tilde'],
  [0x391, 'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho'],
  [0x3a3, 'Sigma Tau Upsilon Phi Chi Psi Omega'],
  [0x3b1, 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho'],
  [0x3c2, 'sigmaf sigma tau upsilon phi chi psi omega'],
  [0x3d1, 'thetasym upsih - - - piv'],
  [0x2002, 'ensp emsp'],
  [0x2009, 'thinsp'],
  [0x200c, 'zwnj zwj lrm rlm'],
  [0x2013, 'ndash mdash'],
  [0x2018, 'lsquo rsquo sbquo - ldquo rdquo bdquo - dagger Dagger bull - - - hellip'],
  [0x2030, 'permil - prime Prime'],
  [0x2039, 'lsaquo rsaquo'],
  [0x203e, 'oline'],
  [0x2044, 'frasl'],
  [0x20ac, 'euro'],
  [0x2111, 'image'],
  [0x2118, 'weierp'],
  [0x211c, 'real'],
  [0x2122, 'trade'],
  [0x2135, 'alefsym'],
  [0x2190, 'larr uarr rarr darr harr'],
  [0x21b5, 'crarr'],
  [0x21d0, 'lArr uArr rArr dArr hArr'],
  [0x2200, 'forall - part exist - empty - nabla isin notin - ni - - - prod - sum minus - - - - lowast'],
  [0x221a, 'radic - - prop infin - ang - - - - - - and or cap cup int'],
  [0x2234, 'there4'],
  [0x223c, 'sim'],
  [0x2245, 'cong - - asymp'],
  [0x2260, 'ne equiv - - le ge'],
  [0x2282, 'sub sup nsub - sube supe'],
  [0x2295, 'oplus - otimes'],
  [0x22a5, 'perp'],
  [0x22c5, 'sdot'],
  [0x2308, 'lceil rceil lfloor rfloor'],
  [0x2329, 'lang rang'],
  [0x25ca, 'loz'],
  [0x2660, 'spades - - clubs - hearts diams'],
];

const NAMED: ReadonlyMap<string, string> = new Map(
  RUNS.flatMap(([first, names]) =>
    names
      .split(' ')
      .map((name, offset): [string, string] => [name, String.fromCodePoint(first + offset)])
      .filter(([name]) => name !== '-'),
  ),
);
