/**
 * Names headings as GitHub does, so that a link to a section holds in the repository, too: lower case, letters, digits,
 * `-` and `_` alone, spaces as `-`; a second one of the same name gets `-1`.
 */
export function nameAnchors(): (heading: string) => string {
  const used = new Map<string, number>();
  return (heading) => {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  };
}
