/** The same object with a property set, or without it when the value is undefined; what else is in it stays, known or not. */
export function withProperty<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  value: Owner[Name] | undefined,
): Owner {
  if (value !== undefined) return { ...owner, [name]: value };
  const { [name]: _removed, ...others } = owner;
  return others as Owner; // a property that may be left out: who asks leaves it out
}

/** A list with one member replaced, or without it when the next one is undefined. */
export function withMember<Member>(list: readonly Member[], index: number, next: Member | undefined): Member[] {
  return list.flatMap((each, place) => (place !== index ? [each] : next === undefined ? [] : [next]));
}

/** A list with one member moved to another place; the same members when there is no such place. */
export function withMoved<Member>(list: readonly Member[], from: number, to: number): Member[] {
  const moved = list[from];
  if (moved === undefined || to < 0 || to >= list.length) return [...list];
  const others = list.filter((_, place) => place !== from);
  return [...others.slice(0, to), moved, ...others.slice(to)];
}
