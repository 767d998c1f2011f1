/** Which source a test lead comes from, and what of the flow it runs on. Values of leads are in no address. */
export interface TestSearch {
  source?: string;
  on?: string;
}

const ID = /^[0-9a-f]{1,24}$/;
const ON = /^(?:draft|saved|deployed|[1-9]\d{0,8})$/;

export function readTestSearch({ source, on }: Record<string, unknown>): TestSearch {
  return {
    ...(typeof source === 'string' && ID.test(source) && { source }),
    ...(ON.test(String(on)) && { on: String(on) }),
  };
}
