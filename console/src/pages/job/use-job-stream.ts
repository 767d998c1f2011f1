import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { jobQuery } from '../../api/jobs.ts';

/**
 * Takes what the stream of a job says into the query of the job, until it has ended. A stream that fails or is refused
 * (503: too many) is left alone: the query asks by itself every few seconds.
 */
export function useJobStream(id: string, { isOpen }: { isOpen: boolean }): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!isOpen) return;
    const source = new EventSource(`/jobs/${id}/events`);
    const take = ({ data }: MessageEvent<string>) => queries.setQueryData(jobQuery(id).queryKey, JSON.parse(data));
    source.addEventListener('job', take);
    source.addEventListener('end', (event) => {
      take(event);
      source.close();
      void queries.invalidateQueries({ queryKey: ['jobs', 'latest'] });
    });
    source.onerror = () => source.close();
    return () => source.close();
  }, [id, isOpen, queries]);
}
