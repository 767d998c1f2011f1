/**
 * What is under way, of which members come and go thousands of times a second. Not a Set: V8 makes a new table for a Set
 * whenever as many members came as it has room for, and the table before points to it. Once one of them is in the old
 * part of the heap, each holds the next until the next full collection, and with it the members of its time: of each lead
 * 12 KB were copied there, and the collector took a fifth of the CPU. A slot that is left is written over.
 */
export interface Slots<Member extends object> {
  /** Answers the slot, to leave it again. */
  enter(member: Member): number;
  /** Does nothing when the member has left already: its slot may be another's by now. */
  leave(slot: number, member: Member): void;
  /** In no order. */
  list(): Member[];
  count(): number;
}

/** As many slots as there were ever members at once. */
export function createSlots<Member extends object>(): Slots<Member> {
  const slots: (Member | undefined)[] = [];
  const free: number[] = [];
  return {
    enter(member) {
      const slot = free.pop() ?? slots.length;
      slots[slot] = member;
      return slot;
    },
    leave(slot, member) {
      if (slots[slot] !== member) return;
      slots[slot] = undefined;
      free.push(slot);
    },
    list: () => slots.filter((member) => member !== undefined),
    count: () => slots.length - free.length,
  };
}
