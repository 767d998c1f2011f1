import { useQuery } from '@tanstack/react-query';
import { problemCountQuery } from '../../api/problems.ts';
import { SectionTabs } from '../../parts/SectionTabs.tsx';

/** What fails, what is tried again, and what nobody knows the end of. */
export function ProblemTabs() {
  const { data: count } = useQuery(problemCountQuery);
  return (
    <SectionTabs
      label="Pages of problems"
      tabs={[
        { to: '/problems', label: 'Problems', count },
        { to: '/retries', label: 'Retries' },
        { to: '/unknowns', label: 'Unknown results' },
      ]}
    />
  );
}
