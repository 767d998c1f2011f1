import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { announce } from './announce.ts';

interface Change<Given, Answer> {
  run(given: Given): Promise<Answer>;
  /** What it changes is read again. */
  keys: readonly QueryKey[];
  /** Said once it is done. */
  said: string;
  done?(answer: Answer, given: Given): void;
}

/** A change of something that lists show. Its answer is kept nowhere: it may have a secret. */
export function useChange<Given = void, Answer = unknown>({ run, keys, said, done }: Change<Given, Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    gcTime: 0,
    onSuccess: async (answer, given) => {
      announce(said);
      done?.(answer, given);
      await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}
